"""Messages on WeChat: how many a member may still get, and what became of each, for the console."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from miniprogram_api.db import public_id
from miniprogram_api.domain.messages import words_of
from miniprogram_api.models import Message, MessageConsent
from miniprogram_api.queries.paging import after_cursor, page

SIMULATED = "simulated"


def consents_left(session: Session, member_id: int) -> dict[str, int]:
    """By occasion."""
    mine = select(MessageConsent.occasion, MessageConsent.remaining).where(MessageConsent.member_id == member_id)
    return {row.occasion: row.remaining for row in session.execute(mine)}


def message_page(session: Session, state: str | None, cursor: str | None, limit: int) -> dict[str, Any]:
    """One page of messages, newest first: {data, next, states: how many of each there are}."""
    statement = select(*Message.__table__.columns)
    if state is not None:
        statement = statement.where(Message.state == state)
    statement = after_cursor(statement, cursor, Message.begun_at, Message.id).limit(limit + 1)
    rows, following = page(list(session.execute(statement)), limit, "begun_at", "id")
    states: Any = session.execute(select(Message.state, func.count()).group_by(Message.state)).all()
    return {"data": [_shown(row) for row in rows], "next": following, "states": dict(states)}


def _shown(row: Any) -> dict[str, Any]:
    return {
        "id": public_id(row.id),
        "member": public_id(row.member_id),
        "occasion": row.occasion,
        "simulated": row.provider == SIMULATED,
        "language": row.language,
        "words": words_of(row.occasion, row.language, json.loads(row.words)),
        "state": row.state,
        "tries": row.tries,
        "answer": row.answer,
        "begun_at": row.begun_at,
        "ended_at": row.ended_at,
    }
