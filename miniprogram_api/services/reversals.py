"""An act that should not have counted is reversed; what was spent of it becomes a debt."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
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
    note_lot_moves,
    take_lots,
)
from miniprogram_api.books.prepared import Writes
from miniprogram_api.books.staff_keys import add_staff_key
from miniprogram_api.books.standings import standing_of
from miniprogram_api.clock import Clock
from miniprogram_api.db import public_id, standing_alone, use_case
from miniprogram_api.domain.awards import CapUse, Doing, uses_of_credited
from miniprogram_api.domain.calendar import island_day, points_are_over, points_last_day, yyyymmdd
from miniprogram_api.domain.corrections import check_interest, decide_reversal
from miniprogram_api.domain.debts import TakenBack, take_back, take_back_late
from miniprogram_api.domain.ledger import taking_back
from miniprogram_api.domain.lots import LotState
from miniprogram_api.domain.refusals import IdempotencyConflict, NotFound, Refusal
from miniprogram_api.models import Act, Reversal, Review
from miniprogram_api.models.reviews import shown_act, standing_act
from miniprogram_api.services.acts import shown_of_act
from miniprogram_api.services.adjustments import interests_of
from miniprogram_api.services.island import Island
from miniprogram_api.services.people import actor_of
from miniprogram_api.services.staff_keys import REVERSAL, StaffCall, was_answered_before
from scenes.wire.kinds import KIND_CARD, KIND_TICKET


@dataclass(frozen=True)
class ReversalWish:
    """Who of the staff takes which activity back, why, and with which key."""

    act_id: int
    person_id: int
    reason: str
    key: str

    @property
    def caller(self) -> Caller:
        content = hashlib.sha256(f"reverse:{self.act_id}:{self.reason}".encode()).digest()
        return Caller("staff", self.person_id, self.key, content)

    @property
    def call(self) -> StaffCall:
        return StaffCall(self.person_id, self.key, REVERSAL, self.caller.content or b"")


@use_case
def reverse_act(session: Session, wish: ReversalWish, island: Island, clock: Clock) -> None:
    """Take points and grams of an act back and give the room in its limits free; its code stays used and its seat
    taken. A repeat with the same key does nothing more.

    After the last day of its points the grams go in full, of the points only what can still be taken. Raises NotFound,
    NotAllowed (why: act_pending, act_refused, act_reversed, conflict_of_interest), IdempotencyConflict.
    """
    if was_answered_before(session, wish.call):
        return
    try:
        with standing_alone(session) as connection:
            act = _act(connection, wish)
            decide_reversal(act["decision"] or act["state"], act["reversed_at"] is not None)
            found = standing_of(connection, act["member_id"])
            assert found is not None, "an act's member stays"
            member, lots = found
            now = clock.now()
            _reverse(Writes(connection), wish, act, member, _taken(act, lots, now), island, now)
    except Refusal:
        if not was_answered_before(session, wish.call):
            raise


def _act(connection: Connection, wish: ReversalWish) -> dict[str, Any]:
    row = (
        connection.execute(
            select(*Act.__table__.columns, Reversal.reversed_at, Review.decision, shown_act(Act.id).label("shown_id"))
            .outerjoin(Reversal, Reversal.act_id == Act.id)
            .outerjoin(Review, Review.act_id == Act.id)
            .where(Act.id == standing_act(wish.act_id))
        )
        .mappings()
        .first()
    )
    if row is None:
        raise NotFound
    check_interest(row["member_id"], interests_of(connection, wish.person_id))
    return dict(row)


def _taken(act: dict[str, Any], lots: list[LotState], now: int) -> TakenBack:
    own_day, today = points_last_day(act["occurred_at"]), yyyymmdd(island_day(now))
    take = take_back_late if points_are_over(act["occurred_at"], now) else take_back
    return take(act["points"], lots, today, own_day)


def _reverse(
    writes: Writes,
    wish: ReversalWish,
    act: dict[str, Any],
    member: Standing,
    taken: TakenBack,
    island: Island,
    now: int,
) -> None:
    member_id, grams = member.member_id, act["reduction_grams"]
    concerns = Concerns(now, member_id, member.salt_key, kiosk=act["kiosk_id"], act_id=act["id"])
    entry = entry_row("reverse", wish.caller, concerns, now, {**shown_of_act(act), "points": taken.points + taken.debt})
    add_staff_key(writes, wish.call.row(now))
    add_entries(writes, [entry], IdempotencyConflict)
    add_transfers(writes, entry["id"], taking_back(member_id, taken.points, taken.debt, grams))
    row = {
        "act_id": act["id"],
        "entry_id": entry["id"],
        "person_id": wish.person_id,
        "reason": wish.reason,
        "reversed_at": now,
    }
    add_reversal(writes, row)
    _free_caps(writes, act, member, island)
    take_lots(writes, member_id, taken.lots)
    note_lot_moves(writes, entry["id"], member_id, taken.lots)
    change_balance(
        writes,
        BalanceChange(member_id, member.version, -taken.points, debt=taken.debt, reduction_grams=-grams),
    )
    detail = {"member": public_id(member_id), "reason": wish.reason}
    add_audit(writes, actor_of(wish.person_id), "act_reversed", f"act:{public_id(act['shown_id'])}", detail, now)
    writes.commit()


def _free_caps(writes: Writes, act: dict[str, Any], member: Standing, island: Island) -> None:
    for use in freed_by(act, member, island):
        free_cap(writes, use)


def freed_by(act: dict[str, Any], member: Standing, island: Island) -> list[CapUse]:
    """The room in its limits that an act gives back when it counts no more."""
    rule = island.directory.rule_version(act["scene"], act["rule_version"])
    assert rule is not None, "rule versions are never removed"
    doing = Doing(
        member.member_id,
        member.kind,
        act["companion"],
        act["variant"],
        act["quantity"],
        act["occurred_at"],
        act["kiosk_id"],
        act["kind"] == KIND_TICKET,
        act["room"],
        act["kind"] == KIND_CARD,
    )
    return uses_of_credited(rule, doing, island.limits, act["credited_quantity"], act["points"], act["nights"])
