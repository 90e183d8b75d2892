"""What the QR code of an invitation says: server address, short code and SHA-256 of the office key."""

from __future__ import annotations

import re

from scenes.wire.errors import FieldsInvalid

_SAID = re.compile(r"(https?://\S+) (\S{1,32}) ([0-9a-f]{64})", re.IGNORECASE | re.ASCII)


def read_invitation(text: str) -> tuple[str, str, str]:
    """Address, short code and fingerprint; raises FieldsInvalid for any other text. The code is written in capitals."""
    said = _SAID.fullmatch(text.strip())
    if said is None:
        raise FieldsInvalid("qr", "not what the QR code of an invitation says")
    return said[1].lower(), said[2], said[3].lower()
