"""Points added or taken by hand: one person asks, another approves exactly that, and then it is booked."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, insert, select
from sqlalchemy.orm import Session

from miniprogram_api.clock import Clock
from miniprogram_api.db import new_id, public_id, transaction, use_case
from miniprogram_api.domain.calendar import DAY_SECONDS, day_begins, day_number
from miniprogram_api.domain.corrections import (
    AdjustmentState,
    adjustment_payload,
    check_adjustment,
    check_interest,
    check_undecided,
)
from miniprogram_api.domain.forgetting import check_remembered
from miniprogram_api.domain.limits import Limits
from miniprogram_api.domain.refusals import NotFound
from miniprogram_api.models import Adjustment, Approval, Member, PersonMember
from miniprogram_api.services.approvals import Decision, decide
from miniprogram_api.services.audit import record_act
from miniprogram_api.services.island import Island
from miniprogram_api.services.people import actor_of, lock_person
from miniprogram_api.services.staff_keys import ADJUSTMENT, StaffCall, claim_key, was_answered

SUBJECT = "adjustment"
ONLY_VERSION = 1


@dataclass(frozen=True)
class AdjustmentWish:
    """`points` to add, or to take where negative; `key` is the console's idempotency key."""

    member_id: int
    points: int
    reason: str
    asked_by: int
    key: str

    @property
    def content(self) -> bytes:
        return hashlib.sha256(f"{self.member_id}:{self.points}:{self.reason}".encode()).digest()

    @property
    def call(self) -> StaffCall:
        return StaffCall(self.asked_by, self.key, ADJUSTMENT, self.content)


@use_case
def ask_adjustment(session: Session, wish: AdjustmentWish, island: Island, clock: Clock) -> int:
    """Note the request and answer its id; nothing moves before somebody else approves. A repeat with the same key
    answers the same request.

    Raises NotFound, InvalidFields, NotAllowed (why: adjustment_limit, adjustment_day_limit, conflict_of_interest),
    IdempotencyConflict.
    """
    now, number = clock.now(), new_id()
    with transaction(session) as connection:
        lock_person(connection, wish.asked_by)
        if was_answered(connection, wish.call):
            return _of_key(connection, wish)
        _check(connection, wish, island.limits, now)
        claim_key(connection, wish.call, now)
        connection.execute(insert(Adjustment).values(**_row(wish, number, now, island.limits)))
        detail = {"member": public_id(wish.member_id), "points": wish.points, "reason": wish.reason}
        _record(connection, wish.asked_by, "adjustment_asked", number, detail, now)
    return number


def _check(connection: Connection, wish: AdjustmentWish, limits: Limits, now: int) -> None:
    member = connection.execute(select(Member.salt_key).where(Member.id == wish.member_id)).one_or_none()
    if member is None:
        raise NotFound
    check_remembered(member.salt_key)
    check_interest(wish.member_id, interests_of(connection, wish.asked_by))
    check_adjustment(wish.points, _asked_today(connection, wish.asked_by, now), limits)


def _row(wish: AdjustmentWish, number: int, now: int, limits: Limits) -> dict[str, Any]:
    return {
        "id": number,
        "member_id": wish.member_id,
        "points": wish.points,
        "reason": wish.reason,
        "asked_by": wish.asked_by,
        "asked_at": now,
        "expires_at": now + limits.adjustment_days * DAY_SECONDS,
        "key": wish.key,
        "content": wish.content,
    }


def _of_key(connection: Connection, wish: AdjustmentWish) -> int:
    mine = (Adjustment.asked_by == wish.asked_by, Adjustment.key == wish.key)
    return int(connection.execute(select(Adjustment.id).where(*mine)).scalar_one())


def _asked_today(connection: Connection, person_id: int, now: int) -> int:
    """Points asked for since the island's midnight, but for what was withdrawn or rejected."""
    midnight = day_begins(day_number(now))
    total = connection.execute(
        select(func.coalesce(func.sum(func.abs(Adjustment.points)), 0))
        .outerjoin(Approval, (Approval.subject == SUBJECT) & (Approval.subject_id == Adjustment.id))
        .where(
            Adjustment.asked_by == person_id,
            Adjustment.asked_at >= midnight,
            Approval.decision.is_(None) | (Approval.decision == "approved"),
        )
    ).scalar_one()
    return int(total)


def interests_of(connection: Connection, person_id: int) -> list[int]:
    """Member accounts that the person has declared an interest in."""
    declared = select(PersonMember.member_id).where(PersonMember.person_id == person_id)
    return list(connection.execute(declared).scalars())


def adjustment_of(connection: Connection, adjustment_id: int) -> dict[str, Any]:
    """The request with its decision. Raises NotFound."""
    row = (
        connection.execute(
            select(*Adjustment.__table__.columns, Approval.decision, Approval.decided_by)
            .outerjoin(Approval, (Approval.subject == SUBJECT) & (Approval.subject_id == Adjustment.id))
            .where(Adjustment.id == adjustment_id)
        )
        .mappings()
        .first()
    )
    if row is None:
        raise NotFound
    return dict(row)


def state_of(request: dict[str, Any]) -> AdjustmentState:
    return AdjustmentState(
        request["member_id"], request["points"], request["asked_by"], request["expires_at"], request["decision"]
    )


def payload_of_request(request: dict[str, Any]) -> bytes:
    """`adjustment_payload` of a request's row."""
    fields = ("id", "member_id", "points", "reason", "asked_by", "expires_at")
    return adjustment_payload(*(request[field] for field in fields))


def decision_on(request: dict[str, Any], decision: str, by: int, reason: str) -> Decision:
    payload, points = payload_of_request(request), {"points": request["points"]}
    return Decision(
        SUBJECT, request["id"], ONLY_VERSION, payload, decision, request["asked_by"], by, False, reason, points
    )


@use_case
def turn_down_adjustment(
    session: Session, adjustment_id: int, decision: str, by: int, reason: str, clock: Clock
) -> None:
    """Reject somebody else's request, or withdraw one's own. A repeat by the same person does nothing more.

    Raises NotFound, NotAllowed (why: own_request, not_your_request, already_decided, request_expired).
    """
    now = clock.now()
    with transaction(session) as connection:
        request = adjustment_of(connection, adjustment_id)
        if request["decision"] == decision and request["decided_by"] == by:
            return
        check_undecided(state_of(request), now)
        decide(connection, decision_on(request, decision, by, reason), now)
        _record(connection, by, f"adjustment_{decision}", adjustment_id, {"reason": reason}, now)


def _record(connection: Connection, by: int, act: str, adjustment_id: int, detail: dict[str, Any], now: int) -> None:
    record_act(connection, actor_of(by), act, f"adjustment:{public_id(adjustment_id)}", detail, now)
