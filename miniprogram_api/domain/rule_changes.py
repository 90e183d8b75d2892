"""What a new version of a scene's rule changes, what of it can cost points, and what acts would earn by it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from miniprogram_api.domain.changes import Change, Judge, added, always, compare, less, more, never
from scenes.factor import Factor
from scenes.reduction import points_for, reduction_grams
from scenes.scene import Scene
from scenes.variant import Variant

Document = Mapping[str, Any]
PERIOD_DAYS = {"day": 1, "night": 1, "week": 7, "month": 31}
YEAR_ROUND = ("01-01", "12-31")


@dataclass(frozen=True)
class RuleText:
    """A scene's document and the factor documents it uses, as rule versions hold them."""

    document: dict[str, Any]
    factors: list[dict[str, Any]]


def _wider_audience(before: str, after: str) -> bool:
    return before != "both"


def _longer_season(before: Any, after: Any) -> bool:
    return not all(_in_season(day, before or YEAR_ROUND) for day in _days(after or YEAR_ROUND))


def _in_season(day: str, season: Any) -> bool:
    first, last = season
    return bool(first <= day <= last if first <= last else day >= first or day <= last)


def _days(season: Any) -> list[str]:
    """Every MM-DD of the season; a month has 31 days here, which hurts no comparison."""
    every = (f"{month:02}-{day:02}" for month in range(1, 13) for day in range(1, 32))
    return [day for day in every if _in_season(day, season)]


def _new_member(before: list[str], after: list[str]) -> bool:
    return not set(after) <= set(before)


def _shorter_period(before: str, after: str) -> bool:
    return PERIOD_DAYS[after] < PERIOD_DAYS[before]


def _left(before: Any, after: Any) -> bool:
    """Joining a group adds a limit; leaving it, or another one, takes one away."""
    return before is not None


def _resumed(before: bool, after: bool) -> bool:
    return after


OF_A_SCENE: dict[str, Judge] = {
    **dict.fromkeys(("number", "slug"), always),
    **dict.fromkeys(("name_zh", "name_en", "how_zh", "how_en", "note_zh", "note_en"), never),
    **dict.fromkeys(("scene_class", "icon", "attested"), never),
    "active": _resumed,
    "audience": _wider_audience,
    "season": _longer_season,
    "proofs": _new_member,
    "cap": more,
    "period": _shorter_period,
    # A room's cap holds for all its guests, a member's for tickets too: neither contains the other.
    "cap_scope": always,
    "cap_group": _left,
    "cool_down_seconds": less,
    "exclusive_group": _left,
}
OF_A_VARIANT: dict[str, Judge] = {
    **dict.fromkeys(("name_zh", "name_en"), never),
    **dict.fromkeys(("unit", "factor"), always),
    "points": more,
    "step": less,
    "min_quantity": less,
    "max_quantity": more,
}
# What is published with every gram; the words around it and the number of the version follow from it.
OF_A_FACTOR: dict[str, Judge] = {
    **dict.fromkeys(("value", "unit", "source", "source_tag", "year", "methodology"), always),
    **dict.fromkeys(("version", "note_zh", "note_en"), never),
}


def rule_changes(before: RuleText | None, after: RuleText) -> list[Change]:
    """Field by field, against the version that it takes the place of; without one everything is new."""
    if before is None:
        return [*added(after.document, OF_A_SCENE), *_members({}, _variants(after.document), OF_A_VARIANT, "variants")]
    return [
        *compare(before.document, after.document, OF_A_SCENE),
        *_members(_variants(before.document), _variants(after.document), OF_A_VARIANT, "variants"),
        *_members(_by(before.factors, "id"), _by(after.factors, "id"), OF_A_FACTOR, "factors", new_costs=False),
    ]


def _variants(document: Document) -> dict[str, Any]:
    return _by(document["variants"], "number")


def _by(rows: Iterable[Any], key: str) -> dict[str, Any]:
    return {str(row[key]): row for row in rows}


def _members(
    before: Document, after: Document, judges: Mapping[str, Judge], name: str, new_costs: bool = True
) -> list[Change]:
    """New ones, those that are gone, and the fields of those that stay. A new factor costs where a variant takes it."""
    changes = []
    for key in sorted({*before, *after}, key=lambda one: (len(one), one)):
        old, new = before.get(key), after.get(key)
        if old is None or new is None:
            changes.append(Change(f"{name}.{key}", old, new, new is not None and new_costs))
        else:
            changes += compare(old, new, judges, f"{name}.{key}.")
    return changes


@dataclass(frozen=True)
class Judged:
    """A rule as an example needs it."""

    scene: Scene
    factors: Mapping[str, Factor]

    def worth(self, number: int, quantity: int) -> tuple[int, int] | None:
        """Points and grams of an act, None where the rule has no such variant or quantity."""
        variant = self.scene.variant(number)
        if variant is None or not variant.min_quantity <= quantity <= variant.max_quantity:
            return None
        factor = self.factors[variant.factor]
        return points_for(quantity, variant), reduction_grams(quantity, variant.unit, factor.value)


@dataclass(frozen=True)
class Example:
    """`quantity` in code units; before and after are points and grams, None where there is no such act."""

    variant: Variant
    quantity: int
    before: tuple[int, int] | None
    after: tuple[int, int] | None


def examples(before: Judged | None, after: Judged, whole: int) -> list[Example]:
    """What a usual act and a largest one of each variant earn, before and after; `whole` is one whole unit."""
    rules = [rule for rule in (after, before) if rule is not None]
    variants = {variant.number: variant for rule in reversed(rules) for variant in rule.scene.variants}
    found = []
    for number, variant in sorted(variants.items()):
        usual = min(max(whole, variant.min_quantity), variant.max_quantity)
        for quantity in sorted({usual, variant.max_quantity}):
            old = before.worth(number, quantity) if before else None
            found.append(Example(variant, quantity, old, after.worth(number, quantity)))
    return found
