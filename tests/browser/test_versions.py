"""A page and its files stay together: an update shows when all of it came, and until then the version before."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask, Response, abort, request
from playwright.sync_api import Browser, BrowserContext, Page, expect
from werkzeug.serving import make_server

from miniprogram_api.app import STATIC
from miniprogram_api.routes.errors import answer_errors
from miniprogram_api.routes.headers import add_headers
from miniprogram_api.routes.public.pages import pages
from miniprogram_api.routes.static_files import StaticFiles

pytestmark = pytest.mark.browser

KEPT = """async () => {
  await navigator.serviceWorker.ready;
  const whole = async () => navigator.serviceWorker.controller && await caches.match('/');
  while (!await whole()) await new Promise((done) => setTimeout(done, 50));
}"""
IMPORT_MAP = re.compile(rb'<script type="importmap">.*?</script>')


@dataclass
class Site:
    """The pages of a folder on the loopback; `without` names what doesn't come through, `old` takes the map away."""

    folder: Path
    address: str
    without: list[str] = field(default_factory=list)
    old: bool = False

    def edit(self, name: str, before: str, after: str) -> None:
        path = self.folder / name
        text = path.read_text(encoding="utf-8")
        assert before in text
        path.write_text(text.replace(before, after), encoding="utf-8")


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    leave = shutil.ignore_patterns("fonts", "swagger-ui-dist", "staff", "merchant")
    shutil.copytree(STATIC, tmp_path / "static", ignore=leave)
    app = Flask(__name__, static_folder=None)
    add_headers(app)
    answer_errors(app)
    app.register_blueprint(pages(StaticFiles(tmp_path / "static")))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    site = Site(tmp_path / "static", f"http://127.0.0.1:{server.server_port}")

    @app.before_request
    def _cut() -> None:
        if any(part in request.path for part in site.without):
            abort(503)

    @app.after_request
    def _old(response: Response) -> Response:
        if site.old and response.mimetype == "text/html":
            response.set_data(IMPORT_MAP.sub(b"", response.get_data()))
        return response

    serving = Thread(target=server.serve_forever, daemon=True)
    serving.start()
    yield site
    server.shutdown()
    serving.join()
    server.server_close()


@pytest.fixture
def phone(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(viewport={"width": 375, "height": 780}, locale="en-GB")
    yield context
    context.close()


def opened(phone: BrowserContext, site: Site, path: str = "/") -> Page:
    page = phone.new_page()
    page.goto(site.address + path)
    return page


def start(page: Page, words: str) -> None:
    expect(page.get_by_role("button", name=words)).to_be_visible()


OLD, NEW = "Agree and start", "Agree and set off"


def update(site: Site) -> None:
    """A new version: other words on the first page, and another page that is loaded later."""
    site.edit("shared/locales/en/tourist.json", f'"{OLD}"', f'"{NEW}"')
    site.edit(
        "tourist/pages/shop.js",
        "export default function Shop",
        "export const fresh = true;\nexport default function Shop",
    )


def test_an_update_shows_at_once_and_then_without_network_too(phone: BrowserContext, site: Site) -> None:
    page = opened(phone, site)
    start(page, OLD)
    page.evaluate(KEPT)
    update(site)
    page.reload()
    start(page, NEW)
    phone.set_offline(True)
    page.reload()
    start(page, NEW)


def test_an_update_that_does_not_come_through_leaves_the_version_before_whole(
    phone: BrowserContext, site: Site
) -> None:
    page = opened(phone, site)
    page.evaluate(KEPT)
    update(site)
    site.without = ["/tourist/pack."]
    page.reload()
    start(page, OLD)
    phone.set_offline(True)
    page.reload()
    start(page, OLD)
    phone.set_offline(False)
    site.without = []
    page.reload()  # the worker takes the network for away for some seconds, and learns that it isn't
    start(page, OLD)
    page.reload()
    start(page, NEW)


def test_a_page_that_is_open_during_an_update_loads_the_files_of_its_own_version(
    phone: BrowserContext, site: Site
) -> None:
    page = opened(phone, site)
    page.evaluate(KEPT)
    page.reload()
    start(page, OLD)
    update(site)
    other = opened(phone, site)
    start(other, NEW)
    shop = "async () => Boolean((await import('/static/tourist/pages/shop.js')).fresh)"
    assert page.evaluate(shop) is False
    assert other.evaluate(shop) is True


def test_a_codes_link_opens_without_network_and_the_code_waits(phone: BrowserContext, site: Site) -> None:
    page = opened(phone, site)
    page.evaluate(KEPT)
    phone.set_offline(True)
    page.goto(f"{site.address}/S/CEAAAAAB")
    start(page, "Agree and collect")
    assert page.evaluate("() => JSON.parse(localStorage.getItem('tanyu.arrival')).code") == "CEAAAAAB"


def test_a_server_in_trouble_is_as_good_as_no_network(phone: BrowserContext, site: Site) -> None:
    page = opened(phone, site)
    page.evaluate(KEPT)
    site.without = ["/"]
    page.reload()
    start(page, OLD)


def test_a_browser_without_import_maps_loads_the_plain_names_also_without_network(
    phone: BrowserContext, site: Site
) -> None:
    site.old = True
    page = opened(phone, site)
    start(page, OLD)
    page.evaluate(KEPT)
    phone.set_offline(True)
    names = ["tourist/pages/shop.js", "shared/js/view.js", "shared/img/icons.svg", "shared/locales/zh/tourist.json"]
    for name in names:
        assert page.evaluate("(name) => fetch(name).then((answer) => answer.ok)", f"/static/{name}"), name
