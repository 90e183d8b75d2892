"""Points are FIFO lots with a last day (YYYYMMDD); an expired lot can't be spent, even when the job is late."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class LotState:
    expires_on: int
    graced: int
    remaining: int


@dataclass(frozen=True)
class LotUse:
    expires_on: int
    graced: int
    points: int


def spendable(lots: list[LotState], today: int) -> int:
    return sum(lot.remaining for lot in lots if lot.expires_on >= today)


def take_from_lots(lots: list[LotState], points: int, today: int) -> list[LotUse] | None:
    """The oldest points first; None when the lots that are still good hold too few."""
    uses, missing = [], points
    for lot in sorted(lots, key=lambda lot: (lot.expires_on, lot.graced)):
        if lot.expires_on < today or not lot.remaining or not missing:
            continue
        taken = min(lot.remaining, missing)
        uses.append(LotUse(lot.expires_on, lot.graced, taken))
        missing -= taken
    return None if missing else uses


@dataclass(frozen=True)
class Refund:
    """Where held points go back to: lots that still live, new lots of grace, and points that are lost."""

    returned: tuple[LotUse, ...]
    graced: tuple[LotUse, ...]
    lost: int

    @property
    def points(self) -> int:
        return sum(lot.points for lot in (*self.returned, *self.graced))


def refund_lots(uses: list[LotUse], today: int, grace_day: int) -> Refund:
    """A refund gives the same lots their dates back; one past its day gets until `grace_day`, once in its life."""
    returned = tuple(lot for lot in uses if lot.expires_on >= today)
    past = [lot for lot in uses if lot.expires_on < today]
    points = sum(lot.points for lot in past if not lot.graced)
    graced = (LotUse(grace_day, 1, points),) if points else ()
    return Refund(returned, graced, sum(lot.points for lot in past if lot.graced))


def expiring_soon(lots: list[LotState], today: int, last_day: int) -> list[tuple[int, int]]:
    """(points, last day) of lots that end between today and last_day, soonest first."""
    by_day: dict[int, int] = {}
    for lot in lots:
        if lot.remaining and today <= lot.expires_on <= last_day:
            by_day[lot.expires_on] = by_day.get(lot.expires_on, 0) + lot.remaining
    return [(points, day) for day, points in sorted(by_day.items())]
