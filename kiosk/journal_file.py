"""The journal's SQLite file: a committed line is on the disk, older layouts are brought up to date, a damaged file is
kept aside, and what the disk refuses is a refusal with words."""

from __future__ import annotations

import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NoReturn

from kiosk.disk_troubles import trouble_of
from kiosk.refusals import JournalDamaged, JournalNotWritten

log = logging.getLogger(__name__)

# The script at place n makes layout n + 1 of the one before; a new file runs them all.
LAYOUTS = tuple(
    Path(__file__).with_name(name) for name in ("journal_tables.sql", "journal_layout_2.sql", "journal_layout_3.sql")
)
LAYOUT_VERSION = len(LAYOUTS)
BUSY_SECONDS = 5.0
COMPANIONS = ("-wal", "-shm")  # what SQLite keeps beside its file
DAMAGED = "damaged"


class JournalTooNew(Exception):
    """The file was written by a newer version of this software."""


class JournalFile:
    """One connection, shared by the threads of one process behind a lock.

    Trouble of the disk doesn't stop the process: `trouble` says it in words, and each write tries again.
    """

    def __init__(self, path: Path, wall: Callable[[], float] = time.time) -> None:
        """Opens the file, or notes why it can't; raises JournalTooNew."""
        self._path, self._wall = path, wall
        self._lock = threading.RLock()
        self._connection: sqlite3.Connection | None = None
        self._closed = False
        self.trouble: JournalNotWritten | None = None
        try:
            self._open()
        except JournalNotWritten as trouble:
            log.error("the journal can't be opened: %s", trouble.words.en)

    def _open(self) -> sqlite3.Connection:
        """The open connection; raises JournalNotWritten while the disk does not let us have one."""
        if self._closed:
            raise sqlite3.ProgrammingError("the journal is closed")
        try:
            if self._connection is None:
                if self._path.exists() and is_damaged(self._path):
                    self._keep_aside()
                self._connection = _opened(self._path)
                self.trouble = None
            return self._connection
        except (sqlite3.Error, OSError) as fault:
            self._fail(fault)

    def _keep_aside(self) -> None:
        if self._path.exists():
            kept = keep_aside(self._path, DAMAGED, self._wall())
            log.error("the journal is damaged; it is kept as %s, and a new one begins", kept.name)

    def _fail(self, fault: Exception) -> NoReturn:
        """Raises the refusal that this fault of the disk means, or the fault itself."""
        trouble = trouble_of(fault)
        if trouble is None:
            raise fault
        if self.trouble is None or self.trouble.code != trouble.code:
            log.error("the journal can't be written: %s (%s)", trouble.words.en, fault)
        self.trouble = trouble
        raise trouble from fault

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """One transaction, on the disk when the block ends; rolled back when it raises.

        Raises JournalNotWritten when the disk is full, read-only, failing or the file damaged.
        """
        with self._lock:
            connection = self._open()
            try:
                with _transaction(connection):
                    yield connection
            except (sqlite3.Error, OSError) as fault:
                self._fail(fault)
            self.trouble = None

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The connection for single reads; raises JournalNotWritten when there is none."""
        with self._lock:
            connection = self._open()
            try:
                yield connection
            except sqlite3.Error as fault:
                self._fail(fault)

    def begin_anew(self) -> bool:
        """Opens the file again after it was found damaged; true when a new file has taken its place."""
        with self._lock:
            if not isinstance(self.trouble, JournalDamaged):
                return False
            self._let_go()
            try:
                self._keep_aside()
            except OSError as fault:
                self._fail(fault)
            self._open()
            return True

    def close(self) -> None:
        """Closes the file for good: another process may have it now."""
        with self._lock:
            self._closed = True
            self._let_go()

    def _let_go(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def is_damaged(path: Path) -> bool:
    """True when this is no SQLite file any more, or one whose pages do not fit together."""
    try:
        with closing(sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)) as connection:
            return bool(connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",))
    except sqlite3.Error as fault:
        if isinstance(trouble_of(fault), JournalDamaged):
            return True
        raise


def keep_aside(path: Path, why: str, now: float) -> Path:
    """Moves the file and its companions to a dated name beside it, where nothing removes them; answers the name."""
    stamp = time.strftime("%Y%m%d-%H%M%S", time.gmtime(now))
    names = (path.with_name(f"{path.stem}.{why}-{stamp}{more}{path.suffix}") for more in _tellers())
    kept = next(name for name in names if not name.exists())
    # Its companions first: without them the moved file would lack what was committed last.
    for companion in COMPANIONS:
        beside = path.with_name(path.name + companion)
        if beside.exists():
            beside.rename(kept.with_name(kept.name + companion))
    path.rename(kept)
    return kept


def kept_aside(folder: Path) -> list[Path]:
    """The damaged journals in this folder, oldest first."""
    return sorted(folder.glob(f"journal.{DAMAGED}-*.sqlite"))


def _tellers() -> Iterator[str]:
    yield ""
    number = 2
    while True:
        yield f"-{number}"
        number += 1


def _opened(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        _set_up(connection)
        path.chmod(0o600)
    except BaseException:
        connection.close()
        raise
    return connection


def _set_up(connection: sqlite3.Connection) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    # FULL: a commit returns only after the log is flushed; a code is shown only after that.
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA fullfsync = ON")
    connection.execute("PRAGMA foreign_keys = ON")
    with _transaction(connection):
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version > LAYOUT_VERSION:
            raise JournalTooNew(f"layout {version}, this software knows up to {LAYOUT_VERSION}")
        for script in LAYOUTS[version:]:
            for statement in _statements(script.read_text(encoding="utf-8")):
                connection.execute(statement)
        if version < LAYOUT_VERSION:
            connection.execute(f"PRAGMA user_version = {LAYOUT_VERSION}")


@contextmanager
def _transaction(connection: sqlite3.Connection) -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # A commit that finds the disk full leaves the transaction open; some faults have ended it already.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _statements(script: str) -> Iterator[str]:
    """Whole statements, so that they run in one transaction (executescript would commit first)."""
    waiting = ""
    for line in script.splitlines(keepends=True):
        waiting += line
        if sqlite3.complete_statement(waiting):
            yield waiting
            waiting = ""
