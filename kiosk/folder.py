"""One kiosk's folder, `DATA/kiosks/<name>`, and what stands in it."""

from __future__ import annotations

import errno
import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import Self


class KioskBusy(Exception):
    """Another process runs this kiosk; two would share its counters."""


class KioskFolder:
    """The paths of one kiosk."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def identity(self) -> Path:
        return self.path / "identity.json"

    @property
    def new_key(self) -> Path:
        """The key of a kiosk that asked to be provisioned and has no answer yet."""
        return self.path / "new-key.json"

    @property
    def next_key(self) -> Path:
        """The key that the office asked for, and has not answered yet."""
        return self.path / "next-key.json"

    @property
    def agreement(self) -> Path:
        return self.path / "agreement.json"

    @property
    def journal(self) -> Path:
        return self.path / "journal.sqlite"

    @property
    def counters(self) -> Path:
        """Up to where counters are reserved; the journal knows it too, and one of them may be lost."""
        return self.path / "counters.json"

    @property
    def cut(self) -> Path:
        """While this file is here the kiosk asks nobody: its line is cut, to show what it does without."""
        return self.path / "offline"

    @property
    def log(self) -> Path:
        return self.path / "kiosk.log"

    @property
    def settings(self) -> Path:
        return self.path / "kiosk.toml"

    @property
    def control(self) -> Path:
        """Port, token and process id of the running process."""
        return self.path / "control.json"

    @property
    def staff_pin(self) -> Path:
        """The hash of the PIN in front of the staff's panel."""
        return self.path / "staff-pin.json"

    @property
    def duty(self) -> Path:
        """The names of those who stand here, and the act that is kept ready."""
        return self.path / "duty.json"

    @property
    def tickets(self) -> Path:
        """Pictures of the tickets of a simulated printer, for all kiosks of one data folder."""
        return self.path.parent.parent / "tickets"

    def make(self) -> None:
        """Makes the folder, for its owner only: it holds a private key."""
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)


class KioskLock:
    """Held by the one process that may write in a kiosk's folder; the system drops it when the process dies."""

    def __init__(self, folder: KioskFolder) -> None:
        self._path = folder.path / "kiosk.lock"
        self._handle: int | None = None

    def __enter__(self) -> Self:
        handle = _opened(self._path)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as reason:
            os.close(handle)
            raise KioskBusy(f"{self._path.parent} is in use by another process") from reason
        self._handle = handle
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


def _opened(path: Path) -> int:
    """A disk that has become read-only still lets us lock the file of an earlier start."""
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as reason:
        if reason.errno not in (errno.EROFS, errno.ENOSPC):
            raise
        return os.open(path, os.O_RDONLY)
