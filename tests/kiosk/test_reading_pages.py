"""The pages of a running kiosk in a real browser: codes typed by a scanner, seen by the camera, read from a line."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import qrcode
from flask import Flask
from playwright.sync_api import Browser, Page, Playwright
from werkzeug.serving import make_server
from werkzeug.wsgi import ClosingIterator

from kiosk.devices.scales import SimulatedScale
from kiosk.folder import KioskFolder, KioskLock
from kiosk.machine import Machine
from kiosk.screen import create_screen
from kiosk.staff_pin import set_pin
from scenes.wire.agreement import Route, SceneOffer
from scenes.wire.journal import CodeRead, ReadLine
from tests.browser.camera import phone_that_sees
from tests.browser.conftest import CHROMIUM, CHROMIUM_FLAGS
from tests.kiosk.conftest import MovedClock
from tests.kiosk.office import KIOSK, Office
from tests.kiosk.shown_codes import SHOWN_OFFERS, agree, phone
from tests.kiosk.test_intake import readings
from tests.kiosk.test_issue import issued_items

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

pytestmark = pytest.mark.browser

LYING, STANDING = {"width": 1280, "height": 800}, {"width": 1080, "height": 1920}
TARGET_PIXELS = 60
DIGIT_SECONDS = 0.160  # how long the page waits before it takes a digit for a person's
PIN = "204518"
# A scanner that types: each key with what the browser makes of it. Fast, with nothing focused, ended by Enter.
TYPE = """([text, how]) => {
  const codes = { '/': 'Slash', '.': 'Period', ':': 'Semicolon', '-': 'Minus' };
  const events = [...text].map((letter) => {
    const upper = letter.toUpperCase();
    const code = /[0-9]/.test(letter) ? `Digit${letter}` : (codes[letter] ?? `Key${upper}`);
    const shiftKey = letter === ':' || (letter !== letter.toLowerCase());
    const wide = String.fromCharCode(upper.charCodeAt(0) + 0xFEE0);
    return { key: { plain: letter, method: 'Process', wide }[how], code, shiftKey };
  });
  events.push({ key: how === 'method' ? 'Process' : 'Enter', code: how === 'wide' ? 'NumpadEnter' : 'Enter' });
  const down = (event) => new KeyboardEvent('keydown', { ...event, bubbles: true, cancelable: true });
  for (const event of events) document.body.dispatchEvent(down(event));
}"""


@pytest.fixture
def station(folder: KioskFolder, office: Office) -> Iterator[Machine]:
    """A running kiosk with its devices; the office does not answer."""
    with KioskLock(folder):
        machine = Machine(folder)
        agree(machine, office, 2, routes=(Route(KIOSK, 10, 32),))
        set_pin(folder.staff_pin, PIN)
        machine.scanner.start()
        machine.scale.start()
        yield machine
        machine.close()


def whole_answers(app: Flask) -> WSGIApplication:
    """The pages with each file read and closed at once: this server forgets to when a browser leaves early."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        with closing(ClosingIterator(app(environ, start_response))) as parts:
            return [b"".join(parts)]

    return answer


@pytest.fixture
def address(station: Machine) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, whole_answers(create_screen(station, "token")), threaded=True)
    server.daemon_threads = True
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    yield f"http://127.0.0.1:{server.server_port}"
    station.release()
    server.shutdown()
    server.server_close()
    serving.join()


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=CHROMIUM_FLAGS)
    yield browser
    browser.close()


@pytest.fixture(params=[LYING, STANDING], ids=["lying", "standing"])
def page(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Page]:
    """The kiosk's screen; the test fails when a script of it breaks or it asks anything of another host."""
    context = browser.new_context(viewport=request.param, locale="zh-CN")
    page = context.new_page()
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.on("request", lambda asked: None if asked.url.startswith(address) else broken.append(asked.url))
    page.goto(address)
    page.wait_for_selector(".attract")
    yield page
    context.close()
    assert broken == []


def shown_now() -> str:
    """What a phone shows at this moment."""
    return phone(MovedClock(time.time())).text(time.time())


def scanned(page: Page, text: str, how: str = "plain") -> None:
    page.evaluate(TYPE, [text, how])


def lines_of(station: Machine) -> list[tuple[ReadLine, ...]]:
    return [item.content.lines for item in readings(station.folder) if isinstance(item.content, CodeRead)]


def choose(page: Page, scene: str) -> None:
    page.click(f".tile:has-text('{scene}')")


def check_targets(page: Page) -> None:
    """Every key is as large as a wet finger, and no page has a field to type into."""
    sizes = page.eval_on_selector_all(
        "button", "keys => keys.map(key => [key.innerText, key.getBoundingClientRect().height])"
    )
    small = [(name, height) for name, height in sizes if 0 < height < TARGET_PIXELS - 0.5 and name]
    assert small == []
    assert page.locator("input, textarea, select, [contenteditable]").count() == 0


