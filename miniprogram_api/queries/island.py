"""The island's figures for everyone: today, in all, and the latest acts without names."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import case, exists, func, literal, select
from sqlalchemy.orm import Session

from miniprogram_api.domain.calendar import day_begins, day_number
from miniprogram_api.models import Act, DailySum, Reversal

LATEST_MAX = 5
FRESH_SECONDS = 2.0  # one reading serves every visitor of that time

Sums = tuple[int, int, int]  # acts, points, grams


@dataclass(frozen=True)
class IslandFigures:
    """Sums over credited acts that were not reversed; `latest` newest first."""

    today: Sums
    total: Sums
    latest: tuple[Any, ...]


@dataclass
class Figures:
    """The island's figures, read from the books at most every two seconds by each process."""

    _read_at: float = field(default=float("-inf"), init=False)
    _day: int = field(default=-1, init=False)
    _figures: IslandFigures | None = field(default=None, init=False)

    def now(self, session: Session, now: int) -> IslandFigures:
        """The figures at this Unix second; the island's day decides what today is."""
        stale = time.monotonic() - self._read_at >= FRESH_SECONDS or self._day != day_number(now)
        if self._figures is None or stale:
            self._figures = island_figures(session, now)
            self._read_at, self._day = time.monotonic(), day_number(now)
        return self._figures


def island_figures(session: Session, now: int) -> IslandFigures:
    """Read the figures: the sums of the days that were closed, and the acts recorded since."""
    closed = session.execute(
        select(
            func.max(DailySum.day),
            func.sum(DailySum.acts - DailySum.reversed_acts),
            func.sum(DailySum.points - DailySum.reversed_points),
            func.sum(DailySum.reduction_grams - DailySum.reversed_grams),
        ).where(DailySum.scene == 0)
    ).one()
    since = 0 if closed[0] is None else day_begins(closed[0] + 1)
    today, more = sums_since(session, since, day_begins(day_number(now)))
    total = tuple(int(value or 0) + new for value, new in zip(closed[1:], more, strict=True))
    return IslandFigures(today, (total[0], total[1], total[2]), tuple(_latest(session)))


def sums_since(session: Session, since: int, midnight: int) -> tuple[Sums, Sums]:
    """Of the acts that occurred since midnight, and of all that were recorded since an earlier moment.

    An act is never recorded before it occurred; one that is reversed was recorded before.
    """
    figures = (literal(1), Act.points, Act.reduction_grams)
    today = [func.sum(case((Act.occurred_at >= midnight, figure), else_=0)) for figure in figures]
    figures_of_both = select(*today, *(func.sum(figure) for figure in figures)).where(Act.state == "credited")
    credited = session.execute(figures_of_both.where(Act.recorded_at >= since)).one()
    taken_back = session.execute(
        figures_of_both.join(Reversal, Reversal.act_id == Act.id).where(Reversal.reversed_at >= since)
    ).one()
    # PostgreSQL sums as decimals, and of no rows at all there is no sum.
    left = [int(plus or 0) - int(minus or 0) for plus, minus in zip(credited, taken_back, strict=True)]
    return (left[0], left[1], left[2]), (left[3], left[4], left[5])


def _latest(session: Session) -> Sequence[Any]:
    return session.execute(
        select(Act.scene, Act.variant, Act.points, Act.reduction_grams, Act.recorded_at)
        .where(Act.state == "credited", ~exists().where(Reversal.act_id == Act.id))
        .order_by(Act.recorded_at.desc(), Act.id.desc())
        .limit(LATEST_MAX)
    ).all()
