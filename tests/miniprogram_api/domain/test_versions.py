"""Which version counts when: the newest that counts and has begun, whatever order they were planned in."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miniprogram_api.domain.refusals import InvalidFields, NotAllowed
from miniprogram_api.domain.versions import (
    AHEAD_SECONDS_MAX,
    LEAD_SECONDS,
    Version,
    check_none_waits,
    check_start,
    ends_at,
    in_force,
    next_number,
    put_aside,
    replaced,
    state_of,
)

SEEDED = Version(1, 0, seeded=True)
LINES = [SEEDED, Version(2, 100, decision="rejected"), Version(3, 200, decision="approved"), Version(4, 300)]


@pytest.mark.parametrize(("moment", "number"), [(0, 1), (150, 1), (199, 1), (200, 3), (400, 3)])
def test_only_what_counts_and_has_begun_is_in_force(moment: int, number: int) -> None:
    assert in_force(LINES, moment) == next(line for line in LINES if line.version == number)


@pytest.mark.parametrize(
    ("now", "states"), [(150, "in_force rejected approved asked"), (250, "ended rejected in_force asked")]
)
def test_each_version_has_one_state(now: int, states: str) -> None:
    assert [state_of(LINES, line, now) for line in LINES] == states.split()


def test_a_version_is_compared_with_the_one_in_force_at_its_start() -> None:
    assert replaced(LINES, 4, 300) == LINES[2]
    assert replaced(LINES, 4, 150) == SEEDED
    assert replaced([], 1, 150) is None
    assert next_number(LINES) == 5


def test_a_newer_version_with_an_earlier_start_puts_the_planned_one_aside() -> None:
    planned, pause = Version(2, 500, decision="approved"), Version(3, 100, decision="approved")
    assert put_aside([SEEDED, planned], 100) == [planned]
    lines = [SEEDED, planned, pause]
    assert [in_force(lines, moment) for moment in (50, 100, 500, 900)] == [SEEDED, pause, pause, pause]
    assert (state_of(lines, planned, 50), ends_at(lines, planned)) == ("ended", 100)
    assert put_aside(lines, 600) == []


def test_one_version_waits_at_a_time() -> None:
    check_none_waits(LINES[:3])
    with pytest.raises(NotAllowed):
        check_none_waits(LINES)


@pytest.mark.parametrize(("ahead", "refusal"), [(LEAD_SECONDS - 1, NotAllowed), (AHEAD_SECONDS_MAX + 1, InvalidFields)])
def test_a_start_is_near_enough_and_not_too_near(ahead: int, refusal: type[Exception]) -> None:
    for fine in (LEAD_SECONDS, AHEAD_SECONDS_MAX):
        check_start(1000 + fine, 1000)
    with pytest.raises(refusal):
        check_start(1000 + ahead, 1000)


DECISIONS = st.sampled_from(["approved", "approved", "rejected", "withdrawn", None])


@given(st.lists(st.tuples(st.integers(1, 50), DECISIONS), max_size=8), st.integers(0, 60))
def test_exactly_one_version_is_in_force_and_the_states_agree(planned: list[tuple[int, str]], now: int) -> None:
    later = [Version(number, start, decision=decision) for number, (start, decision) in enumerate(planned, 2)]
    lines = [SEEDED, *later]
    shown = [line for line in lines if state_of(lines, line, now) == "in_force"]
    assert shown == [in_force(lines, now)]


@given(st.lists(st.tuples(st.integers(1, 50), DECISIONS), max_size=8))
def test_what_is_in_force_only_ever_gets_newer_and_follows_what_it_was_compared_with(
    planned: list[tuple[int, str]],
) -> None:
    later = [Version(number, start, decision=decision) for number, (start, decision) in enumerate(planned, 2)]
    lines = [SEEDED, *later]
    seen = [in_force(lines, moment) for moment in range(61)]
    for before, after in pairwise(seen):
        assert before is not None
        assert after is not None
        if before != after:
            assert after.version > before.version
            assert replaced(lines, after.version, after.starts_at) == max(
                (
                    line
                    for line in lines
                    if line.counts and line.version < after.version and line.starts_at <= after.starts_at
                ),
                key=lambda line: line.version,
            )
