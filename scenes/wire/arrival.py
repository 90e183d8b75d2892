"""The arrival stamp: when the server first saw a code, so that a newcomer is not too late (contract section 1)."""

import hmac

from scenes.wire.binary_text import binary_bytes, binary_text
from scenes.wire.errors import FieldsInvalid
from scenes.wire.kiosk_code import FACTS_BYTES

ARRIVAL_SECONDS_MAX = 15 * 60
STAMP_BYTES = 20


def arrival_stamp(key: bytes, raw_code: bytes, seen_at: int) -> str:
    """The stamp for this code (its 88 bytes) seen at `seen_at`, Unix seconds of the server's clock."""
    seen = seen_at.to_bytes(4, "big")
    return binary_text(seen + hmac.digest(key, raw_code[:FACTS_BYTES] + seen, "sha256")[:16])


def arrival_seen_at(key: bytes, raw_code: bytes, stamp: object) -> int | None:
    """The time in the stamp, or None when it is not our stamp for this code. Whether it is too old is the caller's."""
    try:
        seen_at = int.from_bytes(binary_bytes(stamp, STAMP_BYTES, "arrival")[:4], "big")
    except FieldsInvalid:
        return None
    genuine = arrival_stamp(key, raw_code, seen_at)
    return seen_at if hmac.compare_digest(genuine, str(stamp)) else None
