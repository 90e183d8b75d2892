"""Full, read-only, failing, damaged and rolled-back disks: said in words, nothing shown that isn't on disk."""

from __future__ import annotations

import json
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from kiosk.folder import KioskFolder, KioskLock
from kiosk.issue import CodeRequest, issue_kiosk_code
from kiosk.machine import Machine
from kiosk.refusals import CountersUnknown, DiskFull, DiskReadOnly, DiskRolledBack, JournalNotWritten, Refusal
from kiosk.rotation import rotate_key
from kiosk.screen import create_screen
from kiosk.screen_state import screen_state
from kiosk.slip import Part
from scenes.wire.journal import CodeRead, ReadLine
from tests.kiosk.conftest import MovedClock
from tests.kiosk.office import INVITATION, Office
from tests.kiosk.test_commands import ROOT, STARTS_SECONDS, control_of
from tests.kiosk.test_issue import issued_items
from tests.kiosk.test_journal import items, rows

TICKET = CodeRequest(9, 0, None, "ticket")


@contextmanager
def machine_of(folder: KioskFolder, time_now: MovedClock) -> Iterator[Machine]:
    """A start of the pier's kiosk."""
    with KioskLock(folder):
        machine = Machine(folder, wall=lambda: time_now.wall, uptime=lambda: time_now.up)
        try:
            yield machine
        finally:
            machine.close()


@contextmanager
def pragma(machine: Machine, setting: str, back: str) -> Iterator[None]:
    """The open file as SQLite sees it on such a disk."""
    with machine.journal._file.reading() as connection:
        connection.execute(f"PRAGMA {setting}")
        yield
        connection.execute(f"PRAGMA {back}")


TROUBLES = {
    "full": ("max_page_count = 1", "max_page_count = 1000000", DiskFull),
    "read-only": ("query_only = ON", "query_only = OFF", DiskReadOnly),
}


@pytest.mark.parametrize("name", TROUBLES)
def test_what_the_disk_refuses_is_neither_shown_nor_printed_and_the_screen_says_why(
    pier: Machine, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    printed: list[list[Part]] = []
    monkeypatch.setattr(pier.printer, "print_slip", lambda parts, name: printed.append(parts))
    page = create_screen(pier, "token").test_client()
    setting, back, kind = TROUBLES[name]
    with pragma(pier, setting, back):
        before = fill_pages(pier)
        for way in ("single", "ticket"):
            answer = page.post("/api/codes", json={"scene": 9, "way": way}, headers={"Accept-Language": "en"})
            assert (answer.status_code, answer.json["code"], answer.json["detail"]) == (503, kind.code, kind.words.en)
            assert answer.json["sentences"]["zh"] == kind.words.zh
        state = screen_state(pier)
        assert (state["issuing"], state["issuing_reason"], state["reading"]) == (False, kind.code, False)
    assert printed == []
    assert issued_items(pier.folder) == before
    pier.forwarder.drain_once()
    assert screen_state(pier)["issuing"], "the disk takes again, and the kiosk finds out by itself"
    assert page.post("/api/codes", json={"scene": 9, "way": "single"}).status_code == 201
    assert len(issued_items(pier.folder)) == len(before) + 1


def fill_pages(pier: Machine) -> list[str]:
    """max_page_count leaves what is free in the pages that the file has already; the codes that still found room."""
    kept: list[str] = []
    with suppress(JournalNotWritten):
        for number in range(100):
            text = f"{number}".rjust(60, "A")
            pier.journal.keep_issued(text, pier.journal.next_counter())
            kept.append(text)
    assert len(kept) < 100, "the disk is full in the end"
    return kept


def test_a_counter_that_was_refused_by_the_disk_is_not_given_again(pier: Machine) -> None:
    with pragma(pier, "query_only = ON", "query_only = OFF"), pytest.raises(DiskReadOnly):
        issue_kiosk_code(pier.mint, TICKET, by_touch=True)
    issued = issue_kiosk_code(pier.mint, TICKET, by_touch=True)
    assert issued.facts.counter == 2


@contextmanager
def no_file_grows(beyond: int) -> Iterator[None]:
    """No room for this process's files; a commit finds out when it writes, not before."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (beyond, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_after_a_commit_that_failed_the_chain_goes_on_where_it_was(pier: Machine) -> None:
    issue_kiosk_code(pier.mint, TICKET, by_touch=True)
    log_length = pier.folder.journal.with_name("journal.sqlite-wal").stat().st_size
    with no_file_grows(log_length + 100), pytest.raises(JournalNotWritten):
        issue_kiosk_code(pier.mint, TICKET, by_touch=True)
    issue_kiosk_code(pier.mint, TICKET, by_touch=True)
    chain = items(pier.folder)
    assert [item.head.seq for item in chain] == [1, 2, 3]
    assert [item.head.before for item in chain[1:]] == [item.hash for item in chain[:-1]]


def test_heartbeats_and_uploads_go_on_as_far_as_they_can(pier: Machine, office: Office) -> None:
    with pragma(pier, "query_only = ON", "query_only = OFF"):
        assert pier.rounds.greet()
        turn = pier.forwarder.drain_once()
        assert turn.trouble == f"disk_read_only: {DiskReadOnly.words.en}"
        assert pier.forwarder.pause_after(turn) > 0
        assert pier.journal.queue_length() == 1
        assert len(office.books.order) == 1, "the office has it, whatever becomes of this disk"
    assert pier.forwarder.drain_once().done == 1, "the verdict is asked for again"
    assert len(office.books.order) == 1


@contextmanager
def full_from_the_start(folder: KioskFolder) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    """The kiosk's own process on a disk on which no file can grow beyond 4 kB."""
    command = [sys.executable, "-W", "error", "-m", "kiosk", "run", folder.name, "--port", "0"]
    command += ["--data", str(folder.path.parent.parent)]

    def no_room() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (4_096, resource.RLIM_INFINITY))

    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True, preexec_fn=no_room)
    try:
        yield process, control_of(folder, process)
    finally:
        process.send_signal(signal.SIGTERM)
        said = process.communicate(timeout=STARTS_SECONDS)[1]
        assert "Traceback" not in said, said


