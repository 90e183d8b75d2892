"""The bytes of codes written a second time, from the contract alone, for the scripts that make the vectors."""

from base64 import b32encode, urlsafe_b64encode
from hashlib import sha256
from typing import Any

from tests.vectors.edwards import Signer

BASE_URL = "HTTPS://ISLAND.EXAMPLE"
LINK = BASE_URL + "/S/"
DOMAIN = b"ISLE-QR-1\x00"
SIZES = {"kind": 1, "epoch": 1, "kiosk": 4, "counter": 4, "issued_at": 4, "scene": 1, "variant": 1, "quantity": 2}

MALFORMED = "code_malformed"
UNKNOWN_VERSION = "code_unknown_version"
UNSIGNED = "code_signature_invalid"


def seeded(name: str, length: int = 32) -> bytes:
    """Bytes that depend on the name only."""
    return sha256(f"tanyu vectors: {name}".encode()).digest()[:length]


def number(name: str, most: int) -> int:
    """A number from 0 to `most` that depends on the name only."""
    return int.from_bytes(seeded(name, 8), "big") % (most + 1)


KIOSK = Signer(seeded("kiosk key"))
OTHER = Signer(seeded("another kiosk's key"))


def fields(name: str, **given: int) -> dict[str, Any]:
    """The fields of a kiosk code: those given, the others by the name."""
    usual = {
        "kind": 0x11,
        "epoch": 1,
        "kiosk": 1 + number(name + " kiosk", 9),
        "counter": number(name + " counter", 2**32 - 1),
        "issued_at": 1_795_000_000 + number(name + " issued at", 10_000_000),
        "scene": 1 + number(name + " scene", 23),
        "variant": number(name + " variant", 7),
        "quantity": 1 + number(name + " quantity", 499),
    }
    return {**usual, **given, "nonce": binary(seeded(name + " nonce", 6))}


def binary(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def spelled(raw: bytes) -> str:
    return b32encode(raw).decode().rstrip("=")


def facts_of(said: dict[str, Any], name: str) -> bytes:
    """The 24 signed bytes of these fields."""
    return b"".join(said[field].to_bytes(size, "big") for field, size in SIZES.items()) + seeded(name + " nonce", 6)


def facts(name: str, **given: int) -> bytes:
    return facts_of(fields(name, **given), name)


def signed(facts_bytes: bytes, signer: Signer = KIOSK) -> bytes:
    return facts_bytes + signer.sign(DOMAIN + facts_bytes)


def entry(why: str, code: str, expect: str, key: bytes | None = KIOSK.public, said: Any = None) -> dict[str, Any]:
    """One line of a vectors file; `key` is the public key of the code's kiosk, null when the kiosk is not known."""
    return {
        "why": why,
        "code": code,
        "base_url": BASE_URL,
        "key": None if key is None else binary(key),
        "expect": expect,
        "fields": said,
    }
