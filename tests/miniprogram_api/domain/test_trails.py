"""Which end of a walk belongs to which: the nearest in time at the other end of a way, 20 minutes to 6 hours apart."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from miniprogram_api.domain.trails import other_end, ways_from

PIER, PEAK, BEACH, ELSEWHERE = 4, 7, 9, 11
ROUTES = {
    "routes": [
        {"start": PIER, "end": PEAK, "quantity": 32},
        {"start": BEACH, "end": PIER, "quantity": 18},
        {"start": PEAK, "end": BEACH, "quantity": 25},
    ]
}
NOON = 1_795_060_800
MINUTES, HOURS = 60, 3600


@dataclass(frozen=True)
class Waiting:
    kiosk: int
    occurred_at: int


def test_ways_lead_from_a_trailhead_in_both_directions_and_no_further_than_one_way() -> None:
    assert ways_from(PIER, ROUTES) == {PEAK: 32, BEACH: 18}
    assert ways_from(PEAK, ROUTES) == {PIER: 32, BEACH: 25}


def test_a_place_without_a_route_table_has_no_ways() -> None:
    assert ways_from(PIER, {}) == {}
    assert ways_from(ELSEWHERE, ROUTES) == {}


@pytest.mark.parametrize("apart", [20 * MINUTES, 90 * MINUTES, 6 * HOURS])
@pytest.mark.parametrize("direction", [-1, 1])
def test_ends_from_twenty_minutes_to_six_hours_apart_are_one_walk_whichever_comes_in_first(
    apart: int, direction: int
) -> None:
    end = Waiting(PEAK, NOON + direction * apart)
    assert other_end({PEAK: 32}, NOON, [end]) == end


@pytest.mark.parametrize("apart", [0, 20 * MINUTES - 1, 6 * HOURS + 1])
@pytest.mark.parametrize("direction", [-1, 1])
def test_nearer_or_farther_ends_are_no_walk(apart: int, direction: int) -> None:
    assert other_end({PEAK: 32}, NOON, [Waiting(PEAK, NOON + direction * apart)]) is None


def test_an_end_where_no_way_leads_is_not_taken_though_it_is_nearer() -> None:
    nearer, fitting = Waiting(ELSEWHERE, NOON - 30 * MINUTES), Waiting(BEACH, NOON - 2 * HOURS)
    assert other_end(ways_from(PIER, ROUTES), NOON, [nearer, fitting]) == fitting
    assert other_end(ways_from(PIER, ROUTES), NOON, [nearer]) is None
    assert other_end(ways_from(PIER, ROUTES), NOON, []) is None


def test_of_several_the_nearest_in_time_is_taken() -> None:
    early, late, after = (Waiting(PEAK, NOON + minutes * MINUTES) for minutes in (-180, -60, 90))
    for waiting in ([early, late, after], [after, late, early]):
        assert other_end({PEAK: 32}, NOON, waiting) == late
    assert other_end({PEAK: 32}, NOON, [early, after]) == after


def test_of_two_equally_near_the_earlier_is_taken() -> None:
    before, after = Waiting(PEAK, NOON - HOURS), Waiting(PEAK, NOON + HOURS)
    assert other_end({PEAK: 32}, NOON, [after, before]) == before
