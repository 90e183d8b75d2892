"""What the limits of a scene must be to one another: cap, period, quantities, cool-down."""

from typing import Final

from scenes.fields import Fields
from scenes.scene import Scene

NIGHTS_MAX: Final = 31  # each night of an act has a cap of its own to look at


def check_limits(scene: Scene, fields: Fields) -> None:
    """Refuse a scene whose cap, period or cool-down can't work together with its variants."""
    _check_period(scene, fields)
    for variant in scene.variants:
        if scene.cap % variant.step:
            raise fields.refusal("cap", f"The cap must be a multiple of the step, {variant.step}.")
        # A stay of some nights is one act and each night has a cap of its own; all else has to fit into one period.
        if scene.period != "night" and variant.min_quantity > scene.cap:
            raise fields.refusal("cap", "The cap must not be below the smallest quantity of an act.")
    if scene.exclusive_group is not None and scene.cool_down_seconds == 0:
        raise fields.refusal("cool_down_seconds", "An exclusive group works by the cool-down, so it must be above 0.")


def _check_period(scene: Scene, fields: Fields) -> None:
    if scene.period == "night" and scene.unit != "night":
        raise fields.refusal("period", "Only a scene that counts nights can have a cap per night.")
    if scene.period != "night" and scene.unit == "night":
        raise fields.refusal("period", "A scene that counts nights must have its cap per night.")
    for place, variant in enumerate(scene.variants):
        if scene.period == "night" and variant.max_quantity > NIGHTS_MAX:
            key = f"variants[{place}].max_quantity"
            raise fields.refusal(key, f"One act must not have more than {NIGHTS_MAX} nights.")
