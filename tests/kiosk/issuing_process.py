"""A kiosk that issues, prints and uploads as fast as it can until somebody pulls the plug, for test_pulled_plug.py.

For each line on its input it starts one such kiosk as a process of its own and says its number; so a start costs no
more than the kiosk's own start, and many plugs can be pulled in a few seconds.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from itertools import count
from pathlib import Path

from kiosk.devices.printers import PrintOutcome
from kiosk.folder import KioskFolder, KioskLock
from kiosk.forwarder import Forwarder
from kiosk.groups import Groups
from kiosk.issue import CodeRequest
from kiosk.machine import Machine
from kiosk.slip import Code, Part
from kiosk.tickets import TicketDesk
from tests.kiosk.pulled_plugs import start_for_each_line


class PaperFile:
    """What people have in their hands: one line for each thing they saw, written as soon as they could see it."""

    is_simulated = True

    def __init__(self, path: Path) -> None:
        self._handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def hand_out(self, kind: str, link: str) -> None:
        os.write(self._handle, f"{kind} {link}\n".encode())

    def state(self) -> str:
        return "ready"

    def print_slip(self, parts: list[Part], name: str) -> PrintOutcome:
        [link] = [part.link for part in parts if isinstance(part, Code)]
        self.hand_out("ticket", link)
        return PrintOutcome(True)


def issue_without_end(folder: KioskFolder, paper: PaperFile) -> None:
    """Touches, tickets and group codes in turn."""
    ticks = count(0, 5)  # an uptime that leaps, so that no ticket has to wait and each group code is a new one
    with KioskLock(folder):
        machine = Machine(folder, uptime=lambda: float(next(ticks)))
        # Leaping makes the next start's clock stand behind the last item, so the office has to be heard.
        machine.clock.answered(server_time=int(time.time()), device_time=machine.clock.now())
        threading.Thread(target=upload_without_end, args=(machine.forwarder,), daemon=True).start()
        desk, groups = TicketDesk(machine.mint, paper), Groups(machine.mint, lambda: 0.0)
        while True:
            shown = machine.touches.begin(CodeRequest(9, 0, None, "single"), by_touch=True)
            paper.hand_out("single", shown.issued.link)
            paper.hand_out("group", groups.show(1).issued.link)
            desk.begin(CodeRequest(24, 0, None, "ticket"), by_touch=True)


def upload_without_end(forwarder: Forwarder) -> None:
    """Without the waits between the turns."""
    while True:
        forwarder.drain_once()


def main() -> None:
    folder, paper = KioskFolder(Path(sys.argv[1])), PaperFile(Path(sys.argv[2]))
    start_for_each_line(lambda: issue_without_end(folder, paper))


if __name__ == "__main__":
    main()
