"""What kiosks sent, as the staff look for it: what was refused and what waits, newest first."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import ColumnElement, Select, literal_column, or_, select
from sqlalchemy.orm import Session

from miniprogram_api.db import number_of, public_id
from miniprogram_api.models import JournalItem, Kiosk

_COLUMNS = tuple(column for column in JournalItem.__table__.columns if column.name not in ("nonce", "counter", "apart"))


def journal_page(
    session: Session, kiosk: int | None, result: str | None, cursor: str | None, limit: int
) -> dict[str, Any]:
    """One page of items: {data, next}; `result` is that of the item or of one of its lines."""
    item = JournalItem
    statement: Select[Any] = select(*_COLUMNS, Kiosk.name.label("kiosk_name")).join(Kiosk, Kiosk.id == item.kiosk_id)
    if kiosk is not None:
        statement = statement.where(item.kiosk_id == kiosk)
    if result is not None:
        statement = statement.where(_has(result))
    last = number_of(cursor or "")
    if last is not None:
        statement = statement.where(item.id < last)
    rows = list(session.execute(statement.order_by(item.id.desc()).limit(limit + 1)))
    following = public_id(rows[limit - 1].id) if len(rows) > limit else None
    return {"data": [_shown(row) for row in rows[:limit]], "next": following}


def _has(result: str) -> ColumnElement[bool]:
    """Both conditions name the index of what isn't simply credited."""
    worst = JournalItem.worst
    if result == "credited":
        return worst == "credited"
    watched = worst != literal_column("'credited'")
    either = or_(worst == result, JournalItem.result == result) if result == "pending" else worst == result
    return watched & either


def _shown(row: Any) -> dict[str, Any]:
    said = _said(row.body)
    asked = said.get("lines", []) if row.kind == "read" else []
    results = json.loads(row.lines)
    return {
        "id": public_id(row.id),
        "kiosk": {"id": str(row.kiosk_id), "name": row.kiosk_name},
        "boot": row.boot,
        "seq": row.seq,
        "hash": row.hash,
        "kind": row.kind,
        "claimed_at": row.claimed_at,
        "corrected_at": row.corrected_at,
        "received_at": row.received_at,
        "result": row.result,
        "clerk": said.get("clerk") if row.kind == "read" else None,
        "lines": [_line(line, result) for line, result in zip(asked, results, strict=False)],
    }


def _said(body: str) -> dict[str, Any]:
    """What the item's own text says; of one that can't be read nothing is believed."""
    try:
        said = json.loads(body)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _line(line: dict[str, Any], result: str) -> dict[str, Any]:
    named = {name: line[name] for name in ("scene", "variant", "quantity")}
    return {**named, "room": "room" in line, "result": result}
