"""The file in which calls are counted: one for all workers of a machine, of one size, and silent about who it was."""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from miniprogram_api.routes.call_counts import FILE_BYTES, CallCounts

ROOT = Path(__file__).resolve().parents[3]
NOON = 1_795_320_000
KEY = bytes(range(100, 132))


@pytest.fixture
def counts(tmp_path: Path) -> CallCounts:
    return CallCounts(tmp_path / "calls.counts", KEY)


def add(counts: CallCounts, mark: bytes, seconds: float = 1.0, now: float = NOON) -> float:
    with counts.count_of(mark, now) as count:
        count.calls_full_at = max(count.calls_full_at, now) + seconds
        return count.calls_full_at - now


def add_often(file: Path, times: int) -> None:
    counts = CallCounts(file, KEY)
    for _ in range(times):
        add(counts, counts.mark("session", b"mei"))


WORKER = f"""
import sys
from pathlib import Path
from miniprogram_api.routes.call_counts import CallCounts
counts = CallCounts(Path(sys.argv[1]), bytes.fromhex("{KEY.hex()}"))
for _ in range(300):
    with counts.count_of(counts.mark("session", b"mei"), {NOON}) as count:
        count.calls_full_at = max(count.calls_full_at, {NOON}) + 1
"""


def test_what_one_worker_counts_every_other_sees(counts: CallCounts, tmp_path: Path) -> None:
    mark = counts.mark("session", b"mei")
    assert add(counts, mark) == 1
    other = CallCounts(tmp_path / "calls.counts", KEY)
    assert add(other, other.mark("session", b"mei")) == 2
    assert add(other, other.mark("session", b"bo")) == 1
    assert add(other, other.mark("address", b"mei")) == 1


def test_of_workers_at_one_moment_no_count_is_lost(counts: CallCounts, tmp_path: Path) -> None:
    command = [sys.executable, "-c", WORKER, str(tmp_path / "calls.counts")]
    workers = [subprocess.Popen(command, cwd=ROOT) for _ in range(2)]
    with ThreadPoolExecutor(4) as threads:
        for _ in range(4):
            threads.submit(add_often, tmp_path / "calls.counts", 100)
    for worker in workers:
        assert worker.wait(30) == 0
    assert add(counts, counts.mark("session", b"mei")) == 2 * 300 + 4 * 100 + 1


def test_the_file_holds_neither_token_nor_address_and_only_its_owner_reads_it(
    counts: CallCounts, tmp_path: Path
) -> None:
    add(counts, counts.mark("address", b"203.0.113.7"))
    add(counts, counts.mark("session", b"a-bearer-token"))
    held = (tmp_path / "calls.counts").read_bytes()
    assert b"203.0.113.7" not in held
    assert b"a-bearer-token" not in held
    assert (tmp_path / "calls.counts").stat().st_mode & 0o777 == 0o600


def test_what_says_nothing_any_more_is_wiped_within_a_minute_of_the_next_call(
    counts: CallCounts, tmp_path: Path
) -> None:
    mark, known = counts.mark("address", b"203.0.113.7"), counts.mark("session", b"mei")
    add(counts, mark, 30)
    with counts.count_of(known, NOON) as count:
        count.known_until = NOON + 600
    assert mark in (tmp_path / "calls.counts").read_bytes()
    add(counts, counts.mark("session", b"bo"), now=NOON + 61)
    held = (tmp_path / "calls.counts").read_bytes()
    assert mark not in held
    assert known in held


def test_a_file_that_is_full_forgets_first_what_matters_least(counts: CallCounts, tmp_path: Path) -> None:
    hammering = counts.mark("session", b"mei")
    add(counts, hammering, 1_000_000)
    for number in range(20_000):
        add(counts, counts.mark("session", b"%d" % number), 1 + number % 50)
    assert (tmp_path / "calls.counts").stat().st_size == FILE_BYTES
    assert add(counts, hammering) == 1_000_001


def test_a_file_of_another_size_is_begun_anew(counts: CallCounts, tmp_path: Path) -> None:
    add(counts, counts.mark("session", b"mei"))
    os.truncate(tmp_path / "calls.counts", 100)
    again = CallCounts(tmp_path / "calls.counts", KEY)
    assert add(again, again.mark("session", b"mei")) == 1
    assert (tmp_path / "calls.counts").stat().st_size == FILE_BYTES


def test_where_the_file_can_not_be_made_nobody_is_turned_away(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    nowhere = CallCounts(tmp_path / "no" / "folder" / "calls.counts", KEY)
    assert "however many" in caplog.text
    assert [add(nowhere, nowhere.mark("session", b"mei")) for _ in range(3)] == [1, 1, 1]


def test_a_disk_that_takes_nothing_turns_nobody_away(
    counts: CallCounts, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_given: object) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("miniprogram_api.routes.call_counts.os.pwrite", full)
    assert [add(counts, counts.mark("session", b"mei")) for _ in range(3)] == [1, 1, 1]
    assert "could not be counted" in caplog.text
