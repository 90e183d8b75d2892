"""The people of the staff in a real browser: first sign-in, roles, the audit trail, lost authenticators, locks."""

from __future__ import annotations

import csv
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pyotp
import pytest
from playwright.sync_api import Browser, Page, Playwright, ViewportSize, expect

from tests.browser.conftest import CHROMIUM, CHROMIUM_FLAGS
from tests.journeys.running_island import ROOT, RunningIsland

pytestmark = pytest.mark.browser

DESK: ViewportSize = {"width": 1280, "height": 800}
OWN = "a password of wen's own"
SENTENCES = json.loads((ROOT / "miniprogram_api" / "routes" / "problems.json").read_text(encoding="utf-8"))


@dataclass
class Desks:
    """Opens consoles, each with cookies of its own; `broken` is what their scripts complained of."""

    browser: Browser
    server: str
    broken: list[str]

    def console(self, language: str = "zh") -> Page:
        context = self.browser.new_context(
            viewport=DESK, locale="zh-CN" if language == "zh" else "en-GB", accept_downloads=True
        )
        page = context.new_page()
        page.on("pageerror", lambda error: self.broken.append(str(error)))
        page.on("console", lambda said: self.broken.append(said.text) if "Content Security" in said.text else None)
        page.goto(f"{self.server}/staff/")
        return page


@pytest.fixture(scope="module")
def desks(playwright: Playwright, island: RunningIsland) -> Iterator[Desks]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
    desks = Desks(browser, island.document["server"], [])
    yield desks
    browser.close()
    assert desks.broken == []


def enter(page: Page, **fields: str) -> None:
    for label, value in fields.items():
        page.get_by_label(label, exact=True).fill(value)


def sign_in(page: Page, login: str, password: str) -> None:
    enter(page, 登录名=login, 密码=password)
    page.get_by_role("button", name="登录", exact=True).click()


def place(page: Page, name: str) -> None:
    """Go to a page of the console by its entry at the side."""
    page.get_by_role("link", name=name).click()
    expect(page.locator("#title")).to_be_visible()


@pytest.fixture(scope="module")
def administrator(desks: Desks, island: RunningIsland) -> Page:
    """The demonstration's administrator, signed in with both factors."""
    one = next(one for one in island.document["staff"] if one["role"] == "administrator")
    page = desks.console()
    sign_in(page, one["login"], one["password"])
    for _ in range(3):  # digits that somebody used a moment ago are not taken again
        enter(page, 动态验证码=pyotp.TOTP(one["totp_secret"]).now())
        page.get_by_role("button", name="登录", exact=True).click()
        expect(page.locator(".console, .field-error").first).to_be_visible()
        if page.locator(".console").count():
            break
        time.sleep(30 - time.time() % 30)
    expect(page.get_by_role("link", name="人员")).to_be_visible()
    return page


@dataclass
class Newcomer:
    """Wen, who was added and has been through the first sign-in; the codes are still unused."""

    login: str
    name: str
    page: Page
    authenticator: pyotp.TOTP
    codes: list[str]


@pytest.fixture(scope="module")
def wen(desks: Desks, administrator: Page) -> Newcomer:
    """An administrator adds an approver, who is led to an own password and a second factor before anything else."""
    login, name = f"wen-{uuid4().hex[:6]}", f"文 {uuid4().hex[:4]}"
    once = add(administrator, login, name)
    page = desks.console()
    sign_in(page, login, once)
    expect(page.get_by_role("heading", name="设置自己的密码")).to_be_visible()
    expect(page.get_by_role("navigation")).to_have_count(0)
    enter(page, 现在的密码=once, 新密码=OWN, 再输一次新密码=OWN)
    page.get_by_role("button", name="保存新密码").click()
    expect(page.get_by_role("heading", name="请先开启双重验证")).to_be_visible()
    expect(page.get_by_role("navigation")).to_have_count(0)
    authenticator, codes = enrol(page)
    return Newcomer(login, name, page, authenticator, codes)


def add(page: Page, login: str, name: str) -> str:
    """Answers the one-time password, which is shown once."""
    place(page, "人员")
    page.get_by_role("button", name="添加人员").click()
    drawer = page.get_by_role("dialog")
    drawer.get_by_label("姓名").fill(name)
    drawer.get_by_label("登录名").fill(login)
    drawer.get_by_label("复核").check()
    drawer.get_by_role("button", name="添加人员").click()
    once = drawer.locator(".shown-once code").inner_text()
    drawer.get_by_role("button", name="我记下了").click()
    expect(page.get_by_role("row").filter(has_text=login)).to_contain_text("一次性密码")
    return once


def enrol(page: Page) -> tuple[pyotp.TOTP, list[str]]:
    """The QR code, its digits, ten recovery codes that stay until they are noted."""
    enter(page, 密码=OWN)
    page.get_by_role("button", name="显示二维码").click()
    expect(page.locator(".factor-code svg")).to_be_visible()
    authenticator = pyotp.TOTP(page.locator(".factor-secret").inner_text().replace(" ", ""))
    enter(page, 动态验证码="000000")
    page.get_by_role("button", name="确认并开启").click()
    expect(page.get_by_role("alert")).to_contain_text(SENTENCES["not_allowed.totp"]["zh"][1])
    enter(page, 动态验证码=authenticator.now())
    page.get_by_role("button", name="确认并开启").click()
    shown = page.locator(".shown-once code")
    expect(shown).to_have_count(10)
    codes = shown.all_inner_texts()
    expect(page.get_by_role("button", name="打印")).to_be_visible()
    page.get_by_role("button", name="已经记好，继续").click()
    expect(page.get_by_role("navigation")).to_be_visible()
    return authenticator, codes


