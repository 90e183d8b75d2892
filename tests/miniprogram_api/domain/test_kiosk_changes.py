"""What may be made of a kiosk in which state, who has to agree, and from when on it is lost."""

from __future__ import annotations

import pytest

from miniprogram_api.domain.kiosk_changes import (
    ACTIVE,
    ALLOWED_IN,
    BECOMES,
    ENDS_INVITATION,
    INVITED,
    LOST,
    NEEDS_TWO,
    RESUMED,
    RETIRED,
    ROTATED,
    STOPPED,
    SUSPENDED,
    UNINVITED,
    check_change,
    lost_since,
)
from tests.miniprogram_api.domain.rules_at_hand import NOON
from tests.miniprogram_api.domain.test_corrections import refusal

STATES = (INVITED, ACTIVE, SUSPENDED, LOST, RETIRED)
# What may be asked for in each state, as the office reads it.
MAY = {
    INVITED: {INVITED, UNINVITED, RETIRED},
    ACTIVE: {INVITED, UNINVITED, SUSPENDED, LOST, RETIRED, ROTATED},
    SUSPENDED: {INVITED, UNINVITED, RESUMED, LOST, RETIRED},
    LOST: {INVITED, UNINVITED, RETIRED},
    RETIRED: set(),
}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("change", sorted(ALLOWED_IN))
def test_each_change_may_be_asked_for_in_its_states_and_in_no_other(change: str, state: str) -> None:
    told = refusal(check_change, change, state)
    assert told == (None if change in MAY[state] else ("not_allowed", "kiosk_state"))


def test_a_lost_kiosk_comes_back_by_an_invitation_alone() -> None:
    back = [change for change in ALLOWED_IN if LOST in ALLOWED_IN[change] and BECOMES.get(change) == ACTIVE]
    assert back == []
    assert refusal(check_change, INVITED, LOST) is None


def test_whoever_lets_a_kiosk_work_needs_a_second_person_and_whoever_stops_one_does_not() -> None:
    assert {change for change in BECOMES if BECOMES[change] == ACTIVE} | {INVITED} == NEEDS_TWO
    assert not NEEDS_TWO & (STOPPED | {RETIRED, UNINVITED, ROTATED})


def test_an_invitation_ends_with_whatever_stops_the_kiosk_and_with_the_next_one() -> None:
    stops = {change for change in BECOMES if BECOMES[change] != ACTIVE}
    assert stops | {INVITED, UNINVITED} == ENDS_INVITATION
    assert {RESUMED, ROTATED}.isdisjoint(ENDS_INVITATION)


def test_a_kiosk_that_is_stopped_for_now_is_suspended_or_lost() -> None:
    assert {SUSPENDED, LOST} == STOPPED


@pytest.mark.parametrize(("since", "expected"), [(None, NOON), (NOON, NOON), (NOON - 1, NOON - 1), (1, 1), (0, 0)])
def test_it_is_lost_from_now_on_or_from_a_time_that_is_over(since: int | None, expected: int) -> None:
    assert lost_since(since, NOON) == expected


@pytest.mark.parametrize(("since", "reason"), [(NOON + 1, "in_the_future"), (-1, "too_early")])
def test_nothing_is_lost_before_any_time_or_from_tomorrow_on(since: int, reason: str) -> None:
    told = refusal(lost_since, since, NOON)
    assert told == ("invalid_fields", {"fields": [{"field": "since", "reason": reason}]})
