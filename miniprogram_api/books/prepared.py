"""Core statements of the hot path: compiled once for each database and number of rows, and sent to it together.

Finding a large statement in SQLAlchemy's own cache costs about as much as running it, and an insert of many rows is
not cached there at all; so the text is kept here and handed to the driver. PostgreSQL gets all writes of a use case
as one statement, which is a transaction of its own, SQLite one after the other: the same texts, the same order.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from psycopg import RawCursor
from sqlalchemy import ARRAY, Connection, Table, bindparam, column, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError, IntegrityError

from miniprogram_api.books.arrays import column_of
from miniprogram_api.db import TryAgain

# Both dialects build the same ON CONFLICT clauses; only the class differs.
INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}

Statement = tuple[str, Any]  # text and values as the driver takes them
Rows = list[tuple[Any, ...]]


# Instead of a number of rows: all of them in one array for each column, whose statement stays the same text. Of
# PostgreSQL only; a batch of SQLite sends its rows one by one, which costs it next to nothing.
MANY = 0


class Prepared:
    """`build(dialect name, rows)` gives the Core statement; binds of row n begin with `rown_`, arrays with `many_`."""

    def __init__(self, build: Callable[[str, int], Any]) -> None:
        self._build = build
        self._compiled: dict[tuple[str, int], tuple[str, tuple[str, ...], dict[str, Any]]] = {}

    def statement(self, connection: Connection, values: Mapping[str, Any], rows: int = 1) -> Statement:
        """The statement with these values for its binds."""
        key = (connection.dialect.name, rows)
        compiled = self._compiled.get(key)
        if compiled is None:
            compiled = self._compiled[key] = self._compile(connection, rows)
        text, names, constants = compiled
        if constants:
            values = {**constants, **values}
        return text, [values[name] for name in names]

    def statement_of_rows(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> Statement:
        """The statement for all these rows at once."""
        values = {f"row{number}_{name}": value for number, row in enumerate(rows) for name, value in row.items()}
        return self.statement(connection, values, len(rows))

    def statements_of_many(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> list[Statement]:
        """The statements that write a batch of any size."""
        if connection.dialect.name == "sqlite":
            return [self.statement_of_rows(connection, [row]) for row in rows]
        arrays = {f"many_{name}": column_of(row[name] for row in rows) for name in rows[0]}
        return [self.statement(connection, arrays, MANY)]

    def _compile(self, connection: Connection, rows: int) -> tuple[str, tuple[str, ...], dict[str, Any]]:
        compiled = self._build(connection.dialect.name, rows).compile(dialect=connection.dialect)
        constants = {name: value for name, value in compiled.params.items() if value is not None}
        if compiled.positional:
            return str(compiled), tuple(compiled.positiontup), constants
        names = list(dict.fromkeys(_NAMED.findall(str(compiled))))
        text = _NAMED.sub(lambda found: f"${names.index(found[1]) + 1}", str(compiled)).replace("%%", "%")
        return text, tuple(names), constants


_NAMED = re.compile(r"%\((\w+)\)s")  # as SQLAlchemy writes binds for psycopg
_NUMBERED = re.compile(r"\$(\d+)")  # as PostgreSQL itself takes them


class Writes:
    """The writes of one use case, in the order of our locks, as one transaction of their own.

    `batch`: of many acts at once, so that the numbers of rows are no part of the statements' text.
    """

    def __init__(self, connection: Connection, batch: bool = False) -> None:
        self._connection, self._batch = connection, batch
        self._statements: list[Statement] = []
        self._expected: list[tuple[int | None, type[Exception]]] = []

    def change(self, prepared: Prepared, values: Mapping[str, Any], otherwise: type[Exception]) -> None:
        """One row has to be written, else `otherwise` is raised."""
        self._statements.append(prepared.statement(self._connection, values))
        self._expected.append((1, otherwise))

    def insert(
        self, prepared: Prepared, rows: Sequence[Mapping[str, Any]], otherwise: type[Exception] = AssertionError
    ) -> None:
        """All rows have to be written, else `otherwise` is raised."""
        if rows and self._batch:
            statements = prepared.statements_of_many(self._connection, rows)
            self._statements += statements
            self._expected += [(len(rows) // len(statements), otherwise)] * len(statements)
        elif rows:
            self._statements.append(prepared.statement_of_rows(self._connection, rows))
            self._expected.append((len(rows), otherwise))

    def insert_new_ones(self, prepared: Prepared, row: Mapping[str, Any]) -> None:
        """The row is written unless it is there already."""
        self._statements.append(prepared.statement_of_rows(self._connection, [row]))
        self._expected.append((None, AssertionError))

    def commit(self) -> None:
        """Send all, look at each, commit. Raises the first `otherwise` whose rows are missing, and nothing was written;
        DBAPIError as every other statement."""
        connection = self._connection
        try:
            if connection.dialect.name == "postgresql" and self._committed_at_once():
                return
            for written, (count, otherwise) in zip(self._send(), self._expected, strict=True):
                if count is not None and written != count:
                    raise otherwise
            execute_all(connection, [("COMMIT", [])])
        except IntegrityError as error:
            # Somebody was first, and a constraint said so before we could look: the next run sees why.
            _roll_back(connection)
            raise TryAgain from error
        except Exception:
            _roll_back(connection)
            raise

    def _committed_at_once(self) -> bool:
        """One statement is a transaction of its own, and this one fails as a whole where a part wrote another number of
        rows: the usual case needs one way to the database and back instead of three. False when it failed so."""
        try:
            counts = [count for count, _ in self._expected]
            joined = _joined_batch if self._batch else _joined
            execute_all(self._connection, [joined(self._statements, counts)])
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) != DIVISION_BY_ZERO:
                raise
            return False
        return True

    def _send(self) -> list[int]:
        """How many rows each statement wrote."""
        if self._connection.dialect.name == "sqlite":
            _, *answers = execute_all(self._connection, [_BEGIN_SQLITE, *self._statements])
            return [len(answer) for answer in answers]
        _, [counts] = execute_all(self._connection, [_BEGIN, _joined(self._statements)])
        return list(counts)


# A plain BEGIN of SQLite takes its lock at the first write; the second of two would then fail at once.
_BEGIN_SQLITE: Statement = ("BEGIN IMMEDIATE", [])
_BEGIN: Statement = ("BEGIN", [])
DIVISION_BY_ZERO = "22012"
_texts: dict[tuple[tuple[str, ...], tuple[int | str | None, ...]], str] = {}


def _joined(statements: Sequence[Statement], expected: Sequence[int | str | None] = ()) -> Statement:
    """All writes as one statement that counts the rows of each, or divides by zero unless each wrote as many as are
    `expected` (None: any number). PostgreSQL carries out the parts in the order in which their counts are asked for."""
    key = (tuple(text for text, _ in statements), tuple(expected))
    text = _texts.get(key)
    if text is None:
        text = _texts[key] = _join(statements, expected)
    return text, [value for _, values in statements for value in values]


def _joined_batch(statements: Sequence[Statement], expected: Sequence[int | None]) -> Statement:
    """The same with the expected numbers as values, so that batches of all sizes share few texts."""
    first = sum(len(values) for _, values in statements) + 1
    wanted = [count for count in expected if count is not None]
    places = iter(range(first, first + len(wanted)))
    text, values = _joined(statements, [None if count is None else f"${next(places)}" for count in expected])
    return text, [*values, *wanted]


def _join(statements: Sequence[Statement], expected: Sequence[int | str | None]) -> str:
    parts, before = [], 0
    for place, (text, values) in enumerate(statements):
        moved = _NUMBERED.sub(lambda found, before=before: f"${int(found[1]) + before}", text)  # type: ignore[misc]  # a default is bound now
        parts.append(f"w{place} AS ({moved})")
        before += len(values)
    counts = [f"(SELECT count(*) FROM w{place})" for place in range(len(parts))]  # noqa: S608  our own names
    answer = ", ".join(counts)
    if expected:
        pairs = zip(counts, expected, strict=True)
        whole = " AND ".join(f"{count} >= 0" if wanted is None else f"{count} = {wanted}" for count, wanted in pairs)
        answer = f"1 / CASE WHEN {whole} THEN 1 ELSE 0 END"
    return f"WITH {', '.join(parts)} SELECT {answer}"


def _roll_back(connection: Connection) -> None:
    """End the transaction; a connection that broke has none any more."""
    if not connection.invalidated:
        raw: Any = connection.connection.driver_connection
        raw.rollback()


def execute_all(connection: Connection, statements: Sequence[Statement]) -> list[Rows]:
    """Carry out the statements in their order; answers the rows that each returned. Raises DBAPIError."""
    raw: Any = connection.connection.driver_connection
    open_cursor = raw.cursor if connection.dialect.name == "sqlite" else partial(RawCursor, raw)
    try:
        return [_rows(open_cursor().execute(text, values)) for text, values in statements]
    except connection.dialect.loaded_dbapi.Error as error:
        raise _as_sqlalchemy_says(connection, error, statements) from error


def _rows(cursor: Any) -> Rows:
    rows: Rows = cursor.fetchall() if cursor.description else []
    return rows


def _as_sqlalchemy_says(connection: Connection, error: Exception, statements: Sequence[Statement]) -> BaseException:
    """The driver's error as every other statement would raise it; a connection that broke leaves the pool."""
    dialect = connection.dialect
    broken = dialect.is_disconnect(error, connection.connection.dbapi_connection, None)  # type: ignore[arg-type]  # an Error
    if broken:
        connection.invalidate(error)
    return DBAPIError.instance(
        statements[0][0],
        None,
        error,
        dialect.loaded_dbapi.Error,
        hide_parameters=True,
        connection_invalidated=broken,
        dialect=dialect,
    )


def insert_rows(dialect: str, table: Table, rows: int) -> Any:
    """An insert of so many rows, or of arrays of them (MANY)."""
    if rows != MANY:
        return INSERT[dialect](table).values(rows_of(table, rows))
    binds = [bindparam(f"many_{one.name}", type_=ARRAY(one.type)) for one in table.columns]
    arrays = func.unnest(*binds).table_valued(*(column(one.name, one.type) for one in table.columns), name="many")
    return INSERT[dialect](table).from_select(list(table.columns.keys()), select(*arrays.render_derived().c))


def rows_of(table: Table, rows: int) -> list[dict[str, Any]]:
    """The values of an insert of so many rows, every column a bind of its own."""
    return [
        {column.name: bindparam(f"row{number}_{column.name}", type_=column.type) for column in table.columns}
        for number in range(rows)
    ]
