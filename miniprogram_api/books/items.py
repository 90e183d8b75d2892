"""Rows of items, their versions and their stock. Nothing here commits."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from miniprogram_api.db import TryAgain
from miniprogram_api.domain.items import ItemTerms
from miniprogram_api.domain.refusals import OutOfStock
from miniprogram_api.models import Item, ItemVersion, Stock, StockChange


def add_item(connection: Connection, item_id: int, merchant_id: int) -> None:
    """A new item with nothing on its shelf and no version yet."""
    connection.execute(insert(Item).values(id=item_id, merchant_id=merchant_id))
    connection.execute(insert(Stock).values(item_id=item_id, put_in=0, remaining=0))


def add_item_version(
    connection: Connection, item_id: int, version: int, terms: ItemTerms, starts_at: int, **asked: Any
) -> None:
    """`asked`: reason, asked_by, created_at. TryAgain when somebody took the number first."""
    row = {"item_id": item_id, "version": version, "starts_at": starts_at, **terms.document(), **asked}
    try:
        connection.execute(insert(ItemVersion).values(row))
    except IntegrityError as error:
        raise TryAgain from error


def add_stock_change(connection: Connection, change: dict[str, Any]) -> None:
    """What is asked for; `move_stock` carries it out. TryAgain when the caller's key came in between."""
    try:
        added = connection.execute(insert(StockChange).values(change).returning(StockChange.id)).first()
    except IntegrityError as error:
        raise TryAgain from error
    if added is None:  # SQLite leaves a row out that meets the key
        raise TryAgain


def move_stock(connection: Connection, item_id: int, pieces: int) -> None:
    """Put pieces on the shelf, or take them away where negative: never more than lie there. Raises OutOfStock."""
    enough = update(Stock).where(Stock.item_id == item_id, Stock.remaining + pieces >= 0)
    moved = {"put_in": Stock.put_in + pieces, "remaining": Stock.remaining + pieces}
    if connection.execute(enough.values(moved)).rowcount == 0:
        left = connection.execute(select(Stock.remaining).where(Stock.item_id == item_id)).scalar()
        raise OutOfStock(stock=left or 0)
