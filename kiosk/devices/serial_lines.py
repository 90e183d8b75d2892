"""Lines of text from a device on a serial line: opened again when it was unplugged, and in nobody's way."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any, Protocol

from kiosk.config import ConfigInvalid

log = logging.getLogger(__name__)

READ_SECONDS = 0.2
AGAIN_SECONDS = 1.0
LINE_BYTES_MAX = 4_300  # a code as a link, with room; anything longer is noise
PIECE_BYTES = 512


class SerialSettings(Protocol):
    """What a serial line needs to be told; scanners and scales have the same."""

    @property
    def device(self) -> str | None: ...
    @property
    def baud(self) -> int: ...
    @property
    def bytesize(self) -> int: ...
    @property
    def parity(self) -> str: ...
    @property
    def stopbits(self) -> int: ...


class LineCollector:
    """Cuts a stream of bytes into lines, each ended by CR, LF or both; drops what is no line of text."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._too_long = False

    def feed(self, piece: bytes) -> list[str]:
        """The lines that this piece completes."""
        lines = []
        for byte in piece:
            if byte in b"\r\n":
                if self._held and not self._too_long:
                    lines.append(self._held.decode("ascii", errors="replace"))
                self._held.clear()
                self._too_long = False
            elif len(self._held) < LINE_BYTES_MAX:
                self._held.append(byte)
            else:
                self._too_long = True
        return lines


class SerialLines:
    """Reads one serial line in a thread of its own and hands each line of text on."""

    def __init__(self, settings: SerialSettings, name: str, take: Callable[[str], None]) -> None:
        """Raises ConfigInvalid when the Python package is not installed."""
        self._settings, self._name, self._take = settings, name, take
        self._serial = _driver(name)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self.is_open = False

    def start(self) -> None:
        self._thread.start()

    def stop(self, seconds: float) -> None:
        """Closes the line, waiting at most this long."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join(seconds)

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                self._read_until_unplugged()
            # Some drivers of USB adapters raise OSError and TypeError from inside the library when they are pulled.
            except (self._serial.SerialException, OSError, TypeError) as reason:
                self._note(str(reason))
            except Exception:  # a fault in what takes the lines must not end the reading for good
                log.exception("the %s could not cope with a line", self._name)
            self._stopped.wait(AGAIN_SECONDS)

    def _read_until_unplugged(self) -> None:
        with self._opened() as line:
            self._note(None)
            collector = LineCollector()  # half a line from before is no line now
            while not self._stopped.is_set():
                # One byte, then what is there with it: waiting for a full piece would hold up a short line.
                piece = line.read(1)
                piece += line.read(min(line.in_waiting, PIECE_BYTES)) if piece else b""
                for text in collector.feed(piece):
                    self._take(text)

    def _opened(self) -> Any:
        settings = self._settings
        return self._serial.Serial(
            port=settings.device,
            baudrate=settings.baud,
            bytesize=settings.bytesize,
            parity=settings.parity,
            stopbits=settings.stopbits,
            timeout=READ_SECONDS,
            exclusive=True,
        )

    def _note(self, trouble: str | None) -> None:
        """Logs a change only: a device that is away for a week is one line."""
        if trouble is None:
            log.info("%s at %s", self._name, self._settings.device)
        elif self.is_open or not getattr(self, "_said", False):
            log.warning("%s at %s is away: %s", self._name, self._settings.device, trouble)
        self._said = trouble is not None
        self.is_open = trouble is None


def _driver(name: str) -> Any:
    try:
        import serial
    except ImportError as reason:
        raise ConfigInvalid(
            f"a {name} on a serial line needs the Python package pyserial; install it first"
        ) from reason
    return serial
