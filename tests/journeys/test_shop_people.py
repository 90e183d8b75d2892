"""A shop and its people in a real browser: the owner adds a cashier who redeems, the office suspends the shop and lets
it work again, and the counter says so in a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Browser, Page, Playwright, ViewportSize, expect

from tests.browser.conftest import CHROMIUM, CHROMIUM_FLAGS
from tests.journeys.callers import Caller, member
from tests.journeys.running_island import RunningIsland
from tests.journeys.test_rules_change import desk_of, in_the_demonstration, own_client, staff_sign_in
from tests.journeys.test_whole_road import Books

pytestmark = pytest.mark.browser

PHONE: ViewportSize = {"width": 375, "height": 780}
SHOP, RIDE, RIDE_POINTS = "环岛巴士", "环岛巴士往返", 10  # no other journey exchanges anything here
OWN = "island bus, twice round"
SUSPENDED = "本商户暂时不能核销"


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
    yield browser
    browser.close()


def counter_of(browser: Browser, island: RunningIsland, login: str, password: str) -> Page:
    """A counter's phone of its own, signed in by its page."""
    page = browser.new_context(viewport=PHONE, locale="zh-CN").new_page()
    page.goto(island.document["server"] + "/merchant/")
    page.get_by_label("登录名").fill(login)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()
    return page


def vouchers_of(mei: Caller, island: RunningIsland) -> list[str]:
    """The readable codes of two rides."""
    assert mei.scan(island.code("tree-care")).status_code == 201
    (ride,) = [item for item in mei.get("member/items").json()["data"] if item["name"] == RIDE]
    made = [mei.post("member/vouchers", {"item_id": ride["id"], "quantity": 1}) for _ in range(2)]
    return [answer.raise_for_status().json()["readable_code"] for answer in made]


def type_code(page: Page, code: str) -> None:
    page.get_by_label("或输入券上的代码").fill(code)
    page.get_by_role("button", name="查券").click()


def add_a_cashier(owner: Page, login: str) -> str:
    """The owner adds sun; answers the one-time password that is shown."""
    owner.get_by_role("link", name="设置").click()
    owner.get_by_role("link", name="本店人员").click()
    owner.get_by_role("button", name="添加店员").click()
    owner.get_by_label("姓名").fill("孙")
    owner.get_by_label("登录名").fill(login)
    owner.get_by_role("button", name="添加店员").click()
    once = owner.locator(".once-password").inner_text()
    owner.get_by_role("button", name="我已记下").click()
    expect(owner.get_by_text(once)).to_have_count(0)
    return once


def take_an_own_password(counter: Page, once: str) -> None:
    expect(counter.get_by_role("heading", name="先设一个自己的密码")).to_be_visible()
    expect(counter.get_by_label("或输入券上的代码")).to_have_count(0)
    counter.get_by_label("现在的密码").fill(once)
    counter.get_by_label("新密码", exact=True).fill(OWN)
    counter.get_by_label("再输一次新密码").fill(OWN)
    counter.get_by_role("button", name="保存新密码").click()


def suspend(desk: Page) -> None:
    desk.get_by_role("link", name="商户").click()
    desk.get_by_role("button", name=SHOP).click()
    desk.get_by_role("button", name="停业").click()
    question = desk.get_by_role("dialog")
    question.get_by_label("理由").fill("游客多次投诉")
    question.get_by_role("button", name="停业").click()
    expect(desk.get_by_role("button", name="申请恢复营业")).to_be_visible()


def let_it_work_again(desk: Page, island: RunningIsland) -> None:
    desk.get_by_role("button", name="申请恢复营业").click()
    question = desk.get_by_role("dialog")
    question.get_by_label("理由").fill("已经整改")
    question.get_by_role("button", name="申请恢复营业").click()
    expect(desk.get_by_text("等待另一位同事批准")).to_be_visible()
    with own_client(island) as client:
        approver = staff_sign_in(island, client, in_the_demonstration(island, "approver"))
        (shop,) = approver.get("staff/merchants", waiting=1).json()["data"]
        newest: dict[str, Any] = approver.get(f"staff/merchants/{shop['id']}/versions").json()["data"][0]
        path = f"staff/merchants/{shop['id']}/versions/{newest['version']}/approve"
        assert approver.post(path, {"payload": newest["payload"]}).json()["state"] == "in_force"


def test_an_owners_cashier_redeems_and_a_suspension_stops_the_counter_at_once(
    browser: Browser, island: RunningIsland, http: httpx.Client
) -> None:
    name, login = f"mei-{uuid4().hex[:6]}", f"sun-{uuid4().hex[:6]}"
    books = Books(island, name)
    first, second = vouchers_of(member(http, {"code": f"sim:{name}"}), island)
    sign_in = next(one for one in island.document["merchants"] if one["name"] == SHOP)
    owner = counter_of(browser, island, sign_in["login"], sign_in["password"])
    once = add_a_cashier(owner, login)

    counter = counter_of(browser, island, login, once)
    take_an_own_password(counter, once)
    type_code(counter, first)
    counter.get_by_role("dialog", name="这张券").get_by_role("button", name="核销", exact=True).click()
    expect(counter.get_by_role("alertdialog", name="已核销")).to_be_visible()
    assert books.balance[1] == RIDE_POINTS
    counter.get_by_role("button", name="下一张").click()

    desk = desk_of(browser, island, in_the_demonstration(island, "operator"))
    suspend(desk)
    type_code(counter, second)
    expect(counter.get_by_role("alertdialog", name="不能核销")).to_contain_text(SUSPENDED)
    assert books.balance[1] == RIDE_POINTS, "the second ride is still held"
    counter.get_by_role("button", name="下一张").click()

    let_it_work_again(desk, island)
    type_code(counter, second)
    counter.get_by_role("dialog", name="这张券").get_by_role("button", name="核销", exact=True).click()
    expect(counter.get_by_role("alertdialog", name="已核销")).to_be_visible()
    assert books.balance[1] == 0

    owner.get_by_role("listitem").filter(has_text=login).get_by_role("button", name="停用").click()
    owner.get_by_role("dialog").get_by_role("button", name="停用").click()
    expect(owner.get_by_role("listitem").filter(has_text=login)).to_contain_text("已停用")
    counter.get_by_role("button", name="下一张").click()
    type_code(counter, second)
    expect(counter.get_by_role("button", name="登录")).to_be_visible()
