"""Kiosk codes that every reader takes: all kinds, the ends of all ranges, every scene, every allowed spelling."""

from collections.abc import Iterator
from typing import Any

from tests.vectors.edwards import BASE, NEUTRAL, ORDER, Signer, add, challenge, encode, times, torsion_points
from tests.vectors.facts import DOMAIN, KIOSK, OTHER, entry, facts, facts_of, fields, signed, spelled
from tests.vectors.spellings import spellings

Entry = dict[str, Any]


def good(why: str, **given: int) -> Entry:
    said = fields(why, **given)
    return entry(why, spelled(signed(facts_of(said, why))), "ok", said=said)


def kinds_and_ranges() -> Iterator[Entry]:
    for kind, name in ((0x11, "single-use"), (0x12, "group"), (0x13, "ticket")):
        yield good(f"{name}, usual", kind=kind)
        yield good(
            f"{name}, all fields 0",
            kind=kind,
            **dict.fromkeys(("epoch", "kiosk", "counter", "issued_at", "scene", "variant", "quantity"), 0),
        )
        tops = {"epoch": 255, "scene": 255, "variant": 255, "quantity": 65_535}
        tops |= dict.fromkeys(("kiosk", "counter", "issued_at"), 2**32 - 1)
        yield good(f"{name}, all fields at their top", kind=kind, **tops)
    yield good("ticket of a kiosk whose clock is not trusted", kind=0x13, issued_at=0)
    yield good("issued after 2038", issued_at=2**31)
    for scene in range(1, 25):
        yield good(f"scene {scene}", scene=scene, variant=0, quantity=1)


def other_spellings() -> Iterator[Entry]:
    said = fields("spelled", kind=0x11)
    for why, text in spellings(spelled(signed(facts_of(said, "spelled")))):
        yield entry(f"spelling: {why}", text, "ok", said=said)


def signatures() -> Iterator[Entry]:
    why = "signed with another key, which is the key of this kiosk"
    said = fields(why)
    yield entry(why, spelled(signed(facts_of(said, why), OTHER)), "ok", OTHER.public, said)
    # Only who holds the key can choose R as the neutral point; neither RFC 8032 nor the contract refuses it.
    why = "R is the neutral point, canonically spelled"
    said = fields(why)
    raw = facts_of(said, why)
    yield entry(why, spelled(raw + KIOSK.sign_as(DOMAIN + raw, encode(NEUTRAL), 0)), "ok", said=said)
    yield mixed_key(divisible=True)


def mixed_key(divisible: bool) -> Entry:
    """A key with a part of order 8: its signatures hold without cofactor only where 8 divides the challenge."""
    torsion = torsion_points()[1]
    public = encode(add(KIOSK.point, torsion))
    for turn in range(200):
        why = f"key with a part of order 8, challenge {'' if divisible else 'not '}divisible by 8, try {turn}"
        raw = facts(why)
        signature = signed_by_mixed(KIOSK, public, DOMAIN + raw)
        if (challenge(signature[:32], public, DOMAIN + raw) % 8 == 0) == divisible:
            expect, said = ("ok", fields(why)) if divisible else ("code_signature_invalid", None)
            return entry(why, spelled(raw + signature), expect, public, said)
    raise AssertionError("one in eight challenges is divisible by 8")


def signed_by_mixed(signer: Signer, public: bytes, message: bytes) -> bytes:
    r = challenge(b"", signer.prefix, message) % ORDER
    return signer.sign_as(message, encode(times(r, BASE)), r, public)


def good_kiosk_codes() -> list[Entry]:
    return [*kinds_and_ranges(), *other_spellings(), *signatures()]
