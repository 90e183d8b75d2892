"""Statements that are asked about many things at once: rows of values as a table of their own, keys as a list.

PostgreSQL takes an array for each column, so that its statement is the same for any number. SQLite takes the rows as
JSON, which can't hold bytes; keys of bytes are a list of binds, filled up to one of few lengths.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Connection, String, any_, bindparam, column, func, select

from miniprogram_api.books.arrays import column_of

NUMBER, WORD = BigInteger(), String(64)
_LENGTHS = (1, 8, 64, 256, 1024)


def asked_rows(dialect: str, name: str, columns: Mapping[str, Any]) -> Any:
    """A table of the rows that `row_values` hands over under this name."""
    if dialect == "postgresql":
        binds = [bindparam(f"{name}_{each}", type_=ARRAY(kind)) for each, kind in columns.items()]
        named = (column(each, kind) for each, kind in columns.items())
        return func.unnest(*binds).table_valued(*named, name=name).render_derived()
    rows = func.json_each(bindparam(name, type_=String())).table_valued("value", name=f"{name}_rows")
    values = (
        func.json_extract(rows.c.value, f"$[{place}]", type_=kind).label(each)
        for place, (each, kind) in enumerate(columns.items())
    )
    return select(*values).subquery(name)


def row_values(connection: Connection, name: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> Any:
    """The values for a table of `asked_rows`."""
    if connection.dialect.name == "postgresql":
        return {f"{name}_{each}": column_of(row[place] for row in rows) for place, each in enumerate(columns)}
    return {name: json.dumps([list(row) for row in rows])}


def one_of(dialect: str, key: Any, name: str, length: int) -> Any:
    """Whether the column holds one of the values of `key_values`."""
    if dialect == "postgresql":
        return key == any_(bindparam(name, type_=ARRAY(key.type)))
    return key.in_([bindparam(f"{name}_{place}", type_=key.type) for place in range(length)])


def length_for(count: int) -> int:
    """The length of list that so many keys need."""
    return next(length for length in _LENGTHS if length >= count)


def key_values(connection: Connection, name: str, keys: Sequence[Any], length: int) -> dict[str, Any]:
    """The values for `one_of`; what is left over is NULL, which no column equals."""
    if connection.dialect.name == "postgresql":
        return {name: column_of(keys)}
    filled = [*keys, *[None] * (length - len(keys))]
    return {f"{name}_{place}": key for place, key in enumerate(filled)}
