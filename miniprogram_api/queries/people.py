"""The people of the staff, their sessions and their accounts, as the console shows them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from miniprogram_api.db import public_id
from miniprogram_api.models import Person, PersonMember, PersonRole, RecoveryCode, StaffSession

ALIVE = StaffSession.revoked_at.is_(None)


def people(session: Session, now: int) -> list[dict[str, Any]]:
    """Everybody, by login. A staff has tens of people, so the list has one page."""
    return _people(session, now)


def person(session: Session, person_id: int, now: int) -> dict[str, Any] | None:
    """One of them."""
    return next(iter(_people(session, now, Person.id == person_id)), None)


def _people(session: Session, now: int, *which: Any) -> list[dict[str, Any]]:
    roles, signed_in, sessions = _roles(session), _last_sign_ins(session), _open_sessions(session, now)
    rows = session.execute(select(Person).where(*which).order_by(Person.login)).scalars()
    return [
        {
            "id": public_id(row.id),
            "login": row.login,
            "name": row.name,
            "roles": roles.get(row.id, []),
            "blocked": row.blocked_at is not None,
            "second_factor": row.totp_secret is not None,
            "must_change_password": row.once_until is not None,
            "sessions": sessions.get(row.id, 0),
            "signed_in_at": signed_in.get(row.id),
            "created_at": row.created_at,
        }
        for row in rows
    ]


def _roles(session: Session) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for person_id, role in session.execute(select(PersonRole.person_id, PersonRole.role).order_by(PersonRole.role)):
        found.setdefault(person_id, []).append(role)
    return found


def _last_sign_ins(session: Session) -> dict[int, int]:
    signed_in = select(StaffSession.person_id, func.max(StaffSession.created_at).label("newest")).group_by(
        StaffSession.person_id
    )
    return {row.person_id: row.newest for row in session.execute(signed_in)}


def _open_sessions(session: Session, now: int) -> dict[int, int]:
    counted = select(StaffSession.person_id, func.count().label("sessions")).where(ALIVE, StaffSession.expires_at > now)
    return {row.person_id: row.sessions for row in session.execute(counted.group_by(StaffSession.person_id))}


def own_sessions(session: Session, person_id: int, now: int) -> list[Any]:
    """The open ones, newest first."""
    fields = (StaffSession.token_hash, StaffSession.device, StaffSession.created_at, StaffSession.expires_at)
    mine = select(*fields).where(StaffSession.person_id == person_id, ALIVE, StaffSession.expires_at > now)
    return list(session.execute(mine.order_by(StaffSession.created_at.desc())).all())


def own_account(session: Session, person_id: int) -> dict[str, Any]:
    """Whether there is a second factor, how many recovery codes are left, and the interests that were declared."""
    secret = session.execute(select(Person.totp_secret).where(Person.id == person_id)).scalar()
    left = select(func.count()).where(RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None))
    return {
        "second_factor": secret is not None,
        "recovery_codes_left": session.execute(left).scalar_one(),
        "members": interests_declared(session, person_id),
    }


def interests_declared(session: Session, person_id: int) -> list[str]:
    """Public ids of the member accounts, the oldest declaration first."""
    declared = select(PersonMember.member_id).where(PersonMember.person_id == person_id)
    return [public_id(number) for number in session.execute(declared.order_by(PersonMember.declared_at)).scalars()]
