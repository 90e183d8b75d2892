"""The island's calendar: days, Monday weeks, months and nights at UTC+8 (contract section 4)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

OFFSET_SECONDS = 8 * 3600
DAY_SECONDS = 86_400
EPOCH = date(1970, 1, 1)


def island_day(moment: int) -> date:
    """The calendar day on the island at this Unix second."""
    return (datetime.fromtimestamp(moment, UTC) + timedelta(seconds=OFFSET_SECONDS)).date()


def day_number(moment: int) -> int:
    """Days since 1970-01-01 in the island's calendar."""
    return (moment + OFFSET_SECONDS) // DAY_SECONDS


def day_begins(day: int) -> int:
    """The Unix second of the midnight with which this day number begins."""
    return day * DAY_SECONDS - OFFSET_SECONDS


def period_number(period: str, moment: int) -> int:
    """The day, week or month of a moment as a number; unknown periods raise ValueError.

    day: days since 1970; week: the day number of its Monday; month: YYYYMM.
    """
    number = day_number(moment)
    if period == "day":
        return number
    if period == "week":
        return number - (number + 3) % 7  # 1970-01-01 was a Thursday
    if period == "month":
        day = island_day(moment)
        return day.year * 100 + day.month
    raise ValueError(f"no such period: {period}")


def month_days(month: int) -> tuple[int, int]:
    """The day numbers of the first and the last day of a month, given as YYYYMM."""
    year, number = divmod(month, 100)
    following = date(year + number // 12, number % 12 + 1, 1)
    return (date(year, number, 1) - EPOCH).days, (following - EPOCH).days - 1


def iso_day(day: int) -> str:
    """The day of this number as YYYY-MM-DD."""
    return (EPOCH + timedelta(days=day)).isoformat()


def nights_before(moment: int, nights: int) -> list[int]:
    """An act on day D covers the nights D−1 … D−n, each its own period."""
    return [day_number(moment) - back for back in range(1, nights + 1)]


def yyyymmdd(day: date) -> int:
    return day.year * 10_000 + day.month * 100 + day.day


def points_are_over(occurred_at: int, now: int) -> bool:
    """Whether the last day of points earned at `occurred_at` is behind us."""
    return yyyymmdd(island_day(now)) > points_last_day(occurred_at)


def points_last_day(moment: int) -> int:
    """Points live to 31 December of the year after they were earned, as YYYYMMDD."""
    return (island_day(moment).year + 1) * 10_000 + 1231