def test_two_acts_are_chosen_and_read_in_one_go(page: Page, station: Machine) -> None:
    page.click(".begin")
    choose(page, "光盘行动")
    check_targets(page)
    page.click(".ways button:has-text('出示会员码')")
    page.click("text=再加一件")
    choose(page, "床品少换洗")
    page.wait_for_selector(".room")
    check_targets(page)
    assert page.is_disabled(".ways .main-key"), "the room comes first"
    for key in "301":
        page.click(f".keys button:text-is('{key}')")
    page.click(".ways .main-key")
    page.wait_for_selector(".show")
    check_targets(page)
    text = shown_now()
    scanned(page, text.lower())
    page.wait_for_selector(".kept")
    assert "最多 9 分" in page.inner_text(".kept")
    assert "有信号时自动上交" in page.inner_text(".kept")
    assert lines_of(station) == [(ReadLine(6, 0, 1), ReadLine(12, 0, 1, "301"))]
    page.click("text=完成")
    page.click(".begin")
    choose(page, "光盘行动")
    page.click(".ways button:has-text('出示会员码')")
    scanned(page, text)
    page.wait_for_selector(".not-taken")
    assert "已经读过" in page.inner_text(".not-taken")
    assert len(lines_of(station)) == 1


@pytest.mark.parametrize("how", ["plain", "method", "wide"])
@pytest.mark.parametrize("page", [LYING], indirect=True, ids=["lying"])
def test_neither_an_input_method_nor_lower_case_breaks_a_scanner(page: Page, station: Machine, how: str) -> None:
    station.duty.keep_ready(6)
    page.wait_for_selector(".ready")
    for text in (shown_now(), shown_now().lower(), f"https://island.example/s/{shown_now().lower()}"):
        scanned(page, text, how)
        page.wait_for_selector(".kept")
        page.click("text=完成")
        page.wait_for_selector(".ready")
    assert len(lines_of(station)) == 3


@pytest.mark.parametrize("page", [LYING], indirect=True, ids=["lying"])
def test_a_code_chooses_no_scene_by_its_digits_and_a_person_still_does(page: Page, station: Machine) -> None:
    page.click(".begin")
    scanned(page, "2345" * 10)
    page.wait_for_selector(".not-taken, .show")
    assert page.locator(".basket .line").count() == 0
    page.click("text=回到首页")
    page.click(".begin")
    page.wait_for_selector(".tiles")
    scanned(page, "6901234567892")  # the barcode of a bottle, read by a scanner
    page.wait_for_timeout(DIGIT_SECONDS * 2000)
    assert page.locator(".tiles").count() == 1, "nobody touched a scene"
    page.keyboard.press("2")
    page.wait_for_selector(".choose")
    assert "光盘行动" in page.inner_text(".choose")
    assert lines_of(station) == []


@pytest.mark.parametrize("page", [LYING], indirect=True, ids=["lying"])
def test_a_touch_as_early_as_can_be_opens_the_scenes_for_good(page: Page) -> None:
    page.add_init_script(
        "new MutationObserver((changes, watch) => { const key = document.querySelector('button.begin');"
        " if (key) { watch.disconnect(); key.click(); } }).observe(document, { childList: true, subtree: true })"
    )
    page.reload()
    page.wait_for_selector(".tiles")
    page.wait_for_timeout(1000)
    assert page.locator(".tiles").count() == 1, "a moment is no minute without a touch"


@pytest.mark.parametrize("page", [LYING], indirect=True, ids=["lying"])
def test_a_code_that_is_shown_first_waits_for_its_act(page: Page, station: Machine) -> None:
    scanned(page, shown_now())
    page.wait_for_selector(".under-way")
    assert lines_of(station) == []
    choose(page, "光盘行动")
    page.click(".ways button:has-text('出示会员码')")
    page.wait_for_selector(".kept")
    assert lines_of(station) == [(ReadLine(6, 0, 1),)]


@pytest.mark.parametrize("page", [LYING], indirect=True, ids=["lying"])
def test_with_an_act_kept_ready_a_scanners_code_is_thanked_for_without_a_touch(page: Page, station: Machine) -> None:
    station.duty.keep_ready(6)
    for acts in (1, 2, 3):
        page.wait_for_selector(".ready")
        station.scanned.add(shown_now())
        page.wait_for_selector(".kept")
        assert len(lines_of(station)) == acts
        page.click("text=完成")


def test_the_kiosks_camera_reads_a_phone(
    playwright: Playwright, station: Machine, address: str, tmp_path: Path
) -> None:
    station.duty.keep_ready(6)
    drawn = io.BytesIO()
    qrcode.make(shown_now(), box_size=6).save(drawn)
    with phone_that_sees(playwright, drawn.getvalue(), tmp_path) as context:
        page = context.new_page()
        page.set_viewport_size(LYING)  # type: ignore[arg-type]  # a plain dict does
        page.goto(address)
        page.wait_for_selector(".kept")
    assert lines_of(station) == [(ReadLine(6, 0, 1),)]


