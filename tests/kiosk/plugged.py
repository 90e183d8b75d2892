"""Devices on a serial line that a test plugs in and pulls: a real pseudo-terminal behind a path that stays the same."""

from __future__ import annotations

import os
import pty
import time
import tty
from collections.abc import Callable
from pathlib import Path

WAIT_SECONDS = 30.0


class SerialDevice:
    """The far end of a serial line."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._far: int | None = None

    def plug_in(self) -> None:
        self._far, near = pty.openpty()
        tty.setraw(near)
        self.path.symlink_to(os.ttyname(near))
        os.close(near)

    def send(self, data: bytes) -> None:
        assert self._far is not None, "nothing is plugged in"
        os.write(self._far, data)

    def pull(self) -> None:
        """The device goes, and its name with it."""
        assert self._far is not None, "nothing is plugged in"
        self.path.unlink()
        os.close(self._far)
        self._far = None


def comes_true(what: Callable[[], bool]) -> bool:
    """Whether it does, within a time that no healthy machine needs."""
    until = time.monotonic() + WAIT_SECONDS
    while not what():
        if time.monotonic() > until:
            return False
        time.sleep(0.01)
    return True
