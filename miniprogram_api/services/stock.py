"""Pieces are put on an item's shelf or taken away, each time with a reason; much at once takes a second person."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select
from sqlalchemy.orm import Session

from miniprogram_api.books.items import add_stock_change, move_stock
from miniprogram_api.clock import Clock
from miniprogram_api.db import new_id, public_id, transaction, use_case
from miniprogram_api.domain.calendar import day_begins, day_number
from miniprogram_api.domain.items import stock_needs_second_person
from miniprogram_api.domain.limits import Limits
from miniprogram_api.domain.refusals import NotFound
from miniprogram_api.domain.versions import LEAD_SECONDS
from miniprogram_api.models import Approval, Item, ItemVersion, StockChange
from miniprogram_api.models.items import version_in_force
from miniprogram_api.services.approvals import APPROVED, payload_of
from miniprogram_api.services.audit import record_act
from miniprogram_api.services.people import actor_of, lock_person
from miniprogram_api.services.staff_keys import STOCK, StaffCall, claim_key, was_answered
from miniprogram_api.services.version_decisions import AskedVersion, Verdict, asked_version, settle, settle_alone

ONLY_VERSION = 1  # a change of stock is decided once and never changed
_DECIDED = (Approval.subject == "stock") & (Approval.subject_id == StockChange.id)


@dataclass(frozen=True)
class StockWish:
    """`pieces` put in, or taken out where negative; `key` is the console's idempotency key."""

    item_id: int
    pieces: int
    reason: str
    by: int
    key: str

    @property
    def content(self) -> bytes:
        return hashlib.sha256(f"{self.item_id}:{self.pieces}:{self.reason}".encode("utf-8", "replace")).digest()

    @property
    def call(self) -> StaffCall:
        return StaffCall(self.by, self.key, STOCK, self.content)


def payload_of_change(row: Any) -> bytes:
    """SHA-256 of a change: so many pieces, of which item."""
    return payload_of({"change": public_id(row.id), "item": public_id(row.item_id), "pieces": row.pieces})


@use_case
def change_stock(session: Session, wish: StockWish, limits: Limits, clock: Clock) -> int:
    """Answers the change's id; carried out at once, or it waits for a second person. A repeat with the same key
    answers the same change.

    Raises NotFound, OutOfStock (fewer lie there), IdempotencyConflict.
    """
    with transaction(session) as connection:
        lock_person(connection, wish.by)
        now = clock.now()
        if was_answered(connection, wish.call):
            return _asked_before(connection, wish)
        fen = _settlement_fen(connection, wish.item_id, now)
        change_id = new_id()
        claim_key(connection, wish.call, now)
        row: dict[str, Any] = {"id": change_id, "item_id": wish.item_id, "pieces": wish.pieces, "reason": wish.reason}
        row |= {"asked_by": wish.by, "asked_at": now, "key": wish.key, "content": wish.content}
        add_stock_change(connection, row)
        _record(connection, wish.by, "stock_asked", wish.item_id, wish.pieces, now)
        if not stock_needs_second_person(wish.pieces, _alone_today(connection, wish, now), fen, limits):
            settle_alone(connection, _asked(_change(connection, wish.item_id, change_id), now), now)
            _carry_out(connection, wish.item_id, wish.pieces, wish.by, now)
    return change_id


@use_case
def decide_stock(session: Session, item_id: int, change_id: int, verdict: Verdict, clock: Clock) -> None:
    """Approve, reject or withdraw a change that waits. Raises NotFound and the refusals of `settle`."""
    now = clock.now()
    with transaction(session) as connection:
        row = _change(connection, item_id, change_id)
        if not settle(connection, _asked(row, now), verdict, now):
            return
        if verdict.decision == APPROVED:
            _carry_out(connection, item_id, row.pieces, verdict.by, now)
        else:
            _record(connection, verdict.by, f"stock_{verdict.decision}", item_id, row.pieces, now)


def _asked(row: Any, now: int) -> AskedVersion:
    known = {**row._mapping, "version": ONLY_VERSION}
    return asked_version("stock", row.id, known, payload_of_change(row), now + LEAD_SECONDS)


def _carry_out(connection: Connection, item_id: int, pieces: int, by: int, now: int) -> None:
    move_stock(connection, item_id, pieces)
    _record(connection, by, "stock_changed", item_id, pieces, now)


def _asked_before(connection: Connection, wish: StockWish) -> int:
    mine = (StockChange.asked_by == wish.by, StockChange.key == wish.key)
    return int(connection.execute(select(StockChange.id).where(*mine)).scalar_one())


def _settlement_fen(connection: Connection, item_id: int, now: int) -> int:
    """The most that the programme may come to owe for one of these pieces: by the version in force or a newer one."""
    found = connection.execute(select(version_in_force(now)).select_from(Item).where(Item.id == item_id)).first()
    if found is None:
        raise NotFound
    newer = (ItemVersion.item_id == item_id, ItemVersion.version >= (found[0] or 1))
    return connection.execute(select(func.max(ItemVersion.settlement_fen)).where(*newer)).scalar() or 0


def _alone_today(connection: Connection, wish: StockWish, now: int) -> int:
    """Pieces that this person put on this shelf since the island's midnight without anybody else."""
    mine = (StockChange.item_id == wish.item_id, StockChange.asked_by == wish.by, StockChange.pieces > 0)
    today = (StockChange.asked_at >= day_begins(day_number(now)), Approval.alone == 1)
    pieces = select(func.coalesce(func.sum(StockChange.pieces), 0)).join(Approval, _DECIDED)
    return int(connection.execute(pieces.where(*mine, *today)).scalar_one())


def _change(connection: Connection, item_id: int, change_id: int) -> Any:
    """The change's row with its decision. Raises NotFound."""
    found = (
        select(*StockChange.__table__.columns, Approval.decision, Approval.decided_by)
        .outerjoin(Approval, _DECIDED)
        .where(StockChange.id == change_id, StockChange.item_id == item_id)
    )
    row = connection.execute(found).one_or_none()
    if row is None:
        raise NotFound
    return row


def _record(connection: Connection, by: int, act: str, item_id: int, pieces: int, now: int) -> None:
    record_act(connection, actor_of(by), act, f"item:{public_id(item_id)}", {"pieces": pieces}, now)
