"""What differs between two versions of a document, field by field. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Judge = Callable[[Any, Any], bool]


@dataclass(frozen=True)
class Change:
    """`costs`: the change can cost points, or changes published figures, so a second person has to agree."""

    field: str
    before: Any
    after: Any
    costs: bool


def needs_second_person(changes: Iterable[Change]) -> bool:
    return any(change.costs for change in changes)


def never(before: Any, after: Any) -> bool:
    """For texts: they are read and decide nothing."""
    return False


def always(before: Any, after: Any) -> bool:
    return True


def more(before: int | None, after: int | None) -> bool:
    """Of a limit; none at all is the most."""
    return before is not None and (after is None or after > before)


def less(before: int, after: int) -> bool:
    return after < before


def compare(
    before: Mapping[str, Any], after: Mapping[str, Any], judges: Mapping[str, Judge], above: str = ""
) -> list[Change]:
    """A change for each key of `judges` whose values differ; a key that is not there counts as null."""
    pairs = ((key, before.get(key), after.get(key)) for key in judges)
    return [Change(f"{above}{key}", old, new, judges[key](old, new)) for key, old, new in pairs if old != new]


def added(after: Mapping[str, Any], judges: Mapping[str, Judge]) -> list[Change]:
    """The same for something that was not there: whatever decides needs a second person."""
    return [Change(key, None, after[key], judges[key] is not never) for key in judges if after.get(key) is not None]
