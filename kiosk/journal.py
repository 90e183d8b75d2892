"""What has happened at this kiosk and is not yet acknowledged: signed items, each naming the one before by its hash.

Each start of the kiosk is a *boot* with a chain of its own whose first item names the last one known, and takes the
next block of counters. Both are on the disk before the first code of the boot exists (contract sections 1 and 2), so
that a pulled plug can neither repeat a counter nor look like a copied machine.
"""

from __future__ import annotations

import secrets
import sqlite3
import threading
from dataclasses import dataclass
from pathlib import Path

from kiosk.clock import KioskClock
from kiosk.identity import Identity
from kiosk.journal_file import JournalFile
from scenes.wire.documents import JOURNAL, sign_document
from scenes.wire.fields import UNSIGNED_32_MAX
from scenes.wire.journal import BootStarted, CodeIssued, Content, ItemHead, ItemReference, item_body, item_hash
from scenes.wire.journal_content import BOOT_DIGITS

COUNTERS_PER_BLOCK = 1_000


class CountersUsedUp(Exception):
    """All four thousand million counters of this key are used; the kiosk needs a new epoch."""


@dataclass(frozen=True, slots=True)
class _Last:
    """The newest item on disk."""

    reference: ItemReference
    claimed_at: int


class Journal:
    """The open journal of one boot. Safe to use from several threads of one process, never from two processes."""

    def __init__(self, path: Path, identity: Identity, clock: KioskClock) -> None:
        """Opens the file and starts a boot: its first item and its block of counters are on disk when this returns."""
        self._identity, self._clock = identity, clock
        self._lock = threading.RLock()
        self._file = JournalFile(path)
        self.boot = secrets.token_hex(BOOT_DIGITS // 2)
        try:
            self._start()
        except BaseException:
            self._file.close()
            raise

    def _start(self) -> None:
        with self._file.writing() as connection:
            last = _last_item(connection)
            self._clock.start_after(last.claimed_at if last else None)
            connection.execute("INSERT INTO boots (boot, started_at) VALUES (?, ?)", (self.boot, self._clock.now()))
            self._last = last.reference if last else None
            self._next, self._end = _reserved_block(connection, self.boot)
            reference = self._insert(connection, BootStarted(self._last), None)
        self._last = reference

    def next_counter(self) -> int:
        """A counter that no code of this kiosk ever had; reserves the next block when this one is used up."""
        with self._lock:
            if self._next == self._end:
                with self._file.writing() as connection:
                    self._next, self._end = _reserved_block(connection, self.boot)
            counter = self._next
            self._next += 1
            return counter

    def keep_issued(self, code_text: str, counter: int) -> ItemReference:
        """Writes down that this code was issued; it is on the disk when this returns, so it may be shown now."""
        with self._lock:
            with self._file.writing() as connection:
                reference = self._insert(connection, CodeIssued(code_text), counter)
            self._last = reference
            return reference

    def _insert(self, connection: sqlite3.Connection, content: Content, counter: int | None) -> ItemReference:
        """Adds one item to this boot's chain; the caller's transaction makes it last."""
        seq = self._last.seq + 1 if self._last is not None and self._last.boot == self.boot else 1
        before = self._last.hash if self._last else None
        head = ItemHead(
            kiosk=self._identity.kiosk,
            epoch=self._identity.epoch,
            boot=self.boot,
            seq=seq,
            before=before,
            claimed_at=self._clock.now(),
            clock="trusted" if self._clock.trusted else "untrusted",
            uptime_ms=self._clock.uptime_ms(),
        )
        body = item_body(head, content)
        document = sign_document(JOURNAL, body, self._identity.key_id, self._identity.private_key)
        reference = ItemReference(self.boot, seq, item_hash(body))
        connection.execute(
            "INSERT INTO items (boot, seq, hash, before, claimed_at, counter, body, key, signature)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (self.boot, seq, reference.hash, before, head.claimed_at, counter, body, document["key"],
             document["signature"]),
        )  # fmt: skip
        return reference

    def keep_offset(self, offset_seconds: int) -> None:
        """Keeps what this boot's last verified heartbeat measured; the boot's items are corrected by it later."""
        with self._file.writing() as connection:
            connection.execute(
                "INSERT INTO offsets (boot, offset_seconds, answered_at) VALUES (?, ?, ?)"
                " ON CONFLICT (boot) DO UPDATE SET offset_seconds = excluded.offset_seconds,"
                " answered_at = excluded.answered_at",
                (self.boot, offset_seconds, self._clock.now()),
            )

    def queue_length(self) -> int:
        """How many items the office has not acknowledged."""
        with self._file.reading() as connection:
            return int(connection.execute("SELECT count(*) FROM items").fetchone()[0])

    def close(self) -> None:
        self._file.close()


def _last_item(connection: sqlite3.Connection) -> _Last | None:
    row = connection.execute("SELECT boot, seq, hash, claimed_at FROM items ORDER BY number DESC LIMIT 1").fetchone()
    return None if row is None else _Last(ItemReference(row[0], row[1], row[2]), row[3])


def _reserved_block(connection: sqlite3.Connection, boot: str) -> tuple[int, int]:
    """Reserves the next block for this boot and answers its first counter and the one after its last."""
    newest = connection.execute("SELECT max(first) FROM blocks").fetchone()[0]
    first = 1 if newest is None else newest + COUNTERS_PER_BLOCK
    if first + COUNTERS_PER_BLOCK - 1 > UNSIGNED_32_MAX:
        raise CountersUsedUp
    connection.execute("INSERT INTO blocks (first, boot) VALUES (?, ?)", (first, boot))
    return first, first + COUNTERS_PER_BLOCK
