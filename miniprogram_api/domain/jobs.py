"""The timetable: which job is done when, whether it is due now, and whether it is late. Island time, UTC+8."""

from __future__ import annotations

from dataclasses import dataclass

from miniprogram_api.domain.calendar import DAY_SECONDS, OFFSET_SECONDS, day_number

ROUND_SECONDS = 60
RETRY_SECONDS = 10 * 60  # a nightly job that broke off is begun again, but not every minute
LATE_SECONDS = 10 * 60
NIGHTLY_LATE_SECONDS = 3600


@dataclass(frozen=True)
class Schedule:
    """`at`: once a day, so many seconds after the island's midnight; None: in each round."""

    job: str
    at: int | None = None

    @property
    def clock_time(self) -> str | None:
        """`03:30`, None for a job of each round."""
        return None if self.at is None else f"{self.at // 3600:02d}:{self.at % 3600 // 60:02d}"


@dataclass(frozen=True)
class Past:
    """When a job was last begun, and when the last run began that came to its end (Unix seconds)."""

    begun_at: int | None = None
    completed_at: int | None = None


# The order of a round. Vouchers first: what they give back may be past its own day as well. The long one last.
TIMETABLE = (
    Schedule("expire_vouchers"),
    Schedule("expire_points"),
    Schedule("silent_kiosks"),
    Schedule("forget_uses"),
    Schedule("daily_sums", at=3600 + 10 * 60),
    Schedule("refuse_half_walks", at=2 * 3600 + 10 * 60),
    Schedule("reconcile", at=3 * 3600 + 30 * 60),
    Schedule("remind_members", at=10 * 3600),  # nobody wants to be woken
)


def due_since(schedule: Schedule, now: int) -> int:
    """The last moment at which it fell due."""
    if schedule.at is None:
        return now
    moment = day_number(now) * DAY_SECONDS - OFFSET_SECONDS + schedule.at
    return moment if moment <= now else moment - DAY_SECONDS


def is_due(schedule: Schedule, past: Past, now: int) -> bool:
    """Whether this round has to do it; a day that was slept through is made up for once."""
    if schedule.at is None:
        return True
    if _done_since(past, due_since(schedule, now)):
        return False
    return past.begun_at is None or now - past.begun_at >= RETRY_SECONDS


def next_at(schedule: Schedule, past: Past, now: int) -> int:
    """When it is done next, if somebody is there to do it; never in the past."""
    if schedule.at is None:
        return max(now, (past.begun_at or 0) + ROUND_SECONDS)
    since = due_since(schedule, now)
    if _done_since(past, since):
        return since + DAY_SECONDS
    again = 0 if past.begun_at is None else past.begun_at + RETRY_SECONDS
    return max(now, again)


def is_late(schedule: Schedule, past: Past, now: int) -> bool:
    """Whether somebody should look why it wasn't done."""
    if schedule.at is None:
        return past.begun_at is None or now - past.begun_at > LATE_SECONDS
    since = due_since(schedule, now)
    return not _done_since(past, since) and now - since > NIGHTLY_LATE_SECONDS


def _done_since(past: Past, moment: int) -> bool:
    return past.completed_at is not None and past.completed_at >= moment
