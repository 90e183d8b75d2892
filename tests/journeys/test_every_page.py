"""Every page of the tourist's app for everybody: axe finds nothing serious, and our own eyes for what axe doesn't see.

In the fast run each page in its hardest look (English, largest text, dark, 320 px); in the long one in all of them.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.screenshots import sign_in
from tests.browser.tourist_places import (
    LANGUAGES,
    LOOKS,
    Guests,
    Place,
    arrive_at,
    phone,
    place_named,
    places,
)
from tests.journeys.callers import Caller
from tests.journeys.running_island import RunningIsland

pytestmark = pytest.mark.browser

FAULTS = (Path(__file__).parents[1] / "browser" / "page_faults.js").read_text(encoding="utf-8")
NARROW = 320
NOBODY = Caller(httpx.Client())
NAMES = [place.name for place in places(Guests("", NOBODY, NOBODY, "", defaultdict(str)))]
HARDEST = ("en", "largest")
OTHERS = [(language, look) for language in LANGUAGES for look in LOOKS if (language, look) != HARDEST]


def serious(page: Page) -> list[str]:
    """What axe calls serious or critical."""
    found: list[dict[str, Any]] = Axe().run(page).response["violations"]
    return [
        f"axe {one['id']}: {node['html'][:120]}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"]
    ]


def troubles(page: Page, language: str, look: str) -> list[str]:
    """That, and what our own check finds."""
    target = 60 if LOOKS[look]["text"] else 44
    own: list[str] = page.evaluate(FAULTS, {"target": target, "english": language == "en"})
    return serious(page) + own


def looked_at(browser: Browser, guests: Guests, place: Place, language: str, look: str) -> list[str]:
    with phone(browser, guests, place, language, look, NARROW) as context:
        page = context.new_page()
        broken: list[str] = []
        page.on("pageerror", lambda error: broken.append(f"script: {error}"))
        arrive_at(page, guests, place, language)
        return broken + troubles(page, language, look)


@pytest.mark.parametrize("name", NAMES)
def test_nobody_is_kept_out_of_a_page_in_its_hardest_look(phones: Browser, guests: Guests, name: str) -> None:
    assert looked_at(phones, guests, place_named(guests, name), *HARDEST) == []


@pytest.mark.parametrize("face", ["merchant", "staff", "kiosk"])
def test_axe_finds_nothing_serious_on_the_other_faces_either(phones: Browser, island: RunningIsland, face: str) -> None:
    """The counter as its people have it, the console before the sign-in, the kiosk before a touch."""
    document = island.document
    with phones.new_context(locale="zh-CN", color_scheme="dark", reduced_motion="reduce") as context:
        page = context.new_page()
        page.goto(document["kiosk"] if face == "kiosk" else f"{document['server']}/{face}/")
        if face == "merchant":
            sign_in(page, document["merchants"][0])
        page.locator(".begin" if face == "kiosk" else "h1").first.wait_for()
        assert serious(page) == []


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_nobody_is_kept_out_of_a_page_in_any_look(phones: Browser, guests: Guests, name: str) -> None:
    place = place_named(guests, name)
    found = {look: looked_at(phones, guests, place, *look) for look in OTHERS}
    assert {look: faults for look, faults in found.items() if faults} == {}
