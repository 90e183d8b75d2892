"""The journal: a chain of signed items for each start, counters that never come twice, nothing changed afterwards."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from kiosk.clock import KioskClock
from kiosk.folder import KioskFolder
from kiosk.identity import Identity, read_identity
from kiosk.journal import COUNTERS_PER_BLOCK, CountersUsedUp, Journal
from kiosk.journal_file import JournalFile, JournalTooNew
from scenes.wire import signing
from scenes.wire.journal import BootStarted, CodeIssued, JournalItem, open_item
from tests.kiosk.conftest import MovedClock


@contextmanager
def started(folder: KioskFolder, time_now: MovedClock, *, battery: bool = True) -> Iterator[Journal]:
    """A start of the kiosk's journal."""
    clock = KioskClock(lambda: time_now.wall, lambda: time_now.up, battery=battery)
    with closing(Journal(folder.journal, read_identity(folder), clock)) as journal:
        yield journal


def rows(path: Path, statement: str) -> list[Any]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(statement).fetchall()


def items(folder: KioskFolder) -> list[JournalItem]:
    """Every item as the office will open it."""
    identity: Identity = read_identity(folder)
    public = signing.public_key_of(identity.private_key)
    found = rows(folder.journal, "SELECT body, key, signature FROM items ORDER BY number")
    documents = [dict(zip(("body", "key", "signature"), row, strict=True)) for row in found]
    return [open_item(document, lambda kiosk, epoch: public) for document in documents]


def test_a_start_writes_its_first_item_before_anything_else(folder: KioskFolder, time_now: MovedClock) -> None:
    with started(folder, time_now) as journal:
        [boot] = items(folder)
    assert boot.content == BootStarted(last=None)
    assert (boot.head.boot, boot.head.seq, boot.head.before) == (journal.boot, 1, None)


def test_items_of_a_start_are_a_chain_of_hashes(folder: KioskFolder, time_now: MovedClock) -> None:
    with started(folder, time_now) as journal:
        for text in ("AA", "BB", "CC"):
            time_now.move(7)
            journal.keep_issued(text, journal.next_counter())
    chain = items(folder)
    assert [item.head.seq for item in chain] == [1, 2, 3, 4]
    assert [item.head.before for item in chain[1:]] == [item.hash for item in chain[:-1]]
    assert [item.content for item in chain[1:]] == [CodeIssued("AA"), CodeIssued("BB"), CodeIssued("CC")]
    assert [item.head.uptime_ms for item in chain] == [0, 7_000, 14_000, 21_000]


def test_the_next_start_names_the_last_item_and_begins_a_chain_of_its_own(
    folder: KioskFolder, time_now: MovedClock
) -> None:
    with started(folder, time_now) as first:
        last = first.keep_issued("AA", first.next_counter())
    time_now.move(60)
    with started(folder, time_now) as second:
        pass
    boot = items(folder)[-1]
    assert boot.content == BootStarted(last=last)
    assert (boot.head.boot, boot.head.seq, boot.head.before) == (second.boot, 1, last.hash)
    assert second.boot != first.boot


def test_each_start_takes_the_next_block_of_counters(folder: KioskFolder, time_now: MovedClock) -> None:
    taken = []
    for _ in range(3):
        with started(folder, time_now) as journal:
            taken.append((journal.next_counter(), journal.next_counter()))
    assert taken == [(1, 2), (1_001, 1_002), (2_001, 2_002)]


def test_a_block_is_on_disk_before_its_first_counter_is_given(folder: KioskFolder, time_now: MovedClock) -> None:
    with started(folder, time_now) as journal:
        given = [journal.next_counter() for _ in range(COUNTERS_PER_BLOCK)]
        assert rows(folder.journal, "SELECT first FROM blocks") == [(1,)]
        assert journal.next_counter() == 1_001
        assert rows(folder.journal, "SELECT first FROM blocks ORDER BY first") == [(1,), (1_001,)]
    assert given == list(range(1, 1_001))


def test_the_same_counter_is_never_kept_twice(folder: KioskFolder, time_now: MovedClock) -> None:
    with started(folder, time_now) as journal:
        counter = journal.next_counter()
        journal.keep_issued("AA", counter)
        with pytest.raises(sqlite3.IntegrityError):
            journal.keep_issued("BB", counter)
        journal.keep_issued("CC", journal.next_counter())
    assert [item.content for item in items(folder)[1:]] == [CodeIssued("AA"), CodeIssued("CC")]
    assert items(folder)[-1].head.before == items(folder)[-2].hash


def test_the_last_block_is_not_passed(folder: KioskFolder, time_now: MovedClock) -> None:
    with started(folder, time_now) as journal:
        boot = journal.boot
    with closing(sqlite3.connect(folder.journal)) as connection, connection:
        connection.execute("INSERT INTO blocks VALUES (4294966001, ?)", (boot,))
    with pytest.raises(CountersUsedUp), started(folder, time_now):
        pass
    assert len(items(folder)) == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE items SET body = '{}'",
        "UPDATE items SET claimed_at = 0",
        "UPDATE blocks SET first = 5001",
        "DELETE FROM blocks",
        "INSERT INTO blocks VALUES (500, (SELECT boot FROM boots))",
        "DELETE FROM items",
        "REPLACE INTO items (number, boot, seq, hash, claimed_at, body, key, signature)"
        " SELECT number, boot, seq, hash, 0, '{}', key, signature FROM items WHERE seq = 1",
        "REPLACE INTO blocks SELECT first, boot FROM blocks",
    ],
)
def test_the_file_refuses_to_be_edited(folder: KioskFolder, time_now: MovedClock, statement: str) -> None:
    with started(folder, time_now) as journal:
        journal.keep_issued("AA", journal.next_counter())
    before = folder.journal.read_bytes()
    with closing(sqlite3.connect(folder.journal)) as connection, pytest.raises(sqlite3.Error):
        connection.execute(statement)
    assert folder.journal.read_bytes() == before


def test_a_commit_waits_for_the_disk(folder: KioskFolder, time_now: MovedClock) -> None:
    with started(folder, time_now) as journal, journal._file.reading() as connection:
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_file_of_newer_software_is_left_alone(folder: KioskFolder) -> None:
    with closing(sqlite3.connect(folder.journal)) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(JournalTooNew):
        JournalFile(folder.journal)


def test_a_battery_clock_behind_the_last_item_is_not_trusted(folder: KioskFolder, time_now: MovedClock) -> None:
    with started(folder, time_now):
        pass
    time_now.wall -= 3_600
    with started(folder, time_now):
        pass
    assert [item.head.clock for item in items(folder)] == ["trusted", "untrusted"]


def test_without_a_battery_clock_items_say_so(folder: KioskFolder, time_now: MovedClock) -> None:
    with started(folder, time_now, battery=False):
        pass
    assert [item.head.clock for item in items(folder)] == ["untrusted"]


def test_the_queue_is_all_that_is_not_acknowledged(folder: KioskFolder, time_now: MovedClock) -> None:
    with started(folder, time_now) as journal:
        journal.keep_issued("AA", journal.next_counter())
        assert journal.queue_length() == 2
