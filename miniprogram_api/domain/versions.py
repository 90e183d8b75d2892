"""Versions of a rule or a place: which one counts, from when, until when. Pure.

Of the versions that count and have begun, the newest is in force. So a later version also puts an earlier one aside
that would begin only after it: whoever pauses a scene today is not surprised by the plan of last week, and every
version comes after exactly the one that it was compared with (docs/decisions/newest-version-begun.md).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from miniprogram_api.domain.refusals import InvalidFields, NotAllowed

# Every worker reads what is in force at least once a second; the rest is for a slow commit. So no worker judges an act
# by a version that another one knows to be over.
LEAD_SECONDS = 5
AHEAD_SECONDS_MAX = 366 * 86_400


@dataclass(frozen=True)
class Version:
    """`decision`: approved, rejected, withdrawn, None while it waits; a seeded version stands by itself."""

    version: int
    starts_at: int
    seeded: bool = False
    decision: str | None = None

    @property
    def counts(self) -> bool:
        return self.seeded or self.decision == "approved"

    @property
    def waits(self) -> bool:
        return not self.seeded and self.decision is None


def versions_of(rows: Iterable[Any]) -> list[Version]:
    """From rows with version, starts_at, asked_by and decision."""
    return [Version(row.version, row.starts_at, row.asked_by is None, row.decision) for row in rows]


def in_force(versions: Iterable[Version], moment: int) -> Version | None:
    """The newest that counts and has begun at this Unix second."""
    begun = [one for one in versions if one.counts and one.starts_at <= moment]
    return max(begun, key=lambda one: one.version, default=None)


def replaced(versions: Iterable[Version], number: int, starts_at: int) -> Version | None:
    """The version that number `number` takes the place of at its start."""
    return in_force([one for one in versions if one.version < number], starts_at)


def put_aside(versions: Sequence[Version], starts_at: int) -> list[Version]:
    """Planned versions that will never be in force once a newer one starts at this second."""
    return [
        one for one in versions if one.counts and one.starts_at >= starts_at and not _is_over(versions, one, starts_at)
    ]


def ends_at(versions: Iterable[Version], one: Version) -> int | None:
    """When a newer version that counts takes its place; None while none does."""
    return min((other.starts_at for other in versions if other.counts and other.version > one.version), default=None)


def state_of(versions: Iterable[Version], one: Version, now: int) -> str:
    """asked, approved (and not begun), in_force, ended (or put aside before it began), rejected, withdrawn."""
    if one.waits:
        return "asked"
    if not one.counts:
        return str(one.decision)
    if _is_over(versions, one, now):
        return "ended"
    return "in_force" if one.starts_at <= now else "approved"


def _is_over(versions: Iterable[Version], one: Version, now: int) -> bool:
    end = ends_at(versions, one)
    return end is not None and (end <= now or end <= one.starts_at)


def next_number(versions: Sequence[Version]) -> int:
    return max((one.version for one in versions), default=0) + 1


def waiting(versions: Iterable[Version]) -> Version | None:
    """The one that waits for a decision."""
    return next((one for one in versions if one.waits), None)


def check_none_waits(versions: Iterable[Version]) -> None:
    """One open version at a time, so that each is compared with what will be in force. Raises NotAllowed."""
    if waiting(versions) is not None:
        raise NotAllowed(why="version_waiting")


def check_not_overtaken(versions: Iterable[Version], one: Version) -> None:
    """A version that would never be in force is not approved: a newer one counts from its start or before. Raises
    NotAllowed."""
    if any(other.counts and other.version > one.version and other.starts_at <= one.starts_at for other in versions):
        raise NotAllowed(why="version_overtaken")


def check_start(starts_at: int, now: int) -> None:
    """Raises NotAllowed (why: start_passed) for a start that not every worker would hear of in time."""
    if starts_at < now + LEAD_SECONDS:
        raise NotAllowed(why="start_passed")
    if starts_at > now + AHEAD_SECONDS_MAX:
        raise InvalidFields(fields=[{"field": "starts_at", "reason": "too_far"}])
