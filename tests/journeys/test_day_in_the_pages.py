"""The day of a newcomer in the phone's own pages: arrive, cabin, bus, clean plate, trail, litter, exchange, boat home.

Once with a line all day; once without one on the boat, where the cabin's kiosk is cut off as well.
"""

from __future__ import annotations

import io
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

import httpx
import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect

from tests.browser.conftest import CHROMIUM, CHROMIUM_FLAGS
from tests.journeys.callers import Caller, counter, member
from tests.journeys.running_island import ROOT, RunningIsland
from tests.journeys.test_bad_day import eventually
from tests.journeys.test_second_thoughts import PHONE
from tests.journeys.test_whole_road import Books, sign_in
from tests.qr_reader import read_codes

pytestmark = pytest.mark.browser

CABIN, FERRY = "ferry-cabin", 1
KILOGRAM, WHOLE_TRAIL = "100", "32"


@pytest.fixture
def phone(playwright: Playwright) -> Iterator[BrowserContext]:
    """A phone whose pages break no script and ask nobody outside the island."""
    browser: Browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
    context = browser.new_context(viewport=PHONE, locale="zh-CN", reduced_motion="reduce")
    broken: list[str] = []
    context.on("weberror", lambda error: broken.append(str(error.error)))
    context.on("request", lambda one: None if "//127.0.0.1:" in one.url else broken.append(one.url))
    yield context
    browser.close()
    assert broken == []


@pytest.fixture
def canteen(http: httpx.Client, island: RunningIsland) -> Caller:
    """The waiter at the canteen's till."""
    return counter(http, next(one for one in island.document["merchants"] if one["name"] == "渔家食堂"))


