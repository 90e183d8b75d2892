"""The island's figures for everyone: today, in all, and the latest acts without names."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from miniprogram_api.domain.calendar import DAY_SECONDS, OFFSET_SECONDS, day_number
from miniprogram_api.models import Act

LATEST_MAX = 5
FRESH_SECONDS = 2.0  # one reading serves every visitor of that time


@dataclass(frozen=True)
class IslandFigures:
    """Sums over credited acts: (acts, points, grams); `latest` newest first."""

    today: tuple[int, int, int]
    total: tuple[int, int, int]
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
    """Read the figures from the books."""
    midnight = day_number(now) * DAY_SECONDS - OFFSET_SECONDS
    today = Act.occurred_at >= midnight
    sums = session.execute(
        select(
            func.count(),
            func.coalesce(func.sum(Act.points), 0),
            func.coalesce(func.sum(Act.reduction_grams), 0),
            func.coalesce(func.sum(case((today, 1), else_=0)), 0),
            func.coalesce(func.sum(case((today, Act.points), else_=0)), 0),
            func.coalesce(func.sum(case((today, Act.reduction_grams), else_=0)), 0),
        ).where(Act.state == "credited")
    ).one()
    latest = session.execute(
        select(Act.scene, Act.variant, Act.points, Act.reduction_grams, Act.recorded_at)
        .where(Act.state == "credited")
        .order_by(Act.recorded_at.desc(), Act.id)
        .limit(LATEST_MAX)
    ).all()
    numbers = [int(value) for value in sums]  # PostgreSQL sums as decimals
    return IslandFigures((numbers[3], numbers[4], numbers[5]), (numbers[0], numbers[1], numbers[2]), tuple(latest))