def test_a_kiosk_that_starts_on_a_full_disk_says_so_and_works_once_there_is_room(folder: KioskFolder) -> None:
    with full_from_the_start(folder) as (process, control):
        address = f"http://127.0.0.1:{control['port']}"
        state = httpx.get(f"{address}/api/state", trust_env=False).json()
        assert state["issuing"] is False
        assert state["issuing_reason"] in ("disk_full", "disk_failing")
        refused = httpx.post(f"{address}/api/codes", json={"scene": 9, "way": "single"}, trust_env=False)
        assert (refused.status_code, refused.json()["code"]) == (503, state["issuing_reason"])
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        assert until(lambda: httpx.get(f"{address}/api/state", trust_env=False).json()["issuing"] is True)
        given = httpx.post(f"{address}/api/codes", json={"scene": 9, "way": "single"}, trust_env=False)
        assert given.status_code == 201
    assert len(issued_items(folder)) == 1


def until(holds: Callable[[], bool]) -> bool:
    """True as soon as it holds, False when it does not in the time of a start."""
    end = time.monotonic() + STARTS_SECONDS
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.1)
    return False


def damage(path: Path) -> None:
    """Pages overwritten in the middle, as by a worn memory card."""
    length = path.stat().st_size
    with path.open("r+b") as file:
        for place in range(4_096, length, 4_096):
            file.seek(place)
            file.write(os.urandom(600))


@pytest.mark.parametrize("how", ["pages", "no database", "cut short"])
def test_a_damaged_journal_is_kept_aside_and_counters_go_on(
    folder: KioskFolder, time_now: MovedClock, office: Office, how: str
) -> None:
    with machine_of(folder, time_now) as machine:
        first = [issue_kiosk_code(machine.mint, TICKET, by_touch=True).facts.counter for _ in range(3)]
    if how == "pages":
        damage(folder.journal)
    elif how == "no database":
        folder.journal.write_bytes(b"nothing that SQLite knows" * 400)
    else:
        with folder.journal.open("r+b") as file:
            file.truncate(4_096 * 3)
    broken = folder.journal.read_bytes()
    with machine_of(folder, time_now) as machine:
        [kept] = folder.path.glob("journal.damaged-*.sqlite")
        assert kept.name == "journal.damaged-20261118-110640.sqlite"
        assert kept.read_bytes() == broken, "never changed, never deleted"
        assert screen_state(machine)["kept_aside"] == [kept.name]
        assert machine.journal.why_not is None
        assert issue_kiosk_code(machine.mint, TICKET, by_touch=True).facts.counter == 1_001
        assert machine.forwarder.drain_once().done == 2
    assert first == [1, 2, 3]
    assert office.books.faults == []


def test_two_damaged_journals_of_one_second_are_both_kept(folder: KioskFolder, time_now: MovedClock) -> None:
    for _ in range(2):
        with machine_of(folder, time_now):
            pass
        folder.journal.write_bytes(b"nothing that SQLite knows" * 400)
    with machine_of(folder, time_now):
        assert len(list(folder.path.glob("journal.damaged-*.sqlite"))) == 2


def test_a_journal_that_is_damaged_while_it_runs_makes_way_for_a_new_one(
    folder: KioskFolder, time_now: MovedClock
) -> None:
    with machine_of(folder, time_now) as machine:
        for _ in range(20):
            issue_kiosk_code(machine.mint, TICKET, by_touch=True)
        boot = machine.journal.boot
        with machine.journal._file.reading() as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            damage(folder.journal)
            connection.execute("PRAGMA shrink_memory")
        with pytest.raises(JournalNotWritten):
            issue_kiosk_code(machine.mint, TICKET, by_touch=True)
        assert screen_state(machine)["issuing_reason"] == "journal_damaged"
        machine.forwarder.drain_once()
        assert machine.journal.boot != boot
        assert issue_kiosk_code(machine.mint, TICKET, by_touch=True).facts.counter == 1_001
        assert len(list(folder.path.glob("journal.damaged-*.sqlite"))) == 1


