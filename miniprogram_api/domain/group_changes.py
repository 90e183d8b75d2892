"""What a new version of a shared limit changes, and what it changes for a member's day. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from miniprogram_api.domain.awards import units_within
from miniprogram_api.domain.changes import Change, compare, more
from scenes.scene import Scene
from scenes.variant import Variant


def group_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """Of documents {points}; more points for the members need a second person."""
    return compare(before, after, {"points": more})


@dataclass(frozen=True)
class GroupExample:
    """Units of the code that a member gets points for in the group's period, where they do nothing else of it."""

    scene: Scene
    variant: Variant
    before: int
    after: int


def group_examples(scenes: Iterable[Scene], before: int, after: int) -> list[GroupExample]:
    """Each scene by its first variant, with these points of the group before and after."""
    found = []
    for scene in scenes:
        variant, own = scene.variants[0], scene.cap  # the scene's own limit counts beside the group's
        units = (units_within(own, variant, points) for points in (before, after))
        found.append(GroupExample(scene, variant, *units))
    return found
