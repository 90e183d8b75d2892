"""The history of one item: its versions with their differences, and the changes of its stock."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from miniprogram_api.db import public_id
from miniprogram_api.domain.items import ItemTerms, item_changes
from miniprogram_api.domain.versions import Version, replaced
from miniprogram_api.models import Approval, ItemVersion, StockChange
from miniprogram_api.models.items import item_versions
from miniprogram_api.queries.items import TERMS
from miniprogram_api.queries.paging import after_cursor, page
from miniprogram_api.queries.versions import DECISION, Payload, names_of, page_of, shown_version, who_and_why


def staff_item_versions(
    session: Session, item_id: int, payload: Payload, now: int, cursor: str | None, limit: int
) -> dict[str, Any] | None:
    """One page of versions, newest first; None when there is no such item."""
    every = item_versions(*ItemVersion.__table__.columns, *DECISION).where(ItemVersion.item_id == item_id)
    rows = {row.version: row for row in session.execute(every)}
    if not rows:
        return None
    versions = [_version(row) for row in rows.values()]
    shown, following = page_of(versions, cursor, limit)
    names = names_of(session, [rows[one.version] for one in shown])
    data = [_show(rows[one.version], one, versions, rows, names, payload, now) for one in shown]
    return {"data": data, "next": following}


def staff_item_version(
    session: Session, item_id: int, version: int, payload: Payload, now: int
) -> dict[str, Any] | None:
    """One of them."""
    page_of_it = staff_item_versions(session, item_id, payload, now, str(version + 1), 1)
    found = page_of_it["data"] if page_of_it else []
    return next((one for one in found if one["version"] == version), None)


def _version(row: Any) -> Version:
    """One without a start of its own begins with its decision."""
    starts_at = row.starts_at or row.decided_at or row.created_at
    return Version(row.version, starts_at, row.asked_by is None, row.decision)


def _show(
    row: Any,
    one: Version,
    versions: list[Version],
    rows: dict[int, Any],
    names: dict[int, str],
    payload: Payload,
    now: int,
) -> dict[str, Any]:
    before = replaced(versions, one.version, one.starts_at)
    changes = item_changes(_terms(rows[before.version]) if before else None, _terms(row))
    undated = row.starts_at == 0 and one.waits
    return {
        **shown_version(row, versions, changes, names, now),
        "starts_at": None if undated else one.starts_at,
        "document": _terms(row).document(),
        "payload": payload(row).hex(),
    }


def _terms(row: Any) -> ItemTerms:
    return ItemTerms(**{name: getattr(row, name) for name in TERMS})


_STOCK_DECIDED = and_(Approval.subject == "stock", Approval.subject_id == StockChange.id)


def stock_changes(session: Session, item_id: int, payload: Payload, cursor: str | None, limit: int) -> dict[str, Any]:
    """One page of an item's stock changes, newest first: {data, next}."""
    every = _stock_changes().where(StockChange.item_id == item_id)
    statement = after_cursor(every, cursor, StockChange.asked_at, StockChange.id)
    rows, following = page(list(session.execute(statement.limit(limit + 1))), limit, "asked_at", "id")
    names = names_of(session, rows)
    return {"data": [_show_change(row, names, payload) for row in rows], "next": following}


def stock_change(session: Session, change_id: int, payload: Payload) -> dict[str, Any]:
    """One that was just asked for or decided."""
    row = session.execute(_stock_changes().where(StockChange.id == change_id)).one()
    return _show_change(row, names_of(session, [row]), payload)


def _stock_changes() -> Any:
    return select(*StockChange.__table__.columns, *DECISION).outerjoin(Approval, _STOCK_DECIDED)


def _show_change(row: Any, names: dict[int, str], payload: Payload) -> dict[str, Any]:
    return {
        "id": public_id(row.id),
        "pieces": row.pieces,
        "state": _stock_state(row),
        **who_and_why(row, names),
        "asked_at": row.asked_at,
        "second_person": row.asked_by is not None and not row.alone,
        "payload": payload(row).hex(),
    }


def _stock_state(row: Any) -> str:
    """asked, done, rejected or withdrawn."""
    if row.asked_by is None or row.decision == "approved":
        return "done"
    return row.decision or "asked"
