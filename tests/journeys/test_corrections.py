"""Corrections in a real browser: an act taken back with its debt, and points by hand that two people give.

The first answer of the reversal is lost on its way, so the console has to ask again with the same key; after each step
the books are read from the database, and the phone shows what its owner is told.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from uuid import uuid4

import httpx
import pyotp
import pytest
from playwright.sync_api import Browser, Locator, Page, Playwright, ViewportSize, expect
from sqlalchemy.orm import Session

from miniprogram_api.clock import SystemClock
from miniprogram_api.commands.data_folder import data_folder
from miniprogram_api.commands.surroundings import open_database
from miniprogram_api.services.appointments import NewPerson, appoint_person
from tests.browser.conftest import CHROMIUM, CHROMIUM_FLAGS
from tests.journeys.callers import Caller, member
from tests.journeys.running_island import RunningIsland
from tests.journeys.test_second_thoughts import entries, lose_the_first_answer
from tests.journeys.test_whole_road import POSTCARD, Books

pytestmark = pytest.mark.browser

DESK: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 375, "height": 780}
PASSWORD = "set right what was wrong"
TREE_POINTS, POSTCARD_POINTS, BY_HAND = 30, 15, 40
SPENT = POSTCARD_POINTS


@pytest.fixture
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
    yield browser
    browser.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens a page with cookies and memory of its own; none may break a script or the content rules."""
    broken: list[str] = []

    def opened(size: ViewportSize, **kept: object) -> Page:
        context = browser.new_context(viewport=size, locale="zh-CN")
        values = json.dumps({f"tanyu.{name}": json.dumps(value) for name, value in kept.items()})
        context.add_init_script(f"for (const [k, v] of Object.entries({values})) localStorage.setItem(k, v);")
        page = context.new_page()
        page.on("pageerror", lambda error: broken.append(str(error)))
        page.on("console", lambda said: broken.append(said.text) if "Content Security" in said.text else None)
        return page

    yield opened
    assert broken == []


def desk(open_page: Callable[..., Page], island: RunningIsland, name: str, role: str) -> Page:
    """Somebody new of the staff, with a second factor of their own, signed in at the console."""
    login, secret = f"{role}-{uuid4().hex[:6]}", pyotp.random_base32()
    with Session(open_database(data_folder(str(island.data)))) as session:
        appoint_person(session, NewPerson(login, name, PASSWORD, role, secret), "system:test", SystemClock())
    page = open_page(DESK)
    page.goto(island.document["server"] + "/staff/")
    page.get_by_label("登录名").fill(login)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.get_by_label("动态验证码").fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="今天")).to_be_visible()
    return page


def phone_of(open_page: Callable[..., Page], island: RunningIsland, owner: Caller) -> Page:
    token = owner.headers["Authorization"].partition(" ")[2]
    page = open_page(PHONE, session={"token": token, "recoveryCode": None})
    page.goto(island.document["server"])
    return page


def spend(who: Caller, island: RunningIsland) -> None:
    """A tree and a postcard: half of the points are held for the shop."""
    assert who.scan(island.code("tree-care")).json()["points"] == TREE_POINTS
    (postcard,) = [item for item in who.get("member/items").json()["data"] if item["name"] == POSTCARD]
    assert who.post("member/vouchers", {"item_id": postcard["id"], "quantity": 1}).status_code == 201


def debt(books: Books) -> int:
    (points,) = books.one(
        "SELECT debt FROM member_balances b JOIN members m ON m.id = b.member_id WHERE nickname = ?", books.nickname
    )
    return int(points)


def find(page: Page, name: str) -> None:
    page.get_by_role("link", name="会员").click()
    page.get_by_label("搜索昵称或会员编号").fill(name)
    page.get_by_role("button", name=name).click()
    expect(page.get_by_role("heading", name=name)).to_be_visible()


def ask_to_take_back(page: Page) -> Locator:
    """Opens the question about the tree and checks that it says what would happen."""
    page.get_by_role("button", name="冲正：植树护林").click()
    question = page.get_by_role("dialog", name="冲正“植树护林”")
    expect(question).to_contain_text(f"{TREE_POINTS} 分不再计入")
    expect(question).to_contain_text("商户照样收到款")
    expect(question).to_contain_text("这个码仍算用过")
    expect(question).to_contain_text(f"余额不够的 {SPENT} 分记为欠分")
    return question


