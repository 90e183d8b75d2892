"""Rules change safely: one asks, another approves, each act is judged by its own version, a role ends at once.

The island of the journeys lives by the machine's clock. So the screens carry a change for next Monday, and a second
scene changes some seconds ahead: an act before, one after and a late one meet the start itself.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pyotp
import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from tests.browser.conftest import CHROMIUM, CHROMIUM_FLAGS
from tests.journeys.callers import Caller, member
from tests.journeys.running_island import RunningIsland

pytestmark = pytest.mark.browser

DESK = {"width": 1280, "height": 800}
TOTP_SECONDS = 30
PASSWORD = "rules change safely, always"
START_AHEAD_SECONDS = 18  # nobody has to sign in meanwhile, only to ask, to approve and to act once
HEARD_SECONDS = 2  # every worker reads what is in force at least once a second


@pytest.fixture(scope="module")
def browser_of_the_office(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
    yield browser
    browser.close()


def staff_sign_in(island: RunningIsland, http: httpx.Client, sign_in: dict[str, Any]) -> Caller:
    """A call-in of the console; digits that somebody used this half minute are followed by the next ones."""
    answer = None
    for ahead in (0, TOTP_SECONDS):
        body = {name: sign_in[name] for name in ("login", "password")}
        if sign_in.get("totp_secret"):
            body["totp"] = pyotp.TOTP(sign_in["totp_secret"]).at(int(time.time()) + ahead)
        answer = http.post("/api/v1/staff/sessions", json=body)
        if answer.status_code == 201:
            return Caller(http, {"X-CSRF-Token": answer.json()["csrf"]})
    raise AssertionError(answer.text if answer else "")


def in_the_demonstration(island: RunningIsland, role: str) -> dict[str, Any]:
    found: dict[str, Any] = next(one for one in island.document["staff"] if one["role"] == role)
    return found


@contextmanager
def own_client(island: RunningIsland) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=island.document["server"], timeout=20) as client:
        yield client


@pytest.fixture(scope="module")
def administrator(island: RunningIsland) -> Iterator[Caller]:
    with own_client(island) as client:
        yield staff_sign_in(island, client, in_the_demonstration(island, "administrator"))


@pytest.fixture
def lin(island: RunningIsland, administrator: Caller) -> dict[str, Any]:
    """An operator of this test's own, so that a role can be taken away from her: sign-in and id."""
    login = f"lin-{uuid4().hex[:6]}"
    made = administrator.post("staff/people", {"login": login, "name": "林岚", "roles": ["operator"]})
    assert made.status_code == 201, made.text
    once = made.json()["password"]
    with own_client(island) as client:
        first = staff_sign_in(island, client, {"login": login, "password": once})
        changed = first.post("staff/account/password", {"current": once, "fresh": PASSWORD})
        assert changed.status_code < 300, changed.text
    return {"login": login, "password": PASSWORD, "id": made.json()["person"]["id"]}


def desk_of(browser: Browser, island: RunningIsland, sign_in: dict[str, Any]) -> Page:
    """A console in a browser of its own, signed in by its own page."""
    page = browser.new_context(viewport=DESK, locale="zh-CN").new_page()  # type: ignore[arg-type]  # a plain dict does
    page.goto(island.document["server"] + "/staff/")
    page.get_by_label("登录名").fill(sign_in["login"])
    page.get_by_label("密码").fill(sign_in["password"])
    page.get_by_role("button", name="登录").click()
    if "totp_secret" in sign_in:
        page.get_by_label("动态验证码").fill(pyotp.TOTP(sign_in["totp_secret"]).now())
        page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="今天")).to_be_visible()
    return page


def rule_of_latest(island: RunningIsland, who: Caller) -> tuple[int, int]:
    """Scene and version in the leaf of this member's latest entry."""
    nickname = who.get("member/me").json()["nickname"]
    statement = (
        "SELECT leaf FROM entries e JOIN members m ON m.id = e.member_id WHERE nickname = ? ORDER BY e.id DESC LIMIT 1"
    )
    with closing(sqlite3.connect(Path(island.data) / "island.sqlite")) as connection:
        leaf = json.loads(connection.execute(statement, (nickname,)).fetchone()[0])
    return leaf["scene"], leaf["rule"]


def newcomer(http: httpx.Client, name: str) -> Caller:
    return member(http, {"code": f"sim:{name}-{uuid4().hex[:8]}"})


def version(who: Caller, slug: str, number: int) -> dict[str, Any]:
    versions = who.get(f"staff/scenes/{slug}/versions").json()["data"]
    found: dict[str, Any] = next(one for one in versions if one["version"] == number)
    return found


