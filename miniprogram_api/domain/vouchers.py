"""Whether points may be exchanged for an item, and whether a voucher may be redeemed here and now."""

from __future__ import annotations

from dataclasses import dataclass

from miniprogram_api.domain.limits import Limits
from miniprogram_api.domain.refusals import (
    LimitReached,
    MerchantSuspended,
    NotAllowed,
    NotFound,
    OutOfStock,
    PointsMissing,
    UndoTooLate,
    VoucherAlreadyRedeemed,
    VoucherCancelled,
    VoucherExpired,
    WrongMerchant,
)

QUANTITY_MAX = 10


@dataclass(frozen=True)
class ItemOffer:
    """An item as it stands on the shelf now. `settlement_fen` is owed for each piece."""

    item_id: int
    merchant_id: int
    merchant_state: str
    version: int
    active: bool
    points: int
    settlement_fen: int
    limit_per_person: int | None
    stock: int


@dataclass(frozen=True)
class VoucherState:
    """What decides about a voucher at the counter; times in Unix seconds."""

    merchant_id: int
    merchant_state: str
    state: str
    expires_at: int
    ended_at: int | None


def decide_exchange(
    offer: ItemOffer | None, quantity: int, member_kind: str, spendable: int, had_before: int, limits: Limits
) -> int:
    """The points to hold. Raises the first refusal that applies; `had_before` counts pieces against the limit."""
    if offer is None or not offer.active:
        raise NotFound
    if offer.merchant_state != "active":
        raise MerchantSuspended
    if member_kind == "guest" and offer.points > limits.guest_item_points:
        raise NotAllowed(why="guest_limit", points_most=limits.guest_item_points)
    if offer.stock < quantity:
        raise OutOfStock(stock=offer.stock)
    if offer.limit_per_person is not None and had_before + quantity > offer.limit_per_person:
        raise LimitReached(limit_per_person=offer.limit_per_person)
    points = offer.points * quantity
    if spendable < points:
        raise PointsMissing(points_missing=points - spendable)
    return points


def decide_cancel(state: str, expires_at: int, ended_at: int | None, now: int) -> None:
    """Nothing, when the owner may give the voucher back; otherwise the refusal that says why."""
    if state == "redeemed":
        raise VoucherAlreadyRedeemed(redeemed_at=ended_at)
    if state == "cancelled":
        raise VoucherCancelled
    if state == "expired" or expires_at <= now:
        raise VoucherExpired


def decide_undo(redeemed_at: int, undone: bool, now: int, limits: Limits) -> None:
    """A redemption may be taken back for two minutes, once."""
    if undone or now - redeemed_at > limits.undo_seconds:
        raise UndoTooLate


def decide_redemption(voucher: VoucherState, merchant_id: int, now: int) -> None:
    """Nothing, when this merchant may redeem it now; otherwise the refusal that says why."""
    if voucher.merchant_id != merchant_id:
        raise WrongMerchant
    if voucher.merchant_state != "active":
        raise MerchantSuspended
    if voucher.state == "redeemed":
        raise VoucherAlreadyRedeemed(redeemed_at=voucher.ended_at)
    if voucher.state == "cancelled":
        raise VoucherCancelled
    if voucher.state == "expired" or voucher.expires_at <= now:
        raise VoucherExpired
