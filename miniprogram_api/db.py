"""The database: one engine set-up for SQLite and PostgreSQL, and what a transaction is."""

from __future__ import annotations

import random
import secrets
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

import psycopg
from flask_sqlalchemy import SQLAlchemy
from psycopg.types.numeric import Int8BinaryDumper, Int8Dumper
from sqlalchemy import BigInteger, Connection, Dialect, Engine, Integer, MetaData, event, make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, InvalidatePoolError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session

P = ParamSpec("P")
R = TypeVar("R")

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
BUSY_MILLISECONDS = 10_000  # how long a statement waits for somebody else's lock, on both databases
CONNECT_SECONDS = 5
SILENT_SECONDS = 10  # a server that doesn't acknowledge what we sent for so long is gone
REST_SECONDS = 1.0
TRIES_MAX = 12
# PostgreSQL, appendix A: serialization failure, deadlock.
RETRIED_STATES = frozenset({"40001", "40P01"})
# Read-only transaction: the server has become a stand-by.
AWAY_STATES = frozenset({"25006"})

# On SQLite only a column typed INTEGER is the row id itself, which saves an index on every table.
BIG = BigInteger().with_variant(Integer, "sqlite")


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)


db = SQLAlchemy(model_class=Base)


class DatabaseAway(Exception):
    """The database can't be reached or is too busy: later, with the same key."""


class TryAgain(Exception):
    """Another transaction was first; the whole transaction runs again from its first read."""


def new_id() -> int:
    """A random positive 63-bit id; shown to the outside as 16 hex digits."""
    return secrets.randbits(63) or 1


def public_id(number: int) -> str:
    return f"{number:016x}"


def number_of(text: str) -> int | None:
    """The number behind a public id, or None when the text can't be one."""
    if len(text) != 16 or not text.isascii() or text.lower() != text:
        return None
    try:
        number = int(text, 16)
    except ValueError:
        return None
    return number if f"{number:016x}" == text and number < 1 << 63 else None


def prepare_engine(engine: Engine) -> None:
    """Durability and locking of a SQLite engine; PostgreSQL's defaults (READ COMMITTED) are what we want."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _open_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "connect", _open_postgresql)
        event.listen(engine, "checkin", _note_rest)
        event.listen(engine, "checkout", partial(_wake, engine.dialect))
        engine.dialect.do_rollback = _roll_back  # type: ignore[assignment, method-assign]  # of this engine alone


def engine_options(url: str) -> dict[str, Any]:
    """How to reach the database: nobody waits for minutes for a server that doesn't answer."""
    parts = make_url(url)
    if parts.get_backend_name() != "postgresql":
        return {}
    wanted = {"connect_timeout": CONNECT_SECONDS, "tcp_user_timeout": SILENT_SECONDS * 1000}
    return {
        "pool_timeout": CONNECT_SECONDS,
        "connect_args": {name: value for name, value in wanted.items() if name not in parts.query},
    }


def _open_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_MILLISECONDS}")  # first, or the next lines may meet a lock
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA recursive_triggers = ON")
    cursor.close()


def _open_postgresql(connection: psycopg.Connection[Any], _record: Any) -> None:
    # The driver sends a whole number in the smallest type that holds it, and to the server a statement with other types
    # is another statement to plan. All our numbers are 64 bits wide.
    connection.adapters.register_dumper(int, Int8BinaryDumper)
    connection.adapters.register_dumper(int, Int8Dumper)
    connection.autocommit = True  # a setting made in a transaction would be undone with it
    # A client that vanished without a word must not hold its locks for the two hours that TCP would give it.
    connection.execute(
        f"SET lock_timeout = {BUSY_MILLISECONDS}; SET tcp_keepalives_idle = {SILENT_SECONDS}; "
        f"SET tcp_keepalives_interval = {SILENT_SECONDS}; SET tcp_keepalives_count = 2"
    )
    connection.autocommit = False


