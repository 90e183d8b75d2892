"""What the model knows of the scenes: the table of the contract and of the island's facts, written down by hand."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from tests.miniprogram_api.model.island_time import DAY, HOUR, MINUTE

GUEST_A_DAY, GUEST_IN_ALL = 60, 120
RIDES_A_DAY = 20  # points of the cap group that bus and shuttle share


@dataclass(frozen=True)
class KnownScene:
    """Points: `points` for each `per` code units, rounded down together where `weighed`, else for whole steps only."""

    number: int
    points: int
    cap: int
    cool_down: int
    grams: tuple[str, ...] = ("0",)  # of one whole unit, by variant
    factors: tuple[str, ...] = ()
    period: str = "day"
    least: int = 1
    most: int = 1
    step: int = 1
    weighed: bool = False
    whole: int = 1  # code units in one whole unit
    group: bool = False
    meal: bool = False
    rooms: bool = False
    residents: bool = False

    def points_of(self, quantity: int) -> int:
        if self.weighed:
            return quantity * self.points // 100
        return quantity // self.step * self.points

    def grams_of(self, quantity: int, variant: int) -> int:
        exact = Fraction(self.grams[variant]) * quantity / self.whole
        return exact.numerator // exact.denominator


FERRY, BUS, SHUTTLE, CLEAN_PLATE, SAVE_FOOD, REFILL, TOILETRIES, COOLING = 1, 2, 3, 6, 7, 9, 11, 13
PICK_LITTER, CONTAINERS, SECOND_HAND, HOME_ENERGY, TREE_CARE = 16, 18, 21, 22, 23

SCENES = {
    scene.number: scene
    for scene in (
        KnownScene(FERRY, 10, cap=1, cool_down=6 * HOUR, factors=("ferry-trip",)),
        KnownScene(BUS, 5, cap=4, cool_down=20 * MINUTE, grams=("80",), factors=("bus-ride",), group=True),
        KnownScene(SHUTTLE, 5, cap=4, cool_down=20 * MINUTE, grams=("80",), factors=("e-shuttle-ride",), group=True),
        KnownScene(CLEAN_PLATE, 5, cap=3, cool_down=3 * HOUR, grams=("144",), factors=("clean-plate-meal",), meal=True),
        KnownScene(SAVE_FOOD, 3, cap=2, cool_down=3 * HOUR, grams=("94",), factors=("saved-food-meal",), meal=True),
        KnownScene(REFILL, 2, cap=4, cool_down=30 * MINUTE, grams=("57.96",), factors=("water-refill",)),
        KnownScene(
            *(TOILETRIES, 5),
            cap=1,
            period="night",
            cool_down=18 * HOUR,
            grams=("63.44",),
            factors=("toiletries-night",),
            most=30,
        ),
        KnownScene(
            *(COOLING, 4),
            cap=1,
            period="night",
            cool_down=18 * HOUR,
            grams=("212.24",),
            factors=("air-conditioning-night",),
            most=30,
            rooms=True,
        ),
        KnownScene(
            *(PICK_LITTER, 10),
            cap=500,
            cool_down=HOUR,
            factors=("litter-kg",),
            least=20,
            most=1000,
            weighed=True,
            whole=100,
        ),
        KnownScene(
            *(CONTAINERS, 1),
            cap=20,
            cool_down=10 * MINUTE,
            grams=("24.75", "105.56"),
            factors=("pet-bottle", "aluminium-can"),
            most=100,
        ),
        KnownScene(
            *(SECOND_HAND, 10),
            cap=500,
            period="week",
            cool_down=DAY,
            grams=("1280",),
            factors=("second-hand-kg",),
            least=20,
            most=1000,
            weighed=True,
            whole=100,
        ),
        KnownScene(
            *(HOME_ENERGY, 1),
            cap=600,
            period="month",
            cool_down=25 * DAY,
            grams=("530.6",),
            factors=("electricity-kwh",),
            least=10,
            most=3000,
            step=10,
            whole=10,
            residents=True,
        ),
        KnownScene(TREE_CARE, 30, cap=1, cool_down=18 * HOUR, factors=("tree-session",)),
    )
}
