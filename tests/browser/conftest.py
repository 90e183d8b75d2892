"""A real Chromium, headless, and the project's static files on the loopback, under the same rules as in service."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Playwright

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = "/usr/bin/chromium"
# A container has no sandbox of its own for us; the other flags keep the browser from calling its makers.
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; font-src 'self'; worker-src 'self'; manifest-src 'self'; media-src 'self' blob:; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
EMPTY_PAGE = b'<!doctype html><html lang="zh"><meta charset="utf-8"><title>tests</title></html>'
SHOWN = ("/static/", "/vectors/")


class _StaticFiles(SimpleHTTPRequestHandler):
    """`/static/…` and `/vectors/…` from the project, and one empty page at `/`."""

    def guess_type(self, path: Any) -> str:
        # A browser runs no module whose type is left to the machine's own table.
        return "text/javascript" if str(path).endswith((".js", ".mjs")) else super().guess_type(path)

    def do_GET(self) -> None:
        path = urlsplit(self.path).path
        if path == "/":
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(EMPTY_PAGE)))
            self.end_headers()
            self.wfile.write(EMPTY_PAGE)
        elif path.startswith(SHOWN):
            super().do_GET()
        else:
            self.send_error(404)

    def translate_path(self, path: str) -> str:
        if path.startswith("/vectors/"):
            path = path.replace("/vectors/", "/tests/vectors/", 1)
        return super().translate_path(path)

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        self.send_header("X-Content-Type-Options", "nosniff")
        super().end_headers()

    def log_message(self, format: str, *arguments: object) -> None:
        """Silent: a test says what it looked at."""


@pytest.fixture(scope="session")
def static_site() -> Iterator[str]:
    """The address of a server that shows the static files and the vectors."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_StaticFiles, directory=str(ROOT))) as server:
        serving = Thread(target=server.serve_forever, daemon=True)
        serving.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        serving.join()


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """One browser for the whole session; each test opens pages of its own."""
    browser = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=CHROMIUM_FLAGS)
    yield browser
    browser.close()


@pytest.fixture
def static_page(chromium: Browser, static_site: str) -> Iterator[Page]:
    """A page of the static site; the test fails when the page leaves the loopback or a script of it breaks."""
    context = chromium.new_context()
    page = context.new_page()
    left: list[str] = []
    broken: list[str] = []
    page.on("request", lambda request: None if request.url.startswith(static_site) else left.append(request.url))
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.goto(static_site + "/")
    yield page
    context.close()
    assert left == []
    assert broken == []
