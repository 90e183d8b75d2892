"""`kill -9` at random moments of reading: who was thanked stands in the journal, and no minute is taken twice."""

from __future__ import annotations

import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.folder import KioskFolder
from kiosk.machine import Machine
from scenes.wire.journal import CodeRead
from tests.kiosk.office import Office
from tests.kiosk.shown_codes import agree
from tests.kiosk.test_pulled_plug import LIVES_OF_A_START, ROOT, STARTS_SECONDS, Plug, check_chains, everything_on_disk


@pytest.fixture
def plug(folder: KioskFolder, office: Office, tmp_path: Path) -> Iterator[Plug]:
    machine = Machine(folder)
    agree(machine, office, 2)
    machine.close()
    command = [sys.executable, "-m", "tests.kiosk.reading_process", str(folder.path), str(tmp_path / "thanks")]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as starter:
        yield Plug(starter)
        said = starter.communicate(timeout=STARTS_SECONDS)[1]
        assert "could not cope" not in said, said


@pytest.mark.parametrize("kills", [20, pytest.param(200, marks=[pytest.mark.slow, pytest.mark.timeout(900)])])
def test_a_pulled_plug_forgets_nobody_who_was_thanked(
    folder: KioskFolder, plug: Plug, tmp_path: Path, kills: int
) -> None:
    seed = random.SystemRandom().randrange(10**6)
    chance = random.Random(seed)
    longest = LIVES_OF_A_START * plug.time_of_a_start(tmp_path / "thanks")
    for _ in range(kills - 1):
        plug.pull_after(chance.uniform(0, longest))
    items, _ = everything_on_disk(folder)
    thanked = (tmp_path / "thanks").read_text().split()
    kept = Counter(item.content.code for item in items if isinstance(item.content, CodeRead))
    assert len(thanked) > kills, f"too short to see anything, seed {seed}"
    assert [text for text in thanked if kept[text] != 1] == [], f"seed {seed}"
    assert [text for text, times in kept.items() if times > 1] == [], f"seed {seed}"
    # A plug between the disk and the thanks leaves a reading that nobody was thanked for; each life can leave one.
    assert len(kept) - len(thanked) <= kills, f"seed {seed}"
    check_chains(items, f"seed {seed}")