def lose_both(folder: KioskFolder) -> None:
    folder.journal.write_bytes(b"nothing that SQLite knows" * 400)
    folder.counters.write_bytes(b"{}")


def lose_both_entirely(folder: KioskFolder) -> None:
    folder.journal.unlink()
    folder.counters.unlink()


@pytest.mark.parametrize("lose", [lose_both, lose_both_entirely])
def test_where_counters_are_lost_no_code_is_made_until_the_next_key_but_reading_goes_on(
    folder: KioskFolder, time_now: MovedClock, office: Office, lose: Callable[[KioskFolder], None]
) -> None:
    with machine_of(folder, time_now) as machine:
        machine.journal.next_counter()
    lose(folder)
    for _ in range(2):  # not after a restart either
        with machine_of(folder, time_now) as machine:
            assert (screen_state(machine)["issuing"], screen_state(machine)["issuing_reason"]) == (
                False,
                CountersUnknown.code,
            )
            assert screen_state(machine)["reading"] is True
            for request in (TICKET, CodeRequest(9, 0, None, "single")):
                with pytest.raises(CountersUnknown):
                    issue_kiosk_code(machine.mint, request, by_touch=True)
            machine.journal.keep_read(CodeRead("READ", (ReadLine(24, 0, 1),)), None)
            assert machine.rounds.greet()
            assert machine.forwarder.drain_once().done == 2
    assert [getattr(item.content, "code", None) for item in office.books.order] == [None, "READ"] * 2
    rotate_key(folder, INVITATION)
    with machine_of(folder, time_now) as machine:
        issued = issue_kiosk_code(machine.mint, TICKET, by_touch=True)
        assert (issued.facts.epoch, issued.facts.counter) == (2, 1)


def test_a_journal_alone_put_back_to_an_earlier_day_repeats_no_counter(
    folder: KioskFolder, time_now: MovedClock, tmp_path: Path
) -> None:
    with machine_of(folder, time_now):
        pass
    shutil.copy(folder.journal, tmp_path / "backup")
    used = []
    for _ in range(2):
        with machine_of(folder, time_now) as machine:
            used.append(issue_kiosk_code(machine.mint, TICKET, by_touch=True).facts.counter)
    shutil.copy(tmp_path / "backup", folder.journal)
    with machine_of(folder, time_now) as machine:
        used.append(issue_kiosk_code(machine.mint, TICKET, by_touch=True).facts.counter)
    assert used == [1_001, 2_001, 3_001]


def test_a_disk_put_back_to_an_earlier_day_is_found_out_and_makes_no_more_codes(
    folder: KioskFolder, time_now: MovedClock, office: Office, tmp_path: Path
) -> None:
    """An image of the running kiosk's disk; the kiosk goes on; the image comes back, and a counter would come twice."""
    with machine_of(folder, time_now) as machine:
        issue_kiosk_code(machine.mint, TICKET, by_touch=True)
        with closing(sqlite3.connect(tmp_path / "image")) as image, machine.journal._file.reading() as connection:
            connection.backup(image)
        shutil.copy(folder.counters, tmp_path / "counters")
        issue_kiosk_code(machine.mint, TICKET, by_touch=True)
        machine.forwarder.drain_once()
    with machine_of(folder, time_now) as machine:
        issue_kiosk_code(machine.mint, TICKET, by_touch=True)
    shutil.copy(tmp_path / "image", folder.journal)
    shutil.copy(tmp_path / "counters", folder.counters)
    with machine_of(folder, time_now) as machine:
        machine.forwarder.drain_once()
        assert screen_state(machine)["issuing_reason"] == DiskRolledBack.code
        with pytest.raises(DiskRolledBack):
            issue_kiosk_code(machine.mint, TICKET, by_touch=True)
    with machine_of(folder, time_now) as machine, pytest.raises(DiskRolledBack):
        issue_kiosk_code(machine.mint, TICKET, by_touch=True)
    assert len(issued_items(folder)) == 1
    rotate_key(folder, INVITATION)
    with machine_of(folder, time_now) as machine:
        assert issue_kiosk_code(machine.mint, TICKET, by_touch=True).facts.epoch == 2


def test_every_trouble_has_words_in_both_languages() -> None:
    kinds: list[type[Refusal]] = [*JournalNotWritten.__subclasses__(), CountersUnknown, DiskRolledBack]
    for language in ("zh", "en"):
        words = json.loads((ROOT / f"static/shared/locales/{language}/kiosk.json").read_text(encoding="utf-8"))
        assert [kind.code for kind in kinds if f"kiosk.notice.{kind.code}" not in words] == []
    assert [kind.code for kind in kinds if not (kind.words.zh and kind.words.en)] == []


def test_the_counters_file_is_ahead_of_the_journal(folder: KioskFolder, time_now: MovedClock) -> None:
    with machine_of(folder, time_now) as machine:
        [(newest,)] = rows(folder.journal, "SELECT max(first) FROM blocks")
        assert json.loads(folder.counters.read_text()) == {
            "kiosk": 4,
            "epoch": 1,
            "reserved_to": newest + 999,
            "stopped": None,
        }
        assert machine.journal.next_counter() == newest
    assert len(items(folder)) == 1
