"""Printers: one outcome for every ticket, and the real ones, reached through python-escpos."""

from __future__ import annotations

import logging
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from kiosk.config import ConfigInvalid, PrinterSettings
from kiosk.slip import Part
from kiosk.slip_raster import raster_bytes
from kiosk.slip_text import text_bytes

log = logging.getLogger(__name__)

READY, PAPER_OUT, ABSENT = "ready", "paper_out", "absent"
STATE_SECONDS = 10.0  # how long an answer about paper holds; the screen asks far more often
ANSWER_SECONDS = 2.0  # how long a printer may take to tell of its paper
# The transports of python-escpos on which a printer can answer.
TWO_WAY = frozenset({"usb", "serial", "network"})


@dataclass(frozen=True, slots=True)
class PrintOutcome:
    """Whether paper came out; if not, why: paper_out, absent, not_asked. `preview` is a picture of the ticket."""

    printed: bool
    reason: str | None = None
    preview: Path | None = None


class Printer(Protocol):
    """Prints slips; never raises for what the machine outside does."""

    @property
    def is_simulated(self) -> bool: ...

    def state(self) -> str:
        """ready, paper_out or absent."""
        ...

    def print_slip(self, parts: list[Part], name: str) -> PrintOutcome:
        """Prints one slip; `name` is unique and fit for a file's name."""
        ...


def slip_bytes(parts: list[Part], settings: PrinterSettings) -> bytes:
    """The bytes of a slip for this printer's mode and paper."""
    compose = text_bytes if settings.mode == "text" else raster_bytes
    return compose(parts, settings.dots)


class NoPrinter:
    """A kiosk without a printer: tickets are shown on the screen."""

    is_simulated = False

    def state(self) -> str:
        return ABSENT

    def print_slip(self, parts: list[Part], name: str) -> PrintOutcome:
        return PrintOutcome(False, ABSENT)


class EscposPrinter:
    """A real printer. The line is opened for each ticket, so that one that was unplugged is found again."""

    is_simulated = False

    def __init__(self, settings: PrinterSettings) -> None:
        """Raises ConfigInvalid when the Python package of this transport is not installed."""
        self._settings = settings
        self._transport, self._troubles = _driver(settings.transport)
        self._lock = threading.Lock()
        self._state, self._ask_at = ABSENT, 0.0

    def state(self) -> str:
        """As asked lately; a printer that is busy with a ticket is as it was before."""
        if time.monotonic() >= self._ask_at and self._lock.acquire(blocking=False):
            try:
                self._remember(self._ask_state())
            finally:
                self._lock.release()
        return self._state

    def _ask_state(self) -> str:
        try:
            with self._line() as line:
                return self._paper(line)
        except self._troubles as reason:
            log.warning("printer not reached: %s", reason)
            return ABSENT

    def _remember(self, state: str) -> None:
        self._state, self._ask_at = state, time.monotonic() + STATE_SECONDS

    def print_slip(self, parts: list[Part], name: str) -> PrintOutcome:
        data = slip_bytes(parts, self._settings)
        with self._lock:
            try:
                with self._line() as line:
                    outcome = self._print(line, data)
            except self._troubles as reason:
                log.warning("ticket %s not printed: %s", name, reason)
                outcome = PrintOutcome(False, ABSENT)
            self._remember(outcome.reason or READY)
            return outcome

    def _print(self, line: Any, data: bytes) -> PrintOutcome:
        if self._paper(line) == PAPER_OUT:
            return PrintOutcome(False, PAPER_OUT)
        line._raw(data)
        # The roll may have ended inside the ticket: half a ticket counts as none, and the screen shows the code.
        if self._paper(line) == PAPER_OUT:
            return PrintOutcome(False, PAPER_OUT)
        return PrintOutcome(True)

    def _paper(self, line: Any) -> str:
        if self._settings.transport not in TWO_WAY:
            return READY
        try:
            return PAPER_OUT if line.paper_status() == 0 else READY
        except (OSError, NotImplementedError):
            return READY  # a printer that takes data but tells nothing of its paper

    @contextmanager
    def _line(self) -> Iterator[Any]:
        line = self._transport(**_arguments(self._settings))
        if self._settings.transport == "network":
            # The library leaves a socket open when it can't connect; a kiosk asks for weeks.
            line.device = socket.create_connection((self._settings.host, self._settings.port), ANSWER_SECONDS)
        else:
            line.open()
        try:
            yield line
        finally:
            line.close()


def _driver(transport: str) -> tuple[Any, tuple[type[Exception], ...]]:
    """The transport's class, and what it raises when the printer can't be reached.

    Imported only where such a printer is wired: the drivers cost memory and have requirements of their own.
    """
    from escpos import exceptions, printer

    kind = {"usb": printer.Usb, "serial": printer.Serial, "network": printer.Network, "file": printer.File}[transport]
    if not kind.is_usable():
        package = {"usb": "pyusb", "serial": "pyserial"}[transport]
        raise ConfigInvalid(f"a {transport} printer needs the Python package {package}; install it first")
    return kind, (exceptions.Error, OSError, RuntimeError)


def _arguments(settings: PrinterSettings) -> dict[str, Any]:
    match settings.transport:
        case "usb":
            return {"idVendor": settings.vendor, "idProduct": settings.product, "timeout": int(ANSWER_SECONDS * 1000)}
        case "serial":
            return {"devfile": settings.device, "baudrate": settings.baud, "timeout": ANSWER_SECONDS}
        case "network":
            return {"host": settings.host, "port": settings.port, "timeout": ANSWER_SECONDS}
        case _:
            return {"devfile": settings.device}
