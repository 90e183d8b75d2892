"""Pages of a list that is ordered newest first: a cursor names the last row that was shown."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, tuple_

from miniprogram_api.db import number_of, public_id

PAGE_ROWS = 20
PAGE_ROWS_MAX = 100


def after_cursor(statement: Select[Any], cursor: str | None, at: Any, number: Any) -> Select[Any]:
    """The rows behind the cursor, newest first; a cursor that can't be read starts at the top."""
    place = read_cursor(cursor)
    if place is not None:
        behind: ColumnElement[bool] = tuple_(at, number) < tuple_(*place)
        statement = statement.where(behind)
    return statement.order_by(at.desc(), number.desc())


def read_cursor(cursor: str | None) -> tuple[int, int] | None:
    first, _, second = (cursor or "").partition("-")
    if not first.isascii() or not first.isdigit() or len(first) > 12:
        return None
    number = number_of(second)
    return None if number is None else (int(first), number)


def page(rows: list[Any], limit: int, at: str, number: str) -> tuple[list[Any], str | None]:
    """The rows of one page and the cursor of the next; `rows` may hold one more than the limit."""
    shown = rows[:limit]
    if len(rows) <= limit or not shown:
        return shown, None
    last = shown[-1]
    return shown, f"{getattr(last, at)}-{public_id(getattr(last, number))}"
