"""The whole road in a real browser: kiosk's screen → phone's camera → points → voucher → counter's camera → fen.

What the kiosk really shows is what the phone's camera sees; after each step the books are read from the database.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.browser.camera import phone_that_sees
from tests.browser.conftest import CHROMIUM, CHROMIUM_FLAGS
from tests.journeys.running_island import RunningIsland

pytestmark = pytest.mark.browser

KIOSK = {"width": 1080, "height": 1920}
POSTCARD = "灵山岛明信片"


@pytest.fixture
def kiosk_page(playwright: Playwright, island: RunningIsland) -> Iterator[Page]:
    """The screen of the pier's kiosk."""
    browser: Browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
    page = browser.new_page(viewport=KIOSK, locale="zh-CN")
    page.goto(island.document["kiosk"])
    yield page
    browser.close()


class Books:
    """What the database says of one member, by nickname."""

    def __init__(self, island: RunningIsland, nickname: str) -> None:
        self.file, self.nickname = island.data / "island.sqlite", nickname

    def one(self, statement: str, *values: Any) -> tuple[Any, ...]:
        with closing(sqlite3.connect(self.file)) as connection:
            row: tuple[Any, ...] = connection.execute(statement, values).fetchone()
            return row

    @property
    def balance(self) -> tuple[Any, ...]:
        """Points available, points held, grams."""
        return self.one(
            "SELECT available, held, b.reduction_grams FROM member_balances b JOIN members m ON m.id = b.member_id "
            "WHERE nickname = ?",
            self.nickname,
        )

    @property
    def latest_leaf(self) -> dict[str, Any]:
        (leaf,) = self.one(
            "SELECT leaf FROM entries e JOIN members m ON m.id = e.member_id WHERE nickname = ? ORDER BY e.id DESC",
            self.nickname,
        )
        fields: dict[str, Any] = json.loads(leaf)
        return fields

    def shop(self, item: str) -> tuple[Any, ...]:
        """Pieces on the shelf and fen that the merchant is owed."""
        return self.one(
            "SELECT remaining, payable_fen FROM items i JOIN stock s ON s.item_id = i.id "
            "JOIN merchant_balances b ON b.merchant_id = i.merchant_id "
            "JOIN item_versions v ON v.item_id = i.id WHERE name_zh = ?",
            item,
        )


def sign_in(page: Page, name: str) -> None:
    """Arrive as a stand-in of simulated WeChat and agree."""
    page.get_by_text("换一个").click()
    page.get_by_label("模拟微信用户名").fill(name)
    page.get_by_role("button", name="同意并").click()


def touch_for_a_code(page: Page, scene: str) -> bytes:
    """Touch the kiosk's screen until it shows a code of its own for the scene; answers the picture of the code."""
    page.get_by_role("button", name="轻触开始").click()
    page.get_by_role("button", name=scene).click()
    code = page.get_by_role("img", name=f"“{scene}”的二维码")
    choice = page.get_by_role("button", name="显示二维码")
    expect(code.or_(choice).first).to_be_visible()
    if choice.is_visible():
        choice.click()
    expect(code).to_be_visible()
    page.wait_for_function("image => image.complete && image.naturalWidth > 0", arg=code.element_handle())
    return code.screenshot()


