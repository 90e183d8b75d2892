"""What an act is worth: grams of CO2e saved and points earned, in whole numbers, rounded down once.

Source of the formula: the reduction is baseline minus actual emission, ERy = BEy - PEy (T/CCAA 38-2021, car-pooling),
here per unit of an act and never below zero: ER = quantity x max(0, EF_baseline - EF_action) x confidence. A factor of
the catalogue is that difference in grams per whole unit at full published precision; the confidence is 1 because an
act is proved by a device or a person and the lowest citable value is booked. The result is an estimate.
"""

from scenes.decimal_text import read_decimal_text
from scenes.units import whole_unit
from scenes.variant import Variant

__all__ = ["points_for", "reduction_grams", "whole_unit"]


def reduction_grams(quantity: int, unit: str, factor_value: str) -> int:
    """Whole grams saved by `quantity` code units of `unit` at `factor_value` grams per whole unit, rounded down.

    Exact: integers all the way, so 0.2 kg at "1280" is 256 and never 255.
    Call it once per act with the full quantity; the sum of two rounded parts can be a gram short.
    """
    assert quantity >= 0, "an act has no negative quantity"
    numerator, denominator = read_decimal_text(factor_value)
    return quantity * numerator // (denominator * whole_unit(unit))


def points_for(quantity: int, variant: Variant) -> int:
    """Points for `quantity` code units: per full step, per kilogram of weight, or per piece (contract, section 4)."""
    assert quantity >= 0, "an act has no negative quantity"
    if variant.step > 1:
        return quantity // variant.step * variant.points
    if variant.unit == "kg":
        return quantity * variant.points // whole_unit("kg")
    return quantity * variant.points
