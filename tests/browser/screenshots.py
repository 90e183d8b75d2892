"""`./island screenshots`: starts a demonstration island, walks through it as mei and takes the pictures of the docs.

With `--every` it takes every page of the tourist's app instead, in both languages and all looks, at three widths.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

import httpx
import pyotp
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.conftest import CHROMIUM, CHROMIUM_FLAGS
from tests.browser.tourist_places import CONSENT, HEIGHT, LANGUAGES, LOOKS, MORNING, WIDTHS, arrive_at, phone, places
from tests.browser.tourist_places import a_morning as a_whole_morning
from tests.journeys.callers import Caller, member
from tests.journeys.running_island import ROOT, RunningIsland, start_island, two_free_ports

PICTURES = ROOT / "docs" / "pictures"
PHONE = {"width": 390, "height": 844}
KIOSK = {"width": 1080, "height": 1920}
DESK = {"width": 1440, "height": 900}
BAG = "海岛帆布袋"


@dataclass
class Album:
    """Takes pictures of one island into one folder."""

    browser: Browser
    island: RunningIsland
    folder: Path

    @contextmanager
    def device(self, size: dict[str, int], **kept: Any) -> Iterator[BrowserContext]:
        """A browser of its own with what it has `kept` from earlier visits (names without the prefix)."""
        scale = 2 if size is PHONE else 1
        context = self.browser.new_context(viewport=size, device_scale_factor=scale, locale="zh-CN")  # type: ignore[arg-type]  # a plain dict does
        values = json.dumps({f"tanyu.{name}": json.dumps(value) for name, value in kept.items()})
        context.add_init_script(f"for (const [k, v] of Object.entries({values})) localStorage.setItem(k, v);")
        yield context
        context.close()

    def show(self, context: BrowserContext, address: str) -> Page:
        """Opens the page and waits until it has drawn itself."""
        page = context.new_page()
        page.goto(address)
        page.wait_for_load_state("networkidle")
        page.wait_for_timeout(600)  # the entrance movements are 400 ms
        return page

    def take(self, page: Page, name: str) -> None:
        page.screenshot(path=self.folder / f"{name}.png")
        print(f"  {name}.png", flush=True)


def arrive(album: Album) -> None:
    """A newcomer opens a code's link, and takes the points with one tap."""
    server, code = album.island.document["server"], album.island.code("refill-water")
    with album.device(PHONE) as phone:
        page = album.show(phone, f"{server}/S/{code}")
        album.take(page, "tourist-arrive")
        page.get_by_role("button", name="同意并领取积分").click()
        page.wait_for_timeout(1500)
        album.take(page, "tourist-credited")


def phone_pages(album: Album, mei: Caller, voucher: str) -> None:
    """What mei sees on an ordinary day, and one page as an older reader at night has it."""
    server = album.island.document["server"]
    session = {"token": mei.headers["Authorization"].partition(" ")[2], "recoveryCode": None}
    kept: dict[str, Any] = {"session": session, "mine.consent": CONSENT}
    with album.device(PHONE, **kept) as phone:
        for name, place in (
            ("home", "home"),
            ("scenes", "scenes"),
            ("shop", "shop"),
            ("voucher", f"vouchers/{voucher}"),
        ):
            album.take(album.show(phone, f"{server}/#/{place}"), f"tourist-{name}")
    large = {"language": "en", "theme": "dark", "text": 2}
    with album.device(PHONE, **kept, preferences=large) as phone:
        album.take(album.show(phone, f"{server}/#/home"), "tourist-home-large-dark")


def sign_in(page: Page, one: dict[str, str]) -> None:
    """Signs in as a person does; the second factor is asked for in the second step."""
    page.locator("input[autocomplete=username]").fill(one["login"])
    page.locator("input[autocomplete=current-password]").fill(one["password"])
    page.locator("button[type=submit]").click()
    if "totp_secret" in one:
        page.locator("input[autocomplete=one-time-code]").fill(pyotp.TOTP(one["totp_secret"]).now())
        page.locator("button[type=submit]").click()
    page.locator("input[autocomplete=current-password]").wait_for(state="detached")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(600)


def other_screens(album: Album) -> None:
    """The kiosk at the pier, the counter of the shop and the console of an operator."""
    document = album.island.document
    with album.device(KIOSK) as kiosk:
        page = kiosk.new_page()  # it asks its kiosk without end, so it is never idle
        page.goto(f"{document['kiosk']}/")
        page.locator(".begin").first.wait_for()
        page.wait_for_timeout(1500)
        album.take(page, "kiosk-pier")
    with album.device(PHONE) as counter:
        page = album.show(counter, f"{document['server']}/merchant/")
        sign_in(page, document["merchants"][0])
        album.take(page, "merchant-counter")
    with album.device(DESK) as desk:
        page = album.show(desk, f"{document['server']}/staff/")
        sign_in(page, document["staff"][0])
        album.take(page, "staff-today")


def a_morning(island: RunningIsland, http: httpx.Client) -> tuple[Caller, str]:
    """mei with some points and a voucher; answers her and the voucher's id."""
    mei = member(http, {"code": "sim:mei", "consent": {**CONSENT, "language": "zh"}})
    for scene in MORNING:
        mei.scan(island.code(scene)).raise_for_status()
    bag = next(item for item in mei.get("member/items").json()["data"] if item["name"] == BAG)
    voucher = mei.post("member/vouchers", {"item_id": bag["id"], "quantity": 1}).raise_for_status()
    return mei, voucher.json()["id"]


def fit(page: Page, width: int) -> None:
    """Make the screen as high as the page, so that its foot stands at its end; a sheet lies on an ordinary screen."""
    page.set_viewport_size({"width": width, "height": HEIGHT})
    if page.locator("dialog[open]").count():
        return
    high = page.evaluate("() => document.documentElement.scrollHeight")
    page.set_viewport_size({"width": width, "height": max(HEIGHT, high)})


def every_page(album: Album, http: httpx.Client) -> None:
    """Each page and state in each language and look, whole, at each width."""
    guests = a_whole_morning(album.island, http)
    for place, language, look in product(places(guests), LANGUAGES, LOOKS):
        with phone(album.browser, guests, place, language, look, WIDTHS[0]) as context:
            page = context.new_page()
            arrive_at(page, guests, place, language)
            for width in WIDTHS:
                fit(page, width)
                album.take(page, f"{place.name}-{language}-{look}-{width}")


def main(arguments: list[str]) -> int:
    """0 when every picture is taken."""
    parser = argparse.ArgumentParser(prog="./island screenshots", description=__doc__)
    parser.add_argument("--out", type=Path, default=PICTURES, metavar="FOLDER", help="default: docs/pictures")
    parser.add_argument("--every", action="store_true", help="every page of the tourist's app, in all its looks")
    asked = parser.parse_args(arguments)
    if asked.every and asked.out == PICTURES:
        parser.error("--every takes some thousand pictures: name a folder with --out")
    folder = asked.out
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="tanyu-") as data:
        print("Starting an island of its own", flush=True)
        island = start_island(Path(data) / "island", two_free_ports())
        try:
            with httpx.Client(base_url=island.document["server"], timeout=20) as http, sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=CHROMIUM_FLAGS)
                album = Album(browser, island, folder)
                if asked.every:
                    every_page(album, http)
                else:
                    arrive(album)
                    phone_pages(album, *a_morning(island, http))
                    other_screens(album)
                browser.close()
        finally:
            island.stop()
    print(f"The pictures are in {folder}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
