"""One kiosk as its page in the console shows it: what became of it and by whom, its invitation, its last heartbeats."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from miniprogram_api.domain.changes import Change
from miniprogram_api.domain.kiosk_changes import BECOMES, NEEDS_TWO
from miniprogram_api.models import Approval, KioskChange, KioskHeartbeat, KioskInvitation
from miniprogram_api.queries.audit import audit_of
from miniprogram_api.queries.versions import DECISION, Payload, names_of, who_and_why

EVENTS_SHOWN = 50
_DECIDED = and_(
    Approval.subject == "kiosk",
    Approval.subject_id == KioskChange.kiosk_id,
    Approval.version == KioskChange.version,
)


def kiosk_versions(session: Session, kiosk_id: int, payload: Payload) -> list[dict[str, Any]]:
    """What staff made of the kiosk, newest first."""
    every = select(*KioskChange.__table__.columns, *DECISION).outerjoin(Approval, _DECIDED)
    rows = list(session.execute(every.where(KioskChange.kiosk_id == kiosk_id).order_by(KioskChange.version)))
    names = names_of(session, rows)
    standing = [row.version for row in rows if row.decision == "approved" and row.change in BECOMES]
    last = standing[-1] if standing else None
    return [_version(row, last, names, payload) for row in reversed(rows)]


def kiosk_invitation(session: Session, kiosk_id: int, now: int) -> dict[str, Any] | None:
    """The short code that was shown last: {state, expires_at}, None where none ever was."""
    row = session.execute(
        select(KioskInvitation.expires_at, KioskInvitation.used_at, KioskInvitation.withdrawn_at)
        .where(KioskInvitation.kiosk_id == kiosk_id)
        .order_by(KioskInvitation.expires_at.desc(), KioskInvitation.withdrawn_at.is_(None).desc())
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    return {"state": _state_of_code(row, now), "expires_at": row.expires_at}


def kiosk_heartbeats(session: Session, kiosk_id: int) -> list[dict[str, Any]]:
    """The last of each five minutes of a day, newest first."""
    rows = session.execute(
        select(*KioskHeartbeat.__table__.columns)
        .where(KioskHeartbeat.kiosk_id == kiosk_id)
        .order_by(KioskHeartbeat.slot.desc())
    )
    names = ("received_at", "boot", "clock_offset_seconds", "queue", "paper")
    return [{"agreement": row.agreement_version, **{name: getattr(row, name) for name in names}} for row in rows]


def kiosk_events(session: Session, kiosk_id: int) -> list[dict[str, Any]]:
    """The newest lines of the audit trail about this kiosk."""
    return audit_of(session, f"kiosk:{kiosk_id}", EVENTS_SHOWN)


def _state_of_code(row: Any, now: int) -> str:
    if row.used_at is not None:
        return "used"
    if row.withdrawn_at is not None:
        return "withdrawn"
    return "open" if now < row.expires_at else "expired"


def _version(row: Any, last: int | None, names: dict[int, str], payload: Payload) -> dict[str, Any]:
    return {
        "version": row.version,
        "change": row.change,
        "state": _state(row, last),
        "starts_at": _starts_at(row),
        **who_and_why(row, names),
        "asked_at": row.created_at,
        "second_person": row.change in NEEDS_TWO,
        "payload": payload(row).hex(),
        "changes": [Change("kiosk_change", None, row.change, row.change in NEEDS_TWO)],
        "document": {"change": row.change, "epoch": row.epoch, "since": row.since},
    }


def _state(row: Any, last: int | None) -> str:
    if row.decision != "approved":
        return row.decision or "asked"
    return "in_force" if row.version == last else "ended"


def _starts_at(row: Any) -> int | None:
    if row.since is not None:
        return int(row.since)
    return row.decided_at if row.decision == "approved" else None
