"""Member codes of the right shape that are not true: altered, spliced, of other keys, or of another chain."""

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from tests.vectors.facts import MALFORMED, UNSIGNED, entry, number, seeded, spelled
from tests.vectors.loose_signatures import LooseSignatures
from tests.vectors.member_passes import DOMAIN, OTHER_PASS_KEY, PASS_KEY, Pass, minute, pass_of

Entry = dict[str, Any]


def bad(why: str, raw: bytes, expect: str = UNSIGNED, key: bytes | None = PASS_KEY.public) -> Entry:
    return entry(why, spelled(raw), expect, key)


def altered_bytes() -> Iterator[Entry]:
    raw = pass_of("altered").shown(3)
    for place in range(1, 114):
        bit = 1 << number(f"member bit {place}", 7)
        changed = raw[:place] + bytes([raw[place] ^ bit]) + raw[place + 1 :]
        yield bad(f"byte {place} ({part_of(place)}) altered by {bit:#04x}", changed, refusal_of(changed))
    for field, place, size, step in (("not before", 10, 4, 60), ("slots", 14, 2, 1)):
        raised = (int.from_bytes(raw[place : place + size], "big") + step).to_bytes(size, "big")
        yield bad(f"{field} raised by {step}", raw[:place] + raised + raw[place + size :])


def part_of(place: int) -> str:
    ends = {"key id": 2, "alias": 10, "not before": 14, "slots": 16, "anchor": 32, "R": 64, "S": 96, "slot": 98}
    return next((part for part, end in ends.items() if place < end), "value")


def refusal_of(raw: bytes) -> str:
    """The ranges are looked at before the signature."""
    not_before, slots, slot = (int.from_bytes(raw[a:b], "big") for a, b in ((10, 14), (14, 16), (96, 98)))
    return UNSIGNED if not_before % 60 == 0 and 1 <= slot <= slots <= 1440 else MALFORMED


def wrong_ranges() -> Iterator[Entry]:
    """All of them signed, and the value hashes down to the anchor in exactly as many steps as the slot says."""
    for second in (1, 30, 59):
        told = pass_of(f"second {second}", not_before=1_795_000_020 + second)
        yield bad(f"signed, begins {second} s inside a minute", told.shown(2), MALFORMED)
    yield bad("signed, as late as four bytes say", pass_of("top", not_before=2**32 - 1).shown(2), MALFORMED)
    for slots, length, slot in ((0, 0, 0), (0, 5, 1), (1441, 1441, 1), (1441, 1441, 1441), (65_535, 5, 3)):
        told = pass_of(f"{slots} slots", slots, length)
        yield bad(f"signed, n = {slots}, slot {slot}", told.shown(slot), MALFORMED)
    for slots, slot in ((1, 0), (5, 0), (1440, 0), (1, 2), (5, 6), (1440, 1441)):
        told = pass_of(f"n = {slots}", slots, max(slots, slot))
        yield bad(f"signed, n = {slots}, slot {slot}, which it doesn't have", told.shown(slot), MALFORMED)
    for slot in (6, 256, 65_535):
        told = pass_of("slot too high")
        yield bad(f"n = 5, slot {slot} with the value of slot 5", told.shown(slot, told.value(5)), MALFORMED)


def wrong_values() -> Iterator[Entry]:
    """Passes rightly signed, whose shown value takes more or fewer hashes than the slot says, or none leads down."""
    for slots, slot in ((5, 1), (5, 3), (1440, 2), (1440, 1439)):
        told = pass_of(f"value of {slots}", slots)
        for name, other in (
            ("before", slot - 1),
            ("after", slot + 1),
            ("0, the anchor,", 0),
            (f"{slots}, the last,", -1),
        ):
            yield bad(f"n = {slots}, slot {slot} with the value of slot {name}", told.shown(slot, told.value(other)))
    told, other = pass_of("one alias"), pass_of("another alias")
    for slot in (1, 5):
        yield bad(f"slot {slot}, another alias' chain", told.shown(slot, other.value(slot)))
    yield bad("value of zeros", told.shown(2, bytes(16)))
    yield bad("value by chance", told.shown(2, seeded("a value", 16)))
    yield bad("value of slot 258 as slot 2", pass_of("wide", 300).shown(2, pass_of("wide", 300).value(258)))
    for why, hashed in other_hashes(told):
        anchor = hashed[:16]
        said = told.facts()[:16] + anchor
        signed = said + PASS_KEY.sign(DOMAIN + said)
        yield bad(f"signed, chain made otherwise: {why}", signed + minute(1, told.value(1)))


