"""A member's own say in a real browser: what they agree to, where they are signed in, what is held, and its end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect

from tests.browser.conftest import CHROMIUM, CHROMIUM_FLAGS
from tests.journeys.callers import Caller, member
from tests.journeys.running_island import RunningIsland
from tests.journeys.test_second_thoughts import PHONE, lose_the_first_answer

pytestmark = pytest.mark.browser

PLACES = (
    "", "scan", "scenes", "scenes/ferry-arrival", "shop", "vouchers", "history", "me", "code", "carbon", "after",
    "notices/terms", "notices/privacy", "consents", "sessions", "data", "forget",
)  # fmt: skip
# What the island says to everybody, how the pages look, and how wrong the phone's clock is.
OF_THE_PHONE = {"tanyu.island", "tanyu.preferences", "tanyu.clock_offset"}


@pytest.fixture
def phone(playwright: Playwright, island: RunningIsland) -> Iterator[BrowserContext]:
    """A phone that asks nobody but the island, whatever page it shows."""
    browser: Browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
    context = browser.new_context(viewport=PHONE, locale="zh-CN")
    asked: set[str] = set()
    context.on("request", lambda request: asked.add("{0.scheme}://{0.netloc}".format(urlsplit(request.url))))
    broken: list[str] = []
    context.on("weberror", lambda error: broken.append(str(error.error)))
    yield context
    browser.close()
    own = island.document["server"]
    assert {origin for origin in asked if not origin.startswith(("data:", "blob:"))} <= {own}
    assert broken == []


@pytest.fixture
def page(phone: BrowserContext) -> Page:
    return phone.new_page()


def arrive(page: Page, island: RunningIsland, name: str) -> None:
    """The one button."""
    page.goto(island.document["server"])
    page.get_by_role("button", name="换一个").click()
    page.get_by_label("模拟微信用户名").fill(name)
    page.get_by_role("button", name="同意并开始").click()
    expect(page.get_by_role("link", name="扫码得分").first).to_be_visible()


def show(page: Page, island: RunningIsland, place: str) -> None:
    page.goto(f"{island.document['server']}/#/{place}")


def caller_of(page: Page, http: httpx.Client) -> Caller:
    token = page.evaluate("() => JSON.parse(localStorage.getItem('tanyu.session')).token")
    return Caller(http, {"Authorization": f"Bearer {token}"})


def test_no_page_of_the_tourist_asks_anybody_but_the_island(page: Page, island: RunningIsland) -> None:
    """The phone looks at every request when it is put away."""
    arrive(page, island, f"lan-{uuid4().hex[:6]}")
    for place in PLACES:
        show(page, island, place)
        expect(page.get_by_role("heading").first).to_be_visible()


def test_what_one_presses_on_is_read_before_recorded_with_it_and_taken_back(
    page: Page, island: RunningIsland, http: httpx.Client
) -> None:
    page.goto(island.document["server"])
    page.get_by_role("button", name="隐私说明").click()
    expect(page.get_by_text("不要手机号、身份证")).to_be_visible()
    page.get_by_role("button", name="关闭").click()
    name = f"lan-{uuid4().hex[:6]}"
    arrive(page, island, name)
    said = caller_of(page, http).get("member/consents").json()
    assert said["given"] == said["current"]
    show(page, island, "consents")
    expect(page.get_by_text("你同意的是现在的版本")).to_be_visible()
    page.get_by_role("button", name="撤回同意").click()
    expect(page.get_by_text("所有手机上都会退出登录")).to_be_visible()
    page.get_by_role("dialog").get_by_role("button", name="撤回同意").click()
    expect(page.get_by_role("button", name="同意并开始")).to_be_visible()
    assert http.post("/api/v1/member/sessions", json={"code": f"sim:{name}"}).status_code == 403
    arrive(page, island, name)


def test_whoever_never_agreed_is_asked_before_anything_else(
    page: Page, island: RunningIsland, http: httpx.Client
) -> None:
    lan = member(http, {"code": f"sim:lan-{uuid4().hex[:6]}", "consent": None})
    session = json.dumps({"token": lan.headers["Authorization"].partition(" ")[2], "recoveryCode": None})
    page.goto(island.document["server"])
    page.evaluate("session => localStorage.setItem('tanyu.session', session)", session)
    page.reload()
    page.get_by_role("dialog").get_by_role("button", name="同意", exact=True).click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert lan.get("member/consents").json()["given"] == {"terms": 1, "privacy": 1}
    page.reload()
    expect(page.get_by_role("link", name="扫码得分").first).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_another_phone_is_signed_out_from_this_one(page: Page, island: RunningIsland, http: httpx.Client) -> None:
    name = f"lan-{uuid4().hex[:6]}"
    arrive(page, island, name)
    other = member(http, {"code": f"sim:{name}"})
    assert other.get("member/me").status_code == 200
    show(page, island, "sessions")
    expect(page.get_by_text("就是这一台")).to_be_visible()
    page.get_by_role("button", name="结束登录").click()
    page.get_by_role("dialog").get_by_role("button", name="结束登录").click()
    expect(page.get_by_role("button", name="结束登录")).to_have_count(0)
    assert other.get("member/me").status_code == 401
    assert caller_of(page, http).get("member/me").status_code == 200


def test_my_data_are_read_and_taken_along_as_the_server_said_them(
    page: Page, island: RunningIsland, http: httpx.Client
) -> None:
    arrive(page, island, f"lan-{uuid4().hex[:6]}")
    lan = caller_of(page, http)
    assert lan.scan(island.code("ferry-arrival")).status_code == 201
    show(page, island, "data")
    expect(page.get_by_text("低碳行为 · 1")).to_be_visible()
    expect(page.get_by_text("乘船上岛", exact=False).first).to_be_visible()
    with page.expect_download() as began:
        page.get_by_role("button", name="下载文件").click()
    taken = json.loads(began.value.path().read_text(encoding="utf-8"))
    answered = lan.get("member/export").json()
    assert taken["activities"] == answered["activities"]
    assert taken["entries"] == answered["entries"]


def test_forgotten_by_two_presses_though_the_first_answer_is_lost_and_nothing_is_left_on_the_phone(
    page: Page, island: RunningIsland, http: httpx.Client
) -> None:
    name = f"lan-{uuid4().hex[:6]}"
    arrive(page, island, name)
    lan = caller_of(page, http)
    assert lan.scan(island.code("ferry-arrival")).status_code == 201
    show(page, island, "forget")
    expect(page.get_by_text("你的 10 分积分作废")).to_be_visible()
    keys = lose_the_first_answer(page, "**/api/v1/member/forget")
    page.get_by_role("button", name="忘记我").click()
    now = page.get_by_role("dialog").get_by_role("button", name="现在就忘记我")
    expect(now).to_be_disabled()
    page.get_by_label("我明白，这不能恢复").check()
    now.click()
    expect(page.get_by_role("dialog").get_by_role("alert")).to_be_visible()
    now.click()
    expect(page.get_by_role("button", name="同意并开始")).to_be_visible()
    assert len(set(keys)) == 1
    assert len(keys) == 2
    assert lan.get("member/me").status_code == 401
    left = page.evaluate("() => Object.keys(localStorage)")
    assert set(left) <= OF_THE_PHONE
    again = member(http, {"code": f"sim:{name}"})
    assert again.get("member/me").json()["balance"]["available"] == 0


def test_the_notices_are_read_without_signal(page: Page, phone: BrowserContext, island: RunningIsland) -> None:
    arrive(page, island, f"lan-{uuid4().hex[:6]}")
    page.evaluate("() => navigator.serviceWorker.ready")
    expect(page.get_by_role("link", name="扫码得分").first).to_be_visible()
    page.wait_for_function("async () => (await caches.keys()).length > 0 && await caches.match('/')")
    phone.set_offline(True)
    for place, words in (("notices/privacy", "不要手机号、身份证"), ("notices/terms", "积分是有预算的奖励")):
        show(page, island, place)
        expect(page.get_by_text(words)).to_be_visible()
    phone.set_offline(False)
