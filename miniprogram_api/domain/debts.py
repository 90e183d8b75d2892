"""Points taken back, and the debt that stays where they were spent: later credits and refunds pay it first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from miniprogram_api.domain.lots import LotState, LotUse, spendable, take_from_lots

YEAR = 10_000  # between two days written as YYYYMMDD


@dataclass(frozen=True)
class Paid:
    """Points that come in: `paid` of each lot goes to the debt, `kept` stays in it. Both sum up to what came in."""

    paid: tuple[LotUse, ...]
    kept: tuple[LotUse, ...]

    @property
    def points(self) -> int:
        """How much of the debt is paid."""
        return sum(lot.points for lot in self.paid)


def pay_debt(debt: int, coming: Sequence[LotUse]) -> Paid:
    """The debt first, out of the points that would end soonest; a lot may be split, none is left with 0 points paid."""
    paid, kept, owed = [], [], debt
    for lot in sorted(coming, key=lambda lot: (lot.expires_on, lot.graced)):
        part = min(owed, lot.points)
        owed -= part
        if part:
            paid.append(replace(lot, points=part))
        kept.append(replace(lot, points=lot.points - part))
    return Paid(tuple(paid), tuple(kept))


@dataclass(frozen=True)
class TakenBack:
    """What leaves the lots, and what is owed because it was spent."""

    lots: tuple[LotUse, ...]
    debt: int

    @property
    def points(self) -> int:
        """What leaves the balance now."""
        return sum(lot.points for lot in self.lots)


def take_back(points: int, lots: Sequence[LotState], today: int, own_day: int | None = None) -> TakenBack:
    """Points out of the lots that are good `today` (YYYYMMDD): first those of `own_day`, then the soonest to end.

    Points that are held for a voucher stay held. What the lots can't give becomes debt.
    """
    own = [lot for lot in lots if lot.expires_on == own_day and not lot.graced and lot.expires_on >= today]
    others = [lot for lot in lots if lot not in own]
    uses: list[LotUse] = []
    left = points
    for group in (own, others):
        part = min(left, spendable(group, today))
        taken = take_from_lots(group, part, today)
        assert taken is not None, "no more is asked for than there is"
        uses += taken
        left -= part
    return TakenBack(tuple(uses), left)


def take_back_late(points: int, lots: Sequence[LotState], today: int, own_day: int) -> TakenBack:
    """Points whose last day `own_day` is over: only what a refund gave days of grace can still be taken.

    The rest has expired or was spent, nobody can say which, so nothing is owed: what expired is not taken twice.
    """
    # Their days of grace lie in the weeks that follow; a year later begins the grace of other points.
    grace = [lot for lot in lots if lot.graced and lot.expires_on < own_day + YEAR]
    taken = take_from_lots(grace, min(points, spendable(grace, today)), today)
    assert taken is not None, "no more is asked for than there is"
    return TakenBack(tuple(taken), 0)
