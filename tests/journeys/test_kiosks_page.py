"""The fleet at the console in a real browser: found in the list, suspended with a reason, let work again by two.

The kiosk of the litter station is used by no other journey, and works again at the end. What is said of it is compared
with the database.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.running_island import RunningIsland
from tests.journeys.test_corrections import DESK, browser, open_page
from tests.journeys.test_rules_change import in_the_demonstration, own_client, staff_sign_in

__all__ = ["browser", "open_page"]  # fixtures
pytestmark = pytest.mark.browser

NUMBER, STATION, KIOSKS = 7, "海滩垃圾站", 10
ASKER = "设备员"  # the demonstration's name for who looks after the fleet
FLOODED, DRY = "浪打进了柜子", "已经晒干，试打过纸券"


def state_of(island: RunningIsland) -> str:
    with closing(sqlite3.connect(island.data / "island.sqlite")) as connection:
        (state,) = connection.execute("SELECT state FROM kiosks WHERE id = ?", (NUMBER,)).fetchone()
        return str(state)


def console(open_page: Callable[..., Page], island: RunningIsland, role: str, place: str) -> Page:
    """Somebody of the demonstration, signed in already, who opens the console at this place."""
    page, server = open_page(DESK), island.document["server"]
    with own_client(island) as client:
        staff_sign_in(island, client, in_the_demonstration(island, role))
        page.context.add_cookies(
            [{"name": name, "value": value, "url": server} for name, value in client.cookies.items()]
        )
    page.goto(f"{server}/staff/#/{place}")
    return page


def ask(office: Page, deed: str, title: str, reason: str) -> None:
    """Nothing is done before the reason is there."""
    office.get_by_role("group", name="可以做的事").get_by_role("button", name=deed).click()
    question = office.get_by_role("dialog", name=title)
    expect(question.get_by_role("button", name=deed)).to_be_disabled()
    question.get_by_label("理由").fill(reason)
    question.get_by_role("button", name=deed).click()
    expect(question).to_be_hidden()


def test_a_kiosk_is_found_suspended_by_one_person_and_let_work_again_by_two(
    open_page: Callable[..., Page], island: RunningIsland
) -> None:
    office = console(open_page, island, "fleet", "kiosks")
    rows, state = office.locator("tbody tr"), office.get_by_label("状态")
    expect(rows).to_have_count(KIOSKS)
    state.select_option(label="已暂停")
    expect(office.get_by_text("没有找到")).to_be_visible()
    expect(office.get_by_text(f"0 / {KIOSKS}")).to_be_visible()
    state.select_option(value="")
    office.get_by_role("searchbox", name="搜索自助机").fill("垃圾")
    expect(rows).to_have_count(1)
    rows.get_by_role("button", name=STATION).click()
    expect(office.get_by_role("heading", name=STATION)).to_be_visible()

    ask(office, "暂停使用", f"暂停“{STATION}”", FLOODED)
    assert state_of(island) == "suspended"
    expect(office.get_by_text("暂停后的码不收")).to_be_visible()
    expect(office.get_by_role("region", name="处理记录")).to_contain_text(FLOODED)
    office.get_by_role("link", name="自助机").first.click()
    state.select_option(label="已暂停")
    expect(rows).to_have_count(1)
    rows.get_by_role("button", name=STATION).click()

    ask(office, "恢复使用", f"让“{STATION}”恢复使用", DRY)
    expect(office.get_by_role("region", name="恢复使用")).to_contain_text(DRY)
    expect(office.get_by_role("button", name="查看并决定")).to_have_count(0)
    expect(office.get_by_role("button", name="恢复使用")).to_have_count(0)
    assert state_of(island) == "suspended", "who asks does not decide"

    wen = console(open_page, island, "approver", f"kiosks/{NUMBER}")
    expect(wen.get_by_role("group", name="可以做的事")).to_have_count(0)
    wen.get_by_role("button", name="查看并决定").click()
    decision = wen.get_by_role("dialog")
    expect(decision).to_contain_text(ASKER)
    expect(decision).to_contain_text(DRY)
    decision.get_by_role("button", name="批准", exact=True).click()
    expect(wen.get_by_text("出码、收码都正常计入。")).to_be_visible()
    assert state_of(island) == "active"
    office.reload()
    expect(office.get_by_role("button", name="暂停使用")).to_be_visible()
    expect(office.get_by_role("region", name="处理记录")).to_contain_text(DRY)
