"""Rooms of an inn: limits are theirs where guests share one, and the books know them only as a keyed hash."""

from __future__ import annotations

import hmac

from miniprogram_api.domain.refusals import InvalidFields
from miniprogram_api.services.island import Island

ROOM_LENGTH_MAX = 8


def room_number(place: str, room: str, island: Island) -> int:
    """The 63-bit number of a room as its place writes it, whatever the case and outer space; never 0.

    A room's name is short and easy to guess, so the hash is keyed. Raises InvalidFields.
    """
    name = room.strip().upper()
    if not 1 <= len(name) <= ROOM_LENGTH_MAX:
        raise InvalidFields(fields=[{"field": "room", "reason": f"1…{ROOM_LENGTH_MAX} characters"}])
    message = b"ISLE-ROOM-1\0" + place.encode("utf-8") + b"\0" + name.encode("utf-8")
    digest = hmac.digest(island.keys.readable_pepper, message, "sha256")
    return int.from_bytes(digest[:8], "big") >> 1 or 1
