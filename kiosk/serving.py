"""Runs one kiosk: its screen on 127.0.0.1, its turns in the background, until it is told to stop."""

from __future__ import annotations

import logging
import os
import secrets
import signal
from contextlib import suppress

from waitress import create_server

from kiosk.control import HOST, keep_control
from kiosk.folder import KioskFolder, KioskLock
from kiosk.log_file import log_into
from kiosk.machine import Machine
from kiosk.screen import create_screen

log = logging.getLogger(__name__)

THREADS = 7  # as many as a browser opens lines to one page, and one that waits for what the scanner reads


def serve(folder: KioskFolder, port: int) -> None:
    """Returns after SIGTERM or SIGINT; raises KioskBusy when another process runs this kiosk. With its next key it
    starts anew by itself, on the same port."""
    with KioskLock(folder):
        log_into(folder.log)
        again: int | None = port
        while again is not None:
            again = _one_start(folder, again)


def _one_start(folder: KioskFolder, port: int) -> int | None:
    """Runs until it is told to end, and answers None, or until the next key is in force, and answers its port."""
    machine = Machine(folder)
    try:
        listening = _listen(machine, port)
    finally:
        with suppress(OSError):
            folder.control.unlink(missing_ok=True)
        machine.close()
    return listening if machine.key_change.done and not machine.told_to_end else None


def _listen(machine: Machine, port: int) -> int:
    """Answers the port when the loop has ended."""
    token = secrets.token_urlsafe(24)
    screen = create_screen(machine, token)
    server = create_server(
        screen, host=HOST, port=port, threads=THREADS, ident=None, clear_untrusted_proxy_headers=True
    )
    # A page's files come in one burst and wait for a thread for a moment; that is nothing to warn of.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda signal_number, frame: _interrupted(machine))
    # Only the main thread, which runs the loop, hears signals; the turns are taken in others.
    signal.signal(signal.SIGUSR1, lambda signal_number, frame: _renewed(machine))
    machine.renewed = lambda: os.kill(os.getpid(), signal.SIGUSR1)
    listening = int(server.effective_port)
    machine.start()
    try:
        keep_control(machine.folder, listening, token)
    except OSError as reason:  # a disk that takes nothing; the screen says so, and only the commands miss this file
        log.error("commands won't find this process: %s", reason)
    log.info("kiosk %d (%s) at http://%s:%d/", machine.identity.kiosk, machine.folder.name, HOST, listening)
    try:
        server.run()
    finally:
        server.close()
    return listening


def _interrupted(machine: Machine) -> None:
    """Ends the server's loop, by SIGTERM as by Ctrl-C, so that both ways of stopping tidy up."""
    machine.told_to_end = True
    _renewed(machine)


def _renewed(machine: Machine) -> None:
    """Ends the loop too; the next start has the next key."""
    machine.release()
    raise KeyboardInterrupt
