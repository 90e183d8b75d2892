"""A day that is over is added up once, so that totals need only the acts since. Late or twice, it comes to the same."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, func, literal, select
from sqlalchemy.orm import Session

from miniprogram_api.books.ledger import insert_new
from miniprogram_api.books.prepared import Writes
from miniprogram_api.clock import Clock
from miniprogram_api.db import TryAgain, standing_alone, use_case
from miniprogram_api.domain.calendar import day_begins, day_number
from miniprogram_api.models import Act, DailySum, Reversal
from miniprogram_api.services.leases import Fence, keep_fence

# An act is recorded at the time its transaction began; one that began before midnight may commit after it.
MARGIN_SECONDS = 3600
ALL_SCENES = 0
CREDITED = ("acts", "points", "reduction_grams", "members")
TAKEN_BACK = ("reversed_acts", "reversed_points", "reversed_grams")
_SUMS = insert_new("daily_sums", "day", ("scene", "day"))


def close_days(session: Session, fence: Fence, clock: Clock) -> int:
    """Close every day that can be; answers how many. One transaction each. Raises LeaseLost."""
    closed = 0
    while (day := day_to_close(session, clock.now())) is not None:
        closed += close_day(session, day, fence, clock)
    return closed


def day_to_close(session: Session, now: int) -> int | None:
    """The first day that is over, by more than the margin, and has no sums yet; None when there is none."""
    newest = session.execute(select(func.max(DailySum.day)).where(DailySum.scene == ALL_SCENES)).scalar()
    first = session.execute(select(func.min(Act.recorded_at))).scalar() if newest is None else None
    session.rollback()
    if newest is not None:
        day = newest + 1
    elif first is not None:
        day = day_number(first)
    else:
        return None
    return day if day_begins(day + 1) + MARGIN_SECONDS <= now else None


@use_case
def close_day(session: Session, day: int, fence: Fence, clock: Clock) -> bool:
    """Write the sums of a day that is over; False when they were there. Raises LeaseLost."""
    assert day_begins(day + 1) + MARGIN_SECONDS <= clock.now(), "acts of this day may still come"
    with standing_alone(session) as connection:
        if connection.execute(select(DailySum.day).where(DailySum.scene == ALL_SCENES, DailySum.day == day)).first():
            return False
        sums = _sums_of(connection, day)
        writes = Writes(connection)
        keep_fence(writes, fence)
        writes.insert(_SUMS, [{"scene": scene, "day": day, **sums[scene]} for scene in sorted(sums)], TryAgain)
        writes.commit()
    return True


def _sums_of(connection: Connection, day: int) -> dict[int, dict[str, int]]:
    """By scene, all scenes together under 0."""
    figures = (func.count(), func.sum(Act.points), func.sum(Act.reduction_grams))
    credited = select(*figures, func.count(Act.member_id.distinct())).where(_on(day, Act.recorded_at))
    taken_back = select(*figures).join(Reversal, Reversal.act_id == Act.id).where(_on(day, Reversal.reversed_at))
    sums: dict[int, dict[str, int]] = {}
    for names, statement in ((CREDITED, credited), (TAKEN_BACK, taken_back)):
        statement = statement.where(Act.state == "credited")
        of_all = statement.add_columns(literal(ALL_SCENES))
        of_each = statement.add_columns(Act.scene).group_by(Act.scene)
        for *values, scene in [*connection.execute(of_all), *connection.execute(of_each)]:
            row = sums.setdefault(scene, dict.fromkeys((*CREDITED, *TAKEN_BACK), 0))
            row.update(zip(names, (int(value or 0) for value in values), strict=True))
    return sums


def _on(day: int, moment: Any) -> Any:
    return moment.between(day_begins(day), day_begins(day + 1) - 1)
