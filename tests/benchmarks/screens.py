"""A kiosk as people meet it: its own process, its page in Chromium, its scanner on a serial line; seconds and memory.

A moment on the screen is that of the frame after the one in which the page was complete, the picture of a code loaded.
"""

from __future__ import annotations

import socket
import statistics
import subprocess
import sys
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, ViewportSize, sync_playwright
from rich.console import Console

from kiosk.commands import provision
from scenes.wire import signing
from scenes.wire.agreement import PassKey
from tests.benchmarks.memory import resident_megabytes
from tests.benchmarks.results import Figures
from tests.benchmarks.servers import ROOT, free_port
from tests.browser.conftest import CHROMIUM, CHROMIUM_FLAGS
from tests.kiosk.conftest import MovedClock
from tests.kiosk.office import INVITATION, Office, pier_profile, scene_documents
from tests.kiosk.plugged import SerialDevice
from tests.kiosk.shown_codes import PASS_KEY_ID, PASS_PRIVATE, SHOWN_OFFERS, phone

SCREEN: ViewportSize = {"width": 1080, "height": 1920}
NAME = "pier"
TOUCHED, SHOWN = "自带水杯", "光盘行动"  # the one by a touch, the other by a member code
START_SECONDS = 30
# Remembers when the glass was touched, and promises when a selector's element will have been there for a frame.
WATCH = """selector => {
  const wall = (moment) => performance.timeOrigin + moment;
  const touched = (event) => { window.touchedAt = wall(event.timeStamp); };
  addEventListener('pointerdown', touched, { capture: true, once: true });
  window.seenAt = new Promise((resolve) => {
    const look = () => {
      const found = document.querySelector(selector);
      const whole = found && (found.tagName !== 'IMG' || (found.complete && found.naturalWidth > 0));
      requestAnimationFrame(whole ? () => resolve(wall(performance.now())) : look);
    };
    requestAnimationFrame(look);
  });
}"""


@dataclass
class Station:
    """A provisioned kiosk in its folder below `data`, the port of its page, its scanner, and the page's browser."""

    data: Path
    port: int
    scanner: SerialDevice
    page: Page

    @contextmanager
    def running(self) -> Iterator[subprocess.Popen[bytes]]:
        """The kiosk's process, until it has ended."""
        command = [sys.executable, "-m", "kiosk", "run", NAME, "--port", str(self.port), "--data", str(self.data)]
        with (self.data / "said.txt").open("ab") as said:
            process = subprocess.Popen(command, cwd=ROOT, stdout=said, stderr=subprocess.STDOUT)
            try:
                yield process
            finally:
                process.terminate()
                process.wait(timeout=START_SECONDS)

    def open(self, process: subprocess.Popen[bytes]) -> None:
        """Its page, as soon as the process answers."""
        until = time.monotonic() + START_SECONDS
        while process.poll() is None and time.monotonic() < until:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                self.page.goto(f"http://127.0.0.1:{self.port}")
                self.page.wait_for_selector(".begin")
                return
            time.sleep(0.01)
        raise TimeoutError((self.data / "said.txt").read_text())

    def touch_for_a_code(self) -> tuple[float, float]:
        """When somebody touched the screen for it, and when the code was there; seconds of the wall clock."""
        self.page.tap(".begin")
        self.page.wait_for_selector(f".tile:has-text('{TOUCHED}')")
        self.page.evaluate(WATCH, "img.qr")
        self.page.tap(f".tile:has-text('{TOUCHED}')")
        seen = self._seen()
        return float(self.page.evaluate("() => window.touchedAt")) / 1000, seen

    def show_a_code(self) -> tuple[float, float]:
        """When the scanner had sent the last byte of a member code, and when the screen thanked for it."""
        self.page.tap(".begin")
        self.page.tap(f".tile:has-text('{SHOWN}')")
        self.page.tap(".ways button:has-text('出示会员码')")
        self.page.wait_for_selector(".show")
        text = phone(MovedClock(time.time())).text(time.time())
        self.page.evaluate(WATCH, ".kept")
        sent = time.time()
        self.scanner.send(f"{text}\r".encode())
        return sent, self._seen()

    def go_home(self, key: str) -> None:
        self.page.tap(f"button:has-text('{key}')")
        self.page.wait_for_selector(".begin")

    def _seen(self) -> float:
        return float(self.page.evaluate("() => window.seenAt")) / 1000


@contextmanager
def stations() -> Iterator[Station]:
    """A kiosk that was provisioned by an office on the loopback and has its agreement."""
    # The label is all that the contract names; the office's verifier would like a tag beside it.
    warnings.filterwarnings("ignore", message="Using only a label")
    office = Office()
    try:
        with TemporaryDirectory(prefix="tanyu-bench-") as name, sync_playwright() as playwright:
            data = Path(name)
            office.agreement = office.sign_agreement(
                1,
                scenes=tuple(scene_documents()[number] for number in SHOWN_OFFERS),
                profile=replace(pier_profile(SHOWN_OFFERS), attended=True),
                pass_keys=(PassKey(PASS_KEY_ID, signing.public_key_of(PASS_PRIVATE), 0),),
            )
            provision(data / "kiosks" / NAME, office.address, INVITATION, office.fingerprint)
            scanner = SerialDevice(data / "scanner")
            scanner.plug_in()
            settings = f'[scanner]\ntransport = "serial"\ndevice = "{scanner.path}"\n'
            (data / "kiosks" / NAME / "kiosk.toml").write_text(settings)
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
            page = browser.new_context(viewport=SCREEN, locale="zh-CN", has_touch=True).new_page()
            try:
                yield Station(data, free_port(), scanner, page)
            finally:
                browser.close()
                scanner.pull()
        assert office.signature_faults == []
    finally:
        office.close()


def measure_screen(console: Console, starts: int, times: int) -> Figures:
    """S11 and the kiosk's part of S12, each with its target."""
    started, touched, thanked = [], [], []
    with stations() as station:
        for number in range(starts):
            console.print(f"  screen: start {number + 1} of {starts}")
            began = time.time()
            with station.running() as process:
                station.open(process)
                started.append(station.touch_for_a_code()[1] - began)
                station.go_home("回到首页")
                for _ in range(times):
                    touched.append(_seconds(station.touch_for_a_code()))
                    station.go_home("回到首页")
                    thanked.append(_seconds(station.show_a_code()))
                    station.go_home("完成")
                memory = resident_megabytes(process.pid)
    return {
        "touch → code on the screen (≤ 100 ms)": _milliseconds(touched),
        "member code read → thanks on the screen (≤ 150 ms)": _milliseconds(thanked),
        "start of the process → first code on the screen (≤ 4 s)": f"{statistics.median(started):.1f} s "
        f"(slowest of {len(started)}: {max(started):.1f})",
        "memory of the kiosk's process without its browser (≤ 90 MB)": f"{memory:.0f} MB",
    }


def _seconds(moments: tuple[float, float]) -> float:
    return moments[1] - moments[0]


def _milliseconds(took: list[float]) -> str:
    return f"{statistics.median(took) * 1000:.0f} ms (slowest of {len(took)}: {max(took) * 1000:.0f})"
