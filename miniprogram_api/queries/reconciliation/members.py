"""One walk along all members in rising order: their acts, limits, lots and vouchers side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Connection, Executable, func, select

from miniprogram_api.db import public_id
from miniprogram_api.domain.reconciliation import Difference
from miniprogram_api.models import (
    Act,
    Cap,
    ItemVersion,
    Lot,
    LotMove,
    Member,
    Reversal,
    TransferRow,
    Voucher,
    VoucherLot,
)
from miniprogram_api.models.vouchers import of_voucher
from miniprogram_api.queries.reconciliation.acts import award_differences
from miniprogram_api.queries.reconciliation.desks import OF_A_DESK
from miniprogram_api.queries.reconciliation.kiosks import OF_A_KIOSK
from miniprogram_api.queries.reconciliation.limits import limit_differences, used_by_acts, used_by_vouchers
from miniprogram_api.queries.reconciliation.lots import lot_differences
from miniprogram_api.queries.reconciliation.rooms import OF_A_ROOM
from miniprogram_api.queries.reconciliation.rows import by_owner, rows_of
from miniprogram_api.queries.reconciliation.rules import Rules

Rows = list[Any]
_ACTS = (
    select(
        Act.member_id,
        *(column for column in Act.__table__.columns if column.name != "member_id"),
        Member.kind.label("member_kind"),
        Reversal.reversed_at,
    )
    .join(Member, Member.id == Act.member_id)
    .outerjoin(Reversal, Reversal.act_id == Act.id)
    .where(Act.state != "pending")
    .order_by(Act.member_id)
)
_CAPS = select(Cap.owner, Cap.name, Cap.period, Cap.used).where(~OF_A_KIOSK, ~OF_A_ROOM, ~OF_A_DESK).order_by(Cap.owner)
_LOTS = select(Lot.member_id, Lot.expires_on, Lot.graced, Lot.granted, Lot.remaining).order_by(Lot.member_id)
_HELD = (
    select(
        Voucher.member_id,
        VoucherLot.expires_on,
        VoucherLot.graced,
        VoucherLot.points,
        Voucher.state,
        Voucher.ended_at,
    )
    .join(VoucherLot, VoucherLot.voucher_id == Voucher.id)
    .order_by(Voucher.member_id)
)


_MOVES = select(LotMove.member_id, LotMove.expires_on, LotMove.graced, LotMove.points).order_by(LotMove.member_id)


def _pieces() -> Executable:
    """Pieces that counted against an item's limit: it had one when the points were exchanged."""
    return (
        select(Voucher.member_id, Voucher.item_id, func.sum(Voucher.quantity).label("pieces"))
        .join(ItemVersion, of_voucher())
        .where(Voucher.state.in_(["issued", "redeemed"]), ItemVersion.limit_per_person.is_not(None))
        .group_by(Voucher.member_id, Voucher.item_id)
        .order_by(Voucher.member_id)
    )


def _expired() -> Executable:
    return (
        select(TransferRow.debit_owner, func.sum(TransferRow.amount).label("points"))
        .where(TransferRow.debit == "member_available", TransferRow.credit == "points_expired")
        .group_by(TransferRow.debit_owner)
        .order_by(TransferRow.debit_owner)
    )


def member_differences(connection: Connection, rules: Rules, step: Callable[[int], None]) -> Iterator[Difference]:
    """Awards, limits and lots of everybody; `step` is told how many acts were looked at."""
    statements: list[Executable] = [_ACTS, _CAPS, _LOTS, _HELD, _MOVES, _pieces(), _expired()]
    streams = (rows_of(connection, statement) for statement in statements)
    for owner, rows in by_owner(*streams):
        try:
            yield from _of_one(owner, rules, *rows)
        except (OverflowError, ValueError, OSError):  # datetime refuses what no calendar has
            yield Difference(f"members {public_id(owner)}", "time of an act or voucher", "impossible", "a calendar day")
        step(len(rows[0]))


def _of_one(
    owner: int, rules: Rules, acts: Rows, caps: Rows, lots: Rows, held: Rows, moves: Rows, pieces: Rows, expired: Rows
) -> Iterator[Difference]:
    for act in acts:
        yield from award_differences(act, rules)
    bounds = used_by_acts(owner, acts, rules) | used_by_vouchers(pieces)
    yield from limit_differences(owner, caps, bounds)
    yield from lot_differences(owner, acts, held, moves, lots, int(expired[0].points) if expired else 0)
