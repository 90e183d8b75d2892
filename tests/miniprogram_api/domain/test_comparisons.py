"""Grams in plain things: rounded down, with the figure and who published it."""

from __future__ import annotations

import pytest

from miniprogram_api.domain.comparisons import COMPARISONS, Comparison, tenths_of

CAR = next(one for one in COMPARISONS if one.id == "petrol-car")
POWER = next(one for one in COMPARISONS if one.id == "grid-power")


@pytest.mark.parametrize(
    ("comparison", "grams", "tenths"),
    [
        (CAR, 0, 0),
        (CAR, 16, 0),
        (CAR, 17, 1),
        (CAR, 162, 9),  # a gram short of a kilometre is not a kilometre
        (CAR, 163, 10),
        (CAR, 1_000_000, 61_455),
        (POWER, 530, 9),
        (POWER, 531, 10),
    ],
)
def test_a_comparison_is_never_rounded_up(comparison: Comparison, grams: int, tenths: int) -> None:
    assert tenths_of(comparison, grams) == tenths


def test_every_comparison_says_who_published_its_figure_and_none_is_a_tree() -> None:
    assert [one.id for one in COMPARISONS] == ["petrol-car", "grid-power"]
    for one in COMPARISONS:
        assert "https://" in one.source
        assert "· " in one.source, "in both languages"
        assert one.year >= 2014
