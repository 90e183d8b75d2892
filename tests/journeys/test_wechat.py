"""A tourist inside WeChat: signs in on WeChat's page and comes back, wants to be told, and opens a place by its sign.

WeChat's own pages are played by the browser's router, which sends the person back as they would; what the server asks
WeChat goes to the test server over HTTP.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy import create_engine
from werkzeug.serving import make_server

from miniprogram_api.adapters.wechat import SimulatedWechat
from miniprogram_api.app import create_app
from miniprogram_api.clock import SystemClock
from miniprogram_api.config import Settings
from miniprogram_api.db import prepare_engine, public_id
from miniprogram_api.migrations import upgrade
from miniprogram_api.services.place_signs import sign_of
from scenes.wire.kinds import KIND_TICKET
from tests.miniprogram_api.cast import Stage, keys_in, shop, staged
from tests.miniprogram_api.services.test_vouchers import exchange
from tests.miniprogram_api.wechats import wechat_values
from tests.wechat_server import WEB, WechatServer, running_wechat

pytestmark = pytest.mark.browser
WECHATS_BROWSER = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/130.0 "
    "Mobile Safari/537.36 MicroMessenger/8.0.54(0x28003639) NetType/WIFI Language/zh_CN"
)
TREE_CARE = 23


@dataclass
class WechatIsland:
    """A small island whose server knows WeChat."""

    address: str
    stage: Stage
    wechat: WechatServer
    openid: str = "o-mei"  # who holds the phone


@pytest.fixture(scope="module")
def isle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WechatIsland]:
    folder = tmp_path_factory.mktemp("wechat")
    url = f"sqlite:///{folder / 'island.sqlite'}"
    engine = create_engine(url)
    prepare_engine(engine)
    upgrade(engine)
    engine.dispose()
    with running_wechat() as wechat, staged(url, keys_in(folder), SystemClock()) as stage:
        server = make_server("127.0.0.1", 0, lambda *_: [], threaded=True)
        address = f"http://127.0.0.1:{server.port}"
        values = {"environment": "demonstration", "keys_file": folder / "keys.json", "DATABASE_URL": url}
        settings = Settings.model_validate(values | {"CODE_BASE_URL": address} | wechat_values(wechat))
        server.app = create_app(settings)
        serving = threading.Thread(target=server.serve_forever, daemon=True)
        serving.start()
        yield WechatIsland(address, stage, wechat)
        server.shutdown()
        serving.join()


@pytest.fixture
def phone(phones: Browser, isle: WechatIsland) -> Iterator[Page]:
    """A page in WeChat's browser, with WeChat's own pages behind it; whoever holds the phone says yes."""
    context = phones.new_context(user_agent=WECHATS_BROWSER, viewport={"width": 375, "height": 740}, locale="zh-CN")
    page = context.new_page()
    isle.openid = "o-mei"
    page.route("https://open.weixin.qq.com/**", lambda route: _authorize(route, isle))
    page.route("https://mp.weixin.qq.com/**", lambda route: _confirm(route, isle))
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    yield page
    context.close()
    assert broken == []


def _asked(route: Route) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(route.request.url).query).items()}


def _authorize(route: Route, isle: WechatIsland) -> None:
    asked = _asked(route)
    assert (asked["appid"], asked["scope"], asked["response_type"]) == (WEB, "snsapi_base", "code")
    code = isle.wechat.login(isle.openid, WEB)
    route.fulfill(status=302, headers={"Location": f"{asked['redirect_uri']}?code={code}&state={asked['state']}"})


def _confirm(route: Route, isle: WechatIsland) -> None:
    asked = _asked(route)
    isle.wechat.subscribe(isle.openid, asked["template_id"])
    back = f"openid={isle.openid}&template_id={asked['template_id']}&action=confirm&scene={asked['scene']}"
    address = f"{asked['redirect_url']}?{back}&reserved={asked['reserved']}"
    route.fulfill(status=302, headers={"Location": address})


def addresses_of(page: Page) -> list[str]:
    """Every address that the browser still knows of this tab."""
    session = page.context.new_cdp_session(page)
    return [entry["url"] for entry in session.send("Page.getNavigationHistory")["entries"]]


def signed_in(page: Page, isle: WechatIsland) -> None:
    page.goto(isle.address)
    page.get_by_role("button", name="同意并开始").click()
    expect(page.get_by_role("navigation")).to_be_visible()


def test_a_newcomer_inside_wechat_signs_in_and_has_the_points_by_one_button(phone: Page, isle: WechatIsland) -> None:
    code = isle.stage.code(TREE_CARE, KIND_TICKET)
    phone.goto(f"{isle.address}/S/{code}")
    expect(phone.get_by_text("只保存微信给的编号")).to_be_visible()
    phone.get_by_role("button", name="同意并领取积分").click()
    expect(phone.get_by_text("+30")).to_be_visible()
    subjects = isle.stage.rows("SELECT subject FROM member_identities WHERE provider = 'wechat:" + WEB + "'")
    assert subjects == [("o-mei",)]
    for address in addresses_of(phone):
        assert "state=" not in address, "neither code nor mark stays behind"
        assert "code=" not in address
    kept = phone.evaluate("JSON.stringify(localStorage)")
    assert "o-mei" not in kept


def test_an_answer_that_this_browser_did_not_ask_for_signs_nobody_in(phone: Page, isle: WechatIsland) -> None:
    code = isle.wechat.login("o-mallory", WEB)
    asked = len(isle.wechat.calls)
    phone.goto(f"{isle.address}/?code={code}&state={'0' * 32}")
    expect(phone.get_by_role("alert")).to_contain_text("不是这部手机发起的")
    assert (len(isle.wechat.calls), phone.url) == (asked, f"{isle.address}/")
    phone.get_by_role("button", name="先不用微信").click()
    expect(phone.get_by_role("button", name="同意并开始")).to_be_visible()


def test_a_refused_sign_in_says_why_and_can_be_tried_again(phone: Page, isle: WechatIsland) -> None:
    isle.wechat.troubles["/sns/oauth2/access_token"].append({"errcode": 40163, "errmsg": "code been used"})
    phone.goto(isle.address)
    phone.get_by_role("button", name="同意并开始").click()
    expect(phone.get_by_role("alert")).to_contain_text("只能用一次")
    phone.get_by_role("button", name="再用微信登录").click()
    expect(phone.get_by_role("navigation")).to_be_visible()


def test_a_late_word_about_wechat_adds_a_way_and_changes_nobodys_choice(phone: Page, isle: WechatIsland) -> None:
    held: list[Route] = []
    phone.route("**/public/island", lambda route: held.append(route))  # Playwright asks the handler for its own marks
    phone.goto(isle.address)
    expect(phone.get_by_role("radio", name="游客")).to_be_checked()
    for route in held:
        route.continue_()
    expect(phone.get_by_role("radio", name="微信")).to_be_visible()
    expect(phone.get_by_role("radio", name="游客")).to_be_checked()
    asked = len(isle.wechat.calls)
    phone.get_by_role("button", name="同意并开始").click()
    expect(phone.get_by_role("navigation")).to_be_visible()
    assert len(isle.wechat.calls) == asked


def test_a_guest_who_signs_in_with_wechat_stays_the_same_member(phone: Page, isle: WechatIsland) -> None:
    isle.openid = "o-guest"
    phone.goto(isle.address)
    phone.get_by_role("radio", name="游客").check()
    phone.get_by_role("button", name="同意并开始").click()
    expect(phone.get_by_role("navigation")).to_be_visible()
    number = phone.evaluate("JSON.parse(localStorage.getItem('tanyu.mine.me')).id")
    phone.goto(f"{isle.address}/#/me")
    phone.get_by_text("用微信登录，积分和兑换券都会保留").click()
    expect(phone.get_by_text("用微信登录，积分和兑换券都会保留")).to_have_count(0)
    expect(phone.get_by_text(number)).to_be_visible()
    assert phone.url == f"{isle.address}/#/me"


def test_who_exchanged_says_yes_on_wechats_page_and_the_voucher_says_so(phone: Page, isle: WechatIsland) -> None:
    isle.openid = "o-bo"
    signed_in(phone, isle)
    number = int(phone.evaluate("JSON.parse(localStorage.getItem('tanyu.mine.me')).id"), 16)
    token = phone.evaluate("JSON.parse(localStorage.getItem('tanyu.session')).token")
    isle.stage.scan(token, isle.stage.code(TREE_CARE, KIND_TICKET))
    issued = exchange(isle.stage, shop(isle.stage, points=10), token)
    phone.goto(f"{isle.address}/#/vouchers/{public_id(issued.voucher_id)}")
    phone.get_by_role("button", name="到期前微信提醒我").click()
    expect(phone.get_by_text("到期前 3 天，微信会提醒一次。")).to_be_visible()
    assert phone.url.endswith(f"#/vouchers/{public_id(issued.voucher_id)}")
    rows = isle.stage.rows(f"SELECT occasion, remaining FROM message_consents WHERE member_id = {number}")
    assert rows == [("voucher_expires", 1)]
    assert not any("openid=" in address for address in addresses_of(phone))


def test_outside_wechat_nothing_is_offered_that_only_wechat_can_do(phones: Browser, isle: WechatIsland) -> None:
    context = phones.new_context(locale="zh-CN")
    page = context.new_page()
    page.goto(isle.address)
    expect(page.get_by_text("找回", exact=True)).to_be_visible()
    expect(page.get_by_text("微信", exact=True)).to_have_count(0)
    expect(page.get_by_text("微信（模拟）")).to_have_count(0)
    context.close()


def test_a_places_sign_opens_what_can_be_done_there_and_gives_no_points(phone: Page, isle: WechatIsland) -> None:
    clerk = isle.stage.clerk("lin")
    sign = sign_of(isle.stage.session, "island-pier", clerk, SimulatedWechat("demonstration"), isle.stage.clock)
    acts = isle.stage.count("acts")
    phone.goto(f"{isle.address}/?place={sign.scene}")
    phone.get_by_role("button", name="同意并开始").click()
    expect(phone.get_by_role("heading", name="灵山岛码头")).to_be_visible()
    phone.goto("about:blank")
    phone.goto(f"{isle.address}/?scene={sign.scene}")
    expect(phone.get_by_role("heading", name="灵山岛码头")).to_be_visible()
    assert isle.stage.count("acts") == acts
