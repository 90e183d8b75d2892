"""The timetable in island time, as a table: what was done, what the clock says, what has to happen."""

from __future__ import annotations

from datetime import datetime

import pytest

from miniprogram_api.domain.jobs import (
    LATE_SECONDS,
    RETRY_SECONDS,
    ROUND_SECONDS,
    Past,
    Schedule,
    due_since,
    is_due,
    is_late,
    next_at,
)

NIGHTLY, EVERY = Schedule("reconcile", at=3 * 3600 + 30 * 60), Schedule("expire_points")


def at(text: str) -> int:
    """Unix seconds of a moment on the island, `22 03:30`, in November 2026."""
    return int(datetime.fromisoformat(f"2026-11-{text.replace(' ', 'T')}:00+08:00").timestamp())


@pytest.mark.parametrize(
    ("now", "since"),
    [("22 03:29", "21 03:30"), ("22 03:30", "22 03:30"), ("22 23:59", "22 03:30"), ("23 00:01", "22 03:30")],
)
def test_half_past_three_is_that_of_the_island(now: str, since: str) -> None:
    assert due_since(NIGHTLY, at(now)) == at(since)
    assert NIGHTLY.clock_time == "03:30"
    assert EVERY.clock_time is None


@pytest.mark.parametrize(
    ("begun", "completed", "now", "due", "late", "following"),
    [
        (None, None, "22 12:00", True, True, "22 12:00"),  # never yet
        (None, None, "22 03:40", True, False, "22 03:40"),  # never yet, and just fell due
        ("22 03:30", "22 03:30", "22 12:00", False, False, "23 03:30"),  # tonight's is done
        ("22 03:30", None, "22 03:35", False, False, "22 03:40"),  # broke off: not at once again
        ("22 03:30", None, "22 03:40", True, False, "22 03:40"),
        ("22 03:30", None, "22 05:00", True, True, "22 05:00"),
        ("21 03:30", "21 03:30", "22 03:29", False, False, "22 03:30"),
        ("21 03:30", "21 03:30", "22 03:30", True, False, "22 03:30"),
        ("18 03:30", "18 03:30", "22 12:00", True, True, "22 12:00"),  # slept for days
    ],
)
def test_a_nightly_job(
    begun: str | None, completed: str | None, now: str, due: bool, late: bool, following: str
) -> None:
    past = Past(begun and at(begun), completed and at(completed))
    assert is_due(NIGHTLY, past, at(now)) is due
    assert is_late(NIGHTLY, past, at(now)) is late
    assert next_at(NIGHTLY, past, at(now)) == at(following)


def test_a_job_of_every_round_is_always_due_and_late_when_the_rounds_stop() -> None:
    now = at("22 12:00")
    assert is_due(EVERY, Past(now), now)
    assert next_at(EVERY, Past(now), now) == now + ROUND_SECONDS
    assert not is_late(EVERY, Past(now - LATE_SECONDS), now)
    assert is_late(EVERY, Past(now - LATE_SECONDS - 1), now)
    assert is_late(EVERY, Past(), now)
    assert RETRY_SECONDS > ROUND_SECONDS
