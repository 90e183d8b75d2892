"""Resident cards, `key` being the public key of the pass key id."""

from collections.abc import Iterator
from typing import Any

from tests.vectors.edwards import NEUTRAL, Signer, encode
from tests.vectors.facts import LINK, MALFORMED, UNKNOWN_VERSION, UNSIGNED, binary, entry, number, seeded, spelled
from tests.vectors.loose_signatures import LooseSignatures
from tests.vectors.member_passes import OTHER_PASS_KEY, PASS_KEY
from tests.vectors.spellings import foreign_characters, foreign_links, spellings

Entry = dict[str, Any]
DOMAIN = b"ISLE-CARD-1\x00"
SIZES = {"key_id": 1, "card": 8, "valid_from": 4, "days": 2}
TOPS = {"key_id": 255, "card": b"\xff" * 8, "valid_from": 2**32 - 1, "days": 65_535}
BOTTOMS = {"key_id": 0, "card": bytes(8), "valid_from": 0, "days": 0}


def said_of(name: str, **given: Any) -> dict[str, Any]:
    """The fields of a card: those given, the others by the name."""
    usual = {
        "key_id": 1,
        "card": seeded(name + " card", 8),
        "valid_from": 1_795_000_000 + number(name + " valid from", 10_000_000),
        "days": 1 + number(name + " days", 1_000),
    }
    return {**usual, **given}


def facts(name: str, **given: Any) -> bytes:
    said = said_of(name, **given)
    numbers = {field: said[field] if field == "card" else said[field].to_bytes(SIZES[field], "big") for field in SIZES}
    return b"\x16" + b"".join(numbers.values())


def card(name: str, signer: Signer = PASS_KEY, **given: Any) -> bytes:
    return facts(name, **given) + signer.sign(DOMAIN + facts(name, **given))


def good(name: str, signer: Signer = PASS_KEY, **given: Any) -> Entry:
    said = said_of(name, **given)
    said["card"] = binary(said["card"])
    return entry(name, spelled(card(name, signer, **given)), "ok", signer.public, said)


def bad(why: str, raw: bytes, expect: str = UNSIGNED, key: bytes | None = PASS_KEY.public) -> Entry:
    return entry(why, spelled(raw), expect, key)


def good_cards() -> Iterator[Entry]:
    yield good("usual")
    for field in SIZES:
        yield good(f"{field} at its top", **{field: TOPS[field]})
        yield good(f"{field} 0", **{field: BOTTOMS[field]})
    yield good("all fields 0", **BOTTOMS)
    yield good("all fields at their top", **TOPS)
    yield good("another pass key, which is the one of this id", OTHER_PASS_KEY)
    for turn in range(8):
        yield good(f"resident {turn}", key_id=turn)
    raw = facts("neutral R")
    text = spelled(raw + PASS_KEY.sign_as(DOMAIN + raw, encode(NEUTRAL), 0))
    yield {**good("neutral R"), "why": "R is the neutral point, canonically spelled", "code": text}
    usual = good("spelled")
    for why, text in spellings(usual["code"]):
        yield {**usual, "why": f"spelling: {why}", "code": text}


def altered_bytes() -> Iterator[Entry]:
    raw = card("altered")
    for place in range(1, 80):
        bit = 1 << number(f"card bit {place}", 7)
        part = "facts" if place < 16 else "R" if place < 48 else "S"
        changed = raw[:place] + bytes([raw[place] ^ bit]) + raw[place + 1 :]
        yield bad(f"byte {place} ({part}) altered by {bit:#04x}", changed)


def other_signers() -> Iterator[Entry]:
    raw, second = card("first"), card("second")
    yield bad("unknown key id", raw, key=None)
    yield bad("another pass key", raw, key=OTHER_PASS_KEY.public)
    yield bad("signed by another pass key", card("first", OTHER_PASS_KEY))
    yield bad("signature of another card", raw[:16] + second[16:])
    yield bad("number of another card", raw[:2] + second[2:10] + raw[10:])
    yield bad("days of another card", raw[:10] + second[10:16] + raw[16:])
    yield bad("R of one card, S of another", raw[:48] + second[48:])
    yield bad("R and S exchanged", raw[:16] + raw[48:] + raw[16:48])
    yield bad("signature of zeros", raw[:16] + bytes(64))
    yield bad("signature of ones", raw[:16] + b"\xff" * 64)
    for why, message in (
        ("no domain", raw[:16]),
        ("domain without its zero byte", DOMAIN[:-1] + raw[:16]),
        ("domain of the pass", b"ISLE-PASS-1\x00" + raw[:16]),
        ("domain of the kiosk code", b"ISLE-QR-1\x00" + raw[:16]),
        ("facts without the days", DOMAIN + raw[:14]),
    ):
        yield bad(f"signed over other bytes: {why}", raw[:16] + PASS_KEY.sign(message))
    for why, forged, key in LooseSignatures(PASS_KEY, DOMAIN, facts).all():
        yield bad(why, forged, UNSIGNED, key)


def other_shapes() -> Iterator[Entry]:
    raw = card("shapes")
    text = spelled(raw)
    for kind in (0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x17, 0x1F):
        changed = bytes([kind]) + raw[1:16]
        yield bad(f"signed, of kind {kind:#04x}", changed + PASS_KEY.sign(DOMAIN + changed), MALFORMED)
    for kind, length in ((0x11, 88), (0x14, 114), (0x15, 30)):
        yield bad(f"{length} bytes of kind {kind:#04x}", (bytes([kind]) + raw[1:] + raw)[:length], MALFORMED)
    for version in (0, 2, 3, 8, 15):
        yield bad(f"of version {version}", bytes([version << 4 | 6]) + raw[1:], UNKNOWN_VERSION)
    yield entry("version 2, link", LINK + spelled(b"\x26" + raw[1:]), UNKNOWN_VERSION, PASS_KEY.public)
    yield bad("unknown key id, and another kind", b"\x1f" + raw[1:], MALFORMED, None)
    yield bad("unknown key id, and one byte short", raw[:-1], MALFORMED, None)
    yield bad("unknown key id, and another version", b"\x26" + raw[1:], UNKNOWN_VERSION, None)
    for length in (1, 2, 10, 16, 48, 78, 79):
        yield bad(f"cut to {length} bytes", raw[:length], MALFORMED)
    yield bad("one byte too many", raw + b"\x00", MALFORMED)
    yield bad("bytes doubled", raw + raw, MALFORMED)
    # Eighty bytes are a whole number of symbols; a byte more has unused bits.
    texts = [("a byte more, unused bit set", text + "AB"), ("empty", ""), ("one symbol short", text[:-1])]
    texts += [("one symbol more", text + "A"), ("in base64url", binary(raw)), *foreign_characters(text, raw)]
    texts += [(f"link: {why}", wrong) for why, wrong in foreign_links(text)]
    yield from (entry(why, wrong, MALFORMED, PASS_KEY.public) for why, wrong in texts)


def resident_cards() -> list[Entry]:
    return [*good_cards(), *altered_bytes(), *other_signers(), *other_shapes()]
