"""kiosk.log: what the running kiosk has noted, for the diagnosis; it never grows beyond its limit."""

from __future__ import annotations

import logging
from contextlib import suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path

BYTES_MAX = 256_000
LINES_SHOWN = 300


class LogFile(RotatingFileHandler):
    """Gives up a line that the disk refuses: a full disk must not stop a kiosk over its notes."""

    def handleError(self, record: logging.LogRecord) -> None:
        """Nothing to tell anybody: the trouble of the disk is on the screen."""


def log_into(path: Path) -> None:
    """Notes go to this file too, from now on, as far as the disk takes it."""
    with suppress(OSError):
        handler = LogFile(path, maxBytes=BYTES_MAX, backupCount=1, encoding="utf-8")
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
        logging.getLogger().addHandler(handler)


def last_lines(path: Path) -> list[str]:
    """The newest lines, oldest first; none when the file is not there."""
    try:
        return path.read_text(encoding="utf-8", errors="replace").splitlines()[-LINES_SHOWN:]
    except OSError:
        return []