def other_hashes(told: Pass) -> Iterator[tuple[str, bytes]]:
    """What a reader with another idea of the chain would take for v[0] of this v[1]."""
    value, domain, one = told.value(1), b"ISLE-HC-1\x00", b"\x00\x01"
    digest = sha256(domain + told.alias + one + value).digest()
    yield "last bytes of the hash", digest[16:]
    yield "no hash", value
    yield "hashed twice", sha256(digest).digest()
    for why, message in (
        ("no domain", told.alias + one + value),
        ("domain without its zero byte", domain[:-1] + told.alias + one + value),
        ("domain of the seed", b"ISLE-PS-1\x00" + told.alias + one + value),
        ("no alias", domain + one + value),
        ("another alias", domain + bytes(8) + one + value),
        ("no slot", domain + told.alias + value),
        ("slot in one byte", domain + told.alias + b"\x01" + value),
        ("slot little-endian", domain + told.alias + b"\x01\x00" + value),
        ("slot counted from 0", domain + told.alias + b"\x00\x00" + value),
        ("value before alias", domain + value + told.alias + one),
    ):
        yield why, sha256(message).digest()


def spliced_passes() -> Iterator[Entry]:
    told, other = pass_of("first"), pass_of("second")
    mine, yours = told.shown(2), other.shown(2)
    for name, cut in (("alias", 10), ("not before", 14), ("slots", 16), ("anchor", 32), ("R", 64)):
        yield bad(f"one pass up to its {name}, another from there", mine[:cut] + yours[cut:])
    yield bad("one pass, the shown minute of another", mine[:96] + yours[96:])
    yield bad("one pass, the value of another", mine[:98] + yours[98:])
    yield bad("signature of another pass", mine[:32] + yours[32:96] + mine[96:])
    yield bad("anchor and value of another pass", mine[:16] + yours[16:32] + mine[32:98] + yours[98:])
    yield bad("alias of another pass", mine[:2] + yours[2:10] + mine[10:])
    later = pass_of("first", not_before=told.not_before + 86_400)
    yield bad("today's facts, tomorrow's signature", mine[:32] + later.shown(2)[32:])
    yield bad("R and S exchanged", mine[:32] + mine[64:96] + mine[32:64] + mine[96:])


def other_signers() -> Iterator[Entry]:
    told = pass_of("signers")
    raw, shown = told.shown(2), told.shown(2)[96:]
    yield bad("unknown key id", raw, key=None)
    yield bad("another pass key", raw, key=OTHER_PASS_KEY.public)
    yield bad("signed by another pass key", pass_of("signers", signer=OTHER_PASS_KEY).shown(2))
    yield bad("signature of zeros", raw[:32] + bytes(64) + shown)
    yield bad("signature of ones", raw[:32] + b"\xff" * 64 + shown)
    facts = told.facts()
    for why, message in (
        ("no domain", facts),
        ("domain without its zero byte", DOMAIN[:-1] + facts),
        ("domain of the card", b"ISLE-CARD-1\x00" + facts),
        ("domain of the kiosk code", b"ISLE-QR-1\x00" + facts),
        ("facts without the anchor", DOMAIN + facts[:16]),
        ("facts with the shown minute", DOMAIN + facts + shown),
    ):
        yield bad(f"signed over other bytes: {why}", facts + PASS_KEY.sign(message) + shown)


def loose_signatures() -> Iterator[Entry]:
    alike = pass_of("loose")

    def facts(name: str) -> bytes:
        return pass_of(name, alias=alike.alias).facts()

    for why, raw, key in LooseSignatures(PASS_KEY, DOMAIN, facts).all():
        yield bad(why, raw + minute(3, alike.value(3)), UNSIGNED, key)


def forged_member_codes() -> list[Entry]:
    return [
        *(*altered_bytes(), *wrong_ranges(), *wrong_values()),
        *(*spliced_passes(), *other_signers(), *loose_signatures()),
    ]
