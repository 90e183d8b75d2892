"""Points by hand: asked by one, approved by another."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from miniprogram_api.db import db, number_of
from miniprogram_api.domain.corrections import REASON_LENGTH_MAX
from miniprogram_api.domain.refusals import InvalidFields, NotFound
from miniprogram_api.queries.adjustments import adjustment_page, adjustment_shown
from miniprogram_api.queries.sessions import StaffCaller
from miniprogram_api.routes.api import (
    DIGITS,
    STAFF,
    Answer,
    Body,
    Calls,
    Moment,
    PublicId,
    surroundings,
    text,
    whole,
)
from miniprogram_api.routes.paging import Page
from miniprogram_api.routes.staff.decisions import Bodies, declare_decisions
from miniprogram_api.services import adjustment_approvals
from miniprogram_api.services.adjustments import AdjustmentWish, ask_adjustment, turn_down_adjustment
from miniprogram_api.services.approvals import APPROVED
from miniprogram_api.services.version_decisions import Verdict

calls = Calls("staff", "adjustments")
POINTS_MAX = 1_000_000  # what a request may say at all; how much it may ask for is a limit of the island
Reason = Annotated[str, text(REASON_LENGTH_MAX, 3)]


class AdjustmentBody(Body):
    """`points` to add, or to take where negative."""

    member_id: PublicId
    points: Annotated[int, whole(-POINTS_MAX, POINTS_MAX)]
    reason: Reason


class ApprovalBody(Body):
    """`payload`: what the approver looked at; another one is refused."""

    payload: Annotated[str, text(64, 64, r"^[0-9a-f]+$")] | None = None


class TurnDownBody(Body):
    reason: Reason | None = None


TAKES = Bodies(ApprovalBody, TurnDownBody, TurnDownBody)


class AdjustmentSearch(Page):
    """`waiting` 1: only what can still be decided; `member`: only that member's."""

    waiting: Annotated[int, whole(0, 1), DIGITS] = 0
    member: PublicId | None = None


class PersonNamed(Answer):
    id: PublicId
    name: str


class MemberNamed(Answer):
    id: PublicId
    nickname: str


class AdjustmentAnswer(Answer):
    """`payload` is SHA-256 over exactly what is decided."""

    id: PublicId
    member: MemberNamed
    points: int
    reason: str
    state: Literal["asked", "approved", "rejected", "withdrawn", "expired"]
    asked_by: PersonNamed
    asked_at: Moment
    expires_at: Moment
    decided_by: PersonNamed | None
    decided_at: Moment | None
    decision_reason: str | None
    payload: str


class Adjustments(Answer):
    data: list[AdjustmentAnswer]
    next: str | None


@calls.get("/staff/adjustments", caller=STAFF, query=AdjustmentSearch, answer=Adjustments)
def list_adjustments(person: StaffCaller, query: AdjustmentSearch) -> dict[str, Any]:
    """Adjustments, newest first"""
    member = None if query.member is None else number_of(query.member) or 0
    now = surroundings().clock.now()
    return adjustment_page(db.session(), bool(query.waiting), member, query.cursor, query.limit, now)


@calls.get("/staff/adjustments/<adjustment_id>", caller=STAFF, answer=AdjustmentAnswer)
def read_adjustment(person: StaffCaller, adjustment_id: str) -> dict[str, Any]:
    """One adjustment"""
    return _found(_number(adjustment_id))


@calls.post(
    "/staff/adjustments",
    caller=STAFF,
    body=AdjustmentBody,
    keyed="required",
    answer=AdjustmentAnswer,
    status=201,
    refuses=("not_allowed", "not_found"),
)
def create_adjustment(person: StaffCaller, body: AdjustmentBody, key: str) -> dict[str, Any]:
    """Ask for points to be added or taken

    Nothing moves before somebody else approves. A repeat with the same key answers the same request.
    """
    here, member = surroundings(), number_of(body.member_id)
    if member is None:
        raise InvalidFields(fields=[{"field": "member_id", "reason": "no such id"}])
    wish = AdjustmentWish(member, body.points, body.reason, person.person_id, key)
    return _found(ask_adjustment(db.session(), wish, here.island, here.clock))


def _decided(verdict: Verdict, adjustment_id: str) -> dict[str, Any]:
    number, session, clock = _number(adjustment_id), db.session(), surroundings().clock
    if verdict.decision == APPROVED:
        adjustment_approvals.approve_adjustment(session, number, verdict.by, verdict.payload, clock)
    else:
        turn_down_adjustment(session, number, verdict.decision, verdict.by, verdict.reason, clock)
    return _found(number)


declare_decisions(
    calls,
    "/staff/adjustments/<adjustment_id>",
    "adjustment",
    AdjustmentAnswer,
    _decided,
    (
        "Approve exactly this request of somebody else, and book it",
        "Turn somebody else's request down",
        "Take one's own request back before anybody decided",
    ),
    TAKES,
)


def _number(adjustment_id: str) -> int:
    number = number_of(adjustment_id)
    if number is None:
        raise NotFound
    return number


def _found(number: int) -> dict[str, Any]:
    shown = adjustment_shown(db.session(), number, surroundings().clock.now())
    if shown is None:
        raise NotFound
    return shown
