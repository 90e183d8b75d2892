"""Looks into a journal without changing it, beside a running kiosk too: for status, export and diagnosis."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kiosk.journal_file import BUSY_SECONDS
from kiosk.journal_queue import Answered, Backlog, backlog_of, not_credited

BEFORE_THE_QUEUE = 1  # the layout in which every item waits


class JournalUnreadable(Exception):
    """The file is not there or can't be read; the message says which."""


@dataclass(frozen=True, slots=True)
class JournalSummary:
    """How a journal stands. Times in Unix seconds: `last_item_at` of the device, `last_sync` of the server."""

    layout: int
    items: int
    boots: int
    backlog: Backlog
    last_item_at: int | None
    last_sync: int | None


@contextmanager
def reading_journal(path: Path) -> Iterator[sqlite3.Connection]:
    """One snapshot of the file; raises JournalUnreadable."""
    if not path.exists():
        raise JournalUnreadable(f"there is no journal at {path}")
    try:
        with closing(
            sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=BUSY_SECONDS)
        ) as connection:
            connection.isolation_level = None
            connection.execute("BEGIN")
            yield connection
    except sqlite3.Error as fault:
        raise JournalUnreadable(f"{path} can't be read: {fault}") from fault


def summary_of(path: Path) -> JournalSummary:
    """Raises JournalUnreadable."""
    with reading_journal(path) as connection:
        layout = connection.execute("PRAGMA user_version").fetchone()[0]
        items, last_item_at = connection.execute("SELECT count(*), max(claimed_at) FROM items").fetchone()
        return JournalSummary(
            layout=layout,
            items=items,
            boots=connection.execute("SELECT count(*) FROM boots").fetchone()[0],
            backlog=_all_wait(connection) if layout <= BEFORE_THE_QUEUE else backlog_of(connection),
            last_item_at=last_item_at,
            last_sync=connection.execute("SELECT max(answered_at + offset_seconds) FROM offsets").fetchone()[0],
        )


def answers_of(path: Path) -> list[Answered]:
    """What was refused, is pending or was put aside, the newest first; raises JournalUnreadable."""
    with reading_journal(path) as connection:
        layout = connection.execute("PRAGMA user_version").fetchone()[0]
        return [] if layout <= BEFORE_THE_QUEUE else not_credited(connection)


def kiosk_of(path: Path) -> int | None:
    """The number of the kiosk whose items these are; None where there are none, or none that can be read."""
    try:
        with reading_journal(path) as connection:
            row = connection.execute("SELECT json_extract(body, '$.kiosk') FROM items ORDER BY number DESC").fetchone()
            return None if row is None else int(row[0])
    except JournalUnreadable:
        return None


def _all_wait(connection: sqlite3.Connection) -> Backlog:
    items, since = connection.execute("SELECT count(*), min(claimed_at) FROM items").fetchone()
    return Backlog(items, 0, since)


def signed_items(path: Path, *, every: bool, most: int) -> tuple[list[dict[str, Any]], dict[str, int], bool]:
    """Signed documents, oldest first, only waiting ones unless `every`; the offsets of their boots; and whether the
    file gave all it should. Raises JournalUnreadable when it gives nothing at all."""
    documents: list[dict[str, Any]] = []
    offsets: dict[str, int] = {}
    try:
        with reading_journal(path) as connection:
            queue = connection.execute("PRAGMA user_version").fetchone()[0] > BEFORE_THE_QUEUE
            only = "" if every or not queue else " WHERE number IN (SELECT number FROM waiting)"
            offsets |= dict(connection.execute("SELECT boot, offset_seconds FROM offsets").fetchall())
            query = f"SELECT body, key, signature FROM items{only} ORDER BY number LIMIT ?"  # noqa: S608 - our own words
            for body, key, signature in connection.execute(query, (most,)):
                documents.append({"body": body, "key": key, "signature": signature})
    except JournalUnreadable:
        if not documents:
            raise
        return documents, offsets, False
    return documents, offsets, True
