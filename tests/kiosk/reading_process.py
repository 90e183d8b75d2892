"""A kiosk that reads member codes as fast as it can until somebody pulls the plug, for test_plug_while_reading.py.

For each line on its input it starts one such kiosk as a process of its own and says its number.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from kiosk.folder import KioskFolder, KioskLock
from kiosk.machine import Machine
from kiosk.reading_lines import AskedLine
from kiosk.reading_refusals import AlreadyRead
from tests.kiosk.conftest import MovedClock
from tests.kiosk.pulled_plugs import start_for_each_line
from tests.kiosk.shown_codes import phone

LINES = (AskedLine(6), AskedLine(10, variant=1))


def read_without_end(folder: KioskFolder, thanks: Path) -> None:
    """Thanks for each code after it was taken; a code that was thanked for is never taken again."""
    handle = os.open(thanks, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with KioskLock(folder):
        machine = Machine(folder)
        machine.clock.trusted = False  # any minute is taken, so that codes of an earlier life can be shown again
        for text in thanks.read_text().split()[-3:]:
            check_that_it_is_known(machine, text)
        now = MovedClock(time.time())
        while True:
            text = phone(now).text(now.wall)
            machine.intake.take_member_code(text, LINES)
            os.write(handle, f"{text}\n".encode())
            check_that_it_is_known(machine, text)


def check_that_it_is_known(machine: Machine, text: str) -> None:
    """Raises AssertionError for a code that would be taken twice."""
    try:
        machine.intake.take_member_code(text, LINES)
    except AlreadyRead:
        return
    raise AssertionError(f"taken twice: {text}")


def main() -> None:
    folder, thanks = KioskFolder(Path(sys.argv[1])), Path(sys.argv[2])
    start_for_each_line(lambda: read_without_end(folder, thanks))


if __name__ == "__main__":
    main()
