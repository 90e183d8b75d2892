"""Allowances: so many at once, then one in each so many seconds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miniprogram_api.domain.fair_use import (
    COUNTED_IN_DATABASE,
    PHONE_CALLS,
    STRANGER_CALLS,
    Allowance,
    charge,
    take,
    taken,
)

THREE = Allowance("three", at_once=3, seconds_each=10)
NOON = 1_795_320_000


def test_so_many_are_had_at_once_and_the_next_waits_for_one_to_come_back() -> None:
    full_at = 0.0
    for _ in range(3):
        full_at, wait = take(full_at, NOON, THREE)
        assert wait == 0
    assert take(full_at, NOON, THREE) == (full_at, 10)
    assert take(full_at, NOON + 9, THREE) == (full_at, 1)
    full_at, wait = take(full_at, NOON + 10, THREE)
    assert (wait, taken(full_at, NOON + 10, THREE)) == (0, 3)


def test_what_came_back_is_never_more_than_a_whole_store() -> None:
    full_at, _ = take(0.0, NOON, THREE)
    a_year_later = NOON + 365 * 86_400
    assert taken(full_at, a_year_later, THREE) == 0
    for _ in range(3):
        full_at, wait = take(full_at, a_year_later, THREE)
        assert wait == 0
    assert take(full_at, a_year_later, THREE)[1] == 10


def test_a_clock_that_was_put_back_makes_nobody_wait_longer_than_an_empty_store() -> None:
    ahead = NOON + 86_400
    full_at, wait = take(float(ahead), NOON, THREE)
    assert wait == 10
    assert full_at == NOON + THREE.whole_seconds


def test_a_charge_takes_what_is_left_and_no_more() -> None:
    assert taken(charge(0.0, NOON, THREE, 2), NOON, THREE) == 2
    assert taken(charge(charge(0.0, NOON, THREE, 2), NOON, THREE, 2), NOON, THREE) == 3


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(1, 3)), max_size=60))
def test_in_any_stretch_of_time_no_more_is_had_than_at_once_and_what_came_back(calls: list[tuple[int, int]]) -> None:
    now, full_at, had = NOON, 0.0, 0
    for pause, cost in calls:
        now += pause
        full_at, wait = take(full_at, now, THREE, cost)
        had += 0 if wait else cost
        assert had <= THREE.at_once + (now - NOON) / THREE.seconds_each + 1e-6


def test_a_ferry_of_three_hundred_fits_in_at_once() -> None:
    requests = 300 * 30
    assert requests <= STRANGER_CALLS.at_once


@pytest.mark.parametrize("allowance", [PHONE_CALLS, STRANGER_CALLS], ids=lambda allowance: allowance.name)
def test_exactly_so_many_are_had_however_small_the_parts_of_a_second(allowance: Allowance) -> None:
    full_at = 0.0
    for _ in range(allowance.at_once):
        full_at, wait = take(full_at, NOON, allowance)
        assert wait == 0
    assert take(full_at, NOON, allowance)[1] > 0


@pytest.mark.parametrize("allowance", COUNTED_IN_DATABASE, ids=lambda allowance: allowance.name)
def test_no_count_in_the_database_outlives_a_day(allowance: Allowance) -> None:
    assert allowance.whole_seconds <= 86_400
    assert allowance.seconds_each * 1000 == round(allowance.seconds_each * 1000), "whole milliseconds"
