"""The data folder of one island: where its database, secrets, kiosks and logs are."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DEFAULT = "instance"


class FolderBusy(Exception):
    """Another ./island works in this folder."""


@dataclass(frozen=True)
class DataFolder:
    """The paths below one folder; `path` is absolute."""

    path: Path

    @property
    def keys(self) -> Path:
        """The server's secrets, for the owner only."""
        return self.path / "keys.json"

    @property
    def demonstration(self) -> Path:
        """Addresses and sign-ins of the demonstration."""
        return self.path / "demo.json"

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def certificates(self) -> Path:
        return self.path / "certificates"

    @property
    def database_url(self) -> str:
        """DATABASE_URL where it is set, else a SQLite file in the folder."""
        return os.environ.get("DATABASE_URL") or f"sqlite:///{self.path / 'island.sqlite'}"

    def kiosk(self, name: str) -> Path:
        return self.path / "kiosks" / name

    def make(self) -> None:
        """Makes the folder, for its owner only: it holds secrets."""
        self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
        for below in (self.logs, self.path / "kiosks"):
            below.mkdir(exist_ok=True)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Held by one ./island at a time; the system lets go when the process ends. Raises FolderBusy."""
        with (self.path / "island.lock").open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as reason:
                raise FolderBusy(f"The island in {self.path} is already running; stop it or choose --data.") from reason
            yield


def data_folder(argument: str) -> DataFolder:
    """The folder that --data names, relative to where the person stands."""
    return DataFolder(Path(argument).expanduser().resolve())
