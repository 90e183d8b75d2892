"""Commands with which staff set up what stands at a kiosk: its clock, the PIN of its panel, the simulated scanner."""

from __future__ import annotations

import argparse
import getpass
import sys

from kiosk.clock_setting import read_island_time
from kiosk.control import ask_process
from kiosk.folder import KioskFolder
from kiosk.identity import read_identity
from kiosk.staff_pin import PinInvalid, set_pin
from kiosk.status import is_running

DONE, FAILED = 0, 1


def add_staff_commands(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> list[argparse.ArgumentParser]:
    """Adds the commands and answers their parsers."""
    clock = actions.add_parser("clock", help="set a kiosk's clock where there is no network")
    clock.add_argument("name", help="name of the kiosk")
    clock.add_argument("time", help='the island\'s time, "2026-11-23 10:15"')
    clock.set_defaults(does=_clock)
    pin = actions.add_parser("pin", help="set the PIN of the staff's panel on a kiosk's screen")
    pin.add_argument("name", help="name of the kiosk")
    pin.set_defaults(does=_pin)
    scan = actions.add_parser("scan", help="hold a code before the simulated scanner of a demonstration kiosk")
    scan.add_argument("name", help="name of the kiosk")
    scan.add_argument("code", help="the code's text or link")
    scan.set_defaults(does=_scan)
    return [clock, pin, scan]


def _kiosk(asked: argparse.Namespace) -> KioskFolder:
    """The folder of the kiosk that was named; raises NotProvisioned."""
    kiosk = KioskFolder(asked.data / "kiosks" / asked.name)
    read_identity(kiosk)
    return kiosk


def _clock(asked: argparse.Namespace) -> int:
    kiosk = _kiosk(asked)
    read_island_time(asked.time)  # a slip is named before anybody is asked
    if not is_running(kiosk):
        return _fail(f"{asked.name} does not run: a clock that stands can't be set. Start it first.")
    ask_process(kiosk, "POST", "/api/staff/clock", {"set_to": asked.time, "by": f"operator {getpass.getuser()}"})
    print(f"{asked.name}: the clock is set, and trusted until the kiosk is started again.")
    return DONE


def _fail(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return FAILED


def _pin(asked: argparse.Namespace) -> int:
    kiosk = _kiosk(asked)
    pin = getpass.getpass("New PIN (6 to 12 digits): ") if sys.stdin.isatty() else sys.stdin.readline().strip()
    try:
        set_pin(kiosk.staff_pin, pin)
    except PinInvalid as reason:
        return _fail(str(reason))
    print(f"{asked.name}: the PIN is set. Press the island's mark on the screen for two seconds.")
    return DONE


def _scan(asked: argparse.Namespace) -> int:
    kiosk = _kiosk(asked)
    if not is_running(kiosk):
        return _fail(f"{asked.name} does not run; start it first.")
    ask_process(kiosk, "POST", "/api/simulated/scanner", {"code": asked.code})
    return DONE
