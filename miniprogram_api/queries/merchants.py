"""Merchants as the console lists them, and the history of each."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from miniprogram_api.db import public_id
from miniprogram_api.domain.changes import Change
from miniprogram_api.models import Approval, Item, Merchant, MerchantBalance, MerchantPerson, MerchantVersion
from miniprogram_api.queries.counter_people import counter_people
from miniprogram_api.queries.history import in_language
from miniprogram_api.queries.paging import after_cursor, page
from miniprogram_api.queries.versions import DECISION, Payload, names_of, who_and_why

NAMES = ("name_zh", "name_en", "place_zh", "place_en")
_DECIDED = and_(
    Approval.subject == "merchant",
    Approval.subject_id == MerchantVersion.merchant_id,
    Approval.version == MerchantVersion.version,
)


def staff_merchants(
    session: Session, words: str | None, state: str | None, waiting: bool, language: str, cursor: str | None, limit: int
) -> dict[str, Any]:
    """One page of merchants, newest first: {data, next}."""
    which: list[Any] = [_waits()] if waiting else []
    if words:
        names = (getattr(Merchant, name) for name in NAMES)
        which.append(or_(*(name.icontains(words, autoescape=True) for name in names)))
    if state is not None:
        which.append(Merchant.state == state)
    statement = after_cursor(_merchants().where(*which), cursor, Merchant.created_at, Merchant.id)
    rows, following = page(list(session.execute(statement.limit(limit + 1))), limit, "created_at", "id")
    return {"data": [_show(row, language) for row in rows], "next": following}


def staff_merchant(session: Session, merchant_id: int, language: str, now: int) -> dict[str, Any] | None:
    """One merchant with the people of its counter, None when there is none."""
    row = session.execute(_merchants().where(Merchant.id == merchant_id)).one_or_none()
    if row is None:
        return None
    return {**_show(row, language), "people": counter_people(session, merchant_id, now)}


def merchant_versions(session: Session, merchant_id: int, payload: Payload) -> list[dict[str, Any]] | None:
    """What a merchant was called and whether it worked, newest first; None when there is none."""
    every = select(*MerchantVersion.__table__.columns, *DECISION).outerjoin(Approval, _DECIDED)
    mine = every.where(MerchantVersion.merchant_id == merchant_id).order_by(MerchantVersion.version)
    rows = list(session.execute(mine))
    names = names_of(session, rows)
    standing = [row for row in rows if _stands(row)]
    last = standing[-1].version if standing else None
    shown = [_show_version(row, _before(standing, row), last, names, payload) for row in rows]
    return shown[::-1] or None


def _merchants() -> Select[Any]:
    items = select(func.count()).where(Item.merchant_id == Merchant.id).correlate(Merchant).scalar_subquery()
    people = select(func.count()).where(MerchantPerson.merchant_id == Merchant.id).correlate(Merchant).scalar_subquery()
    return select(
        *Merchant.__table__.columns,
        MerchantBalance.payable_fen,
        items.label("item_count"),
        people.label("people_count"),
        _waits().label("waits"),
    ).join(MerchantBalance, MerchantBalance.merchant_id == Merchant.id)


def _waits() -> Any:
    one = aliased(MerchantVersion)
    decided = exists().where(
        Approval.subject == "merchant", Approval.subject_id == one.merchant_id, Approval.version == one.version
    )
    return exists().where(one.merchant_id == Merchant.id, one.change == "resumed", ~decided).correlate(Merchant)


def _show(row: Any, language: str) -> dict[str, Any]:
    return {
        **{name: getattr(row, name) for name in NAMES},
        "id": public_id(row.id),
        "name": in_language(row, "name", language),
        "place": in_language(row, "place", language),
        "state": row.state,
        "created_at": row.created_at,
        "payable_fen": row.payable_fen,
        "items": row.item_count,
        "people_count": row.people_count,
        "version_waits": bool(row.waits),
        "venue_id": row.venue_id,
    }


def _stands(row: Any) -> bool:
    return row.change == "admitted" or row.asked_by is None or row.decision == "approved"


def _before(standing: list[Any], row: Any) -> Any | None:
    """What stood when this one was asked for."""
    return next((one for one in reversed(standing) if one.version < row.version), None)


def _state(row: Any, last: int | None) -> str:
    if not _stands(row):
        return row.decision or "asked"
    return "in_force" if row.version == last else "ended"


def _show_version(
    row: Any, before: Any | None, last: int | None, names: dict[int, str], payload: Payload
) -> dict[str, Any]:
    return {
        "version": row.version,
        "change": row.change,
        "state": _state(row, last),
        "starts_at": _starts_at(row),
        **who_and_why(row, names),
        "asked_at": row.created_at,
        "second_person": row.change == "resumed",
        "changes": _changes(before, row),
        "document": _document(row),
        "payload": payload(row).hex(),
    }


def _starts_at(row: Any) -> int | None:
    if row.change != "resumed":
        return int(row.created_at)
    return row.decided_at if row.decision == "approved" else None


def _document(row: Any) -> dict[str, str]:
    return {name: getattr(row, name) for name in (*NAMES, "state")}


def _changes(before: Any | None, row: Any) -> list[Change]:
    """A name given while a resumption waits is not undone by it: of a version only what it changes counts."""
    old, new = _document(before) if before else {}, _document(row)
    fields = (*NAMES, "state") if before is None else NAMES if row.change == "named" else ("state",)
    return [
        Change(field, old.get(field), new[field], before is not None and field == "state" and new[field] == "active")
        for field in fields
        if old.get(field) != new[field]
    ]
