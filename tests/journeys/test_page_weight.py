"""What a newcomer's phone has to load at the pier, with one bar of signal: S10, counted by Chromium itself."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.benchmarks.page_weight import DECODER, START, Wire, fresh_phone, keeps_everything, weight
from tests.journeys.running_island import RunningIsland

pytestmark = pytest.mark.browser

BYTES_MAX, REQUESTS_MAX = 120_000, 20


@pytest.mark.parametrize("path", ["/", "/S/CEAAAAAB"])
def test_the_first_page_is_light_and_the_second_visit_asks_for_next_to_nothing(
    phones: Browser, island: RunningIsland, path: str
) -> None:
    with fresh_phone(phones) as phone:
        page, wire = phone.new_page(), Wire()
        wire.listen(page)
        page.goto(island.document["server"] + path)
        page.locator(START).wait_for()
        size, requests = weight(wire.page)
        assert (size <= BYTES_MAX, requests <= REQUESTS_MAX) == (True, True), (size, requests, wire.page)
        assert [name for name in wire.page if DECODER in name] == [], "who has not scanned yet needs no decoder"
        keeps_everything(page)
        wire.page.clear()
        wire.worker.clear()
        page.goto(island.document["server"])
        page.locator(START).wait_for()
        page.wait_for_timeout(300)
        size, requests = weight({**wire.page, **wire.worker})
        assert (size <= 12_000, requests <= 4) == (True, True), (size, wire)
        phone.set_offline(True)
        page.reload()
        page.locator(START).wait_for()
