"""Badges are earned by acts that count, and by nothing else."""

from __future__ import annotations

import re

import pytest

from miniprogram_api.domain.badges import BADGES, Badge, Done, Progress, progress
from scenes.catalogue import load_catalogue
from tests.architecture.tree import ROOT

CATALOGUE = load_catalogue()
PIER, CANTEEN = "island-pier", "canteen"
OPEN_PLACES = 8


def badge(name: str) -> Badge:
    return next(one for one in BADGES if one.id == name)


def after(name: str, *done: Done, places: int = OPEN_PLACES) -> Progress:
    [found] = progress([badge(name)], done, places)
    return found


def acts(scene: str, count: int = 1, quantity: int = 0, place: str | None = PIER) -> Done:
    return Done(scene, place, count, quantity)


@pytest.mark.parametrize(
    ("name", "done", "reached", "earned"),
    [
        ("first-boat", [], 0, False),
        ("first-boat", [acts("ferry-arrival")], 1, True),
        ("first-boat", [acts("island-bus", 9)], 0, False),
        ("clean-plates", [acts("clean-plate", 4)], 4, False),
        ("clean-plates", [acts("clean-plate", 3), acts("clean-plate", 2, place=CANTEEN)], 5, True),
        ("clean-plates", [acts("clean-plate", 40)], 5, True),
        ("island-rides", [acts("island-bus", 2), acts("e-shuttle", 2), acts("transit-to-pier")], 5, True),
        ("litter-10", [acts("pick-litter", 3, 999)], 999, False),
        ("litter-10", [acts("pick-litter", 2, 600), acts("carry-litter-off", 1, 400)], 1000, True),
        ("trail-10", [acts("walk-trail", 3, 96)], 96, False),
        ("trail-10", [acts("walk-trail", 4, 128)], 100, True),
        ("own-kit", [acts("own-bag", 9), acts("refill-water", 9), acts("own-tableware", 9)], 3, False),
        ("own-kit", [acts(one) for one in ("own-bag", "refill-water", "own-tableware", "no-disposables")], 4, True),
        ("all-places", [acts("own-bag", place=f"p{number}") for number in range(7)], 7, False),
        ("all-places", [acts("own-bag", place=f"p{number}") for number in range(8)], 8, True),
        ("all-places", [acts("own-bag", place=None), acts("own-bag", place=None)], 0, False),
        ("all-places", [acts("own-bag"), acts("refill-water")], 1, False),
    ],
)
def test_a_badge_counts_what_its_rule_names(name: str, done: list[Done], reached: int, earned: bool) -> None:
    found = after(name, *done)
    assert (found.done, found.earned) == (reached, earned)


@pytest.mark.parametrize(("open_places", "needed"), [(3, 3), (8, 8), (12, 8), (0, 1)])
def test_a_place_that_closed_puts_no_badge_out_of_reach(open_places: int, needed: int) -> None:
    assert after("all-places", places=open_places).needed == needed
    assert not after("all-places", places=open_places).earned


def test_weights_and_ways_are_shown_in_whole_units() -> None:
    assert [(after(name).needed, after(name).whole) for name in ("litter-10", "trail-10", "clean-plates")] == [
        (1000, 100),
        (100, 10),
        (5, 1),
    ]


def test_every_rule_names_scenes_and_an_icon_that_there_are_and_no_level() -> None:
    assert len({one.id for one in BADGES}) == len(BADGES)
    sprite = (ROOT / "static" / "shared" / "img" / "icons.svg").read_text(encoding="utf-8")
    for one in BADGES:
        assert set(one.scenes) <= set(CATALOGUE.by_slug)
        assert bool(one.scenes) == (one.counts != "places")
        assert f'id="{one.icon}"' in sprite
        assert one.needed >= 1
        assert one.counts != "scenes" or one.needed <= len(one.scenes)
        units = {CATALOGUE.by_slug[name].unit for name in one.scenes}
        assert one.counts != "quantity" or units == {one.unit}
        assert not re.search("等级|level|gold|金牌", f"{one.name_zh}{one.name_en}{one.how_zh}{one.how_en}", re.I)
