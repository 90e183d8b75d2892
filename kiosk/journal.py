"""What has happened at this kiosk and is not yet acknowledged: signed items, each naming the one before by its hash.

Each start of the kiosk is a *boot* with a chain of its own whose first item names the last one known, and takes the
next block of counters. Both are on the disk before the first code of the boot exists (contract sections 1 and 2), so
that a pulled plug can neither repeat a counter nor look like a copied machine.

A disk that takes nothing does not stop the kiosk, it stops what must be on the disk first: each such call raises
JournalNotWritten, and tries again the next time.
"""

from __future__ import annotations

import logging
import secrets
import sqlite3
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kiosk.clock import KioskClock
from kiosk.counters import COUNTERS_PER_BLOCK, Counters, CountersUsedUp
from kiosk.identity import Identity
from kiosk.journal_file import JournalFile
from kiosk.journal_queue import DONE_ITEMS_KEPT_SECONDS, JournalQueue, WaitingItem
from kiosk.reading_refusals import AlreadyRead
from kiosk.refusals import DiskRolledBack, JournalNotWritten, Refusal
from scenes.wire.documents import JOURNAL, sign_document
from scenes.wire.journal import (
    BootStarted,
    ClockSet,
    CodeIssued,
    CodeRead,
    Content,
    ItemHead,
    ItemReference,
    item_body,
    item_hash,
)
from scenes.wire.journal_content import BOOT_DIGITS
from scenes.wire.verdict import BOOTS_MAX, Verdict

__all__ = ["COUNTERS_PER_BLOCK", "CountersUsedUp", "Journal"]

log = logging.getLogger(__name__)

COUNTERS_FILE = "counters.json"


@dataclass(frozen=True, slots=True)
class _Last:
    """The newest item on disk."""

    reference: ItemReference
    claimed_at: int


