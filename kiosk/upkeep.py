"""The commands with which staff look after a kiosk: rotate, drain, offline, online, export, diagnose."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from kiosk import commands
from kiosk.draining import Drained, drain_kiosk, kiosks_of
from kiosk.folder import KioskFolder

DONE, FAILED = 0, 1


class WhichKiosk(Exception):
    """There is more than one kiosk here, or none; the message says what to name."""


def add_upkeep(actions: argparse._SubParsersAction[argparse.ArgumentParser]) -> list[argparse.ArgumentParser]:
    """Adds the commands and answers their parsers."""
    rotate = actions.add_parser("rotate", help="give a kiosk its next key; its journal stays")
    rotate.add_argument("name", help="name of the kiosk")
    rotate.add_argument("--invitation", required=True, help="the short code that staff were given for it")
    rotate.set_defaults(does=_rotate)
    every = "name of the kiosk; without it, all of them"
    drain = actions.add_parser("drain", help="upload the journal until nothing waits, or say why not")
    offline = actions.add_parser("offline", help="cut the line to the server, to show what a kiosk does without")
    online = actions.add_parser("online", help="restore the line to the server")
    for action, does in ((drain, _drain), (offline, _offline), (online, _online)):
        action.add_argument("name", nargs="?", help=every)
        action.set_defaults(does=does)
    export = actions.add_parser("export", help="write the journal to a file, for a USB stick")
    export.add_argument("file", type=Path, help="the file to write")
    export.add_argument("--all", action="store_true", help="also what the office has acknowledged")
    export.add_argument("--journal", type=Path, help="a damaged journal that was kept aside")
    export.set_defaults(does=_export)
    diagnose = actions.add_parser("diagnose", help="write one file that tells how a kiosk is, without secrets")
    diagnose.add_argument("file", type=Path, help="the file to write")
    diagnose.set_defaults(does=_diagnose)
    for action in (export, diagnose):
        action.add_argument("--kiosk", help="name of the kiosk, where there are several")
    return [rotate, drain, offline, online, export, diagnose]


def _rotate(asked: argparse.Namespace) -> int:
    from kiosk.rotation import rotate_key

    [kiosk] = kiosks_of(asked.data, asked.name)
    runs = commands.is_running(kiosk)
    identity = rotate_key(kiosk, asked.invitation)
    print(f"{asked.name} has key {identity.key_id} now.")
    if runs:
        print("Its process was ended for that; start it again, unless something does so by itself.")
    return DONE


def _drain(asked: argparse.Namespace) -> int:
    results = [_drained(kiosk) for kiosk in kiosks_of(asked.data, asked.name)]
    return DONE if all(result.is_empty for result in results) else FAILED


def _drained(kiosk: KioskFolder) -> Drained:
    on_terminal = sys.stderr.isatty()

    def progress(waiting: int) -> None:
        if on_terminal:
            print(f"\r{kiosk.name}: {waiting} items wait   ", end="", file=sys.stderr, flush=True)

    result = drain_kiosk(kiosk, progress)
    print(f"{kiosk.name}: {_left_in_words(result)}")
    return result


def _left_in_words(result: Drained) -> str:
    if result.is_empty:
        return "nothing waits."
    waiting = "1 item waits" if result.waiting == 1 else f"{result.waiting} items wait"
    aside = f", {result.aside} put aside (see diagnose)" if result.aside else ""
    return f"{waiting}{aside}. {result.trouble or 'Try again.'}"


def _offline(asked: argparse.Namespace) -> int:
    for kiosk in kiosks_of(asked.data, asked.name):
        commands.cut_line(kiosk)
        print(f"{kiosk.name}: the line is cut.")
    return DONE


def _online(asked: argparse.Namespace) -> int:
    for kiosk in kiosks_of(asked.data, asked.name):
        commands.restore_line(kiosk)
        print(f"{kiosk.name}: the line is restored.")
    return DONE


def _export(asked: argparse.Namespace) -> int:
    from kiosk.export import export_journal

    exported = export_journal(_the_kiosk(asked), asked.file, asked.journal, every=asked.all)
    part = "" if exported.complete else " The journal is damaged: this is what could be read of it."
    print(f"{exported.items} items in {asked.file}.{part}")
    return DONE


def _diagnose(asked: argparse.Namespace) -> int:
    from kiosk.diagnosis import diagnose_kiosk

    diagnose_kiosk(_the_kiosk(asked), asked.file)
    print(f"The diagnosis is in {asked.file}.")
    return DONE


def _the_kiosk(asked: argparse.Namespace) -> KioskFolder:
    found = kiosks_of(asked.data, asked.kiosk)
    if len(found) != 1:
        names = ", ".join(kiosk.name for kiosk in found) or "none"
        raise WhichKiosk(f"name one with --kiosk; there is: {names}")
    return found[0]
