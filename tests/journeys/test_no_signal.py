"""A phone without signal: the app opens, says how old what it shows is, keeps what is scanned, and hands it in once.

The island is a real one and so is the browser; what reached the books is asked of the server by the same member.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.journeys.callers import Caller, member
from tests.journeys.running_island import RunningIsland

pytestmark = pytest.mark.browser

POSTCARD = "灵山岛明信片"
SCANS = "**/api/v1/member/scans"
LITTER, PLATE = "carry-litter-off", "clean-plate"


@pytest.fixture
def phone(phones: Browser) -> Iterator[BrowserContext]:
    context = phones.new_context(viewport={"width": 375, "height": 780}, locale="zh-CN")
    yield context
    context.close()


@pytest.fixture
def mei(http: httpx.Client, island: RunningIsland, phone: BrowserContext) -> Caller:
    """Signed in on this phone, with everything on it that the crossing needs."""
    name = f"mei-{uuid4().hex[:8]}"
    page = phone.new_page()
    page.goto(island.document["server"])
    page.get_by_text("换一个").click()
    page.get_by_label("模拟微信用户名").fill(name)
    page.get_by_role("button", name="同意并").click()
    expect(page.locator(".balance-figure strong")).to_have_text("0")
    page.evaluate("() => navigator.serviceWorker.ready")
    page.wait_for_function("() => navigator.serviceWorker.controller")
    page.close()
    return member(http, {"code": f"sim:{name}"})


def opened(phone: BrowserContext, island: RunningIsland, place: str = "") -> Page:
    page = phone.new_page()
    page.goto(f"{island.document['server']}/#/{place}")
    return page


def type_code(page: Page, code: str) -> None:
    """Hand in a code by its letters, as where there is no camera."""
    page.get_by_role("button", name="输入代码").click()
    page.get_by_label("代码或链接").fill(code)
    page.get_by_role("button", name="使用这个代码").click()


def test_tickets_scanned_on_the_boat_are_handed_in_on_land_and_each_result_is_shown(
    island: RunningIsland, phone: BrowserContext, mei: Caller
) -> None:
    litter, plate = island.code(LITTER, "--ticket"), island.code(PLATE, "--ticket")
    phone.set_offline(True)
    page = opened(phone, island, "scan")
    for code in (litter, plate, litter):  # the third time out of doubt
        type_code(page, code)
        expect(page.get_by_role("dialog")).to_contain_text("已存在这部手机里")
        page.get_by_role("button", name="回首页").click()
        page.get_by_role("link", name="扫码", exact=True).click()
    page.close()
    assert mei.balance["available"] == 0, "nothing has left the phone"

    page = opened(phone, island)
    expect(page.get_by_text("3 个码存在手机里")).to_be_visible()
    phone.set_offline(False)
    sheet = page.get_by_role("dialog", name="存着的码有结果了")
    expect(sheet).to_be_visible()
    lines = sheet.locator(".cell-title")
    expect(lines).to_have_count(3)
    assert lines.nth(0).inner_text() == "带垃圾离岛"
    assert lines.nth(1).inner_text() == "光盘行动"
    expect(sheet.locator("li").nth(2)).to_contain_text("用过")
    page.close()  # before anybody has read it

    page = opened(phone, island)
    sheet = page.get_by_role("dialog", name="存着的码有结果了")
    expect(sheet.locator(".cell-title")).to_have_count(3)
    sheet.get_by_role("button", name="看过了").click()
    expect(page.locator(".balance-figure strong")).to_have_text(str(mei.balance["available"]))
    assert mei.balance["available"] > 0
    page.reload()
    expect(page.locator(".balance-figure strong")).to_be_visible()
    expect(page.get_by_role("dialog", name="存着的码有结果了")).to_be_hidden()


def test_a_balance_of_this_morning_says_so_and_stops_saying_so_with_the_signal(
    island: RunningIsland, phone: BrowserContext, mei: Caller
) -> None:
    page = opened(phone, island)
    label = page.locator(".balance-label")
    expect(label).to_have_text("可用积分")
    phone.set_offline(True)
    page.reload()
    expect(label).to_have_text(re.compile(r"可用积分 · 截至 \d\d:\d\d"))
    expect(page.locator(".band-offline")).to_have_text(re.compile(r"没有信号：显示的是 \d\d:\d\d 的内容"))
    mei.scan(island.code(PLATE)).raise_for_status()  # somebody else's phone, say
    expect(page.locator(".balance-figure strong")).to_have_text("0")
    phone.set_offline(False)
    expect(label).to_have_text("可用积分")
    expect(page.locator(".balance-figure strong")).to_have_text(str(mei.balance["available"]))
    expect(page.locator(".band-offline")).to_be_hidden()


def test_an_answer_lost_while_the_app_is_closed_is_asked_for_again_and_counts_once(
    island: RunningIsland, phone: BrowserContext, mei: Caller
) -> None:
    code = island.code(PLATE, "--ticket")
    page = opened(phone, island, "scan")

    def lost(route: Route) -> None:
        route.fetch()  # the server has it
        route.abort()  # and nobody hears the answer

    page.route(SCANS, lost)
    type_code(page, code)
    expect(page.get_by_role("dialog")).to_contain_text("已存在这部手机里")
    page.close()
    credited = mei.balance["available"]
    assert credited > 0
    page = opened(phone, island)
    sheet = page.get_by_role("dialog", name="存着的码有结果了")
    expect(sheet.locator(".cell-title")).to_have_text("光盘行动")
    assert mei.balance["available"] == credited
    assert len(mei.get("member/activities").json()["data"]) == 1


def test_two_tabs_that_scan_without_signal_lose_none_of_each_others_codes(
    island: RunningIsland, phone: BrowserContext, mei: Caller
) -> None:
    tabs = [opened(phone, island, "scan") for _ in range(2)]
    phone.set_offline(True)
    for tab, scene in zip(tabs, (LITTER, PLATE), strict=True):
        type_code(tab, island.code(scene, "--ticket"))
        expect(tab.get_by_role("dialog")).to_contain_text("已存在这部手机里")
    tabs[0].get_by_role("button", name="回首页").click()
    expect(tabs[0].get_by_text("2 个码存在手机里")).to_be_visible()
    tabs[0].get_by_role("link", name="我的", exact=True).click()
    tabs[0].get_by_role("button", name="退出登录").click()
    expect(tabs[0].get_by_role("dialog", name="要退出登录吗？")).to_contain_text("还有 2 个没交上去的码")
    tabs[0].get_by_role("button", name="取消").click()
    phone.set_offline(False)
    sheet = tabs[0].get_by_role("dialog", name="存着的码有结果了")
    expect(sheet.locator(".cell-title")).to_have_count(2)
    acts = mei.get("member/activities").json()["data"]
    assert sorted(act["scene"] for act in acts) == sorted([LITTER, PLATE])
    assert {act["state"] for act in acts} == {"credited"}


def test_a_phone_without_room_says_that_the_code_is_not_kept_and_goes_on_trying_while_it_is_open(
    island: RunningIsland, phone: BrowserContext, mei: Caller
) -> None:
    page = opened(phone, island, "scan")
    page.evaluate(
        """() => {
            for (let size = 1 << 20; size >= 1; size >>= 1) {
                try {
                    for (let n = 0; ; n += 1) localStorage.setItem(`full.${size}.${n}`, 'x'.repeat(size));
                } catch { /* full: the next smaller piece */ }
            }
        }"""
    )
    phone.set_offline(True)
    type_code(page, island.code(PLATE, "--ticket"))
    sheet = page.get_by_role("dialog")
    expect(sheet).to_contain_text("手机存不下了")
    expect(sheet).not_to_contain_text("已存在这部手机里")
    sheet.get_by_role("button", name="回首页").click()
    phone.set_offline(False)
    late = page.get_by_role("dialog", name="存着的码有结果了")
    expect(late.locator(".cell-title")).to_have_text("光盘行动")
    assert mei.balance["available"] > 0


def test_a_line_that_is_back_and_carries_nothing_yet_is_tried_again_soon(
    island: RunningIsland, phone: BrowserContext, mei: Caller
) -> None:
    page = opened(phone, island, "scan")
    phone.set_offline(True)
    type_code(page, island.code(PLATE, "--ticket"))
    page.get_by_role("button", name="回首页").click()
    page.clock.install()
    page.clock.pause_at(datetime.now(UTC) + timedelta(hours=1))
    page.route(SCANS, lambda route: route.abort())
    with page.expect_event("requestfailed"):
        phone.set_offline(False)
    page.unroute(SCANS)
    sheet = page.get_by_role("dialog", name="存着的码有结果了")
    for _ in range(10):  # ten seconds of the page's own clock
        page.clock.run_for(1_000)
        page.wait_for_timeout(200)
    expect(sheet.locator(".cell-title")).to_have_text("光盘行动")
    assert mei.balance["available"] > 0


@pytest.mark.parametrize("days", [-1, 1])
def test_a_phone_whose_clock_is_a_day_wrong_shows_codes_that_the_counter_takes_without_signal(
    island: RunningIsland, phone: BrowserContext, mei: Caller, chen: Caller, days: int
) -> None:
    for scene in ("ferry-arrival", "island-bus"):
        mei.scan(island.code(scene)).raise_for_status()
    item = next(one for one in mei.get("member/items").json()["data"] if one["name"] == POSTCARD)
    mei.post("member/vouchers", {"item_id": item["id"], "quantity": 1}).raise_for_status()

    page = phone.new_page()
    page.clock.install(time=datetime.now(UTC) + timedelta(days=days))
    page.goto(island.document["server"])
    expect(page.get_by_text("15 分在兑换券里")).to_be_visible()
    page.wait_for_function("() => Object.keys(localStorage).some((name) => name.startsWith('tanyu.mine.voucher.'))")
    phone.set_offline(True)
    page.reload()
    page.get_by_text("15 分在兑换券里").click()
    page.get_by_text(POSTCARD).click()
    code = page.get_by_role("img", name="兑换券的二维码")
    expect(code).to_have_attribute("data-text", re.compile(".{20,}"))
    found = chen.post("merchant/lookups", {"code": code.get_attribute("data-text")})
    assert found.status_code == 201, found.text
    today = (datetime.now(UTC) + timedelta(hours=8)).strftime("%H:")
    expect(page.locator(".band-offline")).to_contain_text(today)
