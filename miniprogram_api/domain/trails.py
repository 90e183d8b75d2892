"""A walk is read at both ends: which end that waits belongs to the one that is read now. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol, TypeVar

TRAIL_HALF = "trail_half"  # why one end of a walk waits: for the other one, and for no person
LEAST_SECONDS = 20 * 60
MOST_SECONDS = 6 * 3600


class End(Protocol):
    """A reading at a trailhead that waits for the other one."""

    @property
    def kiosk(self) -> int: ...
    @property
    def occurred_at(self) -> int: ...


E = TypeVar("E", bound=End)


def ways_from(kiosk: int, profile: Mapping[str, Any]) -> dict[int, int]:
    """Code units of 100 m from this trailhead to each other one that the place's route table names."""
    ways: dict[int, int] = {}
    for route in profile.get("routes", ()):
        if kiosk in (route["start"], route["end"]):
            other = route["end"] if route["start"] == kiosk else route["start"]
            ways[other] = route["quantity"]
    return ways


def other_end(ways: Mapping[int, int], occurred_at: int, waiting: Iterable[E]) -> E | None:
    """Of what waits at the other end of a way, 20 minutes to 6 hours away, the nearest in time: that is the latest of
    those before, and where the record of an earlier end comes in late the first of those after it."""
    fitting = [
        end
        for end in waiting
        if end.kiosk in ways and LEAST_SECONDS <= abs(occurred_at - end.occurred_at) <= MOST_SECONDS
    ]
    return min(fitting, key=lambda end: (abs(occurred_at - end.occurred_at), end.occurred_at), default=None)
