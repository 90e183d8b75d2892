"""Files that survive a pulled plug: written beside, flushed to the disk, then renamed into place."""

from __future__ import annotations

import os
from pathlib import Path

OWNER_ONLY = 0o600


def write_durably(path: Path, content: bytes) -> None:
    """Replaces `path` with `content`, readable by its owner only; after the return a power cut changes nothing.

    A cut in the middle leaves the file as it was.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ONLY)
    with open(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    os.replace(beside, path)
    _flush_folder(path.parent)


def _flush_folder(folder: Path) -> None:
    """The new name is in the folder's own data, which has to reach the disk too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
