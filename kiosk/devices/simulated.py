"""The simulated printer: keeps the very bytes a printer would get and draws them. It says that it is no printer, and
prints nothing outside a demonstration."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path

from kiosk.config import PrinterSettings
from kiosk.devices.preview import draw_ticket
from kiosk.devices.printers import ABSENT, PAPER_OUT, READY, PrintOutcome, slip_bytes
from kiosk.disk import write_durably
from kiosk.slip import Part

log = logging.getLogger(__name__)

TICKETS_KEPT_MAX = 100  # for each kiosk; the oldest go
ANNOUNCEMENT = "模拟打印机：没有纸，只画图 / Simulated printer: no paper, pictures only"


class SimulatedPrinter:
    """Writes `<name>.bin` and `<name>.png` into a folder; `has_paper` can be taken away to see the kiosk cope."""

    is_simulated = True

    def __init__(
        self, settings: PrinterSettings, folder: Path, prefix: str, is_demonstration: Callable[[], bool]
    ) -> None:
        """`prefix` starts the names of this kiosk's tickets in the shared folder."""
        self._settings, self._folder, self._prefix = settings, folder, prefix
        self._is_demonstration = is_demonstration
        self._lock = threading.Lock()
        self.has_paper = True
        log.warning("%s (%s)", ANNOUNCEMENT, folder)

    def state(self) -> str:
        if not self._is_demonstration():
            return ABSENT
        return READY if self.has_paper else PAPER_OUT

    def print_slip(self, parts: list[Part], name: str) -> PrintOutcome:
        with self._lock:
            state = self.state()
            if state != READY:
                return PrintOutcome(False, state)
            data = slip_bytes(parts, self._settings)
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_durably(self._folder / f"{self._prefix}-{name}.bin", data)
            preview = self._folder / f"{self._prefix}-{name}.png"
            draw_ticket(data, self._settings.dots).save(preview, compress_level=1)
            preview.chmod(0o600)
            self._forget_oldest()
            return PrintOutcome(True, None, preview)

    def _forget_oldest(self) -> None:
        pictures = sorted(self._folder.glob(f"{self._prefix}-*.png"))  # names end in the counter, which only rises
        for picture in pictures[:-TICKETS_KEPT_MAX]:
            picture.unlink(missing_ok=True)
            picture.with_suffix(".bin").unlink(missing_ok=True)
