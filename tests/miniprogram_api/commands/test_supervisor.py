"""The supervisor: children run until we are told to stop, a dead one comes back, and none is left behind."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from miniprogram_api.commands import supervisor as rules
from miniprogram_api.commands.supervisor import Child, Supervisor

SLEEP = "import time; time.sleep(60)"
FAMILY = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', '{SLEEP}']); {SLEEP}"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"


def eventually(holds: Callable[[], bool], seconds: float = 10) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.05)
    return holds()


def group_lives(number: int) -> bool:
    """True while any process of the group runs (a zombie that nobody has collected is none)."""
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _parent, group = entry.read_text().rpartition(")")[2].split()[:3]
        except OSError:
            continue
        if int(group) == number and state != "Z":
            return True
    return False


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def watcher(said: list[str]) -> Iterator[Supervisor]:
    watcher = Supervisor(said.append)
    yield watcher
    watcher.stop()


def child(tmp_path: Path, source: str) -> Child:
    return Child("The server", [sys.executable, "-c", source], os.environ, tmp_path / "server.log", tmp_path)


def test_stopping_ends_a_child_and_what_it_started_itself(watcher: Supervisor, tmp_path: Path) -> None:
    family = child(tmp_path, FAMILY)
    watcher.start(family)
    assert family.process is not None
    assert eventually(lambda: group_lives(family.process.pid))
    watcher.stop()
    assert not family.alive
    assert eventually(lambda: not group_lives(family.process.pid))


def test_a_child_that_will_not_stop_is_ended_all_the_same(
    watcher: Supervisor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "STOP_SECONDS", 0.3)
    stubborn = child(tmp_path, STUBBORN)
    watcher.start(stubborn)
    assert eventually(lambda: "up" in stubborn.log.read_text())
    watcher.stop()
    assert not stubborn.alive


def test_a_dead_child_is_started_again_and_a_sentence_says_so(
    watcher: Supervisor, said: list[str], tmp_path: Path
) -> None:
    short = child(tmp_path, "raise SystemExit(7)")
    watcher.start(short)
    assert eventually(lambda: not short.alive)
    first = short.process
    now = time.monotonic()
    watcher._look_after(short, now)
    watcher._look_after(short, now + 0.1)
    assert short.process is first, "it was started before its pause was over"
    watcher._look_after(short, now + 1)
    assert short.process is not first
    assert said == [f"The server stopped (exit 7); it starts again in 0.5 s. See {short.log}"]


def test_a_child_that_keeps_dying_gets_longer_pauses(watcher: Supervisor, said: list[str], tmp_path: Path) -> None:
    short = child(tmp_path, "raise SystemExit(1)")
    watcher.start(short)
    for _ in range(4):
        assert eventually(lambda: not short.alive)
        watcher._look_after(short, time.monotonic())
        watcher._look_after(short, time.monotonic() + 60)
    pauses = [line.partition("again in ")[2].partition(" s.")[0] for line in said]
    assert pauses == ["0.5", "2", "5", "15"]


def test_waiting_ends_at_once_when_the_child_dies(watcher: Supervisor, tmp_path: Path) -> None:
    short = child(tmp_path, "raise SystemExit(1)")
    watcher.start(short)
    began = time.monotonic()
    assert watcher.wait_until(lambda: False, short, 30) is False
    assert time.monotonic() - began < 10


def test_being_asked_to_stop_ends_the_watch(watcher: Supervisor) -> None:
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        watcher.listen()
        os.kill(os.getpid(), signal.SIGTERM)
        watcher.watch()
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    assert watcher.stopping
