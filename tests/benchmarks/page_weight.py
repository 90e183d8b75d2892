"""What a visit to a page weighs: bytes over the wire and requests, as Chromium's DevTools protocol counts them.

`encodedDataLength` of `Network.loadingFinished` is what came over the wire, headers included. The worker is a target of
its own; for it Playwright hands on the same figure.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, Request

DECODER = "/vendor/zxing-wasm/"  # of the camera
PHONE = {"width": 375, "height": 780}
START = "button.button-main"  # the one main action of the first page

KEPT = """async () => {
  await navigator.serviceWorker.ready;
  const keptNames = async () => {
    const caches_ = await Promise.all((await caches.keys()).map((name) => caches.open(name)));
    return (await Promise.all(caches_.map((cache) => cache.keys()))).flat().map(({ url }) => new URL(url).pathname);
  };
  const whole = (names) => names.includes('/') && names.some((name) => name.endsWith('.wasm'));
  const ready = async () => navigator.serviceWorker.controller && whole(await keptNames());
  while (!await ready()) await new Promise((done) => setTimeout(done, 50));
}"""


@dataclass
class Wire:
    """What came over the wire for one page and its worker: bytes by address. What came from a cache is not there."""

    page: dict[str, int] = field(default_factory=dict)
    worker: dict[str, int] = field(default_factory=dict)
    _addresses: dict[str, str] = field(default_factory=dict)
    _cached: set[str] = field(default_factory=set)

    def listen(self, page: Page) -> CDPSession:
        session = page.context.new_cdp_session(page)
        session.on("Network.requestWillBeSent", self._sent)
        session.on("Network.requestServedFromCache", lambda event: self._cached.add(event["requestId"]))
        session.on("Network.responseReceived", self._received)
        session.on("Network.loadingFinished", self._finished)
        session.send("Network.enable")
        page.context.on("requestfinished", self._worker_finished)
        return session

    def _sent(self, event: dict[str, Any]) -> None:
        self._addresses[event["requestId"]] = event["request"]["url"]

    def _received(self, event: dict[str, Any]) -> None:
        if event["response"].get("fromDiskCache") or event["response"].get("fromServiceWorker"):
            self._cached.add(event["requestId"])

    def _finished(self, event: dict[str, Any]) -> None:
        number = event["requestId"]
        if number in self._addresses and number not in self._cached:
            self.page[self._addresses[number]] = int(event["encodedDataLength"])

    def _worker_finished(self, request: Request) -> None:
        if request.service_worker:
            sizes = request.sizes()
            came = sizes["responseBodySize"] + sizes["responseHeadersSize"]
            if came > 0:  # what the browser's cache held came with no byte
                self.worker[request.url] = came


def weight(came: dict[str, int]) -> tuple[int, int]:
    """Bytes and requests, the camera's decoder left out."""
    sizes = [size for address, size in came.items() if DECODER not in address]
    return sum(sizes), len(sizes)


@contextmanager
def fresh_phone(browser: Browser) -> Iterator[BrowserContext]:
    """A browser that has never been here."""
    context = browser.new_context(viewport=PHONE, locale="zh-CN")  # type: ignore[arg-type]  # a plain dict does
    try:
        yield context
    finally:
        context.close()


def keeps_everything(page: Page) -> None:
    """Wait until the worker has all that the page is made of, the decoder too."""
    page.evaluate(KEPT)
