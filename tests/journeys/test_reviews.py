"""An act that waits, in a real browser: the office asks, the phone answers, the office decides, the phone says so."""

from __future__ import annotations

from collections.abc import Callable
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.journeys.callers import Caller, member
from tests.journeys.running_island import RunningIsland
from tests.journeys.test_corrections import browser, desk, open_page, phone_of
from tests.journeys.test_second_thoughts import entries
from tests.journeys.test_whole_road import Books

__all__ = ["browser", "open_page"]  # fixtures
pytestmark = pytest.mark.browser

REFILL_POINTS, PIER_POINTS = 2, 5


def waits(island: RunningIsland, who: Caller) -> str:
    """On the island and a moment later on the mainland: the id of the act that nobody believes at once."""
    assert who.scan(island.code("refill-water", "--ticket")).json()["points"] == REFILL_POINTS
    answer = who.scan(island.code("transit-to-pier", "--ticket"))
    assert (answer.status_code, answer.json()["activity"]["reason"]) == (202, "too_far")
    return str(answer.json()["activity"]["id"])


def test_the_office_asks_and_accepts_and_the_phone_shows_each_step(
    open_page: Callable[..., Page], island: RunningIsland, http: httpx.Client
) -> None:
    name = f"mei-{uuid4().hex[:6]}"
    books, mei = Books(island, name), member(http, {"code": f"sim:{name}"})
    act = waits(island, mei)
    lin = desk(open_page, island, "林岚", "operator")
    lin.get_by_role("navigation").get_by_role("link", name="待复核").click()
    row = lin.get_by_role("row").filter(has_text=name)
    expect(row).to_contain_text("两地间隔太短")
    row.get_by_role("button", name="公交到港").press("Enter")
    drawer = lin.get_by_role("dialog")
    for said in ("半小时内不可能往返", "积米崖码头 · 陆上", "自带水杯", "最多 5 分"):
        expect(drawer).to_contain_text(said)
    drawer.get_by_role("button", name="问会员").click()
    drawer.get_by_label("想问什么").fill("坐哪班船回来的？")
    drawer.get_by_role("button", name="发给会员").click()
    expect(drawer).to_contain_text("还没有回答")

    phone = phone_of(open_page, island, mei)
    phone.goto(f"{island.document['server']}/#/history/{act}")
    expect(phone.get_by_text("有一件事想问你")).to_be_visible()
    expect(phone.get_by_text("坐哪班船回来的？")).to_be_visible()
    phone.get_by_label("你的回答").fill("水杯是昨天的，今天没上岛")
    phone.get_by_role("button", name="发出回答").click()
    expect(phone.get_by_role("button", name="发出回答")).to_have_count(0)
    expect(phone.get_by_text("水杯是昨天的，今天没上岛")).to_be_visible()
    expect(phone.get_by_text("岛上的工作人员会核对")).to_be_visible()
    assert books.balance[0] == REFILL_POINTS, "an answer books nothing"

    lin.keyboard.press("Escape")
    row.get_by_role("button", name="公交到港").click()
    expect(drawer).to_contain_text("水杯是昨天的，今天没上岛")
    drawer.get_by_role("button", name="通过").click()
    expect(drawer.get_by_role("button", name="确认通过")).to_be_disabled()
    drawer.get_by_label("为什么通过").fill("与司机核对过")
    drawer.get_by_role("button", name="确认通过").click()
    expect(row).to_have_count(0)
    assert (books.balance[0], entries(books, "earn")) == (REFILL_POINTS + PIER_POINTS, 2)

    phone.reload()
    expect(phone.get_by_text("核对通过，按你当时的时间计算")).to_be_visible()
    expect(phone.get_by_text(f"+{PIER_POINTS}", exact=True)).to_be_visible()
    phone.goto(f"{island.document['server']}/#/history")
    expect(phone.get_by_role("link", name="公交到港")).to_have_count(1)


def test_several_are_refused_at_once_and_their_members_read_why(
    open_page: Callable[..., Page], island: RunningIsland, http: httpx.Client
) -> None:
    names = [f"{who}-{uuid4().hex[:6]}" for who in ("mei", "bo")]
    people = [member(http, {"code": f"sim:{name}"}) for name in names]
    acts = [waits(island, one) for one in people]
    left = f"ada-{uuid4().hex[:6]}"
    waits(island, member(http, {"code": f"sim:{left}"}))
    lin = desk(open_page, island, "林岚", "fleet")
    lin.get_by_role("navigation").get_by_role("link", name="待复核").click()
    for name in names:
        lin.get_by_role("checkbox", name=f"选择 {name} 的 公交到港").check()
    lin.get_by_role("button", name="驳回所选").click()
    dialog = lin.get_by_role("dialog", name="驳回 2 条")
    dialog.get_by_label("为什么不通过").fill("当天没有这班车")
    dialog.get_by_role("button", name="确认驳回").click()
    expect(lin.get_by_role("dialog").get_by_text("未通过")).to_have_count(2)
    lin.get_by_role("button", name="关闭").click()
    for name in names:
        expect(lin.get_by_role("row").filter(has_text=name)).to_have_count(0)
    expect(lin.get_by_role("row").filter(has_text=left)).to_have_count(1)
    lin.get_by_role("radio", name="已处理").check()
    expect(lin.get_by_role("row").filter(has_text=names[0])).to_contain_text("林岚")
    expect(lin.get_by_role("row").filter(has_text=left)).to_have_count(0)
    for name, act, one in zip(names, acts, people, strict=True):
        activity = one.get(f"member/activities/{act}").json()
        assert (activity["state"], activity["reason_text"]) == ("refused", "当天没有这班车")
        assert Books(island, name).balance[0] == REFILL_POINTS
    phone = phone_of(open_page, island, people[0])
    phone.goto(f"{island.document['server']}/#/history/{acts[0]}")
    expect(phone.get_by_text("当天没有这班车")).to_be_visible()
    expect(phone.get_by_text("核对过，这次不计入")).to_be_visible()
