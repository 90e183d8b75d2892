"""Periods of caps and the season of a scene; days are those of UTC+8."""

import re
from datetime import date
from typing import Final

from scenes.fields import Fields

PERIODS: Final = ("day", "week", "month", "night")
_MONTH_DAY = re.compile(r"[0-9]{2}-[0-9]{2}")
_LEAP_YEAR = 2024  # 29 February may begin or end a season


def read_season(fields: Fields, key: str) -> tuple[str, str]:
    """First and last day of a season as MM-DD, both included; the last before the first runs over the new year."""
    days = fields.entries(key, 2, 2)
    for day in days:
        if not isinstance(day, str) or not _is_month_day(day):
            raise fields.refusal(key, "A season must be its first and last day, each written as MM-DD.")
    return days[0], days[1]


def _is_month_day(text: str) -> bool:
    if not _MONTH_DAY.fullmatch(text):
        return False
    try:
        date(_LEAP_YEAR, int(text[:2]), int(text[3:]))
    except ValueError:
        return False
    return True
