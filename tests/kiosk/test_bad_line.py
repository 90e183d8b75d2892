"""Requests and answers that are lost, repeated, reordered, altered or forged on the way: nothing is lost or doubled,
and the queue empties once the line is good."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from kiosk.commands import provision
from kiosk.folder import KioskFolder, KioskLock
from kiosk.machine import Machine
from tests.kiosk.bad_line import FAULTS, BadLine
from tests.kiosk.conftest import MovedClock
from tests.kiosk.office import INVITATION, Office
from tests.kiosk.test_pulled_plug import check_that_done_items_are_at_the_office, done_items


@pytest.fixture
def line(office: Office) -> Iterator[BadLine]:
    seed = random.SystemRandom().randrange(10**6)
    print(f"seed {seed}")  # pytest shows it with a failure
    bad_line = BadLine(int(office.address.rpartition(":")[2]), random.Random(seed))
    yield bad_line
    bad_line.close()


@pytest.fixture
def far_folder(office: Office, line: BadLine, time_now: MovedClock, tmp_path: Path) -> KioskFolder:
    """A kiosk that knows the office by the line's address."""
    path = tmp_path / "kiosks" / "canteen"
    provision(path, line.address, INVITATION, office.fingerprint)
    return KioskFolder(path)


@pytest.mark.parametrize("rounds", [90, pytest.param(1_500, marks=[pytest.mark.slow, pytest.mark.timeout(900)])])
def test_on_a_line_that_lies_nothing_is_lost_or_doubled(
    far_folder: KioskFolder, office: Office, line: BadLine, time_now: MovedClock, rounds: int
) -> None:
    line.bad = True
    kept: list[str] = []
    for start in range(6):
        with KioskLock(far_folder):
            machine = machine_of(far_folder, time_now)
            for turn in range(rounds // 6):
                time_now.move(line.chance.uniform(1, 200))
                kept += keep_some(machine, line.chance, f"{start}-{turn}")
                if line.chance.random() < 0.4:
                    machine.rounds.greet()
                machine.forwarder.drain_once()
                check_that_done_items_are_at_the_office(far_folder, office, f"turn {turn} of start {start}")
            machine.close()
    assert set(line.seen) == set(FAULTS), "each fault happened"
    line.bad = False
    check_that_the_queue_empties(far_folder, time_now)
    assert Counter(office.books.codes()) == Counter(kept), "each once"
    everything = {item.hash for item in office.books.order}
    assert {own_hash for _, _, own_hash, _ in done_items(far_folder)} == everything
    assert office.books.faults == []


def machine_of(folder: KioskFolder, time_now: MovedClock) -> Machine:
    return Machine(folder, wall=lambda: time_now.wall, uptime=lambda: time_now.up)


def keep_some(machine: Machine, chance: random.Random, name: str) -> list[str]:
    texts = [f"CODE-{name}-{number}" for number in range(chance.choice([0, 0, 1, 1, 2, 5, 12]))]
    for text in texts:
        machine.journal.keep_issued(text, machine.journal.next_counter())
    return texts


def check_that_the_queue_empties(folder: KioskFolder, time_now: MovedClock) -> None:
    with KioskLock(folder), closing(machine_of(folder, time_now)) as machine:
        assert machine.rounds.greet()
        machine.forwarder.hurry()
        for _ in range(200):
            if machine.forwarder.drain_once().is_empty:
                break
        assert machine.journal.queue_length() == 0, machine.forwarder.trouble
