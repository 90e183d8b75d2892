"""A reading taken back at its till within two minutes: what was credited is reversed, what waits is refused."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from miniprogram_api.books.audit import add_audit
from miniprogram_api.books.corrections import add_reversal
from miniprogram_api.books.entries import Caller, Concerns, entry_row
from miniprogram_api.books.facts import Standing
from miniprogram_api.books.ledger import (
    BalanceChange,
    add_entries,
    add_transfers,
    change_balance,
    free_cap,
    insert_new,
    note_lot_moves,
    take_lots,
)
from miniprogram_api.books.prepared import Writes
from miniprogram_api.books.standings import standing_of
from miniprogram_api.clock import Clock
from miniprogram_api.db import public_id, standing_alone, use_case
from miniprogram_api.domain.calendar import island_day, points_last_day, yyyymmdd
from miniprogram_api.domain.debts import TakenBack, take_back
from miniprogram_api.domain.ledger import taking_back
from miniprogram_api.domain.lots import LotState, LotUse
from miniprogram_api.domain.refusals import IdempotencyConflict, NotFound, Refusal, UndoTooLate
from miniprogram_api.domain.vouchers import decide_undo
from miniprogram_api.models import Act, DeskAct, DeskUndo, Reversal, Review
from miniprogram_api.services.acts import shown_of_act
from miniprogram_api.services.counter_people import counter_actor
from miniprogram_api.services.island import Island
from miniprogram_api.services.reversals import freed_by
from miniprogram_api.services.review_writes import add_refusals
from miniprogram_api.services.tills import TILL
from scenes.wire.journal_content import READ_LINES_MAX

UNDONE = "undone_at_till"
REASON = "服务台两分钟内撤回 Taken back at the till"
_UNDOS = insert_new("desk_undos", "desk_act_id", ("desk_act_id",))


@dataclass(frozen=True)
class DeskUndoWish:
    """Who at which till takes which reading back, with which key."""

    merchant_id: int
    person_id: int
    desk_act_id: int
    key: str


@dataclass(frozen=True)
class _Reversed:
    """One act with the entry that takes it back."""

    act: dict[str, Any]
    entry: dict[str, Any]
    taken: TakenBack


@use_case
def undo_desk_act(session: Session, wish: DeskUndoWish, island: Island, clock: Clock) -> None:
    """Take back everything that one reading brought; what the staff have decided about meanwhile stays. A repeat with
    the same key does nothing more.

    Raises NotFound for another merchant's, UndoTooLate after two minutes or a second time, IdempotencyConflict.
    """
    now = clock.now()
    try:
        with standing_alone(session) as connection:
            found = _desk_act(connection, wish)
            decide_undo(found.created_at, found.undone_at is not None, now, island.limits)
            _take_back(connection, wish, found.reading_id, island, now)
    except Refusal:
        if not _was_answered(session, wish):
            raise


def _desk_act(connection: Connection, wish: DeskUndoWish) -> Any:
    row = connection.execute(
        select(DeskAct.reading_id, DeskAct.created_at, DeskUndo.undone_at)
        .outerjoin(DeskUndo, DeskUndo.desk_act_id == DeskAct.id)
        .where(DeskAct.id == wish.desk_act_id, DeskAct.merchant_id == wish.merchant_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return row


def _was_answered(session: Session, wish: DeskUndoWish) -> bool:
    used = select(DeskUndo.desk_act_id).where(DeskUndo.person_id == wish.person_id, DeskUndo.key == wish.key)
    known = session.execute(used).scalar()
    session.rollback()
    if known is not None and known != wish.desk_act_id:
        raise IdempotencyConflict
    return known is not None


def _take_back(connection: Connection, wish: DeskUndoWish, reading_id: int, island: Island, now: int) -> None:
    acts = _acts(connection, reading_id)
    found = standing_of(connection, acts[0]["member_id"])
    assert found is not None, "an act's member stays"
    member, lots = found
    reversals = _reversals(wish, [act for act in acts if act["state"] != "pending"], member, lots, now)
    writes = Writes(connection)
    undo = {"desk_act_id": wish.desk_act_id, "person_id": wish.person_id, "key": wish.key, "undone_at": now}
    writes.insert(_UNDOS, [undo], UndoTooLate)
    add_refusals(writes, [act for act in acts if act["state"] == "pending"], UNDONE, now)
    _write_entries(writes, reversals, member.member_id, now)
    _free_caps(writes, reversals, member, island)
    _move_points(writes, reversals, member)
    detail = {"member": public_id(member.member_id), "acts": [public_id(act["id"]) for act in acts]}
    thing = f"desk_act:{public_id(wish.desk_act_id)}"
    add_audit(writes, counter_actor(wish.person_id), "acts_taken_back_at_till", thing, detail, now)
    writes.commit()


def _acts(connection: Connection, reading_id: int) -> list[dict[str, Any]]:
    """The reading's acts that nobody has decided about since."""
    mine = (Act.kiosk_id == TILL, Act.epoch == 0, Act.counter.in_(range(READ_LINES_MAX)), Act.claimant == reading_id)
    rows = connection.execute(
        select(*Act.__table__.columns)
        .outerjoin(Reversal, Reversal.act_id == Act.id)
        .outerjoin(Review, Review.act_id == Act.id)
        .where(*mine, Reversal.act_id.is_(None), Review.act_id.is_(None))
        .order_by(Act.counter)
    )
    acts = [dict(row) for row in rows.mappings()]
    if not acts:
        raise UndoTooLate
    return acts


