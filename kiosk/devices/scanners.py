"""Code scanners. One with a keyboard's plug types into the page and needs nothing here; one on a serial line is read
by this process and waits for the page as a numbered list of texts.

Serial: each reading is one line ended by CR, LF or both, 9600 8N1 unless kiosk.toml says otherwise; no prefix.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from kiosk.config import ScannerSettings
from kiosk.devices.serial_lines import SerialLines
from kiosk.reading_refusals import OnlyInDemonstration

log = logging.getLogger(__name__)

READY, ABSENT = "ready", "absent"
TEXTS_KEPT_MAX = 16
STOP_SECONDS = 1.0
ANNOUNCEMENT = "模拟扫码器：不读光，只收命令给的码 / Simulated scanner: reads no light, only what a command hands it"


@dataclass(frozen=True, slots=True)
class ScannedText:
    """What a scanner read; numbers rise from 1 in each start."""

    number: int
    text: str


class ScannedTexts:
    """The newest readings, for the page that waits for them."""

    def __init__(self) -> None:
        self._arrived = threading.Condition()
        self._texts: deque[ScannedText] = deque(maxlen=TEXTS_KEPT_MAX)
        self._count = 0
        self._closed = False

    def add(self, text: str) -> None:
        with self._arrived:
            self._count += 1
            self._texts.append(ScannedText(self._count, text))
            self._arrived.notify_all()

    def after(self, number: int | None, seconds: float) -> tuple[int, list[ScannedText]]:
        """(newest number, the readings after `number`), waiting at most this long for the first of them.

        None asks for the newest number alone: a page that has just opened takes no code from before.
        """
        with self._arrived:
            if number is None:
                return self._count, []
            # A page that outlived an earlier start knows a higher number than there is; it begins with what is here.
            known = min(number, self._count)
            self._arrived.wait_for(lambda: self._closed or self._count > known, seconds)
            return self._count, [text for text in self._texts if text.number > known]

    def close(self) -> None:
        """Lets everybody who waits go."""
        with self._arrived:
            self._closed = True
            self._arrived.notify_all()


class Scanner(Protocol):
    """A scanner that this process reads."""

    @property
    def is_simulated(self) -> bool: ...

    def state(self) -> str:
        """ready or absent."""
        ...

    def start(self) -> None: ...
    def stop(self) -> None: ...


class NoScanner:
    """Nothing on a serial line; the camera and a scanner with a keyboard's plug are the page's."""

    is_simulated = False

    def state(self) -> str:
        return ABSENT

    def start(self) -> None:
        """Nothing to open."""

    def stop(self) -> None:
        """Nothing to close."""


class SerialScanner:
    """A scanner on a serial line, or on USB where it shows itself as one."""

    is_simulated = False

    def __init__(self, settings: ScannerSettings, texts: ScannedTexts) -> None:
        """Raises ConfigInvalid when pyserial is not installed."""
        self._lines = SerialLines(settings, "scanner", texts.add)

    def state(self) -> str:
        return READY if self._lines.is_open else ABSENT

    def start(self) -> None:
        self._lines.start()

    def stop(self) -> None:
        self._lines.stop(STOP_SECONDS)


class SimulatedScanner:
    """Takes codes from an operator's command. It says that it is no scanner and works in a demonstration only."""

    is_simulated = True

    def __init__(self, texts: ScannedTexts, is_demonstration: Callable[[], bool]) -> None:
        self._texts, self._is_demonstration = texts, is_demonstration

    def state(self) -> str:
        return READY if self._is_demonstration() else ABSENT

    def start(self) -> None:
        if self._is_demonstration():
            log.warning(ANNOUNCEMENT)

    def stop(self) -> None:
        """Nothing to close."""

    def show(self, text: str) -> None:
        """Holds this text before the scanner; raises OnlyInDemonstration."""
        if not self._is_demonstration():
            raise OnlyInDemonstration
        self._texts.add(text)
