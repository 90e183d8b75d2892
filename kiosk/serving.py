"""Runs one kiosk: its screen on 127.0.0.1, its turns in the background, until it is told to stop."""

from __future__ import annotations

import logging
import secrets
import signal
from types import FrameType

from waitress import create_server

from kiosk.control import HOST, keep_control
from kiosk.folder import KioskFolder, KioskLock
from kiosk.machine import Machine
from kiosk.screen import create_screen

log = logging.getLogger(__name__)

THREADS = 6  # as many as a browser opens lines to one page


def serve(folder: KioskFolder, port: int) -> None:
    """Returns after SIGTERM or SIGINT; raises KioskBusy when another process runs this kiosk."""
    with KioskLock(folder):
        machine = Machine(folder)
        try:
            _listen(machine, port)
        finally:
            folder.control.unlink(missing_ok=True)
            machine.close()


def _listen(machine: Machine, port: int) -> None:
    token = secrets.token_urlsafe(24)
    screen = create_screen(machine, token)
    server = create_server(
        screen, host=HOST, port=port, threads=THREADS, ident=None, clear_untrusted_proxy_headers=True
    )
    # A page's files come in one burst and wait for a thread for a moment; that is nothing to warn of.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    signal.signal(signal.SIGTERM, _interrupted)
    listening = int(server.effective_port)
    machine.rounds.start()
    keep_control(machine.folder, listening, token)
    log.info("kiosk %d (%s) at http://%s:%d/", machine.identity.kiosk, machine.folder.name, HOST, listening)
    try:
        server.run()
    finally:
        server.close()


def _interrupted(number: int, frame: FrameType | None) -> None:
    """Ends the server's loop as Ctrl-C does, so that both ways of stopping tidy up."""
    raise KeyboardInterrupt
