"""Evidence leaves: exact bytes, written in the transaction of their entry (contract section 4, Leaf).

A leaf shows what anyone may add up and commits to who, where and when with a fresh salt for each field.
The member's salt derives from a key that is deleted when the member is forgotten; the others derive from
the entry's own random salt. A derived salt is HMAC-SHA-256 of an unguessable 32 or 16 byte key over the entry
and the field's name, so no two leaves share one (docs/decisions/leaf-salts.md).
"""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping

SALT_BYTES = 16
_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def salt_of(key: bytes, entry_id: int, field: str) -> bytes:
    """The 16-byte salt of one field of one entry."""
    message = b"ISLE-SALT-1\0" + entry_id.to_bytes(8, "big") + field.encode("ascii")
    return hmac.digest(key, message, "sha256")[:SALT_BYTES]


def commitment(salt: bytes, field: str, value: str) -> str:
    """base64url HMAC-SHA-256(salt, field name ‖ 00 ‖ value), without padding."""
    digest = hmac.digest(salt, field.encode("ascii") + b"\0" + value.encode("utf-8"), "sha256")
    return urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def leaf_body(fields: Mapping[str, int | str | None]) -> bytes:
    """Canonical JSON: keys sorted, no spaces, integers and strings only; absent fields left out."""
    present = {"v": 1, **{name: value for name, value in fields.items() if value is not None}}
    return _CANONICAL.encode(present).encode("utf-8")


def leaf_hash(body: bytes) -> bytes:
    """RFC 6962 section 2.1: SHA-256(0x00 ‖ body)."""
    return hashlib.sha256(b"\0" + body).digest()
