"""A cap group: one ceiling in points that several scenes share, such as all rides on the island."""

from dataclasses import dataclass
from dataclasses import fields as fields_of
from typing import Any

from scenes.fields import POINTS_MAX, Fields, entry_path
from scenes.period import PERIODS


@dataclass(frozen=True, slots=True)
class CapGroup:
    """At most `points` per member and `period` from all scenes that name the group."""

    id: str
    points: int
    period: str


def parse_cap_group(document: dict[str, Any], origin: str) -> CapGroup:
    """The cap group that `document` describes."""
    keys = tuple(field.name for field in fields_of(CapGroup))
    fields = Fields(document, origin, keys, path=entry_path(document))
    return CapGroup(
        id=fields.slug("id"),
        points=fields.integer("points", 1, POINTS_MAX),
        period=fields.choice("period", PERIODS),
    )
