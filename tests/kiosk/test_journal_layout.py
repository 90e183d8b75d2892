"""The journal file: older layouts are brought up to date in place, done items go after 40 days, nothing else does."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.folder import KioskFolder
from kiosk.journal import Journal
from kiosk.journal_file import LAYOUT_VERSION, LAYOUTS, JournalFile, _statements
from kiosk.journal_queue import DONE_ITEMS_KEPT_SECONDS
from scenes.wire.journal import BootStarted
from scenes.wire.verdict import ItemVerdict, Verdict
from tests.kiosk.conftest import MovedClock
from tests.kiosk.test_journal import items, rows, started

SERVER_TIME = 1_795_000_000


def down_to_layout_1(path: Path) -> None:
    """The same file as the first software wrote it: its tables, its rows, its version."""
    with closing(sqlite3.connect(path)) as connection, connection:
        kept = {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in ("boots", "blocks", "items")}
    path.unlink()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA journal_mode = WAL")
        for statement in _statements(LAYOUTS[0].read_text(encoding="utf-8")):
            connection.execute(statement)
        for name, found in kept.items():
            for row in found:
                connection.execute(f"INSERT INTO {name} VALUES ({', '.join('?' * len(row))})", row)
        connection.execute("PRAGMA user_version = 1")


def test_a_journal_of_the_first_layout_goes_on_in_place(folder: KioskFolder, time_now: MovedClock) -> None:
    with started(folder, time_now) as journal:
        for text in ("AA", "BB"):
            journal.keep_issued(text, journal.next_counter())
    before = items(folder)
    down_to_layout_1(folder.journal)
    folder.counters.unlink()
    with started(folder, time_now) as journal:
        assert journal.queue_length() == 4, "what was there waits, and so does the new start"
        assert journal.next_counter() == 1_001
    assert items(folder)[:3] == before
    assert items(folder)[3].content == BootStarted(before[-1].reference)
    assert rows(folder.journal, "PRAGMA user_version") == [(LAYOUT_VERSION,)]
    assert not list(folder.path.glob("journal.damaged*"))


def test_an_upgrade_that_a_power_cut_ends_leaves_the_old_layout(
    folder: KioskFolder, time_now: MovedClock, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with started(folder, time_now):
        pass
    down_to_layout_1(folder.journal)
    broken = tmp_path / "broken.sql"
    broken.write_text("CREATE TABLE half (a INTEGER) STRICT;\nSELECT RAISE(ABORT, 'cut');\n")
    monkeypatch.setattr("kiosk.journal_file.LAYOUTS", (*LAYOUTS[:1], broken))
    with pytest.raises(sqlite3.OperationalError):
        JournalFile(folder.journal)
    assert rows(folder.journal, "PRAGMA user_version") == [(1,)]
    assert rows(folder.journal, "SELECT name FROM sqlite_master WHERE name = 'half'") == []


@pytest.fixture
def journal(folder: KioskFolder, time_now: MovedClock) -> Iterator[Journal]:
    """A start with ten issued codes behind it."""
    with started(folder, time_now) as open_journal:
        for number in range(10):
            open_journal.keep_issued(f"CODE{number}", open_journal.next_counter())
        yield open_journal


def verdict_at(moment: int, journal: Journal, seqs: set[int] | None = None) -> None:
    """A verdict on these items of the newest start, or on all that wait."""
    batch = [item for item in journal.queue.batch(200, 10**6) if seqs is None or item.reference.seq in seqs]
    answers = tuple(ItemVerdict(*(r.boot, r.seq, r.hash), "credited") for r in (item.reference for item in batch))
    journal.apply_verdicts(batch, Verdict(4, "0" * 64, moment, {}, answers))


def test_done_items_go_after_40_days_of_the_offices_time(journal: Journal, folder: KioskFolder) -> None:
    verdict_at(SERVER_TIME, journal)
    journal.keep_issued("LATER", journal.next_counter())
    verdict_at(SERVER_TIME + DONE_ITEMS_KEPT_SECONDS - 1, journal)
    assert journal.queue.remove_old() == 0
    journal.keep_issued("LATEST", journal.next_counter())
    verdict_at(SERVER_TIME + DONE_ITEMS_KEPT_SECONDS, journal)
    assert journal.queue.remove_old() == 11
    left = items(folder)
    assert [item.head.seq for item in left] == [12, 13]
    assert left[1].head.before == left[0].hash
    assert rows(folder.journal, "SELECT count(*) FROM verdicts") == [(2,)]


def test_the_newest_item_of_all_stays_and_the_next_start_names_it(
    journal: Journal, folder: KioskFolder, time_now: MovedClock
) -> None:
    verdict_at(SERVER_TIME, journal)
    newest = items(folder)[-1]
    with closing(sqlite3.connect(folder.journal)) as connection, connection:
        connection.execute("UPDATE verdicts SET server_time = server_time + ? WHERE number = 11",
                           (DONE_ITEMS_KEPT_SECONDS * 3,))  # fmt: skip
    assert journal.queue.remove_old() == 10
    journal.close()
    with started(folder, time_now) as following:
        assert items(folder)[-1].content == BootStarted(newest.reference)
        assert following.next_counter() == 1_001, "removed items give no counter back"


def test_the_newest_item_stays_also_where_an_older_one_was_done_later(
    journal: Journal, folder: KioskFolder, time_now: MovedClock
) -> None:
    journal.close()
    with started(folder, time_now) as following:
        verdict_at(SERVER_TIME, following)
        with closing(sqlite3.connect(folder.journal)) as connection, connection:
            connection.execute("UPDATE verdicts SET server_time = server_time + ? WHERE number = 1",
                               (DONE_ITEMS_KEPT_SECONDS,))  # fmt: skip
        assert following.queue.remove_old() == 0
        with closing(sqlite3.connect(folder.journal)) as connection, pytest.raises(sqlite3.IntegrityError):
            connection.execute("DELETE FROM items WHERE number = 12")


def test_what_waits_stays_however_old_and_what_follows_it_in_its_start(journal: Journal, folder: KioskFolder) -> None:
    verdict_at(SERVER_TIME, journal, {1, 2, 3, 5, 6})
    verdict_at(SERVER_TIME + 2 * DONE_ITEMS_KEPT_SECONDS, journal, {11})
    assert journal.queue.remove_old() == 3
    left = items(folder)
    assert [item.head.seq for item in left] == [4, 5, 6, 7, 8, 9, 10, 11], "an unbroken end of the chain"
    assert [item.head.before for item in left[1:]] == [item.hash for item in left[:-1]]


DELETE = "DELETE FROM items WHERE seq = {}"


@pytest.mark.parametrize(
    "statement",
    [
        DELETE.format(1),  # done, but not for 40 days
        DELETE.format(8),  # waits
        "DELETE FROM items",
        "DELETE FROM waiting",
        "DELETE FROM waiting WHERE number = 8",
        "UPDATE waiting SET number = 1 WHERE number = 8",
        "DELETE FROM verdicts",
        "UPDATE verdicts SET server_time = server_time - 1",
        "UPDATE verdicts SET number = 8 WHERE number = 1",
        "REPLACE INTO verdicts SELECT number, 'pending', lines, server_time FROM verdicts",
        "INSERT INTO verdicts VALUES (8, 'accepted', '[]', 1)",
        "INSERT INTO verdicts VALUES (8, 'credited', 'no list', 1)",
    ],
)
def test_the_file_lets_nothing_go_that_is_not_done_for_40_days(
    journal: Journal, folder: KioskFolder, statement: str
) -> None:
    verdict_at(SERVER_TIME, journal, {1, 2})
    before = [rows(folder.journal, f"SELECT * FROM {name}") for name in ("items", "waiting", "verdicts")]
    with closing(sqlite3.connect(folder.journal)) as connection, pytest.raises(sqlite3.Error):
        connection.execute(statement)
    assert [rows(folder.journal, f"SELECT * FROM {name}") for name in ("items", "waiting", "verdicts")] == before


def test_old_items_in_the_middle_of_a_start_stay_until_those_before_have_gone(
    journal: Journal, folder: KioskFolder
) -> None:
    verdict_at(SERVER_TIME, journal)
    with closing(sqlite3.connect(folder.journal)) as connection, connection:
        connection.execute("UPDATE verdicts SET server_time = server_time + ? WHERE number IN (1, 11)",
                           (DONE_ITEMS_KEPT_SECONDS,))  # fmt: skip
    with closing(sqlite3.connect(folder.journal)) as connection, pytest.raises(sqlite3.IntegrityError):
        connection.execute("DELETE FROM items WHERE seq = 5")
    assert journal.queue.remove_old() == 0


def test_a_list_of_results_is_kept_with_each_verdict(journal: Journal, folder: KioskFolder) -> None:
    [first, *_] = journal.queue.batch(1, 10**6)
    reference = first.reference
    lines = ("credited", "refused:cool_down")
    answer = ItemVerdict(reference.boot, reference.seq, reference.hash, "credited", lines)
    assert journal.apply_verdicts([first], Verdict(4, "0" * 64, SERVER_TIME, {reference.boot: 1}, (answer,))) == 1
    [(text,)] = rows(folder.journal, "SELECT lines FROM verdicts")
    assert json.loads(text) == list(lines)


def test_an_item_that_was_sent_twice_keeps_what_became_of_it_the_first_time(
    journal: Journal, folder: KioskFolder
) -> None:
    [first, *_] = journal.queue.batch(1, 10**6)
    reference = first.reference
    for moment, result in ((SERVER_TIME, "refused:code_expired"), (SERVER_TIME + 9, "duplicate")):
        answer = ItemVerdict(reference.boot, reference.seq, reference.hash, result)
        journal.apply_verdicts([first], Verdict(4, "0" * 64, moment, {}, (answer,)))
    assert rows(folder.journal, "SELECT result, server_time FROM verdicts") == [
        ("refused:code_expired", SERVER_TIME + 9)
    ]


def test_a_verdict_on_what_was_not_sent_changes_nothing(journal: Journal) -> None:
    [first, second] = journal.queue.batch(2, 10**6)
    answer = ItemVerdict(second.reference.boot, second.reference.seq, second.reference.hash, "credited")
    assert journal.apply_verdicts([first], Verdict(4, "0" * 64, SERVER_TIME, {}, (answer,))) == 0
    assert journal.queue_length() == 11
