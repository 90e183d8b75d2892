"""Second thoughts in a real browser: a voucher given back by its owner, a redemption taken back at the counter.

In both stories the first answer is lost on its way, so the page has to ask again with the same key; after each step
the books are read from the database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Browser, Page, Playwright, Route, ViewportSize, expect

from tests.browser.conftest import CHROMIUM, CHROMIUM_FLAGS
from tests.journeys.callers import Caller, member
from tests.journeys.running_island import RunningIsland
from tests.journeys.test_whole_road import POSTCARD, Books, sign_in

pytestmark = pytest.mark.browser

PHONE: ViewportSize = {"width": 375, "height": 780}
POSTCARD_POINTS = 15


@pytest.fixture
def page(playwright: Playwright) -> Iterator[Page]:
    """A phone whose page never breaks a script nor the content rules."""
    browser: Browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
    page = browser.new_page(viewport=PHONE, locale="zh-CN")
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.on("console", lambda said: broken.append(said.text) if "Content Security" in said.text else None)
    yield page
    browser.close()
    assert broken == []


def lose_the_first_answer(page: Page, address: str) -> list[str]:
    """The server hears the first call, the page never its answer; answers the list of keys it was asked with."""
    keys: list[str] = []

    def pass_on(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        if len(keys) > 1:
            return route.continue_()
        route.fetch()
        return route.abort("connectionreset")

    page.route(address, pass_on)
    return keys


def voucher_of(mei: Caller, island: RunningIsland) -> dict[str, Any]:
    """Ferry and bus bring the points of one postcard."""
    for scene in ("ferry-arrival", "island-bus"):
        assert mei.scan(island.code(scene)).status_code == 201
    (postcard,) = [item for item in mei.get("member/items").json()["data"] if item["name"] == POSTCARD]
    answer = mei.post("member/vouchers", {"item_id": postcard["id"], "quantity": 1})
    assert answer.status_code == 201, answer.text
    voucher: dict[str, Any] = answer.json()
    return voucher


def entries(books: Books, kind: str) -> int:
    """How many entries of this kind the member's book holds."""
    (number,) = books.one(
        "SELECT count(*) FROM entries e JOIN members m ON m.id = e.member_id WHERE nickname = ? AND e.kind = ?",
        books.nickname,
        kind,
    )
    return int(number)


def test_mei_gives_a_voucher_back_and_a_lost_answer_gives_nothing_back_twice(
    page: Page, island: RunningIsland, http: httpx.Client
) -> None:
    name = f"mei-{uuid4().hex[:6]}"
    books = Books(island, name)
    mei = member(http, {"code": f"sim:{name}"})
    on_the_shelf = books.shop(POSTCARD)
    voucher = voucher_of(mei, island)
    assert books.balance[:2] == (0, POSTCARD_POINTS)
    assert books.shop(POSTCARD) == (on_the_shelf[0] - 1, on_the_shelf[1])

    page.goto(island.document["server"])
    sign_in(page, name)
    expect(page.get_by_role("link", name="扫码").first).to_be_visible()
    page.goto(f"{island.document['server']}/#/vouchers/{voucher['id']}")
    question = page.get_by_role("dialog", name="退回这张兑换券吗？")
    page.get_by_role("button", name="退回兑换券").click()
    expect(question).to_contain_text("15 分回到你的账户")
    expect(question).to_contain_text("放回货架")
    question.get_by_role("button", name="留着这张券").click()
    expect(question).to_be_hidden()
    assert books.balance[:2] == (0, POSTCARD_POINTS), "a question gives nothing back"

    keys = lose_the_first_answer(page, "**/cancel")
    page.get_by_role("button", name="退回兑换券").click()
    question.get_by_role("button", name="退回兑换券").click()
    expect(page.get_by_text("已退回，积分已返还")).to_be_visible()
    expect(page.get_by_text("现在可用 15 分")).to_be_visible()
    expect(page.get_by_role("button", name="退回兑换券")).to_have_count(0)
    page.wait_for_function("() => localStorage['tanyu.mine.refunds'] === '{}'")
    assert len(keys) == 2
    assert keys[0] == keys[1]
    assert books.balance[:2] == (POSTCARD_POINTS, 0)
    assert books.shop(POSTCARD) == on_the_shelf
    assert entries(books, "cancel") == 1