class Journal:
    """The open journal of one boot. Safe to use from several threads of one process, never from two processes."""

    def __init__(self, path: Path, identity: Identity, clock: KioskClock) -> None:
        """Opens the file and starts a boot: its first item and its block of counters are on disk when this returns,
        or `why_not` says what the disk has against it."""
        self._identity, self._clock = identity, clock
        self._lock = threading.RLock()
        self._counters_path = path.with_name(COUNTERS_FILE)
        self._counters: Counters | None = None
        self._refused_block: int | None = None
        self._clock_started = False
        self._known_backlog = 0
        self._file = JournalFile(path, clock.now)
        self.queue = JournalQueue(self._file)
        self._name_boot()
        try:
            self._start()
        except JournalNotWritten:
            log.error("this start is not in the journal yet")
        except BaseException:
            self._file.close()
            raise

    def _name_boot(self) -> None:
        self.boot = secrets.token_hex(BOOT_DIGITS // 2)
        self._started = False
        self._last: ItemReference | None = None
        self._next = self._end = 0

    def _start(self) -> None:
        with self._file.writing() as connection:
            last = _last_item(connection)
            if not self._clock_started:
                self._clock.start_after(last.claimed_at if last else None)
                self._clock_started = True
            self._last = last.reference if last else None
            if self._counters is None:
                reserved = _reserved_in_journal(connection)
                self._counters = Counters(self._counters_path, self._identity, reserved_in_journal=reserved)
            connection.execute("INSERT INTO boots (boot, started_at) VALUES (?, ?)", (self.boot, self._clock.now()))
            first = None if self._counters.stop else self._reserved_block(connection, self._counters)
            reference = self._insert(connection, BootStarted(self._last), None)
        self._take_block(first)
        self._last = reference
        self._started = True

    def _ensure_started(self) -> Counters:
        """Begins this start once more where the disk refused it; raises JournalNotWritten."""
        if not self._started:
            self._start()
        assert self._counters is not None, "a start has its counters"
        return self._counters

    def next_counter(self) -> int:
        """A counter that no code of this kiosk ever had; reserves the next block when this one is used up.

        Raises JournalNotWritten, or CountersUnknown where none may be given until the kiosk has its next key.
        """
        with self._lock:
            counters = self._ensure_started()
            if counters.stop is not None:
                raise counters.stop
            if self._next == self._end:
                with self._file.writing() as connection:
                    first = self._reserved_block(connection, counters)
                self._take_block(first)
            counter = self._next
            self._next += 1
            return counter

    def _reserved_block(self, connection: sqlite3.Connection, counters: Counters) -> int:
        """The first counter of the next block, reserved; one that the disk then refused is tried again, not skipped."""
        if self._refused_block is None:
            self._refused_block = counters.reserve()
        connection.execute("INSERT INTO blocks (first, boot) VALUES (?, ?)", (self._refused_block, self.boot))
        return self._refused_block

    def _take_block(self, first: int | None) -> None:
        """The block is in the journal too: its counters may be given."""
        if first is not None:
            self._next, self._end = first, first + COUNTERS_PER_BLOCK
        self._refused_block = None

    @property
    def why_not(self) -> Refusal | None:
        """Why no code can be issued now: the disk, or counters that are not known; None when all is well."""
        if self._file.trouble is not None or self._counters is None:
            return self._file.trouble
        return self._counters.stop

    def recover(self) -> None:
        """Tries the disk again after a trouble; where the file itself is damaged, a new one begins with a new boot."""
        with self._lock:
            try:
                if self._file.begin_anew():
                    self._name_boot()
                if self._started:
                    with self._file.writing() as connection:
                        connection.execute("UPDATE boots SET started_at = started_at WHERE boot = ?", (self.boot,))
                else:
                    self._start()
            except JournalNotWritten as trouble:
                log.debug("still no writing: %s", trouble.words.en)

    def keep_issued(self, code_text: str, counter: int) -> ItemReference:
        """Writes down that this code was issued; it is on the disk when this returns, so it may be shown now."""
        with self._lock:
            self._ensure_started()
            with self._file.writing() as connection:
                reference = self._insert(connection, CodeIssued(code_text), counter)
            self._last = reference
            return reference

    def keep_read(self, read: CodeRead, minute: tuple[bytes, int] | None) -> ItemReference:
        """Writes down a reading; it is on the disk when this returns, so the person may be thanked now.

        `minute` is the alias and slot of a member code, None for a card. Raises AlreadyRead and writes nothing when
        this journal holds the minute, and JournalNotWritten.
        """
        with self._lock:
            self._ensure_started()
            with self._file.writing() as connection:
                reference = self._insert(connection, read, None)
                if minute is not None:
                    _claim_minute(connection, minute)
            self._last = reference
            return reference

    def keep_clock_set(self, set_to: int, by: str) -> ItemReference:
        """Sets the clock and writes down who did; without the item on the disk the clock stays as it was."""
        with self._lock:
            self._ensure_started()
            before = self._clock.set_to(set_to)
            try:
                with self._file.writing() as connection:
                    reference = self._insert(connection, ClockSet(set_to, by), None)
            except BaseException:
                self._clock.put_back(before)
                raise
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
        """Keeps what this boot's last verified heartbeat measured, as far as the disk takes it."""
        with self._lock:
            try:
                self._ensure_started()
                with self._file.writing() as connection:
                    connection.execute(
                        "INSERT INTO offsets (boot, offset_seconds, answered_at) VALUES (?, ?, ?)"
                        " ON CONFLICT (boot) DO UPDATE SET offset_seconds = excluded.offset_seconds,"
                        " answered_at = excluded.answered_at",
                        (self.boot, offset_seconds, self._clock.now()),
                    )
            except JournalNotWritten as trouble:
                log.debug("the offset is not kept: %s", trouble.words.en)

    def last_sync(self) -> int | None:
        """Server time of the last verified heartbeat of any start, None before the first."""
        try:
            with self._file.reading() as connection:
                found = connection.execute("SELECT max(answered_at + offset_seconds) FROM offsets").fetchone()[0]
                return None if found is None else int(found)
        except JournalNotWritten:
            return None

    def queue_length(self) -> int:
        """How many items the office has not acknowledged; the last known number where the disk can't be read."""
        try:
            self._known_backlog = self.queue.backlog().items
        except JournalNotWritten as trouble:
            log.debug("the queue can't be counted: %s", trouble.words.en)
        return self._known_backlog

    def apply_verdicts(self, batch: Sequence[WaitingItem], verdict: Verdict) -> int:
        """Marks done what this verified verdict names, and hears what else the office holds; answers how many."""
        done = self.queue.apply(batch, verdict)
        self.hear_held(verdict.contiguous, verdict.server_time)
        return done

    def hear_held(self, contiguous: dict[str, int], server_time: int) -> None:
        """What a verified verdict says the office has of each start.

        More than this disk ever held: it was put back to an earlier day, and its counters may have been used already.
        Less than the office had before: its books were put back, and it is sent again what it lost; all of a start
        that it doesn't know any more.
        """
        with self._lock, self._file.writing() as connection:
            for boot, seq in (contiguous | self._unknown(connection, contiguous, server_time)).items():
                newest = connection.execute("SELECT max(seq) FROM items WHERE boot = ?", (boot,)).fetchone()[0]
                if newest is not None and seq > newest and self._counters is not None:
                    self._counters.stop_for_good(DiskRolledBack)
                if _is_less_than_before(connection, boot, seq, server_time):
                    again = self.queue.send_again(connection, boot, seq)
                    log.warning("the office lost what it had of %s after %d; %d items are sent again", boot, seq, again)

    def _unknown(self, connection: sqlite3.Connection, contiguous: dict[str, int], server_time: int) -> dict[str, int]:
        """Starts of which the office once had something and now has nothing: they are missing in this verdict.

        Only a verdict that names this very start names all: each start of which the office heard in 60 days. What it
        took longer ago than the 40 days for which an item stays here may well be missing.
        """
        if self.boot not in contiguous or len(contiguous) >= BOOTS_MAX:
            return {}
        had = "SELECT boot FROM held WHERE seq > 0 AND server_time > ?"
        rows = connection.execute(had, (server_time - DONE_ITEMS_KEPT_SECONDS,)).fetchall()
        return {boot: 0 for (boot,) in rows if boot not in contiguous}

    def close(self) -> None:
        self._file.close()


def _last_item(connection: sqlite3.Connection) -> _Last | None:
    row = connection.execute("SELECT boot, seq, hash, claimed_at FROM items ORDER BY number DESC LIMIT 1").fetchone()
    return None if row is None else _Last(ItemReference(row[0], row[1], row[2]), row[3])


def _claim_minute(connection: sqlite3.Connection, minute: tuple[bytes, int]) -> None:
    """Notes the minute with the newest item; raises AlreadyRead, which takes that item back."""
    claimed = connection.execute(
        "INSERT INTO read_minutes (alias, slot, number) SELECT ?, ?, max(number) FROM items WHERE true"
        " ON CONFLICT (alias, slot) DO NOTHING RETURNING slot",
        minute,
    ).fetchone()
    if claimed is None:
        raise AlreadyRead


def _reserved_in_journal(connection: sqlite3.Connection) -> int | None:
    """The last counter of the newest block, 0 without blocks, None in a file in which no kiosk ever started."""
    if connection.execute("SELECT 1 FROM boots LIMIT 1").fetchone() is None:
        return None
    newest = connection.execute("SELECT max(first) FROM blocks").fetchone()[0]
    return 0 if newest is None else int(newest) + COUNTERS_PER_BLOCK - 1


def _is_less_than_before(connection: sqlite3.Connection, boot: str, seq: int, server_time: int) -> bool:
    """Keeps what the office holds of this start; true when it held more at an earlier time."""
    known = connection.execute("SELECT seq, server_time FROM held WHERE boot = ?", (boot,)).fetchone()
    if known is not None and (known[0] == seq or (server_time, seq) < (known[1], known[0])):
        return False  # the answers of two requests may overtake each other, also within a second
    connection.execute(
        "INSERT INTO held (boot, seq, server_time) VALUES (?, ?, ?)"
        " ON CONFLICT (boot) DO UPDATE SET seq = excluded.seq, server_time = excluded.server_time",
        (boot, seq, server_time),
    )
    return known is not None and seq < int(known[0])
