"""The one source of time: Unix seconds, handed in wherever a rule needs it."""

from __future__ import annotations

import time
from typing import Protocol

ISLAND_OFFSET_SECONDS = 8 * 3600  # UTC+8 all year: the island's calendar, whatever zone the server stands in
DAY_SECONDS = 86_400


class Clock(Protocol):
    """Tells the time as whole Unix seconds."""

    def now(self) -> int: ...


class SystemClock:
    """The machine's own clock."""

    def now(self) -> int:
        return int(time.time())


class FixedClock:
    """A clock that a test or a demonstration sets by hand."""

    def __init__(self, now: int) -> None:
        self._now = now

    def now(self) -> int:
        return self._now

    def set(self, now: int) -> None:
        self._now = now

    def advance(self, seconds: int) -> None:
        self._now += seconds