def _roll_back(connection: Any) -> None:
    """ROLLBACK without the driver's notice, which would make it forget every statement that it has prepared.

    Each reading call ends so, and the next scan would be planned anew; our schema doesn't change under a transaction.
    """
    line = connection.pgconn
    if line.transaction_status == psycopg.pq.TransactionStatus.INTRANS:
        line.exec_(b"ROLLBACK")
    if line.transaction_status != psycopg.pq.TransactionStatus.IDLE:
        connection.rollback()  # failed, broken or under way: the driver knows what to do, and says what went wrong


def _note_rest(_connection: Any, record: Any) -> None:
    record.info["rests_since"] = time.monotonic()


def _wake(dialect: Dialect, connection: Any, record: Any, _proxy: Any) -> None:
    """Ask a connection that has rested whether its server is still the same one; under load nobody asks."""
    rests_since = record.info.get("rests_since")
    if rests_since is None or time.monotonic() - rests_since < REST_SECONDS:
        return
    try:
        dialect.do_ping(connection)
    except psycopg.Error as error:
        raise InvalidatePoolError from error  # the others rest on the same server; SQLAlchemy connects anew


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("isolation_level") == "AUTOCOMMIT":
        return
    # A plain BEGIN that reads and then writes fails with "database is locked" under load.
    connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("writes", False) else "BEGIN")


def end_reading(session: Session) -> None:
    """End what the session had open for reading; a connection that broke meanwhile is thrown away."""
    try:
        session.rollback()
    except DBAPIError:
        session.invalidate()


@contextmanager
def standing_alone(session: Session) -> Iterator[Connection]:
    """A connection on which each statement stands alone: for a use case that reads once, in one statement, and then
    sends its writes as one transaction (`books.prepared.Writes`). What the session had open for reading ends here."""
    end_reading(session)
    engine = session.get_bind()
    assert isinstance(engine, Engine)
    with engine.connect() as connection:
        yield connection.execution_options(isolation_level="AUTOCOMMIT")


@contextmanager
def transaction(session: Session) -> Iterator[Connection]:
    """One writing transaction on a connection of its own: commits at the end, rolls back on every exception.

    What the session had open for reading ends here; the two never wait for each other.
    """
    end_reading(session)
    engine = session.get_bind()
    assert isinstance(engine, Engine)
    with engine.connect() as connection:
        connection = connection.execution_options(writes=True)
        with connection.begin():
            yield connection


def use_case(function: Callable[Concatenate[Session, P], R]) -> Callable[Concatenate[Session, P], R]:
    """Run a service again from its start when another transaction was first; raises DatabaseAway when that won't end.

    The outcome of a broken COMMIT is unknown to us; the caller asks again with the same key.
    """

    @wraps(function)
    def run(session: Session, /, *args: P.args, **kwargs: P.kwargs) -> R:
        broken: BaseException | None = None
        for attempt in range(TRIES_MAX):
            try:
                return function(session, *args, **kwargs)
            except TryAgain as again:
                end_reading(session)
                broken = again.__cause__
            except DBAPIError as error:
                end_reading(session)
                if not _may_be_retried(error):
                    raise _away_or(error) from error
            time.sleep(random.uniform(0, 0.002 * 2 ** min(attempt, 6)))
        if broken is not None:
            raise broken  # a constraint that no other transaction explains is a mistake of ours
        raise DatabaseAway("the transaction found no way through")

    return run


def _may_be_retried(error: DBAPIError) -> bool:
    return getattr(error.orig, "sqlstate", None) in RETRIED_STATES


def _away_or(error: DBAPIError) -> Exception:
    return DatabaseAway(str(error.orig)) if says_away(error) else error


def says_away(error: DBAPIError) -> bool:
    """Whether it is about the database and not about what we asked of it: gone, locked, full, or only to be read."""
    if isinstance(error, (OperationalError, InterfaceError)) or error.connection_invalidated:
        return True
    return getattr(error.orig, "sqlstate", None) in AWAY_STATES
