"""Kiosk codes with a wrong signature: altered facts, other keys and domains, and every loose end of Ed25519."""

from collections.abc import Iterator
from typing import Any

from tests.vectors.edwards import (
    BASE,
    FIELD,
    ORDER,
    add,
    challenge,
    encode,
    point_at,
    spell,
    times,
    torsion_points,
)
from tests.vectors.facts import DOMAIN, KIOSK, OTHER, UNSIGNED, entry, facts, number, seeded, signed, spelled
from tests.vectors.good_kiosk_codes import mixed_key

Entry = dict[str, Any]


def forged(why: str, raw: bytes, key: bytes | None = KIOSK.public) -> Entry:
    return entry(why, spelled(raw), UNSIGNED, key)


def altered_bytes() -> Iterator[Entry]:
    raw = signed(facts("altered"))
    for place in range(1, 88):
        bit = 1 << number(f"bit {place}", 7)
        part = "facts" if place < 24 else "R" if place < 56 else "S"
        changed = raw[:place] + bytes([raw[place] ^ bit]) + raw[place + 1 :]
        yield forged(f"byte {place} ({part}) altered by {bit:#04x}", changed)
    for kind in (0x12, 0x13):
        yield forged(f"single-use code turned into kind {kind:#04x}", bytes([kind]) + raw[1:])


def other_signers() -> Iterator[Entry]:
    raw, second = signed(facts("first")), signed(facts("second"))
    yield forged("unknown kiosk", raw, None)
    yield forged("key of another kiosk", raw, OTHER.public)
    yield forged("signed by another kiosk", signed(facts("first"), OTHER))
    yield forged("signature of another code of this kiosk", raw[:24] + second[24:])
    yield forged("R of one code, S of another", raw[:56] + second[56:])
    yield forged("R and S exchanged", raw[:24] + raw[56:] + raw[24:56])
    yield forged("signature of zeros", raw[:24] + bytes(64))
    yield forged("signature of ones", raw[:24] + b"\xff" * 64)
    yield forged("random signature", raw[:24] + seeded("random R") + seeded("random S"))
    for why, message in (
        ("no domain", raw[:24]),
        ("domain without its zero byte", DOMAIN[:-1] + raw[:24]),
        ("domain of the journal", b"ISLE-J-1\x00" + raw[:24]),
        ("domain in lower case", DOMAIN.lower() + raw[:24]),
        ("facts without their last byte", DOMAIN + raw[:23]),
        ("facts in hexadecimal", DOMAIN + raw[:24].hex().encode()),
    ):
        yield forged(f"signed over other bytes: {why}", raw[:24] + KIOSK.sign(message))


def loose_s() -> Iterator[Entry]:
    raw = signed(facts("loose S"))
    s = int.from_bytes(raw[56:], "little")
    for multiple in range(1, 16):
        if s + multiple * ORDER < 2**256:
            yield forged(f"S + {multiple} L", raw[:56] + (s + multiple * ORDER).to_bytes(32, "little"))
    yield forged("S = L", raw[:56] + ORDER.to_bytes(32, "little"))
    yield forged("S negative", raw[:56] + (ORDER - s).to_bytes(32, "little"))


def loose_r() -> Iterator[Entry]:
    """The equation holds for the point, but R is not the canonical spelling of it; or it holds with cofactor only."""
    raw = facts("loose R")
    for why, spelling in (
        ("y of the neutral point + p", spell(FIELD + 1, 0)),
        ("neutral point with the sign of x set", spell(1, 1)),
        ("y of the neutral point + p, sign of x set", spell(FIELD + 1, 1)),
    ):
        yield forged(f"R not canonical: {why}", raw + KIOSK.sign_as(DOMAIN + raw, spelling, 0))
    r = number("loose r", ORDER - 1)
    for multiple, torsion in enumerate(torsion_points()[1:], 1):
        shifted = encode(add(times(r, BASE), torsion))
        why = f"R shifted by {multiple}/8 of a turn: holds with cofactor only"
        yield forged(why, raw + KIOSK.sign_as(DOMAIN + raw, shifted, r))


def small_order_keys() -> Iterator[Entry]:
    """Anyone can sign for these keys; each signature here satisfies S·B = R + k·A. All fourteen spellings."""
    for y in small_order_heights():
        for sign in (0, 1):
            yield small_order_forgery(spell(y, sign), f"key of small order {spell(y, sign).hex()}")
    for y in (0, 1):
        for sign in (0, 1):
            public = spell(FIELD + y, sign)
            yield small_order_forgery(public, f"key of small order, not canonical {public.hex()}")


def small_order_heights() -> list[int]:
    """The five y of the points whose order divides 8."""
    found = {int.from_bytes(encode(point), "little") & (2**255 - 1) for point in torsion_points()}
    assert len(found) == 5, "1, -1, 0 and two of order 8"
    return sorted(found)


def small_order_forgery(public: bytes, why: str) -> Entry:
    # Where 8 divides the challenge, the key falls out of the equation and S = r satisfies it.
    r = number("small order r", ORDER - 1)
    r_bytes = encode(times(r, BASE))
    for turn in range(200):
        raw = facts(f"{why} {turn}")
        if challenge(r_bytes, public, DOMAIN + raw) % 8 == 0:
            return forged(why, raw + r_bytes + r.to_bytes(32, "little"), public)
    raise AssertionError("one in eight challenges is divisible by 8")


def odd_keys() -> Iterator[Entry]:
    raw = signed(facts("odd keys"))
    low = [y for y in range(2, 19) if point_at(y) is not None]
    for y in low[:4]:
        yield forged(f"key not canonical: p + {y}", raw, spell(FIELD + y, 0))
    off = next(y for y in range(2, 100) if point_at(y) is None)
    yield forged("key not on the curve", raw, spell(off, 0))
    yield forged("key of ones", raw, b"\xff" * 32)
    yield forged("key too short", raw, KIOSK.public[:31])
    yield forged("key too long", raw, KIOSK.public + b"\x00")
    yield forged("empty key", raw, b"")
    yield forged("key with the sign of x turned", raw, KIOSK.public[:31] + bytes([KIOSK.public[31] ^ 0x80]))
    yield forged("key shifted by the point of order 2", raw, encode(add(KIOSK.point, torsion_points()[4])))
    yield mixed_key(divisible=False)


def forged_kiosk_codes() -> list[Entry]:
    return [*altered_bytes(), *other_signers(), *loose_s(), *loose_r(), *small_order_keys(), *odd_keys()]
