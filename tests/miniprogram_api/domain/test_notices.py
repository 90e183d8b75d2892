"""Notices: how one stands, when the silence of a kiosk is worth one, and how a silence ended."""

from __future__ import annotations

import pytest

from miniprogram_api.domain.notices import (
    ANSWERED,
    NOT_ACTIVE,
    OPEN,
    SEEN,
    SPOKE_AGAIN,
    is_silent,
    silence_over,
    state_of,
)
from tests.miniprogram_api.domain.rules_at_hand import NOON

TWO_HOURS = 7200
STOPPED = ["invited", "suspended", "lost", "retired"]


@pytest.mark.parametrize(
    ("seen_at", "answered_at", "expected"),
    [(None, None, OPEN), (5, None, SEEN), (5, 6, ANSWERED), (None, 6, ANSWERED), (0, None, SEEN), (None, 0, ANSWERED)],
)
def test_a_notice_is_open_until_it_is_seen_or_answered(
    seen_at: int | None, answered_at: int | None, expected: str
) -> None:
    assert state_of(seen_at, answered_at) == expected


@pytest.mark.parametrize(("quiet", "silent"), [(0, False), (TWO_HOURS, False), (TWO_HOURS + 1, True), (90_000, True)])
def test_a_kiosk_is_silent_when_it_said_nothing_for_more_than_two_hours(quiet: int, silent: bool) -> None:
    assert is_silent("active", NOON - quiet, NOON) is silent


@pytest.mark.parametrize("state", STOPPED)
def test_a_kiosk_that_staff_have_stopped_may_be_switched_off(state: str) -> None:
    assert is_silent(state, NOON - 90_000, NOON) is False


@pytest.mark.parametrize("state", ["active", *STOPPED])
def test_a_kiosk_that_never_spoke_is_not_silent(state: str) -> None:
    assert is_silent(state, None, NOON) is False


def test_a_clock_that_was_set_back_makes_nobody_silent() -> None:
    assert is_silent("active", NOON + 90_000, NOON) is False


@pytest.mark.parametrize(("heard_at", "over"), [(NOON - 1, None), (NOON, None), (NOON + 1, SPOKE_AGAIN), (None, None)])
def test_a_silence_lasts_until_the_kiosk_is_heard_after_it_began(heard_at: int | None, over: str | None) -> None:
    assert silence_over("active", heard_at, NOON) == over


@pytest.mark.parametrize("state", STOPPED)
def test_a_silence_is_over_when_the_kiosk_is_active_no_more(state: str) -> None:
    assert silence_over(state, NOON, NOON) == NOT_ACTIVE
    assert silence_over(state, None, NOON) == NOT_ACTIVE
    assert silence_over(state, NOON + 1, NOON) == SPOKE_AGAIN
