"""An approved adjustment is booked: points into a lot or out of lots, debt paid or made, with both persons' names."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from miniprogram_api.books.audit import add_audit
from miniprogram_api.books.corrections import add_approval
from miniprogram_api.books.entries import Caller, Concerns, entry_row
from miniprogram_api.books.facts import Standing
from miniprogram_api.books.ledger import (
    BalanceChange,
    add_entries,
    add_transfers,
    change_balance,
    grant_lots,
    note_lot_moves,
    take_lots,
)
from miniprogram_api.books.prepared import Writes
from miniprogram_api.books.standings import standing_of
from miniprogram_api.clock import Clock
from miniprogram_api.db import TryAgain, public_id, standing_alone, use_case
from miniprogram_api.domain.calendar import island_day, points_last_day, yyyymmdd
from miniprogram_api.domain.corrections import check_interest, check_undecided
from miniprogram_api.domain.debts import pay_debt, take_back
from miniprogram_api.domain.forgetting import check_remembered
from miniprogram_api.domain.ledger import Transfer, earning, taking_back
from miniprogram_api.domain.lots import LotState, LotUse
from miniprogram_api.domain.refusals import IdempotencyConflict
from miniprogram_api.services.adjustments import (
    adjustment_of,
    decision_on,
    interests_of,
    payload_of_request,
    state_of,
)
from miniprogram_api.services.approvals import APPROVED, approval_rows, check_second_person
from miniprogram_api.services.people import actor_of


@use_case
def approve_adjustment(session: Session, adjustment_id: int, by: int, seen: bytes | None, clock: Clock) -> None:
    """Approve somebody else's request and book it, in one transaction. A repeat by the same person does nothing more.

    `seen` is the payload that the approver looked at, if the caller says so: another one is IdempotencyConflict.
    Raises NotFound, NotAllowed (why: own_request, already_decided, request_expired, conflict_of_interest,
    member_forgotten).
    """
    now = clock.now()
    with standing_alone(session) as connection:
        request = adjustment_of(connection, adjustment_id)
        if seen is not None and seen != payload_of_request(request):
            raise IdempotencyConflict(why="payload")
        if request["decision"] == APPROVED and request["decided_by"] == by:
            return
        check_undecided(state_of(request), now)
        decision = decision_on(request, APPROVED, by, "")
        check_second_person(decision)
        for person in (by, request["asked_by"]):
            check_interest(request["member_id"], interests_of(connection, person))
        _book(connection, request, by, now)


def _book(connection: Connection, request: dict[str, Any], by: int, now: int) -> None:
    found = standing_of(connection, request["member_id"])
    assert found is not None, "a member stays"
    member, lots = found
    check_remembered(member.salt_key)
    booked = _adjust_entry(request, member, by, now)
    entry, approval = approval_rows(decision_on(request, APPROVED, by, ""), now, booked["id"])
    writes = Writes(connection)
    add_entries(writes, [booked, entry], TryAgain)
    add_approval(writes, approval)
    if request["points"] > 0:
        _add_points(writes, booked["id"], member, request["points"], now)
    else:
        _take_points(writes, booked["id"], member, lots, -request["points"], now)
    detail = {"member": public_id(member.member_id), "points": request["points"]}
    add_audit(writes, actor_of(by), "adjustment_approved", f"adjustment:{public_id(request['id'])}", detail, now)
    writes.commit()


def _adjust_entry(request: dict[str, Any], member: Standing, by: int, now: int) -> dict[str, Any]:
    concerns = Concerns(now, member.member_id, member.salt_key)
    return entry_row("adjust", Caller("staff", by), concerns, now, {"points": request["points"]})


def _add_points(writes: Writes, entry_id: int, member: Standing, points: int, now: int) -> None:
    coming = [LotUse(points_last_day(now), 0, points)]
    debt = pay_debt(member.debt, coming)
    add_transfers(writes, entry_id, earning(member.member_id, points, 0, debt.points))
    stays = [lot for lot in debt.kept if lot.points]
    grant_lots(writes, member.member_id, stays)
    note_lot_moves(writes, entry_id, member.member_id, (), stays)
    change = BalanceChange(member.member_id, member.version, points - debt.points, debt=-debt.points)
    change_balance(writes, change)


def _take_points(writes: Writes, entry_id: int, member: Standing, lots: list[LotState], points: int, now: int) -> None:
    taken = take_back(points, lots, yyyymmdd(island_day(now)))
    transfers: list[Transfer] = taking_back(member.member_id, taken.points, taken.debt)
    add_transfers(writes, entry_id, transfers)
    take_lots(writes, member.member_id, taken.lots)
    note_lot_moves(writes, entry_id, member.member_id, taken.lots)
    change_balance(writes, BalanceChange(member.member_id, member.version, -taken.points, debt=taken.debt))
