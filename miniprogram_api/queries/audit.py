"""The audit trail, newest first, in pages."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from miniprogram_api.db import number_of, public_id
from miniprogram_api.models import AuditEvent, Person

PEOPLE_FOUND_MAX = 50


def audit_page(session: Session, search: str | None, act: str | None, cursor: str | None, limit: int) -> dict[str, Any]:
    """Lines of this act, or of all, whose actor, act, object or detail holds the words, or whose actor or object is a
    person of that name."""
    statement = select(AuditEvent).order_by(AuditEvent.id.desc()).limit(limit + 1)
    if cursor is not None and cursor.isascii() and cursor.isdigit() and len(cursor) <= 18:
        statement = statement.where(AuditEvent.id < int(cursor))
    if act is not None:
        statement = statement.where(AuditEvent.act == act)
    if search:
        statement = statement.where(_holds(session, search))
    rows = list(session.execute(statement).scalars())
    names = _names(session)
    return {
        "data": [_line(row, names) for row in rows[:limit]],
        "next": str(rows[limit - 1].id) if len(rows) > limit else None,
    }


def audit_of(session: Session, thing: str, limit: int) -> list[dict[str, Any]]:
    """The newest lines about one object (`kiosk:4`)."""
    about = select(AuditEvent).where(AuditEvent.object == thing).order_by(AuditEvent.id.desc()).limit(limit)
    names = _names(session)
    return [_line(row, names) for row in session.execute(about).scalars()]


def _holds(session: Session, words: str) -> Any:
    columns = (AuditEvent.actor, AuditEvent.act, AuditEvent.object, AuditEvent.detail)
    named = or_(Person.login.icontains(words, autoescape=True), Person.name.icontains(words, autoescape=True))
    people = session.execute(select(Person.id).where(named).limit(PEOPLE_FOUND_MAX)).scalars().all()
    return or_(
        *(column.icontains(words, autoescape=True) for column in columns),
        AuditEvent.actor.in_([f"staff:{public_id(each)}" for each in people]),
        AuditEvent.object.in_([f"person:{public_id(each)}" for each in people]),
    )


def _names(session: Session) -> dict[int, str]:
    return {row.id: row.name for row in session.execute(select(Person.id, Person.name))}


def _line(row: AuditEvent, names: dict[int, str]) -> dict[str, Any]:
    return {
        "id": str(row.id),
        "at": row.at,
        "actor": row.actor,
        "actor_name": _name_of(row.actor, names),
        "act": row.act,
        "object": row.object,
        "object_name": _name_of(row.object, names),
        "detail": json.loads(row.detail),
    }


def _name_of(thing: str, names: dict[int, str]) -> str | None:
    kind, _, number = thing.partition(":")
    return names.get(number_of(number) or 0) if kind in ("staff", "person") else None
