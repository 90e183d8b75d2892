"""The island's calendar: UTC+8 all year, whatever zone the machine is set to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

ISLAND_ZONE = timezone(timedelta(hours=8))


def written_time(seconds: int) -> str:
    """RFC 3339 with the island's offset."""
    return _at(seconds).isoformat()


def printed_time(seconds: int) -> str:
    """As people read it on paper, to the minute."""
    return f"{_at(seconds):%Y-%m-%d %H:%M}"


def island_day(seconds: int) -> str:
    """Month and day, MM-DD."""
    return f"{_at(seconds):%m-%d}"


def _at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC).astimezone(ISLAND_ZONE)
