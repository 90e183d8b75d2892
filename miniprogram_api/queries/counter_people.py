"""The people at a merchant's counter, as its owner and the staff see them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from miniprogram_api.db import public_id
from miniprogram_api.models import MerchantPerson, MerchantSession


def counter_people(session: Session, merchant_id: int, now: int) -> list[dict[str, Any]]:
    """The owner first, then the cashiers by login; a counter has few, so the list has one page."""
    return _people(session, now, MerchantPerson.merchant_id == merchant_id)


def counter_person(session: Session, person_id: int, now: int) -> dict[str, Any]:
    """One of them, who was just looked after."""
    return _people(session, now, MerchantPerson.id == person_id)[0]


def _people(session: Session, now: int, which: Any) -> list[dict[str, Any]]:
    mine = MerchantSession.person_id == MerchantPerson.id
    alive = and_(MerchantSession.revoked_at.is_(None), MerchantSession.expires_at > now)
    opened = select(func.count()).where(mine, alive).correlate(MerchantPerson).scalar_subquery()
    newest = select(func.max(MerchantSession.created_at)).where(mine).correlate(MerchantPerson).scalar_subquery()
    columns = (opened.label("sessions"), newest.label("signed_in_at"))
    rows = session.execute(
        select(*MerchantPerson.__table__.columns, *columns)
        .where(which)
        .order_by(MerchantPerson.role.desc(), MerchantPerson.login)
    )
    return [
        {
            "id": public_id(row.id),
            "login": row.login,
            "name": row.name,
            "role": row.role,
            "blocked": row.blocked_at is not None,
            "must_change_password": row.once_until is not None,
            "sessions": row.sessions,
            "signed_in_at": row.signed_in_at,
        }
        for row in rows
    ]
