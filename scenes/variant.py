"""A variant: one numbered way of doing a scene, with its own factor and points."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import fields as fields_of
from decimal import Decimal
from typing import Final

from scenes.factor import Factor
from scenes.fields import BYTE_MAX, NAME_MAX, POINTS_MAX, Fields
from scenes.units import CODE_UNITS, QUANTITY_MAX, whole_unit

VARIANTS_MAX: Final = 8


@dataclass(frozen=True, slots=True)
class Variant:
    """One numbered way of doing a scene. Quantities are code units."""

    number: int  # 0 is the default and has the lowest value
    name_zh: str
    name_en: str
    unit: str
    factor: str  # id of a factor, grams CO2e per whole unit
    points: int  # per step where step > 1, per kg for weight, else per unit
    step: int
    min_quantity: int  # of one act
    max_quantity: int


_KEYS: Final = tuple(field.name for field in fields_of(Variant))


def read_variants(scene: Fields, key: str, factors: Mapping[str, Factor]) -> tuple[Variant, ...]:
    """The variants under `key` of a scene's table, 1 to 8, in rising order of their numbers."""
    variants: list[Variant] = []
    for place, entry in enumerate(scene.entries(key, 1, VARIANTS_MAX)):
        fields = Fields(entry, scene.origin, _KEYS, path=f"{key}[{place}]")
        variant = _read_variant(fields)
        _check_factor(variant, fields, factors)
        _check_quantities(variant, fields)
        if variants:
            _check_against_default(variant, variants, fields, factors)
        elif variant.number != 0:
            raise fields.refusal("number", "The first variant must be number 0, the default.")
        variants.append(variant)
    return tuple(variants)


def _read_variant(fields: Fields) -> Variant:
    return Variant(
        number=fields.integer("number", 0, BYTE_MAX),
        name_zh=fields.text("name_zh", NAME_MAX),
        name_en=fields.text("name_en", NAME_MAX),
        unit=fields.choice("unit", tuple(CODE_UNITS)),
        factor=fields.slug("factor"),
        points=fields.integer("points", 1, POINTS_MAX),
        step=fields.integer("step", 1, QUANTITY_MAX),
        min_quantity=fields.integer("min_quantity", 1, QUANTITY_MAX),
        max_quantity=fields.integer("max_quantity", 1, QUANTITY_MAX),
    )


def _check_factor(variant: Variant, fields: Fields, factors: Mapping[str, Factor]) -> None:
    if variant.factor not in factors:
        raise fields.refusal("factor", f"There is no factor {variant.factor}.")
    unit = factors[variant.factor].unit
    if unit != f"g/{variant.unit}":
        raise fields.refusal("factor", f"The factor {variant.factor} counts {unit}, not g/{variant.unit}.")


def _check_quantities(variant: Variant, fields: Fields) -> None:
    if variant.min_quantity > variant.max_quantity:
        raise fields.refusal("min_quantity", "The smallest quantity must not be above the largest.")
    if variant.unit == "kg" and variant.step != 1:
        raise fields.refusal("step", "Weight earns points by the kilogram as weighed, so its step must be 1.")
    # A sign says "2 points per km"; a step of 100 m or of 1.5 km would make it say something untrue.
    if variant.unit in ("km", "kWh") and variant.step % whole_unit(variant.unit):
        raise fields.refusal("step", f"A step must be whole {variant.unit}, a multiple of {whole_unit(variant.unit)}.")
    for key, quantity in (("min_quantity", variant.min_quantity), ("max_quantity", variant.max_quantity)):
        if quantity % variant.step:
            raise fields.refusal(key, f"This must be a multiple of the step, {variant.step}.")


def _check_against_default(
    variant: Variant, earlier: list[Variant], fields: Fields, factors: Mapping[str, Factor]
) -> None:
    default = earlier[0]
    if variant.number <= earlier[-1].number:
        raise fields.refusal("number", "The numbers of the variants must rise, and none may come twice.")
    if variant.unit != default.unit:
        raise fields.refusal("unit", f"The cap counts one unit, so this must be {default.unit} as in variant 0.")
    # Whoever does not choose gets variant 0; it must never be the more generous one.
    if Decimal(factors[variant.factor].value) < Decimal(factors[default.factor].value):
        raise fields.refusal("factor", "Variant 0 must have the lowest grams, and this factor is lower.")
    if variant.points * default.step < default.points * variant.step:
        raise fields.refusal("points", "Variant 0 must have the lowest points, and these are lower.")
