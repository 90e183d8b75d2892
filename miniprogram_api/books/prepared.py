"""Core statements of the hot path, compiled once for each database and number of rows.

Finding a large statement in SQLAlchemy's own cache costs about as much as running it, and an insert of many rows is
not cached there at all; so the text is kept here and handed to the driver.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, CursorResult, Table, bindparam
from sqlalchemy.dialects import postgresql, sqlite

# Both dialects build the same ON CONFLICT clauses; only the class differs.
INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}

Compiled = tuple[str, tuple[str, ...] | None, dict[str, Any]]


class Prepared:
    """`build(dialect name, rows)` gives the Core statement; binds of row n begin with `rown_`."""

    def __init__(self, build: Callable[[str, int], Any]) -> None:
        self._build = build
        self._compiled: dict[tuple[str, int], Compiled] = {}

    def run(self, connection: Connection, values: Mapping[str, Any], rows: int = 1) -> CursorResult[Any]:
        """Execute with these values for its binds."""
        name = connection.dialect.name
        compiled = self._compiled.get((name, rows))
        if compiled is None:
            compiled = self._compiled[name, rows] = self._compile(connection, rows)
        text, positions, constants = compiled
        if constants:
            values = {**constants, **values}
        given: Any = values if positions is None else tuple([values[position] for position in positions])
        return connection.exec_driver_sql(text, given)

    def run_rows(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> CursorResult[Any]:
        """Execute once for all these rows."""
        if len(rows) == 1:
            values = {f"row0_{name}": value for name, value in rows[0].items()}
        else:
            values = {f"row{number}_{name}": value for number, row in enumerate(rows) for name, value in row.items()}
        return self.run(connection, values, len(rows))

    def _compile(self, connection: Connection, rows: int) -> Compiled:
        compiled = self._build(connection.dialect.name, rows).compile(dialect=connection.dialect)
        constants = {name: value for name, value in compiled.params.items() if value is not None}
        return str(compiled), tuple(compiled.positiontup) if compiled.positional else None, constants


def rows_of(table: Table, rows: int) -> list[dict[str, Any]]:
    """The values of an insert of so many rows, every column a bind of its own."""
    return [
        {column.name: bindparam(f"row{number}_{column.name}", type_=column.type) for column in table.columns}
        for number in range(rows)
    ]
