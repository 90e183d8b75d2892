"""Grams and points: whole numbers, exact, rounded down once."""

from dataclasses import replace
from decimal import Decimal, localcontext
from fractions import Fraction
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenes.catalogue import load_catalogue
from scenes.reduction import points_for, reduction_grams, whole_unit
from scenes.units import CODE_UNITS

CATALOGUE = load_catalogue()
QUANTITIES = st.integers(min_value=0, max_value=65_535)


@pytest.mark.parametrize(
    ("quantity", "unit", "value", "grams"),
    [
        (1, "trip", "80", 80),
        (1, "refill", "57.96", 57),
        (3, "refill", "57.96", 173),  # not 3 x 57
        (1, "meal", "286.67", 286),
        (37, "km", "22.96", 84),  # 3.7 km: the full quantity, though points are for 3
        (20, "piece", "24.75", 495),
        (4, "piece", "105.56", 422),
        (20, "kg", "1280", 256),
        (500, "kg", "1280", 6400),
        (1, "kg", "1280", 12),
        (600, "kWh", "530.6", 31836),
        (15, "kWh", "530.6", 795),
        (65535, "kg", "0", 0),
        (0, "trip", "80", 0),
        (3, "piece", "0.333333333333", 0),
    ],
)
def test_grams_are_quantity_times_factor_rounded_down(quantity: int, unit: str, value: str, grams: int) -> None:
    assert reduction_grams(quantity, unit, value) == grams


@given(
    quantity=QUANTITIES,
    unit=st.sampled_from(sorted(CODE_UNITS)),
    value=st.decimals(min_value=0, max_value=9_999_999, places=12).map(lambda value: format(value, "f")),
)
def test_grams_are_exact_to_the_last_digit(quantity: int, unit: str, value: str) -> None:
    exact = Fraction(value) * quantity / whole_unit(unit)
    assert reduction_grams(quantity, unit, value) == floor(exact)


def test_the_precision_of_the_calling_thread_changes_nothing() -> None:
    with localcontext() as context:
        context.prec = 2
        assert Decimal(1) / 3 == Decimal("0.33")
        assert reduction_grams(65_535, "km", "9999999.123456789012") == 65_534_994_255


@pytest.mark.parametrize(
    "value",
    [
        "1e3",
        "NaN",
        "Infinity",
        "-1",
        "+1",
        "",
        " 1",
        "1 ",
        "1.",
        ".5",
        "01",
        "1,000",
        "８0",
        "1_000",
        "1\n",
        "12345678",
        "0." + "1" * 13,
    ],
)
def test_a_value_that_is_no_plain_decimal_is_a_fault(value: str) -> None:
    with pytest.raises(ValueError, match="plain decimal"):
        reduction_grams(1, "trip", value)


def test_a_unit_that_nobody_knows_is_a_fault() -> None:
    with pytest.raises(ValueError, match="unknown unit"):
        reduction_grams(1, "mile", "80")


def test_a_whole_unit_is_a_hundred_of_weight_and_ten_of_distance_and_energy() -> None:
    assert {unit: whole_unit(unit) for unit in CODE_UNITS if whole_unit(unit) > 1} == {"kg": 100, "km": 10, "kWh": 10}


@pytest.mark.parametrize(
    ("slug", "quantity", "points"),
    [
        ("ferry-arrival", 1, 10),
        ("walk-trail", 10, 2),
        ("walk-trail", 19, 2),
        ("walk-trail", 20, 4),
        ("walk-trail", 9, 0),
        ("home-energy", 600, 60),
        ("home-energy", 19, 1),
        ("carry-litter-off", 20, 2),
        ("carry-litter-off", 29, 2),
        ("carry-litter-off", 300, 30),
        ("second-hand", 125, 12),
        ("recycle-containers", 20, 20),
        ("linen-reuse", 3, 12),
        ("tree-care", 1, 30),
    ],
)
def test_points_are_for_full_steps_for_weighed_kilograms_or_for_pieces(slug: str, quantity: int, points: int) -> None:
    assert points_for(quantity, CATALOGUE.by_slug[slug].variants[0]) == points


def test_points_of_counted_things_may_need_several_of_them() -> None:
    bottles = replace(CATALOGUE.by_slug["recycle-containers"].variants[0], step=5, points=2)
    assert [points_for(quantity, bottles) for quantity in (4, 5, 9, 10)] == [0, 2, 2, 4]


@given(first=QUANTITIES, second=QUANTITIES, slug=st.sampled_from(sorted(CATALOGUE.by_slug)))
def test_splitting_an_act_in_two_never_earns_more(first: int, second: int, slug: str) -> None:
    variant = CATALOGUE.by_slug[slug].variants[0]
    value = CATALOGUE.factors[variant.factor].value
    assert points_for(first, variant) + points_for(second, variant) <= points_for(first + second, variant)
    parts = reduction_grams(first, variant.unit, value) + reduction_grams(second, variant.unit, value)
    assert parts <= reduction_grams(first + second, variant.unit, value)
