"""Keeps a handful of processes running until we are told to stop, and then leaves none behind."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

STOP_SECONDS = 8  # then what is left is ended for good
RESTART_SECONDS = (0.5, 2, 5, 15)  # pause before the next try of a child that keeps dying; the last one repeats
SETTLED_SECONDS = 30  # a child that lived this long starts again with the shortest pause
PR_SET_PDEATHSIG = 1  # prctl(2)


@dataclass
class Child:
    """One process: what it is called, how it is started, where its output goes."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    cwd: Path
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0
    deaths: int = 0
    start_again_at: float | None = None

    def start(self) -> None:
        """Starts it in a process group of its own, so that Ctrl-C reaches it through us only."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                list(self.command),
                env=dict(self.environment),
                cwd=self.cwd,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_end_with_parent if sys.platform == "linux" else None,
            )
        self.started_at, self.start_again_at = time.monotonic(), None

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def signal(self, number: int) -> None:
        """Sends the signal to the child and to whatever it started itself."""
        if self.process is not None:
            try:
                os.killpg(self.process.pid, number)
            except ProcessLookupError:
                return


def _end_with_parent() -> None:
    # If we are killed outright, nobody could stop the child any more: the kernel does it.
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Supervisor:
    """Starts children, restarts one that dies with a sentence to `say`, and stops them all at Ctrl-C or SIGTERM."""

    say: Callable[[str], None]
    children: list[Child] = field(default_factory=list)
    stopping: bool = False

    def listen(self) -> None:
        """From now on Ctrl-C, SIGTERM and a closed terminal ask for an orderly stop; a second one is heard too."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._asked_to_stop)

    def _asked_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping = True

    def start(self, child: Child) -> None:
        child.start()
        self.children.append(child)

    def wait_until(self, ready: Callable[[], bool], child: Child, seconds: float) -> bool:
        """True once `ready` says so; False when the child died, the time is over or we are asked to stop."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and child.alive and not self.stopping:
            if ready():
                return True
            time.sleep(0.1)
        return False

    def watch(self) -> None:
        """Looks after the children until we are asked to stop."""
        while not self.stopping:
            for child in self.children:
                self._look_after(child, time.monotonic())
            time.sleep(0.2)

    def _look_after(self, child: Child, now: float) -> None:
        if child.alive:
            return
        if child.start_again_at is None:
            child.deaths = 0 if now - child.started_at > SETTLED_SECONDS else child.deaths
            pause = RESTART_SECONDS[min(child.deaths, len(RESTART_SECONDS) - 1)]
            child.deaths += 1
            child.start_again_at = now + pause
            child.signal(signal.SIGKILL)  # what the dead one left of itself would hold its port
            code = child.process.returncode if child.process else None
            self.say(f"{child.name} stopped (exit {code}); it starts again in {pause} s. See {child.log}")
        elif now >= child.start_again_at:
            child.start()

    def stop(self) -> None:
        """Asks every child to end, waits a few seconds, ends what is left; returns when none is left."""
        for child in self.children:
            child.signal(signal.SIGTERM)
        end = time.monotonic() + STOP_SECONDS
        while any(child.alive for child in self.children) and time.monotonic() < end:
            time.sleep(0.05)
        for child in self.children:
            child.signal(signal.SIGKILL)
            if child.process is not None:
                child.process.wait()
