"""Adjustments as they were asked for and decided, newest first."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from miniprogram_api.db import public_id
from miniprogram_api.domain.corrections import AdjustmentState, adjustment_payload
from miniprogram_api.models import Adjustment, Approval, Member, Person
from miniprogram_api.queries.paging import after_cursor, page

_asked_by, _decided_by = aliased(Person), aliased(Person)


def _adjustments() -> Select[Any]:
    decided = (Approval.subject == "adjustment") & (Approval.subject_id == Adjustment.id)
    return (
        select(
            *Adjustment.__table__.columns,
            Member.nickname,
            Approval.decision,
            Approval.decided_at,
            Approval.decided_by,
            Approval.reason.label("decision_reason"),
            _asked_by.name.label("asked_by_name"),
            _decided_by.name.label("decided_by_name"),
        )
        .join(Member, Member.id == Adjustment.member_id)
        .join(_asked_by, _asked_by.id == Adjustment.asked_by)
        .outerjoin(Approval, decided)
        .outerjoin(_decided_by, _decided_by.id == Approval.decided_by)
    )


def adjustment_page(
    session: Session, waiting: bool, member_id: int | None, cursor: str | None, limit: int, now: int
) -> dict[str, Any]:
    """One page; with `waiting` only what can still be decided, with `member_id` only that member's."""
    statement = _adjustments()
    if waiting:
        statement = statement.where(Approval.decision.is_(None), Adjustment.expires_at > now)
    if member_id is not None:
        statement = statement.where(Adjustment.member_id == member_id)
    rows = list(session.execute(after_cursor(statement, cursor, Adjustment.asked_at, Adjustment.id).limit(limit + 1)))
    shown, following = page(rows, limit, "asked_at", "id")
    return {"data": [_show(row, now) for row in shown], "next": following}


def adjustment_shown(session: Session, adjustment_id: int, now: int) -> dict[str, Any] | None:
    """One request, None when there is none."""
    row = session.execute(_adjustments().where(Adjustment.id == adjustment_id)).one_or_none()
    return None if row is None else _show(row, now)


def _show(row: Any, now: int) -> dict[str, Any]:
    state = AdjustmentState(row.member_id, row.points, row.asked_by, row.expires_at, row.decision).state(now)
    decided_by = row.decided_by and {"id": public_id(row.decided_by), "name": row.decided_by_name or ""}
    return {
        "id": public_id(row.id),
        "member": {"id": public_id(row.member_id), "nickname": row.nickname},
        "points": row.points,
        "reason": row.reason,
        "state": state,
        "asked_by": {"id": public_id(row.asked_by), "name": row.asked_by_name},
        "asked_at": row.asked_at,
        "expires_at": row.expires_at,
        "decided_by": decided_by,
        "decided_at": row.decided_at,
        "decision_reason": row.decision_reason,
        "payload": adjustment_payload(
            row.id, row.member_id, row.points, row.reason, row.asked_by, row.expires_at
        ).hex(),
    }