def test_a_change_for_next_monday_goes_from_the_operators_screen_to_the_approvers(
    browser_of_the_office: Browser, island: RunningIsland, administrator: Caller, lin: dict[str, Any], mei: Caller
) -> None:
    desk = desk_of(browser_of_the_office, island, lin)
    desk.get_by_role("link", name="场景").click()
    desk.get_by_role("button", name="低碳知识问答").click()
    desk.get_by_role("link", name="修改").click()
    desk.get_by_label("积分").fill("5")
    preview = desk.get_by_role("complementary")
    expect(preview).to_contain_text("需另一位同事批准")
    expect(preview.get_by_role("row", name="3 → 5")).to_be_visible()
    expect(preview).to_contain_text("星期一 00:00")
    desk.get_by_label("理由").fill("暑期多开课")
    desk.get_by_role("button", name="提交审批").click()
    expect(desk.get_by_role("region", name="版本 2 等待另一位同事批准")).to_contain_text("暑期多开课")
    expect(desk.get_by_role("button", name="查看并决定")).to_have_count(0)

    wen = desk_of(browser_of_the_office, island, in_the_demonstration(island, "approver"))
    wen.get_by_role("link", name="项待批准").click()
    wen.get_by_role("button", name="查看并决定").click()
    decision = wen.get_by_role("dialog")
    expect(decision).to_contain_text("林岚")
    expect(decision).to_contain_text("暑期多开课")
    expect(decision).to_contain_text("多发积分")
    decision.get_by_role("button", name="批准版本 2").click()
    expect(wen.get_by_text("没有待批准的事项")).to_be_visible()

    approved = version(administrator, "learn-carbon", 2)
    starts_at = datetime.fromisoformat(approved["starts_at"])
    assert (approved["state"], starts_at.weekday(), starts_at.hour, starts_at.minute) == ("approved", 0, 0, 0)
    assert approved["asked_by"]["name"] == "林岚" != approved["decided_by"]["name"]
    assert mei.scan(island.code("learn-carbon")).json()["points"] == 3, "until Monday the first version counts"
    assert rule_of_latest(island, mei) == (24, 1)


def test_an_act_before_one_after_and_a_late_one_are_each_judged_by_their_own_version(
    island: RunningIsland, http: httpx.Client, lin: dict[str, Any]
) -> None:
    slug, early, later, late = "own-tableware", *(newcomer(http, name) for name in ("mei", "bo", "yan"))
    with own_client(island) as asking, own_client(island) as deciding:
        operator = staff_sign_in(island, asking, lin)
        approver = staff_sign_in(island, deciding, in_the_demonstration(island, "approver"))
        document = operator.get(f"staff/scenes/{slug}").json()["document"]
        document["variants"][0]["points"] += 1
        starts = int(time.time()) + START_AHEAD_SECONDS
        change = {
            "document": document,
            "reason": "多带一次餐具",
            "starts_at": f"{datetime.fromtimestamp(starts).astimezone().isoformat()}",
        }
        asked = operator.post(f"staff/scenes/{slug}/versions", change).json()
        own = operator.post(f"staff/scenes/{slug}/versions/{asked['version']}/approve", {"payload": asked["payload"]})
        assert (own.status_code, version(operator, slug, 2)["state"]) == (403, "asked")
        yes = approver.post(f"staff/scenes/{slug}/versions/{asked['version']}/approve", {"payload": asked["payload"]})
        assert (yes.status_code, yes.json()["state"]) == (200, "approved"), yes.text

    ticket = island.code(slug, "--ticket")
    before = early.scan(island.code(slug)).json()
    assert time.time() < starts, "the machine was too busy to act before the start"
    time.sleep(max(0.0, starts + HEARD_SECONDS - time.time()))
    after, by_ticket = later.scan(island.code(slug)).json(), late.scan(ticket).json()

    assert [one["points"] for one in (before, after, by_ticket)] == [3, 4, 3]
    assert [rule_of_latest(island, who) for who in (early, later, late)] == [(8, 1), (8, 2), (8, 1)]


def workers_of(island: RunningIsland) -> list[int]:
    """The processes that answer requests: below the one that only watches over them."""
    found = island.processes("miniprogram_api.wsgi")
    parents = {number: int(Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[1]) for number in found}
    return [number for number in found if parents[number] in found]


@contextmanager
def only(worker: int, workers: list[int]) -> Iterator[None]:
    """While the others stand still, this worker answers everything."""
    others = [number for number in workers if number != worker]
    for number in others:
        os.kill(number, signal.SIGSTOP)
    try:
        yield
    finally:
        for number in others:
            os.kill(number, signal.SIGCONT)


def test_a_role_that_is_taken_away_is_refused_within_a_second_by_every_worker(
    browser_of_the_office: Browser, island: RunningIsland, administrator: Caller, lin: dict[str, Any]
) -> None:
    desk = desk_of(browser_of_the_office, island, lin)
    desk.goto(island.document["server"] + "/staff/#/change-scene/save-food")
    desk.get_by_label("积分").fill("2")
    expect(desk.get_by_role("complementary")).to_contain_text("无需他人批准")
    workers = workers_of(island)
    assert len(workers) == 2
    with own_client(island) as client:
        operator = staff_sign_in(island, client, lin)
        document = operator.get("staff/scenes/save-food").json()["document"] | {"cap": 1}
        ask = {"document": document}

        def status_at(worker: int) -> int:
            with only(worker, workers):
                return operator.post("staff/scenes/save-food/versions/preview", ask).status_code

        assert [status_at(worker) for worker in workers] == [200, 200]
        taken = administrator.http.patch(
            f"/api/v1/staff/people/{lin['id']}", json={"roles": ["auditor"]}, headers=administrator.headers
        )
        moment = time.monotonic()
        assert taken.status_code == 200, taken.text
        refused = [status_at(worker) for worker in workers]
        assert (refused, time.monotonic() - moment < 1) == ([403, 403], True)

    desk.get_by_label("理由").fill("少发一点")
    desk.get_by_role("button", name="提交生效").click()
    expect(desk.get_by_role("complementary")).to_contain_text("您的角色不能做这个操作")
    desk.reload()
    expect(desk.get_by_role("heading", name="今天")).to_be_visible()
    desk.goto(island.document["server"] + "/staff/#/scenes/save-food")
    expect(desk.get_by_role("heading", name="历史版本")).to_be_visible()
    expect(desk.get_by_role("link", name="修改")).to_have_count(0)
    assert len(administrator.get("staff/scenes/save-food/versions").json()["data"]) == 1, "nothing was changed"
