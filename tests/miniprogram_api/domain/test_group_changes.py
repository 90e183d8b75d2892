"""A shared limit: which of its changes need a second person, and how many units it lets a member have."""

from __future__ import annotations

import pytest

from miniprogram_api.domain.changes import Change, needs_second_person
from miniprogram_api.domain.group_changes import GroupExample, group_changes, group_examples
from scenes.catalogue import load_catalogue

SCENES = load_catalogue().scenes
BUS, SHUTTLE, LITTER, CANS = (SCENES[number] for number in (2, 3, 15, 18))


@pytest.mark.parametrize(("before", "after", "second"), [(20, 21, True), (20, 19, False), (1, 100, True)])
def test_more_points_of_a_shared_limit_need_a_second_person_and_fewer_do_not(
    before: int, after: int, second: bool
) -> None:
    changes = group_changes({"points": before}, {"points": after})
    assert changes == [Change("points", before, after, second)]
    assert needs_second_person(changes) == second


def test_what_is_the_same_is_no_change() -> None:
    assert group_changes({"points": 20}, {"points": 20}) == []


@pytest.mark.parametrize(
    ("before", "after", "rides"),
    [(20, 12, (4, 2)), (12, 20, (2, 4)), (4, 5, (0, 1)), (9, 10, (1, 2)), (20, 100, (4, 4)), (0, 1, (0, 0))],
)
def test_a_member_rides_as_often_as_both_limits_let(before: int, after: int, rides: tuple[int, int]) -> None:
    """A ride brings 5 points, and the scene by itself pays 4 of a day."""
    (example,) = group_examples([BUS], before, after)
    assert example == GroupExample(BUS, BUS.variants[0], *rides)


def test_each_scene_of_the_group_is_an_example_by_its_first_variant_in_their_order() -> None:
    assert len(CANS.variants) == 2
    found = group_examples([SHUTTLE, CANS, BUS], 10, 15)
    assert [(each.scene, each.variant.number) for each in found] == [(SHUTTLE, 0), (CANS, 0), (BUS, 0)]
    assert [(each.before, each.after) for each in found] == [(2, 3), (10, 15), (2, 3)]
    assert group_examples([], 10, 15) == []


def test_weight_is_counted_in_its_own_units_of_10_grams() -> None:
    """Points are paid for whole ones of the sum, 10 for a kilogram: 25 points are reached by 2.59 kg."""
    (example,) = group_examples([LITTER], 25, 1000)
    assert (example.before, example.after) == (259, LITTER.cap)