def test_a_newcomer_sees_the_own_sessions_and_ends_another_one(desks: Desks, wen: Newcomer) -> None:
    elsewhere = desks.console()
    sign_in(elsewhere, wen.login, OWN)
    elsewhere.get_by_role("button", name="用恢复码").click()
    enter(elsewhere, 恢复码=wen.codes[0])
    elsewhere.get_by_role("button", name="登录", exact=True).click()
    expect(elsewhere.get_by_role("navigation")).to_be_visible()
    place(wen.page, wen.name)
    expect(wen.page.get_by_text("还剩 9 个")).to_be_visible()
    expect(wen.page.get_by_text("这台")).to_have_count(1)
    wen.page.get_by_role("button", name="退出", exact=True).click()
    expect(wen.page.get_by_role("button", name="退出", exact=True)).to_have_count(0)
    elsewhere.reload()
    expect(elsewhere.get_by_label("登录名")).to_be_visible()
    elsewhere.context.close()


def test_a_recovery_code_stands_in_for_a_lost_authenticator_once(desks: Desks, wen: Newcomer) -> None:
    first, second = desks.console(), desks.console()
    for page in (first, second):
        sign_in(page, wen.login, OWN)
        page.get_by_role("button", name="用恢复码").click()
        enter(page, 恢复码=wen.codes[1])
        page.get_by_role("button", name="登录", exact=True).click()
        expect(page.locator(".console, .field-error").first).to_be_visible()
    expect(first.get_by_role("navigation")).to_be_visible()
    expect(second.locator(".field-error")).to_contain_text(SENTENCES["not_signed_in.staff_recovery_code"]["zh"][1])
    for page in (first, second):
        page.context.close()


def test_a_change_of_roles_is_seen_from_the_next_call_on(administrator: Page, wen: Newcomer) -> None:
    wen.page.reload()
    expect(wen.page.get_by_role("link", name="操作记录")).to_have_count(0)
    place(administrator, "人员")
    administrator.get_by_role("button", name=wen.name).click()
    drawer = administrator.get_by_role("dialog")
    drawer.get_by_label("审计").check()
    drawer.get_by_role("button", name="保存角色").click()
    expect(administrator.get_by_text("角色已保存")).to_be_visible()
    drawer.get_by_role("button", name="关闭").click()
    wen.page.reload()
    place(wen.page, "操作记录")
    expect(wen.page.locator(".audit-line").first).to_contain_text("改了角色")


def test_the_audit_trail_names_each_act_in_both_languages_and_is_searched_filtered_and_taken_along(
    administrator: Page, wen: Newcomer, tmp_path: Path
) -> None:
    page = administrator
    place(page, "操作记录")
    page.get_by_role("searchbox", name="搜索人员、操作或对象").fill(wen.name)
    lines = page.locator(".audit-line")
    for said in ("添加了", "登录了", "改了自己的密码", "领取了新的验证器密钥", "开启了双重验证"):
        expect(lines.filter(has_text=said)).not_to_have_count(0)
    page.get_by_label("操作种类").select_option(label="开启了双重验证")
    expect(lines).to_have_count(1)
    assert [row["act"] for row in exported(page, "导出 CSV", tmp_path)] == ["second_factor_confirmed"]
    page.evaluate("localStorage.setItem('tanyu.preferences', JSON.stringify({ language: 'en' }))")
    page.reload()
    page.get_by_role("searchbox").fill(wen.name)
    for said in ("signed in", "password", "second factor"):
        expect(lines.filter(has_text=said)).not_to_have_count(0)
    rows = exported(page, "Export CSV", tmp_path)
    assert {"person_appointed", "signed_in", "password_changed"} <= {row["act"] for row in rows}
    assert OWN not in str(rows)
    page.get_by_role("searchbox").fill("nobody of that name")
    expect(page.get_by_text("Nothing found")).to_be_visible()
    page.evaluate("localStorage.removeItem('tanyu.preferences')")
    page.reload()


def exported(page: Page, button: str, folder: Path) -> list[dict[str, Any]]:
    """The rows of the file that the button hands over."""
    with page.expect_download() as waited:
        page.get_by_role("button", name=button).click()
    file = folder / f"{button}.csv"
    waited.value.save_as(file)
    return list(csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines()))


def test_the_digits_of_the_authenticator_let_in_and_a_blocked_person_stays_out(
    desks: Desks, administrator: Page, wen: Newcomer
) -> None:
    page = desks.console()
    sign_in(page, wen.login, OWN)
    enter(page, 动态验证码=wen.authenticator.at(int(time.time()) + 30))  # those of now were used to set it up
    page.get_by_role("button", name="登录", exact=True).click()
    expect(page.get_by_role("navigation")).to_be_visible()
    place(administrator, "人员")
    administrator.get_by_role("button", name=wen.name).click()
    drawer = administrator.get_by_role("dialog")
    drawer.get_by_role("button", name="停用账号").click()
    drawer.get_by_role("button", name="停用账号").click()
    expect(drawer.get_by_text("已停用").first).to_be_visible()
    drawer.get_by_role("button", name="关闭").click()
    page.reload()
    expect(page.get_by_label("登录名")).to_be_visible()
    page.context.close()


def test_guessing_locks_the_login_and_says_so(desks: Desks) -> None:
    page = desks.console()
    for _ in range(5):
        sign_in(page, "somebody", "a guess")
        expect(page.locator(".field-error")).to_contain_text(SENTENCES["not_signed_in.login"]["zh"][1])
    sign_in(page, "somebody", "a guess")
    said = SENTENCES["too_many_tries"]["zh"][1].partition("{")[0]
    expect(page.locator(".field-error")).to_contain_text(said)
    page.context.close()
