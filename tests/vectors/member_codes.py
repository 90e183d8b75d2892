"""Member codes, `key` being the public key of the pass key id; also the chains of the contract."""

from collections.abc import Iterator
from typing import Any

from tests.vectors.edwards import NEUTRAL, encode
from tests.vectors.facts import LINK, MALFORMED, UNKNOWN_VERSION, UNSIGNED, binary, entry, number, spelled
from tests.vectors.forged_member_codes import bad, forged_member_codes
from tests.vectors.member_passes import DOMAIN, OTHER_PASS_KEY, PASS_KEY, Pass, minute, pass_of
from tests.vectors.spellings import SYMBOLS, foreign_characters, foreign_links, spellings

Entry = dict[str, Any]
CONTRACT = {"alias": bytes(range(8)), "last": bytes(range(16, 32))}
CONTRACT_ANCHORS = {3: "f2efcc4ebff3625acef83cec10551f51", 1440: "1eb5fcf3b431adb35c849dbb498dca60"}
LATEST = 2**32 - 16  # the last multiple of 60 that four bytes hold


def good(why: str, signed_pass: Pass, slot: int) -> Entry:
    return entry(why, spelled(signed_pass.shown(slot)), "ok", signed_pass.signer.public, signed_pass.said(slot))


def chains_of_the_contract() -> Iterator[Entry]:
    for slots, anchor in CONTRACT_ANCHORS.items():
        told = pass_of("contract", slots, **CONTRACT)
        assert told.value(0).hex() == anchor, "the chain of the contract"
        for slot in {3: (1, 2, 3), 1440: (1, 2, 720, 1439, 1440)}[slots]:
            yield good(f"chain of the contract, n = {slots}, slot {slot}", told, slot)


def ranges() -> Iterator[Entry]:
    yield good("one slot", pass_of("one slot", 1), 1)
    yield good("key id 0", pass_of("key id 0", key_id=0), 2)
    yield good("key id 255", pass_of("key id 255", key_id=255), 2)
    yield good("alias of zeros", pass_of("alias of zeros", alias=bytes(8)), 3)
    yield good("alias of ones", pass_of("alias of ones", alias=b"\xff" * 8), 3)
    yield good("last value of zeros", pass_of("last value of zeros", last=bytes(16)), 5)
    yield good("from second 0 on", pass_of("second 0", not_before=0), 1)
    yield good("after 2038", pass_of("after 2038", not_before=2**31 + 52), 4)
    yield good("as late as can be said", pass_of("late", 1440, not_before=LATEST), 1440)
    yield good("another pass key, which is the one of this id", pass_of("other", signer=OTHER_PASS_KEY), 4)
    for slot in (1, 255, 256, 257, 1023, 1024, 1440):
        yield good(f"a day, slot {slot}", pass_of("a day", 1440), slot)
    for turn in range(12):
        slots = 1 + number(f"slots {turn}", 99)
        told = pass_of(f"pass {turn}", slots, key_id=turn)
        yield good(f"pass {turn}", told, 1 + number(f"slot {turn}", slots - 1))
    told = pass_of("neutral R")
    raw = told.facts() + PASS_KEY.sign_as(DOMAIN + told.facts(), encode(NEUTRAL), 0) + minute(1, told.value(1))
    yield entry("R is the neutral point, canonically spelled", spelled(raw), "ok", PASS_KEY.public, told.said(1))


def other_spellings() -> Iterator[Entry]:
    told = pass_of("spelled")
    for why, text in spellings(spelled(told.shown(2))):
        yield entry(f"spelling: {why}", text, "ok", PASS_KEY.public, told.said(2))


def order_of_checks() -> Iterator[Entry]:
    odd = pass_of("order", not_before=1_795_000_021).shown(2)
    yield bad("unknown key id, and begins inside a minute", odd, UNSIGNED, None)
    yield bad("unknown key id, and slot 0", pass_of("order").shown(0), UNSIGNED, None)
    yield bad("begins inside a minute, and not signed", odd[:32] + bytes(64) + odd[96:], MALFORMED)
    yield bad("slot 0, and key not canonical", pass_of("order").shown(0), MALFORMED, b"\xff" * 32)
    yield bad("unknown key id, and another kind", b"\x1f" + odd[1:], MALFORMED, None)
    yield bad("unknown key id, and one byte short", odd[:-1], MALFORMED, None)
    yield bad("unknown key id, and another version", b"\x24" + odd[1:], UNKNOWN_VERSION, None)


def other_shapes() -> Iterator[Entry]:
    raw = pass_of("shapes").shown(2)
    text = spelled(raw)
    for kind in (0x10, 0x11, 0x12, 0x13, 0x15, 0x16, 0x17, 0x1F):
        changed = bytes([kind]) + raw[1:32]
        yield bad(f"signed, of kind {kind:#04x}", changed + PASS_KEY.sign(DOMAIN + changed) + raw[96:], MALFORMED)
    for kind, length in ((0x11, 88), (0x15, 30), (0x16, 80)):
        yield bad(f"{length} bytes of kind {kind:#04x}", bytes([kind]) + raw[1:length], MALFORMED)
    for version in (0, 2, 3, 8, 15):
        yield bad(f"of version {version}", bytes([version << 4 | 4]) + raw[1:], UNKNOWN_VERSION)
    yield entry("version 2, link", LINK + spelled(b"\x24" + raw[1:]), UNKNOWN_VERSION, PASS_KEY.public)
    for length in (1, 2, 32, 80, 88, 96, 98, 112, 113):
        yield bad(f"cut to {length} bytes", raw[:length], MALFORMED)
    yield bad("one byte too many", raw + b"\x00", MALFORMED)
    yield bad("two minutes of one pass", raw + raw[96:], MALFORMED)
    yield bad("bytes doubled", raw + raw, MALFORMED)
    last = SYMBOLS.index(text[-1])
    texts = [(f"unused bit {bit} set", text[:-1] + SYMBOLS[last | 1 << bit]) for bit in range(3)]
    texts += [("empty", ""), ("one symbol short", text[:-1]), ("one symbol more", text + "A"), ("doubled", text * 2)]
    texts += [("pass and minute in base64url", binary(raw)), *foreign_characters(text, raw)]
    texts += [(f"link: {why}", wrong) for why, wrong in foreign_links(text)]
    yield from (entry(why, wrong, MALFORMED, PASS_KEY.public) for why, wrong in texts)


def member_codes() -> list[Entry]:
    good_codes = [*chains_of_the_contract(), *ranges(), *other_spellings()]
    return [*good_codes, *forged_member_codes(), *order_of_checks(), *other_shapes()]