@contextmanager
def cabin_cut_off(island: RunningIsland) -> Iterator[httpx.Client]:
    """The kiosk in the ferry's cabin, at sea; its line is back at the end."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "kiosk", "run", CABIN, "--port", str(port), "--data", str(island.data)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=20) as screen:
            assert eventually(lambda: _is_up(screen))
            island.kiosk("offline", CABIN)
            yield screen
            island.kiosk("online", CABIN)
            assert island.kiosk("drain", CABIN).stdout == f"{CABIN}: nothing waits.\n"
    finally:
        process.terminate()
        process.wait(20)


def _is_up(screen: httpx.Client) -> bool:
    try:
        return screen.get("/api/state").status_code == 200
    except httpx.TransportError:
        return False


def sheet(page: Page, *said: str) -> None:
    """The sheet with the result says this, and closes."""
    for words in said:
        expect(page.get_by_role("dialog")).to_contain_text(words)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def hand_in(page: Page, code: str, *said: str) -> None:
    """By the link that any camera opens."""
    page.goto(f"{page.evaluate('location.origin')}/S/{code}")
    page.get_by_role("button", name="领取积分").click()
    sheet(page, *said)


def shown_code(page: Page) -> str:
    """What a reader sees on the phone."""
    picture = page.get_by_role("img", name="我的会员码")
    expect(picture).to_be_visible()
    read: list[str] = []

    def is_read() -> bool:  # what slides in over a page that has just opened may cover it for a moment
        read[:] = read_codes(Image.open(io.BytesIO(picture.screenshot())))
        return len(read) == 1

    assert eventually(is_read, seconds=10)
    return read[0]


def home(page: Page) -> None:
    page.goto(f"{page.evaluate('location.origin')}/#/home")


def test_a_newcomers_day_from_the_first_code_to_the_boat_home(
    phone: BrowserContext, island: RunningIsland, canteen: Caller, chen: Caller
) -> None:
    name = f"mei-{uuid4().hex[:6]}"
    books = Books(island, name)
    page = phone.new_page()
    page.goto(f"{island.document['server']}/?place=ferry-cabin")
    sign_in(page, name)
    expect(page.get_by_role("heading", name="灵山号客舱")).to_be_visible()
    page.get_by_role("link", name="低碳知识问答").click()
    expect(page.get_by_text("九十秒内用“扫码得分”扫它。")).to_be_visible()
    home(page)
    expect(page.get_by_text("做一件低碳小事")).to_be_visible()

    hand_in(page, island.code("ferry-arrival"), "+10", "只记积分，不计减排量")
    hand_in(page, island.code("island-bus", "--ticket"), "+5", "减排约 80 g")

    page.goto(f"{island.document['server']}/#/code")
    plate = {"scene": "clean-plate", "quantity": 1}
    assert canteen.post("merchant/acts", {"code": shown_code(page), "acts": [plate]}).status_code == 201
    sheet(page, "刚刚扫到你的会员码", "光盘行动", "+5")

    home(page)
    expect(page.get_by_text("今天已做 3 件")).to_be_visible()
    hand_in(page, island.code("walk-trail", "--quantity", WHOLE_TRAIL), "+6")
    hand_in(page, island.code("carry-litter-off", "--quantity", KILOGRAM), "+10", "只记积分")
    assert books.balance == (36, 0, 80 + 144 + 73)

    home(page)
    page.get_by_role("link", name="现在就能换").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="兑换", exact=True).dblclick()  # as people do
    expect(dialog).to_contain_text("先冻结在券里")
    expect(dialog).to_contain_text("到期没用，积分自动退还")
    dialog.get_by_role("button", name="分兑换").click()
    expect(page.get_by_role("img", name="兑换券的二维码")).to_be_visible()
    held = books.balance[1]
    assert held > 0

    page.goto(f"{island.document['server']}/#/after")
    expect(page.get_by_text(f"{36 - held} 分", exact=True)).to_be_visible()
    expect(page.get_by_text("可用到2027年12月31日", exact=True)).to_be_visible()
    page.get_by_role("link", name="我的减排").click()
    expect(page.get_by_text("297 g").first).to_be_visible()
    expect(page.get_by_text("相当于一辆汽油小汽车少开约 1.8 公里")).to_be_visible()
    expect(page.locator(".badge-earned")).to_contain_text(["第一次上岛"])
    page.get_by_text("看表格").click()
    expect(page.get_by_role("row").last).to_contain_text("+36")


def test_a_crossing_without_a_line_loses_nothing_and_doubles_nothing(
    phone: BrowserContext, island: RunningIsland, http: httpx.Client
) -> None:
    name = f"bo-{uuid4().hex[:6]}"
    books = Books(island, name)
    page = phone.new_page()
    page.goto(island.document["server"])
    sign_in(page, name)
    expect(page.get_by_role("link", name="扫码得分")).to_be_visible()
    page.wait_for_function("() => localStorage['tanyu.mine.passes']")
    page.wait_for_function("async () => (await navigator.serviceWorker.ready).active.state === 'activated'")

    with cabin_cut_off(island) as cabin:
        phone.set_offline(True)
        page.goto(f"{island.document['server']}/#/code")
        page.reload()
        reading = cabin.post("/api/readings", json={"code": shown_code(page), "lines": [{"scene": FERRY}]})
        assert reading.status_code == 201, reading.text
        hand_in(page, island.code("learn-carbon", "--ticket", "--kiosk", CABIN), "已存在这部手机里")
        home(page)
        expect(page.get_by_text("1 个码存在手机里")).to_be_visible()
        expect(page.get_by_text("没有信号").first).to_be_visible()
        assert books.balance == (0, 0, 0), "nobody has heard of it yet"
        page.goto(f"{island.document['server']}/#/history")
        phone.set_offline(False)
        late = page.get_by_role("dialog", name="存着的码有结果了")
        expect(late).to_contain_text("低碳知识问答")
        late.get_by_role("button", name="看过了").click()
        expect(page.get_by_role("link", name="低碳知识问答")).to_be_visible()
    assert books.balance == (13, 0, 0)
    page.reload()
    expect(page.get_by_text("乘船上岛")).to_be_visible()
    assert page.get_by_text("还在这部手机里").count() == 0
    assert books.balance == (13, 0, 0), "each counts once"


def test_what_a_waiter_reads_comes_into_the_open_list_by_itself(
    phone: BrowserContext, island: RunningIsland, canteen: Caller, http: httpx.Client
) -> None:
    page = phone.new_page()
    page.goto(island.document["server"])
    sign_in(page, f"mei-{uuid4().hex[:6]}")
    page.get_by_role("link", name="会员码").click()
    code = shown_code(page)
    page.goto(f"{island.document['server']}/#/history")
    expect(page.get_by_text("还没有记录")).to_be_visible()
    plate = {"scene": "clean-plate", "quantity": 1}
    assert canteen.post("merchant/acts", {"code": code, "acts": [plate]}).status_code == 201
    expect(page.get_by_role("link", name="光盘行动")).to_contain_text("+5")
    expect(page.get_by_text("刚刚入账：光盘行动，+5 分")).to_be_visible()
    page.get_by_role("radio", name="待确认").check()
    expect(page.get_by_text("没有这样的记录")).to_be_visible()
    page.get_by_role("radio", name="已入账").check()
    expect(page.get_by_role("link", name="光盘行动")).to_be_visible()
    assert member(http, {"guest": True}).get("member/activities").json()["data"] == []
