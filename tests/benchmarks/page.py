"""The tourist's page as a newcomer's phone loads it (S10): bytes and requests of the first visit, what is kept for the
crossing afterwards, the second visit with and without network, and the first one with one bar of signal."""

from __future__ import annotations

import statistics
import time

from playwright.sync_api import Browser, sync_playwright
from rich.console import Console

from tests.benchmarks.ground import grounds
from tests.benchmarks.page_weight import DECODER, START, Wire, fresh_phone, keeps_everything, weight
from tests.benchmarks.results import Figures, show
from tests.benchmarks.servers import OURS, databases, served
from tests.browser.conftest import CHROMIUM, CHROMIUM_FLAGS

REPETITIONS = 5
# One bar of signal: 400 ms to the server and back, 400 kbit/s down, 150 kbit/s up.
ONE_BAR = {"offline": False, "latency": 400, "downloadThroughput": 400_000 / 8, "uploadThroughput": 150_000 / 8}


def visits(browser: Browser, address: str) -> Figures:
    """A first visit, a second one, and a third without network."""
    with fresh_phone(browser) as phone:
        wire = Wire()
        page = phone.new_page()
        wire.listen(page)
        page.goto(address)
        page.locator(START).wait_for()
        first = dict(wire.page)
        keeps_everything(page)
        page.wait_for_timeout(500)
        whole = {**{f"page {name}": size for name, size in wire.page.items()}, **wire.worker}
        decoder = sum(size for name, size in wire.worker.items() if DECODER in name)
        wire.page.clear()
        wire.worker.clear()
        page.goto(address)
        page.locator(START).wait_for()
        page.wait_for_timeout(500)
        second = {**wire.page, **wire.worker}
        phone.set_offline(True)
        began = time.perf_counter()
        page.reload()
        page.locator(START).wait_for()
        opened = time.perf_counter() - began
    return {
        "first visit, until it can be used (≤ 120 kB, ≤ 20 requests)": _said(weight(first)),
        "first visit and all that is kept for the crossing, without the decoder": _said(weight(whole)),
        "the camera's decoder, kept when there is time": f"{decoder / 1000:.0f} kB",
        "second visit": _said(weight(second)),
        "second visit without network (opens)": f"opened in {opened * 1000:.0f} ms",
    }


def on_one_bar(browser: Browser, address: str) -> float:
    """Seconds of a first visit until the page can be used."""
    with fresh_phone(browser) as phone:
        page = phone.new_page()
        Wire().listen(page).send("Network.emulateNetworkConditions", ONE_BAR)
        began = time.perf_counter()
        page.goto(address, wait_until="commit")
        page.locator(START).wait_for()
        return time.perf_counter() - began


def _said(came: tuple[int, int]) -> str:
    size, requests = came
    return f"{size / 1000:.1f} kB, {requests} request{'s' * (requests != 1)}"


def main(console: Console, kinds: list[str], quick: bool) -> None:
    """Once, whatever the databases asked for: no book is touched."""
    repetitions = 1 if quick else REPETITIONS
    with (
        databases("sqlite", "ours") as [ours],
        grounds(ours) as ground,
        served(OURS, ground.environment) as port,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        address = f"http://127.0.0.1:{port}/"
        figures = visits(browser, address)
        took = [on_one_bar(browser, address) for _ in range(repetitions)]
        browser.close()
    slowest = f"{statistics.median(took):.1f} s (slowest of {len(took)}: {max(took):.1f})"
    figures["first visit with one bar (400 ms, 400 kbit/s), until it can be used"] = slowest
    show(console, "The tourist's page", {"page": figures})
