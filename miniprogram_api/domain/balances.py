"""A member's balance as it is shown after a change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from miniprogram_api.domain.calendar import island_day, yyyymmdd
from miniprogram_api.domain.limits import LIMITS
from miniprogram_api.domain.lots import LotState, expiring_soon

NEVER = 99_991_231


@dataclass(frozen=True)
class BalanceShown:
    """Points; `expiring` holds (points, last day as YYYYMMDD), soonest first."""

    available: int
    held: int
    debt: int
    expiring: tuple[tuple[int, int], ...]

    def document(self) -> dict[str, object]:
        expiring = [{"points": points, "on": day_text(day)} for points, day in self.expiring]
        return {"available": self.available, "held": self.held, "debt": self.debt, "expiring": expiring}


def balance_shown(available: int, held: int, debt: int, lots: list[LotState], now: int) -> BalanceShown:
    """`now` in Unix seconds; lots that end within the notice period are named."""
    today = island_day(now)
    last = today + timedelta(days=LIMITS.expiring_days)
    soon = expiring_soon(lots, yyyymmdd(today), yyyymmdd(last))
    return BalanceShown(available, held, debt, tuple(soon))


def lasting(lots: list[LotState], now: int) -> list[tuple[int, int]]:
    """(points, last day as YYYYMMDD) of all lots that still live, soonest first."""
    return expiring_soon(lots, yyyymmdd(island_day(now)), NEVER)


def day_text(day: int) -> str:
    return date(day // 10_000, day // 100 % 100, day % 100).isoformat()