def _reversals(
    wish: DeskUndoWish, acts: Sequence[dict[str, Any]], member: Standing, lots: list[LotState], now: int
) -> list[_Reversed]:
    """One after the other, so that no lot gives what an act before has taken of it."""
    reversals, today = [], yyyymmdd(island_day(now))
    for act in acts:
        taken = take_back(act["points"], lots, today, points_last_day(act["occurred_at"]))
        lots = _left(lots, taken.lots)
        concerns = Concerns(now, member.member_id, member.salt_key, kiosk=TILL, act_id=act["id"])
        shown = {**shown_of_act(act), "points": taken.points + taken.debt}
        caller = Caller("merchant", wish.person_id)
        reversals.append(_Reversed(act, entry_row("reverse", caller, concerns, now, shown), taken))
    return reversals


def _left(lots: Sequence[LotState], taken: Sequence[LotUse]) -> list[LotState]:
    gone = {(lot.expires_on, lot.graced): lot.points for lot in taken}
    return [replace(lot, remaining=lot.remaining - gone.get((lot.expires_on, lot.graced), 0)) for lot in lots]


def _write_entries(writes: Writes, reversals: Sequence[_Reversed], member_id: int, now: int) -> None:
    add_entries(writes, [each.entry for each in reversals], IdempotencyConflict)
    for each in reversals:
        grams, taken, number = each.act["reduction_grams"], each.taken, each.entry["id"]
        add_transfers(writes, number, taking_back(member_id, taken.points, taken.debt, grams))
        row = {"act_id": each.act["id"], "entry_id": number, "person_id": None, "reason": REASON, "reversed_at": now}
        add_reversal(writes, row)


def _free_caps(writes: Writes, reversals: Sequence[_Reversed], member: Standing, island: Island) -> None:
    """Each limit once, for one statement changes a row once."""
    uses = [use for each in reversals for use in freed_by(each.act, member, island)]
    amounts: Counter[tuple[int, str, int]] = Counter()
    for use in uses:
        amounts[use.key] += use.amount
    by_key = {use.key: use for use in uses}
    for key in sorted(amounts):
        free_cap(writes, replace(by_key[key], amount=amounts[key]))


def _move_points(writes: Writes, reversals: Sequence[_Reversed], member: Standing) -> None:
    gone: Counter[tuple[int, int]] = Counter()
    for each in reversals:
        note_lot_moves(writes, each.entry["id"], member.member_id, each.taken.lots)
        for lot in each.taken.lots:
            gone[lot.expires_on, lot.graced] += lot.points
    take_lots(writes, member.member_id, [LotUse(*lot, points) for lot, points in sorted(gone.items())])
    if reversals:
        points, debt = (sum(getattr(each.taken, name) for each in reversals) for name in ("points", "debt"))
        grams = sum(each.act["reduction_grams"] for each in reversals)
        change = BalanceChange(member.member_id, member.version, -points, debt=debt, reduction_grams=-grams)
        change_balance(writes, change)
