"""Rows of a reconciliation as they come: never all at once, whatever the books' size."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Executable, text

from miniprogram_api.db import public_id
from miniprogram_api.domain.reconciliation import Difference

ROWS_AT_ONCE = 1000


@dataclass(frozen=True)
class Check:
    """`statement` answers (key, stored, expected) of each row where the two differ."""

    table: str
    field: str
    statement: str
    key: Callable[[int], str] = public_id

    def differences(self, connection: Connection) -> Iterator[Difference]:
        for key, stored, expected in rows_of(connection, text(self.statement)):
            yield Difference(f"{self.table} {self.key(int(key))}", self.field, plain(stored), plain(expected))


def rows_of(connection: Connection, statement: Executable) -> Iterator[Any]:
    """The rows, some at a time."""
    with connection.execute(statement, execution_options={"yield_per": ROWS_AT_ONCE}) as rows:
        yield from rows


def plain(value: object) -> object:
    """PostgreSQL sums as decimals."""
    return value if value is None or isinstance(value, str) else int(value)  # type: ignore[call-overload]  # a number


def by_owner(*streams: Iterator[Any]) -> Iterator[tuple[int, Sequence[list[Any]]]]:
    """Walk along streams whose rows begin with an owner, in rising order: each owner with its rows of each stream."""
    merged = heapq.merge(*(_placed(place, stream) for place, stream in enumerate(streams)), key=itemgetter(0))
    for owner, rows in groupby(merged, key=itemgetter(0)):
        found: list[list[Any]] = [[] for _ in streams]
        for _, place, row in rows:
            found[place].append(row)
        yield owner, found


def _placed(place: int, stream: Iterator[Any]) -> Iterator[tuple[int, int, Any]]:
    for row in stream:
        yield row[0], place, row