@pytest.mark.parametrize("page", [STANDING], indirect=True, ids=["standing"])
def test_bags_are_weighed_and_handed_in_with_a_code(page: Page, station: Machine) -> None:
    assert isinstance(station.scale, SimulatedScale)
    page.click(".begin")
    choose(page, "带垃圾离岛")
    page.wait_for_selector(".scale-ready")
    check_targets(page)
    for bag in ("+1.25", "+3.40"):
        page.click(f".simulated button:text-is('{bag}')")
        page.wait_for_selector(".scale-tip")
        page.click(".simulated button:has-text('倒掉')")
        page.wait_for_selector(".scale-ready")
    assert "1.25 + 3.40 = 4.65" in page.inner_text(".bags")
    assert "最多 30 分" in page.inner_text(".promise"), "the promise stops at the cap"
    page.click("text=称完了")
    page.wait_for_selector(".scale-done")
    page.click(".ways button:has-text('出示会员码')")
    scanned(page, shown_now())
    page.wait_for_selector(".kept")
    assert lines_of(station) == [(ReadLine(15, 0, 465),)]


@pytest.mark.parametrize("page", [STANDING], indirect=True, ids=["standing"])
def test_five_right_answers_come_before_the_code(page: Page, station: Machine) -> None:
    page.click(".begin")
    choose(page, "低碳知识问答")
    page.wait_for_selector(".options")
    [quiz] = station.quizzes._quizzes.values()
    page.click(f".option >> nth={next(place for place, option in enumerate(quiz.order) if option)}")
    page.wait_for_selector(".told-again")
    for number in range(5):
        page.click(f".option >> nth={quiz.order.index(0)}")
        page.wait_for_selector(".told-right")
        assert "出处" in page.inner_text(".told-right")
        check_targets(page)
        page.click(".main-key")
        if number < 4:
            page.wait_for_selector(".told-right", state="detached")
    page.click(".ways button:has-text('显示二维码')")
    page.wait_for_selector(".code-page")
    assert len(issued_items(station.folder)) == 1


@pytest.mark.parametrize("page", [LYING], indirect=True, ids=["lying"])
def test_a_trailhead_says_what_the_other_end_needs(page: Page, station: Machine) -> None:
    page.click(".begin")
    choose(page, "徒步登山")
    page.wait_for_selector(".show")
    assert "3.2 公里" in page.inner_text(".basket")
    scanned(page, shown_now())
    page.wait_for_selector(".kept")
    assert "6 小时内" in page.inner_text(".kept")
    assert lines_of(station) == [(ReadLine(4, 0, 32),)]


@pytest.mark.parametrize("page", [LYING], indirect=True, ids=["lying"])
def test_staff_get_in_by_a_long_press_and_the_pin_alone(page: Page, station: Machine) -> None:
    page.click(".head-mark")
    assert page.locator(".staff-pin").count() == 0, "a touch is no long press"
    page.hover(".head-mark")
    page.mouse.down()
    page.wait_for_selector(".staff-pin")
    page.mouse.up()
    check_targets(page)
    for digit in PIN:
        page.click(f".keys button:text-is('{digit}')")
    page.click(".staff-pin .main-key")
    page.click("text=新的名字或工号")
    for letter in "LIN":
        page.click(f".keys button:text-is('{letter}')")
    page.click("text=开始值班")
    page.wait_for_selector(".choices [aria-pressed='true']:has-text('LIN')")
    check_targets(page)
    page.click(".staff-part button:has-text('光盘行动')")
    page.wait_for_selector(".choices [aria-pressed='true']:has-text('光盘行动')")
    page.click("text=关闭")
    page.wait_for_selector(".ready")
    assert (station.duty.clerk, station.duty.ready_scene) == ("LIN", 6)


@pytest.mark.parametrize("page", [LYING], indirect=True, ids=["lying"])
def test_a_kiosk_without_a_scale_says_so(page: Page, station: Machine) -> None:
    station.scale.stop()
    station.scale._is_demonstration = lambda: False  # type: ignore[union-attr]  # as where points are real
    for _ in range(2):  # the first may have been asked before
        with page.expect_response("**/api/state"):
            pass
    page.click(".begin")
    tile = page.locator(".tile:has-text('带垃圾离岛')")
    assert tile.is_disabled()
    assert "没有秤" in tile.inner_text()


@pytest.mark.parametrize("page", [LYING], indirect=True, ids=["lying"])
def test_without_a_line_the_page_of_the_group_code_reads_member_codes(
    page: Page, station: Machine, office: Office
) -> None:
    agree(station, office, 3, {1: SceneOffer(frozenset({"GK", "ST", "TK"}), 1), 6: SHOWN_OFFERS[6]})
    page.wait_for_selector(".ready:has-text('乘船上岛')")
    scanned(page, shown_now())
    page.wait_for_selector(".kept")
    assert lines_of(station) == [(ReadLine(1, 0, 1),)]
    page.click("text=完成")
    assert station.rounds.greet()
    page.wait_for_selector(".group-code")
    assert page.locator(".ready").count() == 0
