"""The id of a kiosk's key in documents and signed requests: `<kiosk>.<epoch>` (contract section 2)."""

import re

from scenes.wire.errors import FieldsInvalid
from scenes.wire.fields import UNSIGNED_32_MAX

_KEY_ID = re.compile(r"(0|[1-9][0-9]{0,9})\.(0|[1-9][0-9]{0,2})", re.ASCII)


def kiosk_key_id(kiosk: int, epoch: int) -> str:
    """The id of this kiosk's key of this epoch."""
    return f"{kiosk}.{epoch}"


def read_kiosk_key_id(key_id: str) -> tuple[int, int]:
    """Kiosk and epoch; raises FieldsInvalid for any other spelling."""
    match = _KEY_ID.fullmatch(key_id)
    if match is None or int(match[1]) > UNSIGNED_32_MAX or int(match[2]) > 255:
        raise FieldsInvalid("key", "not <kiosk>.<epoch>")
    return int(match[1]), int(match[2])
