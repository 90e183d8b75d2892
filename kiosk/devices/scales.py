"""Scales. We take the continuous ASCII frame that A&D indicators call format 1 and many others send as well:

    ST,GS,+  1.234kg CR LF      header 1, header 2, sign, number, unit

Header 1: ST stable, US not stable, OL out of range. Header 2: GS (or "G ") gross; NT, TR and PT are net, tare and
preset tare, which we don't take, because a tare key must not turn an empty scale into a load. The number has a point
or a comma and leading spaces or zeros; after OL it may be blank. Unit: kg or g.

Settings of the scale: gross weight, continuous (stream) output, unit kg with three decimals, 9600 baud, 8 bits, no
parity, 1 stop bit, ended by CR LF. Some leave the factory with 2400 7E1; kiosk.toml can say so.
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from kiosk.config import ScaleSettings
from kiosk.devices.serial_lines import SerialLines
from kiosk.reading_refusals import OnlyInDemonstration

log = logging.getLogger(__name__)

READY, ABSENT = "ready", "absent"
SILENT_SECONDS = 2.0  # a scale that streams says something several times a second
STOP_SECONDS = 1.0
FRAME_SECONDS = 0.2
SIMULATED_GRAMS_MAX = 30_000
ANNOUNCEMENT = "模拟电子秤：没有秤，按键放袋子 / Simulated scale: no scale, bags are put on it by a key"
GRAMS_OF = {"kg": 1_000, "g": 1}

_FRAME = re.compile(
    r"(?P<state>ST|US|OL),(?P<mode>GS|G |NT|N |TR|PT),(?P<sign>[+-]?)(?P<number>[ 0-9.,]*?) *(?P<unit>kg|g)? *",
    re.ASCII,
)
_NUMBER = re.compile(r"[0-9]{1,6}(?:\.[0-9]{1,5})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Sample:
    """What the scale says at one moment. `grams` are whole, rounded towards 0, and None when out of range."""

    grams: int | None
    stable: bool


def read_frame(line: str) -> Sample | None:
    """The gross weight in this frame; None for net and tare values, other units and anything else."""
    match = _FRAME.fullmatch(line.strip("\x02\x03\x00"))
    if match is None or match["mode"] not in ("GS", "G "):
        return None
    if match["state"] == "OL":
        return Sample(None, False)
    number = match["number"].strip().replace(",", ".")
    if match["unit"] is None or not _NUMBER.fullmatch(number):
        return None
    grams = int(Decimal(number) * GRAMS_OF[match["unit"]])
    return Sample(-grams if match["sign"] == "-" else grams, match["state"] == "ST")


class Scale(Protocol):
    """Hands each sample to whoever listens; says nothing while it is unplugged."""

    @property
    def is_simulated(self) -> bool: ...

    def state(self) -> str:
        """ready or absent."""
        ...

    def start(self) -> None: ...
    def stop(self) -> None: ...


class NoScale:
    """A kiosk without a scale: what has to be weighed is not offered."""

    is_simulated = False

    def state(self) -> str:
        return ABSENT

    def start(self) -> None:
        """Nothing to open."""

    def stop(self) -> None:
        """Nothing to close."""


class SerialScale:
    """A scale that streams its weight over a serial line."""

    is_simulated = False

    def __init__(self, settings: ScaleSettings, take: Callable[[Sample], None], uptime: Callable[[], float]) -> None:
        """Raises ConfigInvalid when pyserial is not installed."""
        self._take, self._uptime = take, uptime
        self._lines = SerialLines(settings, "scale", self._take_line)
        self._heard_at: float | None = None

    def _take_line(self, line: str) -> None:
        sample = read_frame(line)
        if sample is not None:
            self._heard_at = self._uptime()
            self._take(sample)

    def state(self) -> str:
        """Ready only while frames come: a line that is open with a scale switched off is no scale."""
        heard = self._heard_at is not None and self._uptime() - self._heard_at <= SILENT_SECONDS
        return READY if self._lines.is_open and heard else ABSENT

    def start(self) -> None:
        self._lines.start()

    def stop(self) -> None:
        self._lines.stop(STOP_SECONDS)


class SimulatedScale:
    """Weighs what a key of the page puts on it. It says that it is no scale and works in a demonstration only."""

    is_simulated = True

    def __init__(self, take: Callable[[Sample], None], is_demonstration: Callable[[], bool]) -> None:
        self._take, self._is_demonstration = take, is_demonstration
        self._lock = threading.Lock()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._stream, name="simulated scale", daemon=True)
        self._grams, self._swings = 0, False

    def state(self) -> str:
        return READY if self._is_demonstration() else ABSENT

    def load(self, grams: int) -> None:
        """Adds a bag of that many grams, or empties the scale with 0; raises OnlyInDemonstration."""
        if not self._is_demonstration():
            raise OnlyInDemonstration
        with self._lock:
            self._grams = min(self._grams + grams, SIMULATED_GRAMS_MAX) if grams else 0
            self._swings = True

    def beat(self) -> None:
        """Says the weight once, as the streaming thread does; the first word after a change is not stable."""
        if not self._is_demonstration():
            return
        with self._lock:
            sample, self._swings = Sample(self._grams, not self._swings), False
        self._take(sample)

    def start(self) -> None:
        if self._is_demonstration():
            log.warning(ANNOUNCEMENT)
        self._thread.start()

    def _stream(self) -> None:
        while not self._stopped.wait(FRAME_SECONDS):
            self.beat()

    def stop(self) -> None:
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join(STOP_SECONDS)
