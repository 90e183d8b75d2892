"""Kiosk codes with a wrong signature: altered facts, other keys and domains, and every loose end of Ed25519."""

from collections.abc import Iterator
from typing import Any

from tests.vectors.facts import DOMAIN, KIOSK, OTHER, UNSIGNED, entry, facts, number, seeded, signed, spelled
from tests.vectors.good_kiosk_codes import mixed_key
from tests.vectors.loose_signatures import LooseSignatures

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


def loose_signatures() -> Iterator[Entry]:
    for why, raw, key in LooseSignatures(KIOSK, DOMAIN, facts).all():
        yield forged(why, raw, key)
    yield mixed_key(divisible=False)


def forged_kiosk_codes() -> list[Entry]:
    return [*altered_bytes(), *other_signers(), *loose_signatures()]
