"""Items as the console lists them: as their version in force has them, with their stock and what waits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, exists, func, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from miniprogram_api.db import public_id
from miniprogram_api.models import Approval, Item, ItemVersion, Merchant, Stock, StockChange
from miniprogram_api.models.items import version_in_force
from miniprogram_api.queries.history import in_language
from miniprogram_api.queries.paging import page, read_cursor

TERMS = (
    *("name_zh", "name_en", "description_zh", "description_en", "icon"),
    *("points", "settlement_fen", "limit_per_person", "active", "position"),
)


@dataclass(frozen=True)
class ItemsAsked:
    """Which items: `words` of a name, one `state`, of one merchant, and only those where something `waiting` is."""

    words: str | None = None
    state: str | None = None
    merchant_id: int | None = None
    waiting: bool = False


def staff_items(
    session: Session, asked: ItemsAsked, language: str, now: int, cursor: str | None, limit: int
) -> dict[str, Any]:
    """One page of items in the order of the shop: {data, next}."""
    statement = _items(now).where(*_which(asked, now)).order_by(ItemVersion.position, Item.id)
    place = read_cursor(cursor)
    if place is not None:
        statement = statement.where(tuple_(ItemVersion.position, Item.id) > tuple_(*place))
    rows, following = page(list(session.execute(statement.limit(limit + 1))), limit, "position", "id")
    return {"data": [_show(row, language) for row in rows], "next": following}


def staff_item(session: Session, item_id: int, language: str, now: int) -> dict[str, Any] | None:
    """One item, None when there is none."""
    row = session.execute(_items(now).where(Item.id == item_id)).one_or_none()
    return None if row is None else _show(row, language)


def _items(now: int) -> Select[Any]:
    """Every item as its version in force has it, or its newest one where none is."""
    in_force, newest = version_in_force(now), aliased(ItemVersion)
    last = select(func.max(newest.version)).where(newest.item_id == Item.id).correlate(Item).scalar_subquery()
    shown = and_(ItemVersion.item_id == Item.id, ItemVersion.version == func.coalesce(in_force, last))
    return (
        select(
            *(column for column in ItemVersion.__table__.columns if column.name in TERMS),
            Item.id,
            Item.merchant_id,
            in_force.label("version"),
            Merchant.name_zh.label("merchant_zh"),
            Merchant.name_en.label("merchant_en"),
            Merchant.state.label("merchant_state"),
            Stock.put_in,
            Stock.remaining,
            _waits_for_version().label("version_waits"),
            _waits_for_stock().label("stock_waits"),
        )
        .select_from(Item)
        .join(ItemVersion, shown)
        .join(Merchant, Merchant.id == Item.merchant_id)
        .join(Stock, Stock.item_id == Item.id)
    )


def _undecided(subject: str, number: Any, version: Any) -> Any:
    decided = exists().where(Approval.subject == subject, Approval.subject_id == number, Approval.version == version)
    return ~decided


def _waits_for_version() -> Any:
    one = aliased(ItemVersion)
    mine = (one.item_id == Item.id, one.asked_by.is_not(None))
    return exists().where(*mine, _undecided("item", one.item_id, one.version)).correlate(Item)


def _waits_for_stock() -> Any:
    one = aliased(StockChange)
    mine = (one.item_id == Item.id, one.asked_by.is_not(None))
    return exists().where(*mine, _undecided("stock", one.id, 1)).correlate(Item)


def _which(asked: ItemsAsked, now: int) -> list[Any]:
    which: list[Any] = []
    if asked.words:
        names = (ItemVersion.name_zh, ItemVersion.name_en, Merchant.name_zh, Merchant.name_en)
        which.append(or_(*(name.icontains(asked.words, autoescape=True) for name in names)))
    if asked.merchant_id is not None:
        which.append(Item.merchant_id == asked.merchant_id)
    if asked.waiting:
        which.append(or_(_waits_for_version(), _waits_for_stock()))
    if asked.state is not None:
        which.append(_in_state(asked.state, now))
    return which


def _in_state(state: str, now: int) -> Any:
    begun = version_in_force(now).is_not(None)
    conditions = {
        "new": ~begun,
        "paused": and_(begun, ~ItemVersion.active),
        "sold_out": and_(begun, ItemVersion.active, Stock.remaining == 0),
        "offered": and_(begun, ItemVersion.active, Stock.remaining > 0),
    }
    return conditions[state]


def _state(row: Any) -> str:
    if row.version is None:
        return "new"
    if not row.active:
        return "paused"
    return "offered" if row.remaining else "sold_out"


def _show(row: Any, language: str) -> dict[str, Any]:
    merchant = {
        "id": public_id(row.merchant_id),
        "name": in_language(row, "merchant", language),
        "state": row.merchant_state,
    }
    return {
        **{name: getattr(row, name) for name in TERMS},
        "id": public_id(row.id),
        "name": in_language(row, "name", language),
        "merchant": merchant,
        "version": row.version,
        "state": _state(row),
        "stock": {"put_in": row.put_in, "remaining": row.remaining, "given": row.put_in - row.remaining},
        "version_waits": bool(row.version_waits),
        "stock_waits": bool(row.stock_waits),
    }