def test_an_act_is_taken_back_once_and_its_member_reads_why_and_what_is_owed(
    open_page: Callable[..., Page], island: RunningIsland, http: httpx.Client
) -> None:
    name = f"mei-{uuid4().hex[:6]}"
    books, mei = Books(island, name), member(http, {"code": f"sim:{name}"})
    spend(mei, island)
    fen = books.shop(POSTCARD)[1]

    lin = desk(open_page, island, "林岚", "operator")
    find(lin, name)
    question = ask_to_take_back(lin)
    expect(question.get_by_role("button", name="冲正 30 分")).to_be_disabled()
    question.get_by_role("button", name="取消").click()
    assert books.balance[:2] == (TREE_POINTS - SPENT, SPENT), "a question takes nothing back"

    keys = lose_the_first_answer(lin, "**/reversals")
    question = ask_to_take_back(lin)
    question.get_by_label("冲正理由").fill("没有种树，只拍了照片")
    question.get_by_role("button", name="冲正 30 分").click()
    expect(question).to_contain_text("没有收到回答")
    question.get_by_role("button", name="冲正 30 分").click()
    expect(question).to_be_hidden()
    expect(lin.get_by_role("button", name="冲正：植树护林")).to_have_count(0)
    expect(lin.get_by_text(f"欠 {SPENT} 分")).to_be_visible()
    assert len(keys) == 2
    assert keys[0] == keys[1]
    assert (books.balance, debt(books), entries(books, "reverse")) == ((0, SPENT, 0), SPENT, 1)
    assert books.shop(POSTCARD)[1] == fen, "the shop is owed neither more nor less"

    phone = phone_of(open_page, island, mei)
    phone.get_by_role("link", name=f"欠 {SPENT} 分，以后得到的积分先补上").click()
    phone.get_by_role("link", name="植树护林").click()
    expect(phone.get_by_role("heading", name="植树护林")).to_be_visible()
    expect(phone.get_by_text("已冲正")).to_be_visible()
    expect(phone.get_by_text("没有种树，只拍了照片")).to_be_visible()
    expect(phone.locator("s")).to_have_text(f"+{TREE_POINTS}")
    phone.goto(f"{island.document['server']}/#/shop")
    expect(phone.get_by_text(f"欠 {SPENT} 分")).to_be_visible()

    phone.goto(f"{island.document['server']}/S/{island.code('ferry-arrival')}")
    phone.get_by_role("button", name="领取积分").click()
    expect(phone.get_by_role("dialog")).to_contain_text("10 分先补上了欠分，还欠 5 分")
    assert (books.balance[:2], debt(books)) == ((0, SPENT), SPENT - 10)


def test_one_asks_for_points_another_approves_them_and_the_phone_shows_them(
    open_page: Callable[..., Page], island: RunningIsland, http: httpx.Client
) -> None:
    name = f"bo-{uuid4().hex[:6]}"
    books, bo = Books(island, name), member(http, {"code": f"sim:{name}"})
    lin, wen = desk(open_page, island, "林岚", "operator"), desk(open_page, island, "文川", "approver")

    find(lin, name)
    lin.get_by_role("button", name="调整积分").click()
    request = lin.get_by_role("dialog")
    request.get_by_label("积分", exact=True).fill("501")
    request.get_by_label("理由").fill("码头没有网络")
    request.get_by_role("button", name="提交审批").click()
    expect(request).to_contain_text("单次最多调整 500 分")
    request.get_by_label("积分", exact=True).fill(str(BY_HAND))
    request.get_by_role("button", name="提交审批").click()
    expect(request).to_be_hidden()
    lin.get_by_role("link", name="积分调整").click()
    lin.get_by_role("region", name="待批准").get_by_role("button", name=name).click()
    expect(lin.get_by_role("dialog")).to_contain_text("须由另一位同事决定")
    expect(lin.get_by_role("dialog").get_by_role("button", name="批准")).to_have_count(0)
    assert books.balance[0] == 0, "a request moves nothing"

    wen.get_by_role("link", name="待批准").click()
    wen.get_by_role("listitem").filter(has_text=name).get_by_role("button", name="查看并决定").click()
    decision = wen.get_by_role("dialog")
    for said in (f"+{BY_HAND} 分", name, "码头没有网络", "林岚"):
        expect(decision).to_contain_text(said)
    decision.get_by_role("button", name=f"批准 +{BY_HAND} 分").click()
    expect(wen.get_by_role("listitem").filter(has_text=name)).to_have_count(0)
    assert (books.balance[0], entries(books, "adjust")) == (BY_HAND, 1)

    phone = phone_of(open_page, island, bo)
    expect(phone.get_by_role("region", name="可用积分")).to_contain_text(str(BY_HAND))
