"""A voucher that is not redeemed gives its points back: cancelled by its owner, or past its last moment."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, exists, false, select
from sqlalchemy.orm import Session

from miniprogram_api.books.entries import Caller, Concerns, entry_row
from miniprogram_api.books.ledger import (
    BalanceChange,
    add_entries,
    add_transfers,
    change_balance,
    free_cap,
    grant_lots,
    note_lot_moves,
    return_lots,
)
from miniprogram_api.books.prepared import Writes
from miniprogram_api.books.vouchers import end_voucher, put_back_stock
from miniprogram_api.clock import Clock
from miniprogram_api.db import standing_alone, use_case
from miniprogram_api.domain.awards import CapUse
from miniprogram_api.domain.calendar import island_day, yyyymmdd
from miniprogram_api.domain.debts import pay_debt
from miniprogram_api.domain.ledger import release
from miniprogram_api.domain.limits import LIMITS, Limits
from miniprogram_api.domain.lots import LotUse, refund_lots
from miniprogram_api.domain.refusals import IdempotencyConflict, NotFound, Refusal
from miniprogram_api.domain.vouchers import decide_cancel
from miniprogram_api.models import Act, ItemVersion, Member, MemberBalance, Voucher, VoucherLot
from miniprogram_api.models.vouchers import of_voucher
from miniprogram_api.services.island import Island
from miniprogram_api.services.leases import Fence, keep_fence
from miniprogram_api.services.repeats import key_was_answered
from miniprogram_api.services.vouchers import limit_name

OVERDUE_AT_ONCE = 200


@use_case
def cancel_voucher(session: Session, member_id: int, voucher_id: int, key: str, island: Island, clock: Clock) -> None:
    """Give an issued voucher back. A repeat with the same key does nothing more.

    Raises NotFound, VoucherAlreadyRedeemed, VoucherCancelled, VoucherExpired or IdempotencyConflict.
    """
    now = clock.now()
    caller = Caller("member", member_id, key, hashlib.sha256(b"cancel" + voucher_id.to_bytes(8, "big")).digest())
    try:
        with standing_alone(session) as connection:
            voucher = _voucher(connection, voucher_id, key)
            if voucher is None or voucher["member_id"] != member_id:
                raise NotFound
            if voucher["key_waits"]:
                raise IdempotencyConflict
            decide_cancel(voucher["state"], voucher["expires_at"], voucher["ended_at"], now)
            _refund(Writes(connection), connection, voucher, "cancelled", caller, now, island.limits)
    except Refusal:
        if not key_was_answered(session, caller):
            raise


def overdue_vouchers(session: Session, now: int) -> list[int]:
    """Issued vouchers past their last moment, oldest first, so many at a time."""
    rows = session.execute(
        select(Voucher.id)
        .where(Voucher.state == "issued", Voucher.expires_at <= now)
        .order_by(Voucher.expires_at, Voucher.id)
        .limit(OVERDUE_AT_ONCE)
    )
    found = list(rows.scalars())
    session.rollback()
    return found


@use_case
def expire_voucher(session: Session, voucher_id: int, fence: Fence, clock: Clock, limits: Limits = LIMITS) -> bool:
    """End an overdue voucher and give its points back; False when it has ended otherwise. Raises LeaseLost."""
    now = clock.now()
    with standing_alone(session) as connection:
        voucher = _voucher(connection, voucher_id)
        if voucher is None or voucher["state"] != "issued" or voucher["expires_at"] > now:
            return False
        writes = Writes(connection)
        keep_fence(writes, fence)
        _refund(writes, connection, voucher, "expired", Caller("system", 0), now, limits)
    return True


def _voucher(connection: Connection, voucher_id: int, key: str | None = None) -> dict[str, Any] | None:
    """`key_waits`: an act of the owner's that waits for a person holds the key; read with the balance's version."""
    waits = exists().where(Act.member_id == Voucher.member_id, Act.pending_key == key)
    row = (
        connection.execute(
            select(
                *Voucher.__table__.columns,
                MemberBalance.version,
                MemberBalance.debt,
                Member.salt_key,
                ItemVersion.limit_per_person,
                (waits if key is not None else false()).label("key_waits"),
            )
            .join(MemberBalance, MemberBalance.member_id == Voucher.member_id)
            .join(Member, Member.id == Voucher.member_id)
            .join(ItemVersion, of_voucher())
            .where(Voucher.id == voucher_id)
        )
        .mappings()
        .first()
    )
    return None if row is None else dict(row)


def _refund(
    writes: Writes,
    connection: Connection,
    voucher: dict[str, Any],
    state: str,
    caller: Caller,
    now: int,
    limits: Limits,
) -> None:
    """Points to their lots, the piece to its shelf, the room to the person's limit."""
    today = island_day(now)
    grace_day = yyyymmdd(today + timedelta(days=limits.grace_days))
    refund = refund_lots(_lots(connection, voucher["id"]), yyyymmdd(today), grace_day)
    member_id, quantity = voucher["member_id"], voucher["quantity"]
    entry = end_entry(voucher, state, caller, now)
    end_voucher(writes, voucher["id"], state, now)
    add_entries(writes, [entry], IdempotencyConflict)
    debt = pay_debt(voucher["debt"], [*refund.returned, *refund.graced])
    add_transfers(writes, entry["id"], release(member_id, refund.points, refund.lost, debt.points))
    if voucher["limit_per_person"] is not None:
        limit = limit_name(voucher["item_id"])
        free_cap(writes, CapUse(member_id, limit, 0, voucher["limit_per_person"], "uses", quantity))
    put_back_stock(writes, voucher["item_id"], quantity)
    return_lots(writes, member_id, refund.returned, debt.paid)
    grant_lots(writes, member_id, refund.graced, debt.paid)
    note_lot_moves(writes, entry["id"], member_id, debt.paid)
    available, held = refund.points - debt.points, -voucher["points"]
    change_balance(writes, BalanceChange(member_id, voucher["version"], available, held, -debt.points))
    writes.commit()


def _lots(connection: Connection, voucher_id: int) -> list[LotUse]:
    rows = connection.execute(
        select(VoucherLot.expires_on, VoucherLot.graced, VoucherLot.points).where(VoucherLot.voucher_id == voucher_id)
    )
    return [LotUse(*row) for row in rows]


def end_entry(voucher: dict[str, Any], state: str, caller: Caller, now: int) -> dict[str, Any]:
    """The entry of a voucher that is given back or past its day; `voucher` with the `salt_key` of its member."""
    concerns = Concerns(
        now,
        voucher["member_id"],
        bytes(voucher["salt_key"] or b""),
        merchant_id=voucher["merchant_id"],
        voucher_id=voucher["id"],
    )
    kind = {"cancelled": "cancel", "expired": "expire"}[state]
    return entry_row(kind, caller, concerns, now, {"quantity": voucher["quantity"], "points": voucher["points"]})