def test_from_the_kiosks_screen_to_the_merchants_counter(
    playwright: Playwright, island: RunningIsland, kiosk_page: Page, tmp_path: Path
) -> None:
    name = f"mei-{uuid4().hex[:6]}"
    books = Books(island, name)
    server, browser_folder = island.document["server"], tmp_path / "phone"
    picture = touch_for_a_code(kiosk_page, "自带水杯")

    with phone_that_sees(playwright, picture, tmp_path, browser_folder) as phone:
        page = phone.new_page()
        page.goto(server)
        sign_in(page, name)
        page.get_by_role("link", name="扫码").first.click()
        expect(page.get_by_role("dialog")).to_contain_text("自带水杯")
        assert books.balance == (2, 0, 57)
        leaf = books.latest_leaf
        assert (leaf["kind"], leaf["scene"], leaf["points"], leaf["grams"]) == ("earn", 9, 2, 57)
        expect(kiosk_page.get_by_text("谢谢你！")).to_be_visible()

        for scene in ("ferry-arrival", "island-bus"):  # by the link that any camera opens
            page.goto(f"{server}/S/{island.code(scene)}")
            assert books.balance[0] in (2, 12), "opening a link credits nothing"
            page.get_by_role("button", name="领取积分").click()
            expect(page.get_by_role("dialog")).to_be_visible()
        assert books.balance == (17, 0, 137)

        before = books.shop(POSTCARD)
        voucher_picture = exchange(page)
        assert books.balance == (2, 15, 137)
        assert books.shop(POSTCARD) == (before[0] - 1, before[1])
        assert books.latest_leaf["kind"] == "exchange"

    redeem_by_camera(playwright, island, voucher_picture, tmp_path / "counter")
    assert books.balance == (2, 0, 137)
    fen = books.latest_leaf["fen"]
    assert books.shop(POSTCARD) == (before[0] - 1, before[1] + fen)
    assert (books.latest_leaf["kind"], books.latest_leaf["points"]) == ("redeem", 15)


def exchange(page: Page) -> bytes:
    """Exchange points for a postcard in the shop; answers the picture of the voucher's live code."""
    page.get_by_role("dialog").get_by_text("能换什么").click()
    page.get_by_text(POSTCARD).first.click()
    page.get_by_role("button", name="兑换").last.click()
    page.get_by_role("dialog").get_by_role("button", name="兑换").click()
    code = page.get_by_role("img", name="兑换券的二维码")
    expect(code).to_be_visible()
    return code.screenshot()


def redeem_by_camera(playwright: Playwright, island: RunningIsland, picture: bytes, folder: Path) -> None:
    folder.mkdir()
    shop = next(one for one in island.document["merchants"] if one["name"] == "低碳商店")
    with phone_that_sees(playwright, picture, folder) as phone:
        page = phone.new_page()
        page.goto(island.document["server"] + "/merchant/")
        page.get_by_label("登录名").fill(shop["login"])
        page.get_by_label("密码").fill(shop["password"])
        page.get_by_role("button", name="登录").click()
        sheet = page.get_by_role("dialog")
        expect(sheet).to_contain_text(POSTCARD)
        sheet.get_by_role("button", name="核销", exact=True).click()
        expect(page.get_by_text("已核销").first).to_be_visible()


def test_a_printed_ticket_is_read_back_from_its_paper(
    playwright: Playwright, island: RunningIsland, kiosk_page: Page, tmp_path: Path
) -> None:
    name = f"bo-{uuid4().hex[:6]}"
    books = Books(island, name)
    kiosk_page.get_by_role("button", name="轻触开始").click()
    kiosk_page.get_by_role("button", name="带垃圾离岛").click()
    expect(kiosk_page.get_by_text("把袋子放到秤上")).to_be_visible()
    kiosk_page.get_by_role("button", name="+1.25").click()
    expect(kiosk_page.get_by_text("称好了，请倒进箱里")).to_be_visible()
    kiosk_page.get_by_role("button", name="倒掉").click()
    kiosk_page.get_by_role("button", name="称完了").click()
    kiosk_page.get_by_role("button", name="领纸券").click()
    slip = kiosk_page.locator("img.slip").last
    expect(slip).to_be_visible()
    paper = kiosk_page.request.get(island.document["kiosk"].rstrip("/") + str(slip.get_attribute("src"))).body()

    with phone_that_sees(playwright, paper, tmp_path) as phone:
        page = phone.new_page()
        page.goto(island.document["server"])
        sign_in(page, name)
        page.get_by_role("link", name="扫码").first.click()
        expect(page.get_by_role("dialog")).to_contain_text("带垃圾离岛")
    assert books.balance == (12, 0, 0), "a kilogram and a quarter of litter brings points, and honestly no grams"
    assert books.latest_leaf["quantity"] == 125, "as the scale said"
