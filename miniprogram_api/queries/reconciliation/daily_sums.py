"""Sums of the days that were closed, against the acts recorded and the acts reversed on each of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Select, func, literal_column, select

from miniprogram_api.domain.calendar import DAY_SECONDS, OFFSET_SECONDS, day_begins
from miniprogram_api.domain.reconciliation import Difference
from miniprogram_api.models import Act, DailySum, Reversal
from miniprogram_api.queries.reconciliation.rows import plain, rows_of

CREDITED = ("acts", "points", "reduction_grams", "members")
TAKEN_BACK = ("reversed_acts", "reversed_points", "reversed_grams")
ALL_SCENES: Any = literal_column("0")
FIRST_DAY = date(1970, 1, 1)

Figures = dict[str, object]
Day = tuple[int, int]  # scene and number of the day


def daily_sum_differences(connection: Connection) -> Iterator[Difference]:
    """Each figure of a day up to the newest closed one that isn't what the acts add up to, or that is missing.

    All days and scenes fit into memory: some thousand rows a year.
    """
    stored = {(row.scene, row.day): row for row in rows_of(connection, select(*DailySum.__table__.columns))}
    closed = [day for scene, day in stored if scene == 0]
    again = _added_up(connection, max(closed)) if closed else {}
    for key in sorted({*stored, *again}):
        yield from _of_one(key, stored.get(key), again.get(key, {}))


def _of_one(key: Day, stored: Any, again: Figures) -> Iterator[Difference]:
    row = f"daily_sums {FIRST_DAY + timedelta(days=key[1])} scene {key[0]}"
    for field in (*CREDITED, *TAKEN_BACK):
        here, expected = getattr(stored, field, None), again.get(field, 0)
        if here != expected:
            yield Difference(row, field, here, expected)


def _added_up(connection: Connection, last_day: int) -> dict[Day, Figures]:
    """By scene and day; scene 0 is all scenes together."""
    until = day_begins(last_day + 1)
    members = func.count(Act.member_id.distinct())
    again: dict[Day, Figures] = {}
    for scene in (Act.scene, ALL_SCENES):
        credited = _sums(scene, Act.recorded_at, until).add_columns(members)
        taken_back = _sums(scene, Reversal.reversed_at, until).join(Reversal, Reversal.act_id == Act.id)
        for names, statement in ((CREDITED, credited), (TAKEN_BACK, taken_back)):
            for number, day, *sums in rows_of(connection, statement):
                figures = zip(names, map(plain, sums), strict=True)
                again.setdefault((int(number), int(day)), {}).update(figures)
    return again


def _sums(scene: Any, moment: Any, until: int) -> Select[Any]:
    day = ((moment + OFFSET_SECONDS) // DAY_SECONDS).label("day")
    figures = (func.count(), func.sum(Act.points), func.sum(Act.reduction_grams))
    statement = select(scene.label("of_scene"), day, *figures).where(Act.state == "credited", moment < until)
    return statement.group_by("of_scene", "day")
