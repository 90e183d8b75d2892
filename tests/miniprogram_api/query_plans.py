"""What a database would do for the statements that a call really sends: recorded at the driver, then explained."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from sqlalchemy import Engine, event

READ_OR_WRITE = re.compile(r"\s*(SELECT|WITH|INSERT|UPDATE|DELETE)\b", re.IGNORECASE)
SCAN = re.compile(r"SCAN (\w+?)(?:_\d+)?(?: |$)")
OF_A_FEW = {"ix_acts_pending"}  # holds only the rows that are looked for
# What lets the rows of a plan through as they come, so that a LIMIT above it ends the walk.
STREAMING = {"Limit", "Nested Loop", "Incremental Sort", "Result", "Subquery Scan", "Memoize", "Append"}


@dataclass(frozen=True)
class Sent:
    """A statement as the driver took it; `cursor` is PostgreSQL's kind of cursor, which says how binds are written."""

    text: str
    values: Any = None
    cursor: type[Any] | None = None


@contextmanager
def recorded(engine: Engine, patch: pytest.MonkeyPatch) -> Iterator[list[Sent]]:
    """Every statement that is sent through this engine meanwhile."""
    sent: list[Sent] = []
    if engine.dialect.name == "postgresql":
        with patch.context() as inner:
            inner.setattr(psycopg.Cursor, "execute", _noting(sent, psycopg.Cursor.execute))
            yield sent
        return

    def trace(connection: Any, *_: Any) -> None:
        connection.set_trace_callback(lambda text: sent.append(Sent(text)))

    event.listen(engine, "checkout", trace)
    try:
        yield sent
    finally:
        event.remove(engine, "checkout", trace)


def _noting(sent: list[Sent], execute: Callable[..., Any]) -> Callable[..., Any]:
    def noting(cursor: Any, query: Any, params: Any = None, **more: Any) -> Any:
        sent.append(Sent(str(query), params, type(cursor)))
        return execute(cursor, query, params, **more)

    return noting


def walks(engine: Engine, sent: list[Sent], large: set[str]) -> list[str]:
    """The statements for which the database would walk along a whole table of these, each with its plan."""
    found = []
    with engine.connect() as connection:
        raw: Any = connection.connection.driver_connection
        if engine.dialect.name == "sqlite":
            raw.set_trace_callback(None)
        for one in dict.fromkeys(one.text for one in sent if READ_OR_WRITE.match(one.text)):
            first = next(each for each in sent if each.text == one)
            walked = _walked_by_postgresql(raw, first) if first.cursor else _walked_by_sqlite(raw, first)
            if walked & large:
                found.append(f"{sorted(walked & large)}: {one}")
        connection.rollback()
    return found


def _walked_by_sqlite(raw: Any, sent: Sent) -> set[str]:
    plan = [row[3] for row in raw.execute(f"EXPLAIN QUERY PLAN {sent.text}")]
    ends_early = " LIMIT " in sent.text.replace("\n", " ") and not any("TEMP B-TREE FOR" in line for line in plan)
    if ends_early:
        return set()
    walked = [line for line in plan if not any(line.endswith(f"USING INDEX {name}") for name in OF_A_FEW)]
    return {match[1] for line in walked if (match := SCAN.match(line))}


def _walked_by_postgresql(raw: Any, sent: Sent) -> set[str]:
    assert sent.cursor is not None
    cursor = sent.cursor(raw)
    # Of a table with a thousand rows a walk is the shorter way; we ask what it would do with a million.
    cursor.execute("SET LOCAL enable_seqscan = off")
    [(plan,)] = cursor.execute(f"EXPLAIN (FORMAT JSON) {sent.text}", sent.values).fetchall()
    [top] = json.loads(plan) if isinstance(plan, str) else plan
    return set(_walked(top["Plan"], ends_early=False))


def _walked(node: dict[str, Any], ends_early: bool) -> Iterator[str]:
    kind = node["Node Type"]
    along = "Scan" in kind and "Relation Name" in node and not node.keys() & {"Index Cond", "Recheck Cond"}
    if along and node.get("Index Name") not in OF_A_FEW and (kind == "Seq Scan" or not ends_early):
        yield node["Relation Name"]
    below = kind == "Limit" or (ends_early and kind in STREAMING)
    for child in node.get("Plans", ()):
        yield from _walked(child, below)
