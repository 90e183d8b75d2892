"""What becomes of a member's points when they are forgotten: vouchers come back, debts are paid, the rest ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from miniprogram_api.domain.debts import Paid, pay_debt
from miniprogram_api.domain.lots import LotState, LotUse, Refund, refund_lots
from miniprogram_api.domain.refusals import NotAllowed

CODE = "member_forgotten"  # why an act that waited is refused
NICKNAME = "已注销 · forgotten"  # in the place of a name


def check_remembered(salt_key: bytes | None) -> None:
    """Raises NotAllowed for a member whose key is gone: nothing new is kept, or given, to somebody forgotten."""
    if not salt_key:
        raise NotAllowed(why="member_forgotten")


@dataclass(frozen=True)
class GivenBack:
    """A voucher that ends: where its points go, and how much of them pays the debt."""

    voucher_id: int
    refund: Refund
    debt: Paid


@dataclass(frozen=True)
class LastPoints:
    """Everything that moves. `granted`: points that come into lots of grace, by last day; `ends`: the points that are
    left in the lots and end with the membership; `debt` is what stays unpaid."""

    given_back: tuple[GivenBack, ...]
    granted: tuple[LotUse, ...]
    ends: int
    debt: int


def last_points(
    debt: int, lots: Sequence[LotState], vouchers: Sequence[tuple[int, list[LotUse]]], today: int, grace_day: int
) -> LastPoints:
    """`vouchers`: id and lots of each that was issued; days as YYYYMMDD."""
    given_back, granted = list[GivenBack](), list[LotUse]()
    left = sum(lot.remaining for lot in lots)
    for voucher_id, uses in vouchers:
        refund = refund_lots(uses, today, grace_day)
        paid = pay_debt(debt, [*refund.returned, *refund.graced])
        debt -= paid.points
        left += refund.points - paid.points
        granted += refund.graced
        given_back.append(GivenBack(voucher_id, refund, paid))
    return LastPoints(tuple(given_back), tuple(granted), left, debt)
