"""What a person may be told about points before the office decides: "up to", by the rule of the agreement in force."""

from __future__ import annotations

from scenes.scene import Scene
from scenes.units import whole_unit
from scenes.variant import Variant

NIGHT = "night"


def points_up_to(scene: Scene, variant: Variant, quantity: int) -> int:
    """The most that this quantity, in code units, can earn: by the rule, and no more than one period's cap counts.

    The nights of one stay have a cap each, so they all count.
    """
    counted = quantity if scene.period == NIGHT else min(quantity, scene.cap)
    if variant.unit == "kg":
        return counted * variant.points // whole_unit("kg")
    return counted // variant.step * variant.points
