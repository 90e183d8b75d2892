"""The model's own calendar: written from the contract (section 4), not from the code under test."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

ISLAND = timezone(timedelta(hours=8))
FIRST_DAY = date(1970, 1, 1).toordinal()
MINUTE, HOUR, DAY = 60, 3600, 86_400


def date_of(moment: int) -> date:
    return datetime.fromtimestamp(moment, ISLAND).date()


def day_as_number(day: date) -> int:
    """20261231 for the last day of 2026."""
    return int(day.strftime("%Y%m%d"))


def midnight_before(moment: int) -> int:
    """The Unix second at which the island's day of `moment` began."""
    day = date_of(moment)
    return int(datetime(day.year, day.month, day.day, tzinfo=ISLAND).timestamp())


def period_of(period: str, moment: int) -> int:
    """What a limit's row is called: days since 1970, the Monday's for a week, YYYYMM for a month."""
    day = date_of(moment)
    if period == "day":
        return day.toordinal() - FIRST_DAY
    if period == "week":
        return (day - timedelta(days=day.weekday())).toordinal() - FIRST_DAY
    assert period == "month", period
    return int(day.strftime("%Y%m"))


def nights_of(moment: int, nights: int) -> list[int]:
    """The nights D−1 … D−n, latest first."""
    day = date_of(moment)
    return [(day - timedelta(days=back)).toordinal() - FIRST_DAY for back in range(1, nights + 1)]


def last_day_of_points(moment: int) -> int:
    """31 December of the year after the act, as YYYYMMDD."""
    return day_as_number(date(date_of(moment).year + 1, 12, 31))


def day_later(moment: int, days: int) -> int:
    """The day so many days after the day of `moment`, as YYYYMMDD."""
    return day_as_number(date_of(moment) + timedelta(days=days))
