"""The journal's SQLite file: opened so that a committed line is on the disk, with its tables made once."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TABLES = Path(__file__).with_name("journal_tables.sql")
LAYOUT_VERSION = 1
BUSY_SECONDS = 5.0


class JournalTooNew(Exception):
    """The file was written by a newer version of this software."""


class JournalFile:
    """One connection, shared by the threads of one process behind a lock."""

    def __init__(self, path: Path) -> None:
        self._lock = threading.RLock()
        self._connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        try:
            self._set_up()
        except BaseException:
            self._connection.close()
            raise
        path.chmod(0o600)

    def _set_up(self) -> None:
        self._connection.execute("PRAGMA journal_mode = WAL")
        # FULL: a commit returns only after the log is flushed; a code is shown only after that.
        self._connection.execute("PRAGMA synchronous = FULL")
        self._connection.execute("PRAGMA fullfsync = ON")
        self._connection.execute("PRAGMA foreign_keys = ON")
        with self.writing() as connection:
            version = connection.execute("PRAGMA user_version").fetchone()[0]
            if version > LAYOUT_VERSION:
                raise JournalTooNew(f"layout {version}, this software knows up to {LAYOUT_VERSION}")
            if version == 0:
                for statement in _statements(TABLES.read_text(encoding="utf-8")):
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version = {LAYOUT_VERSION}")

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction, on the disk when the block ends; rolled back when it raises."""
        with self._lock:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                # A commit that finds the disk full leaves the transaction open; some faults have ended it already.
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The connection for single reads."""
        with self._lock:
            yield self._connection

    def close(self) -> None:
        with self._lock:
            self._connection.close()


def _statements(script: str) -> Iterator[str]:
    """Whole statements, so that they run in one transaction (executescript would commit first)."""
    waiting = ""
    for line in script.splitlines(keepends=True):
        waiting += line
        if sqlite3.complete_statement(waiting):
            yield waiting
            waiting = ""
