"""Today's figures of the island for the attract screen: shown, never decided by, so an unsigned answer will do."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.uplink import Uplink, UplinkRefused, UplinkUnavailable
from scenes.wire.errors import FieldsInvalid
from scenes.wire.fields import SAFE_INTEGER_MAX, whole_number


@dataclass(frozen=True, slots=True)
class IslandToday:
    """What the whole island did today."""

    grams: int
    acts: int


def ask_island_today(uplink: Uplink) -> IslandToday | None:
    """Today's figures as the server's public page has them, None when they can't be had."""
    try:
        answer = uplink.get("/public/island")
        today = answer.body.get("today") if answer.body else None
        if not isinstance(today, dict):
            return None
        return IslandToday(
            grams=whole_number(today.get("reduction_grams"), "today.reduction_grams", 0, SAFE_INTEGER_MAX),
            acts=whole_number(today.get("acts"), "today.acts", 0, SAFE_INTEGER_MAX),
        )
    except (UplinkUnavailable, UplinkRefused, FieldsInvalid):
        return None
