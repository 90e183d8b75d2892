"""A journal carried to the office on a stick and handed in at the console, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.journeys.callers import member
from tests.journeys.running_island import RunningIsland
from tests.journeys.test_corrections import browser, desk, open_page

__all__ = ["browser", "open_page"]  # fixtures
pytestmark = pytest.mark.browser
CANTEEN = "canteen"


def hand_in(page: Page, file: Path) -> None:
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="条记录").click()


def test_a_journal_from_a_stick_counts_once_and_the_kiosks_queue_empties_afterwards(
    open_page: Callable[..., Page], island: RunningIsland, http: httpx.Client, tmp_path: Path
) -> None:
    stick, broken = tmp_path / "stick", tmp_path / "broken"
    ticket = island.code("clean-plate", "--ticket", "--kiosk", CANTEEN)  # of a kiosk that does not run: nothing is sent
    island.kiosk("export", str(stick), "--kiosk", CANTEEN)
    broken.write_bytes(stick.read_bytes()[:-20])
    office = desk(open_page, island, "方远", "fleet")
    office.goto(f"{island.document['server']}/staff/#/journal-import")
    office.locator("input[type=file]").set_input_files(broken)
    expect(office.get_by_role("alert")).to_contain_text("文件不完整")
    hand_in(office, stick)
    expect(office.locator(".import-counts")).to_contain_text("条开机、时钟或发码已登记")
    office.get_by_role("button", name="换一个文件").click()
    hand_in(office, stick)
    expect(office.locator(".import-counts")).to_contain_text("条以前已收到，没有变化")
    expect(office.locator(".import-counts")).not_to_contain_text("已登记")
    assert member(http, {"code": "sim:mei"}).scan(ticket).status_code == 201
    assert island.kiosk("drain", CANTEEN).stdout == f"{CANTEEN}: nothing waits.\n"
