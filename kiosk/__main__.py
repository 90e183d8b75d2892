"""`./island kiosk …` and `python -m kiosk …`: provision, run, status, code, the upkeep, and what staff set."""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Sequence
from pathlib import Path

from kiosk import commands
from kiosk.invitation import read_invitation
from kiosk.refusals import ProofNotAllowed, Refusal, SceneNotOffered
from kiosk.staff_commands import add_staff_commands
from kiosk.status_table import language_of_terminal, status_table
from kiosk.upkeep import add_upkeep

DONE, FAILED, ASKED_WRONGLY = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 0 done, 1 failed with one sentence, 2 a kind or scene that is not offered."""
    asked = _parser().parse_args(arguments)
    level = logging.INFO if asked.command == "run" else logging.ERROR
    logging.basicConfig(level=level, format="%(asctime)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    try:
        return int(asked.does(asked))
    except Refusal as refusal:
        wrong = refusal.code in (SceneNotOffered.code, ProofNotAllowed.code)
        return _say(f"{refusal.words.en} {refusal}".strip(), ASKED_WRONGLY if wrong else FAILED)
    except KeyboardInterrupt:
        return 130
    except Exception as reason:  # an operator reads one sentence; the trace is there for whoever asks for it
        logging.getLogger(__name__).debug("failed", exc_info=reason)
        return _say(f"{type(reason).__name__}: {reason}", FAILED)


def _say(sentence: str, exit_code: int) -> int:
    print(sentence, file=sys.stderr)
    return exit_code


def _parser() -> argparse.ArgumentParser:
    what = "Provision, run or ask a kiosk; print one code."
    parser = argparse.ArgumentParser(prog="./island kiosk", description=what)
    actions = parser.add_subparsers(dest="command", required=True)
    provision = actions.add_parser("provision", help="become the kiosk of an invitation")
    provision.add_argument("name", help="name of the kiosk's folder below DATA/kiosks")
    provision.add_argument("--qr", help="all that the invitation's QR code says, in place of the other three")
    provision.add_argument("--server", help="address of the server, such as https://island.example")
    provision.add_argument("--invitation", help="the short code that staff were given")
    provision.add_argument("--office-key-sha256", help="hex SHA-256 of the office key, as in the invitation's QR code")
    provision.set_defaults(does=_provision)
    run = actions.add_parser("run", help="run a kiosk with its screen on 127.0.0.1")
    run.add_argument("name", help="name of the kiosk, such as canteen")
    port_help = "port of the screen, 0 for a free one (the server's port plus the number of the kiosk)"
    run.add_argument("--port", type=int, help=port_help)
    run.set_defaults(does=_run)
    status = actions.add_parser("status", help="say how a kiosk is")
    status.add_argument("name", nargs="?", help="name of the kiosk; without it, all of them")
    status.add_argument("--json", action="store_true", help="as JSON")
    status.set_defaults(does=_status)
    code = actions.add_parser("code", help="print one fresh bare code")
    code.add_argument("scene", help="slug or number of the scene")
    code.add_argument("--kiosk", help="name of the kiosk; without it, one that offers the scene")
    code.add_argument("--variant", type=int, default=0, help="number of the variant (0)")
    code.add_argument("--quantity", type=int, help="in 1 piece, 10 g, 100 m, 0.1 kWh (one whole unit)")
    way = code.add_mutually_exclusive_group()
    for kind, words in (("group", "a group code; sends a heartbeat first"), ("ticket", "a ticket's code")):
        way.add_argument(f"--{kind}", dest="way", action="store_const", const=kind, help=words)
    code.set_defaults(does=_code)
    for action in (provision, run, status, code, *add_upkeep(actions), *add_staff_commands(actions)):
        action.add_argument("--data", type=Path, default=Path("instance"), help="data folder (instance)")
    return parser


def _folder(asked: argparse.Namespace) -> Path:
    return Path(asked.data) / "kiosks" / str(asked.name)


def _provision(asked: argparse.Namespace) -> int:
    said = (asked.server, asked.invitation, asked.office_key_sha256)
    server, invitation, office_key = said if asked.qr is None else read_invitation(asked.qr)
    if server is None or invitation is None:
        return _say("name --server and --invitation, or what the QR code says with --qr", ASKED_WRONGLY)
    number = commands.provision(_folder(asked), server, invitation, office_key)
    print(f"{asked.name} is kiosk {number} now.")
    return DONE


def _run(asked: argparse.Namespace) -> int:
    commands.run(_folder(asked), asked.port)
    return DONE


def _status(asked: argparse.Namespace) -> int:
    every = [path.parent for path in sorted(asked.data.glob("kiosks/*/identity.json"))]
    folders = [_folder(asked)] if asked.name else every
    found = {folder.name: commands.status(folder) for folder in folders}
    as_json = json.dumps(found, ensure_ascii=False, indent=2) if asked.json else None
    print(as_json or status_table(found, language_of_terminal()))
    return DONE


def _code(asked: argparse.Namespace) -> int:
    named = asked.data / "kiosks" / asked.kiosk if asked.kiosk else None
    folder = named or commands.find_kiosk(asked.data, asked.scene, asked.way)
    print(commands.code(folder, asked.scene, asked.variant, asked.quantity, asked.way))
    return DONE


if __name__ == "__main__":
    sys.exit(main())