def test_a_voucher_redeemed_meanwhile_is_not_given_back_and_the_page_says_why(
    page: Page, island: RunningIsland, http: httpx.Client, chen: Caller
) -> None:
    name = f"mei-{uuid4().hex[:6]}"
    books = Books(island, name)
    voucher = voucher_of(member(http, {"code": f"sim:{name}"}), island)
    page.goto(island.document["server"])
    sign_in(page, name)
    expect(page.get_by_role("link", name="扫码").first).to_be_visible()
    page.goto(f"{island.document['server']}/#/vouchers/{voucher['id']}")
    page.get_by_role("button", name="退回兑换券").click()

    assert chen.post("merchant/redemptions", {"code": voucher["readable_code"]}).status_code == 201
    page.get_by_role("dialog").get_by_role("button", name="退回兑换券").click()
    refusal = page.get_by_role("dialog", name="没有退回")
    expect(refusal).to_contain_text("这张券已经用过")
    refusal.get_by_role("button", name="关闭").click()
    expect(page.get_by_text("已经核销")).to_be_visible()
    assert books.balance[:2] == (0, 0)
    assert entries(books, "cancel") == 0


@pytest.fixture
def redeem(page: Page, island: RunningIsland) -> Callable[[str], None]:
    """Chen signs in at the counter; answers how she types a code and redeems it."""
    shop = next(one for one in island.document["merchants"] if one["name"] == "低碳商店")
    page.goto(island.document["server"] + "/merchant/")
    page.get_by_label("登录名").fill(shop["login"])
    page.get_by_label("密码").fill(shop["password"])
    page.get_by_role("button", name="登录").click()

    def by_hand(code: str) -> None:
        page.get_by_label("或输入券上的代码").fill(code)
        page.get_by_role("button", name="查券").click()
        page.get_by_role("dialog", name="这张券").get_by_role("button", name="核销", exact=True).click()
        expect(page.get_by_role("alertdialog", name="已核销")).to_be_visible()

    return by_hand


def test_chen_undoes_a_redemption_and_redeems_it_again(
    page: Page, island: RunningIsland, http: httpx.Client, redeem: Callable[[str], None]
) -> None:
    name = f"mei-{uuid4().hex[:6]}"
    books = Books(island, name)
    voucher = voucher_of(member(http, {"code": f"sim:{name}"}), island)
    owed = books.shop(POSTCARD)[1]

    redeem(voucher["readable_code"])
    fen = books.shop(POSTCARD)[1] - owed
    assert fen > 0
    keys = lose_the_first_answer(page, "**/undo")
    page.get_by_role("button", name="撤销这次核销").click()
    question = page.get_by_role("dialog", name="撤销这次核销吗？")
    expect(question).to_contain_text(POSTCARD)
    assert books.shop(POSTCARD)[1] == owed + fen, "a question undoes nothing"
    question.get_by_role("button", name="撤销核销").click()
    expect(question).to_be_hidden()
    assert len(keys) == 2
    assert keys[0] == keys[1]
    assert books.shop(POSTCARD)[1] == owed
    assert books.balance[:2] == (0, POSTCARD_POINTS)

    redeem(voucher["readable_code"])
    assert books.shop(POSTCARD)[1] == owed + fen
    assert books.balance[:2] == (0, 0)
    assert (entries(books, "redeem"), entries(books, "reverse")) == (2, 1)

    page.get_by_role("button", name="下一张").click()
    page.get_by_role("link", name="今天").click()
    rows = page.get_by_role("listitem").filter(has_text=POSTCARD)
    expect(rows.nth(1)).to_contain_text("已撤销")
    expect(rows.nth(1).get_by_role("button")).to_have_count(0)
    expect(rows.nth(0).get_by_role("button", name="撤销")).to_be_visible()
    expect(rows.nth(0)).not_to_contain_text("已撤销")
