"""The island's calendar: midnight at UTC+8, Mondays, months and leap days, wherever the server stands."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miniprogram_api.domain.calendar import (
    day_begins,
    day_number,
    island_day,
    iso_day,
    month_days,
    nights_before,
    period_number,
    points_are_over,
    points_last_day,
    yyyymmdd,
)

ISLAND = timezone(timedelta(hours=8))
MOMENTS = st.integers(0, 4_102_444_800)  # until 2100


def at(*when: int) -> int:
    """Unix seconds of a moment on the island."""
    return int(datetime(*when, tzinfo=ISLAND).timestamp())  # type: ignore[misc]  # year, month, day, …


@pytest.fixture(params=["Pacific/Kiritimati", "Pacific/Honolulu", "UTC"])
def server_elsewhere(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("server_elsewhere")
@pytest.mark.parametrize(
    ("moment", "day", "week", "month", "last_day"),
    [
        (at(2026, 12, 31, 23, 59, 59), "2026-12-31", "2026-12-28", 202612, 20271231),
        (at(2027, 1, 1), "2027-01-01", "2026-12-28", 202701, 20281231),
        (at(2027, 1, 3, 23, 59, 59), "2027-01-03", "2026-12-28", 202701, 20281231),
        (at(2027, 1, 4), "2027-01-04", "2027-01-04", 202701, 20281231),
        (at(2028, 2, 28, 23, 59, 59), "2028-02-28", "2028-02-28", 202802, 20291231),
        (at(2028, 2, 29), "2028-02-29", "2028-02-28", 202802, 20291231),
        (at(2028, 3, 1), "2028-03-01", "2028-02-28", 202803, 20291231),
        (0, "1970-01-01", "1969-12-29", 197001, 19711231),
    ],
)
def test_days_weeks_and_months_begin_at_the_islands_midnight(
    moment: int, day: str, week: str, month: int, last_day: int
) -> None:
    since = date(1970, 1, 1).toordinal()
    assert island_day(moment).isoformat() == day
    assert day_number(moment) == period_number("day", moment) == date.fromisoformat(day).toordinal() - since
    assert period_number("week", moment) == date.fromisoformat(week).toordinal() - since
    assert period_number("month", moment) == month
    assert points_last_day(moment) == last_day


def test_an_unknown_period_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="year"):
        period_number("year", 0)


@given(st.dates(date(1970, 1, 1), date(2106, 2, 7)))
def test_a_day_as_a_number_reads_like_its_date(day: date) -> None:
    assert str(yyyymmdd(day)) == day.strftime("%Y%m%d")


def test_the_nights_before_a_day_are_named_latest_first() -> None:
    today = day_number(at(2028, 3, 1, 10))
    assert nights_before(at(2028, 3, 1, 10), 3) == [today - 1, today - 2, today - 3]
    assert nights_before(at(2028, 3, 1, 10), 0) == []


@given(MOMENTS)
def test_every_moment_lies_in_its_day_and_its_week(moment: int) -> None:
    day = day_number(moment)
    assert day_begins(day) <= moment < day_begins(day + 1)
    assert island_day(day_begins(day)) == island_day(moment)
    monday = period_number("week", moment)
    assert 0 <= day - monday < 7
    assert date.fromordinal(monday + date(1970, 1, 1).toordinal()).weekday() == 0
    assert period_number("month", moment) == yyyymmdd(island_day(moment)) // 100


@given(MOMENTS)
def test_points_live_to_the_end_of_the_next_year(moment: int) -> None:
    year = datetime.fromtimestamp(moment, ISLAND).year
    assert points_last_day(moment) == (year + 1) * 10_000 + 1231
    assert points_last_day(moment) > yyyymmdd(island_day(moment))


def test_points_are_over_with_the_midnight_after_their_last_day() -> None:
    november, last_second = 1_795_320_000, 1_830_268_799  # 2026-11-22; 2027-12-31 23:59:59 on the island
    assert not points_are_over(november, last_second)
    assert points_are_over(november, last_second + 1)


@pytest.mark.parametrize(
    ("month", "first", "last"),
    [
        (202611, "2026-11-01", "2026-11-30"),
        (202612, "2026-12-01", "2026-12-31"),
        (202702, "2027-02-01", "2027-02-28"),
        (202802, "2028-02-01", "2028-02-29"),
        (202701, "2027-01-01", "2027-01-31"),
    ],
)
def test_a_month_has_its_first_and_its_last_day(month: int, first: str, last: str) -> None:
    assert tuple(iso_day(day) for day in month_days(month)) == (first, last)


@given(moment=MOMENTS)
def test_every_moment_lies_in_its_month(moment: int) -> None:
    first, last = month_days(period_number("month", moment))
    assert first <= day_number(moment) <= last
    assert iso_day(day_number(moment)) == island_day(moment).isoformat()
