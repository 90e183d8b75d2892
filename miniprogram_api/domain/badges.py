"""Badges: which ones a member's acts have earned, and how far the others are. The rules are in badges.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal

from scenes.reduction import whole_unit


@dataclass(frozen=True)
class Badge:
    """One rule. `needed` counts what `counts` names; of a `quantity` it counts whole units of `unit`."""

    id: str
    icon: str
    counts: Literal["acts", "quantity", "scenes", "places"]
    needed: int
    name_zh: str
    name_en: str
    how_zh: str
    how_en: str
    scenes: tuple[str, ...] = ()
    unit: str | None = None


@dataclass(frozen=True)
class Done:
    """What a member's credited acts of one scene at one place come to; `quantity` in units of the code. `place` is
    None where it is none of the island's."""

    scene: str
    place: str | None
    acts: int
    quantity: int


@dataclass(frozen=True)
class Progress:
    """How far a badge is, both in the smallest unit of what it counts; `whole` of these are one that is shown."""

    badge: Badge
    done: int
    needed: int
    whole: int

    @property
    def earned(self) -> bool:
        return self.done >= self.needed


def progress(badges: Iterable[Badge], done: Collection[Done], open_places: int) -> list[Progress]:
    """Each badge with what was done for it, never more than it needs; `open_places` are those of the island now."""
    return [_progress(badge, done, open_places) for badge in badges]


def _progress(badge: Badge, done: Collection[Done], open_places: int) -> Progress:
    mine = [one for one in done if one.scene in badge.scenes]
    whole, needed = 1, badge.needed
    if badge.counts == "acts":
        reached = sum(one.acts for one in mine)
    elif badge.counts == "scenes":
        reached = len({one.scene for one in mine})
    elif badge.counts == "places":
        # A place that closed must not put the badge out of reach.
        reached, needed = len({one.place for one in done if one.place}), max(1, min(needed, open_places))
    else:
        assert badge.unit is not None, "a quantity has a unit"
        whole = whole_unit(badge.unit)
        reached, needed = sum(one.quantity for one in mine), needed * whole
    return Progress(badge, min(reached, needed), needed, whole)


def _read() -> tuple[Badge, ...]:
    document = tomllib.loads(files("miniprogram_api.domain").joinpath("badges.toml").read_text(encoding="utf-8"))
    return tuple(Badge(**{**entry, "scenes": tuple(entry.get("scenes", ()))}) for entry in document["badges"])


BADGES = _read()
