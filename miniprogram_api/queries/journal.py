"""What kiosks sent, as the staff look for it: what was refused and what waits, newest first."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, literal_column, or_, select
from sqlalchemy.orm import Session

from miniprogram_api.db import number_of, public_id
from miniprogram_api.domain.calendar import day_begins
from miniprogram_api.models import Act, JournalItem, Kiosk, Reading
from miniprogram_api.queries.history import Rulebook, staff_activity
from scenes.wire.journal_content import READ_LINES_MAX

_COLUMNS = tuple(column for column in JournalItem.__table__.columns if column.name not in ("nonce", "counter", "apart"))
ACT_FIELDS = ("id", "scene", "name", "state", "points", "reduction_grams", "reason_text", "occurred_at", "place")


@dataclass(frozen=True)
class JournalSearch:
    """`result` is that of the item or of one of its lines; `day` the number of the island's day it came in on."""

    kiosk: int | None = None
    boot: str | None = None
    result: str | None = None
    day: int | None = None
    cursor: str | None = None
    limit: int = 20


def journal_page(session: Session, search: JournalSearch) -> dict[str, Any]:
    """One page of items: {data, next}."""
    item, limit = JournalItem, search.limit
    statement = _items().where(*_asked(search))
    last = number_of(search.cursor or "")
    if last is not None:
        statement = statement.where(item.id < last)
    rows = list(session.execute(statement.order_by(item.id.desc()).limit(limit + 1)))
    following = public_id(rows[limit - 1].id) if len(rows) > limit else None
    return {"data": [_shown(row) for row in rows[:limit]], "next": following}


def journal_item(session: Session, item_id: int, rulebook: Rulebook, language: str) -> dict[str, Any] | None:
    """One item with the acts that came of it; None when there is none."""
    row = session.execute(_items().add_columns(*_CODE).where(JournalItem.id == item_id)).one_or_none()
    if row is None:
        return None
    acts = acts_of(session, _act_ids(session, row), rulebook, language)
    return {**_shown(row), "epoch": row.epoch, "counter": row.counter, "acts": acts}


def of_reading(session: Session, reading_id: int, kiosk: int | None) -> list[int]:
    """The acts of a reading, in the order of its lines, as they were first written."""
    lines = (Act.kiosk_id == (kiosk or 0), Act.epoch == 0, Act.counter.between(0, READ_LINES_MAX - 1))
    return list(
        session.execute(select(Act.id).where(*lines, Act.claimant == reading_id).order_by(Act.counter)).scalars()
    )


def acts_of(session: Session, act_ids: Sequence[int], rulebook: Rulebook, language: str) -> list[dict[str, Any]]:
    """What became of these acts, each once and in a few words; of whom is not said here."""
    shown = (staff_activity(session, act, rulebook, language) for act in act_ids)
    # An act that waited is written a second time as it counts; both are one activity.
    return list({act["id"]: {name: act[name] for name in ACT_FIELDS} for act in shown}.values())


_CODE = (JournalItem.counter, JournalItem.nonce)


def _items() -> Select[Any]:
    named: Select[Any] = select(*_COLUMNS, Kiosk.name.label("kiosk_name"))
    return named.join(Kiosk, Kiosk.id == JournalItem.kiosk_id)


def _asked(search: JournalSearch) -> list[ColumnElement[bool]]:
    item = JournalItem
    conditions: list[ColumnElement[bool]] = []
    if search.kiosk is not None:
        conditions.append(item.kiosk_id == search.kiosk)
    if search.boot is not None:
        # No index begins with the start; each kiosk's own does, after its number, and kiosks are few.
        conditions += [item.boot == search.boot, item.kiosk_id.in_(select(Kiosk.id))]
    if search.result is not None:
        conditions.append(_has(search.result))
    if search.day is not None:
        conditions.append(item.received_at.between(day_begins(search.day), day_begins(search.day + 1) - 1))
    return conditions


def _has(result: str) -> ColumnElement[bool]:
    """Both conditions name the index of what isn't simply credited."""
    worst = JournalItem.worst
    if result == "credited":
        return worst == "credited"
    watched = worst != literal_column("'credited'")
    either = or_(worst == result, JournalItem.result == result) if result == "pending" else worst == result
    return watched & either


def _act_ids(session: Session, row: Any) -> list[int]:
    if row.kind == "read":
        read = select(Reading.id).where(
            Reading.kiosk_id == row.kiosk_id, Reading.boot == row.boot, Reading.seq == row.seq
        )
        reading = session.execute(read).scalar()
        return [] if reading is None else of_reading(session, reading, row.kiosk_id)
    if row.kind == "issued" and row.counter is not None:
        code = (Act.kiosk_id == row.kiosk_id, Act.epoch == row.epoch, Act.counter == row.counter)
        acts = select(Act.id).where(*code, Act.nonce == row.nonce)
        return list(session.execute(acts.order_by(Act.id).limit(READ_LINES_MAX)).scalars())
    return []


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
