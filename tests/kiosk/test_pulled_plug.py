"""`kill -9` at random moments of issue, print, upload and verdict: no counter comes twice, nothing is in anybody's
hands that is not on disk, and the office has each item once."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from kiosk.draining import drain_kiosk
from kiosk.folder import KioskFolder
from kiosk.identity import read_identity
from scenes.wire import signing
from scenes.wire.journal import BootStarted, CodeIssued, JournalItem, open_item
from scenes.wire.kiosk_code import KioskCode, open_kiosk_code
from tests.kiosk.office import Office

ROOT = Path(__file__).resolve().parents[2]
STARTS_SECONDS = 60.0
LIVES_OF_A_START = 3.0  # a third of the plugs is pulled before the first code is shown


@dataclass
class Plug:
    """Kiosks that start and are killed, one after the other."""

    starter: subprocess.Popen[str]

    def time_of_a_start(self, hands: Path) -> float:
        """Seconds from start to the first code in somebody's hands; the plug of that kiosk is pulled too."""
        process, began = self._start(), time.monotonic()
        while not (hands.exists() and hands.read_bytes()) and time.monotonic() < began + STARTS_SECONDS:
            time.sleep(0.002)
        self._pull(process)
        return time.monotonic() - began

    def pull_after(self, seconds: float) -> None:
        process = self._start()
        time.sleep(seconds)
        self._pull(process)

    def _start(self) -> int:
        assert self.starter.stdin is not None
        assert self.starter.stdout is not None
        self.starter.stdin.write("start\n")
        self.starter.stdin.flush()
        return int(self.starter.stdout.readline())

    def _pull(self, process: int) -> None:
        assert self.starter.stdout is not None
        os.kill(process, signal.SIGKILL)
        assert self.starter.stdout.readline().strip() == "killed"


@pytest.fixture
def plug(folder: KioskFolder, tmp_path: Path) -> Iterator[Plug]:
    command = [sys.executable, "-m", "tests.kiosk.issuing_process", str(folder.path), str(tmp_path / "hands")]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as starter:
        yield Plug(starter)
        said = starter.communicate(timeout=STARTS_SECONDS)[1]
        assert "could not cope" not in said, said


@pytest.mark.parametrize("kills", [20, pytest.param(200, marks=[pytest.mark.slow, pytest.mark.timeout(900)])])
def test_a_pulled_plug_loses_nothing_and_repeats_nothing(
    folder: KioskFolder, office: Office, plug: Plug, tmp_path: Path, kills: int
) -> None:
    seed = random.SystemRandom().randrange(10**6)
    chance = random.Random(seed)
    longest = LIVES_OF_A_START * plug.time_of_a_start(tmp_path / "hands")
    for _ in range(kills - 1):
        plug.pull_after(chance.uniform(0, longest))
        check_that_done_items_are_at_the_office(folder, office, f"seed {seed}")
    items, blocks = everything_on_disk(folder)
    in_hands = [line.split() for line in (tmp_path / "hands").read_text().splitlines()]
    assert len({kind for kind, _ in in_hands}) == 3, f"too short to see anything, seed {seed}"
    check_that_what_is_in_hands_is_on_disk(folder, items, in_hands, f"seed {seed}")
    check_chains(items, f"seed {seed}")
    assert len(blocks) <= kills + len(codes_given_out(items, in_hands)) // 1_000, f"a plug skips one block, seed {seed}"
    assert json.loads(folder.counters.read_text())["reserved_to"] >= blocks[-1] + 999, f"seed {seed}"
    before = len(office.books.order)
    check_that_the_office_gets_each_item_once(folder, office, {item.hash for item in items}, f"seed {seed}")
    assert before > 0, f"too short for an upload, seed {seed}"


def check_that_done_items_are_at_the_office(folder: KioskFolder, office: Office, where: str) -> None:
    """What the kiosk holds for done, the office has with the same result."""
    for boot, seq, own_hash, result in done_items(folder):
        assert office.books.items[boot, seq].hash == own_hash, where
        assert office.books.results[boot, seq] == result, where


def done_items(folder: KioskFolder) -> list[tuple[str, int, str, str]]:
    with closing(sqlite3.connect(folder.journal)) as connection:
        if connection.execute("PRAGMA user_version").fetchone()[0] == 0:
            return []  # the plug was pulled before the file had its tables
        return connection.execute("SELECT boot, seq, hash, result FROM items JOIN verdicts USING (number)").fetchall()


def check_that_the_office_gets_each_item_once(
    folder: KioskFolder, office: Office, hashes: set[str], where: str
) -> None:
    """The line is good at last: the queue empties, and the office has what is on disk, no more and nothing twice."""
    left = drain_kiosk(folder, lambda waiting: None)
    assert (left.waiting, left.trouble) == (0, None), where
    applied = Counter(item.hash for item in office.books.order)
    assert hashes <= set(applied), where
    assert [own_hash for own_hash, times in applied.items() if times > 1] == [], where
    assert len(applied) == len(hashes) + 1, f"the start that drained, and nothing else; {where}"
    assert office.books.faults == [], where
    codes = Counter(office.books.codes())
    assert [text for text, times in codes.items() if times > 1] == [], where
    check_that_done_items_are_at_the_office(folder, office, where)


def codes_given_out(items: list[JournalItem], in_hands: list[list[str]]) -> set[str]:
    journaled = {item.content.code for item in items if isinstance(item.content, CodeIssued)}
    return journaled | {link.rpartition("/")[2] for _, link in in_hands}


def check_that_what_is_in_hands_is_on_disk(
    folder: KioskFolder, items: list[JournalItem], in_hands: list[list[str]], where: str
) -> None:
    journaled = {item.content.code for item in items if isinstance(item.content, CodeIssued)}
    for kind, link in in_hands:
        assert (kind == "group") != (link.rpartition("/")[2] in journaled), f"{kind} {link} {where}"
    seen = [opened(folder, link) for _, link in in_hands]
    kept_only = [opened(folder, text) for text in journaled - {link.rpartition("/")[2] for _, link in in_hands}]
    counters = Counter(code.counter for code in [*seen, *kept_only])
    assert [counter for counter, times in counters.items() if times > 1] == [], where


def check_chains(items: list[JournalItem], where: str) -> None:
    """Each start is a chain from 1 without a gap and names the newest item before it."""
    before: JournalItem | None = None
    for item in items:
        if isinstance(item.content, BootStarted):
            assert item.head.seq == 1, where
            assert item.content.last == (before.reference if before else None), where
        else:
            assert before is not None, where
            assert (item.head.boot, item.head.seq) == (before.head.boot, before.head.seq + 1), where
        assert item.head.before == (before.hash if before else None), where
        before = item


def everything_on_disk(folder: KioskFolder) -> tuple[list[JournalItem], list[int]]:
    public = signing.public_key_of(read_identity(folder).private_key)
    with closing(sqlite3.connect(folder.journal)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        rows = connection.execute("SELECT body, key, signature FROM items ORDER BY number").fetchall()
        blocks = [first for (first,) in connection.execute("SELECT first FROM blocks ORDER BY first")]
    documents = [dict(zip(("body", "key", "signature"), row, strict=True)) for row in rows]
    return [open_item(document, lambda kiosk, epoch: public) for document in documents], blocks


def opened(folder: KioskFolder, text: str) -> KioskCode:
    public = signing.public_key_of(read_identity(folder).private_key)
    return open_kiosk_code(text, "HTTPS://ISLAND.EXAMPLE", lambda kiosk, epoch: public)
