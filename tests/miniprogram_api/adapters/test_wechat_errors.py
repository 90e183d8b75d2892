"""Each documented error of WeChat, and each way in which an answer can be none, over real HTTP."""

from __future__ import annotations

import logging
import time
import traceback
from http.server import BaseHTTPRequestHandler
from typing import Any

import httpx
import pytest

from miniprogram_api.adapters import wechat_line
from miniprogram_api.adapters.wechat_line import LineBroken, WechatLine
from miniprogram_api.domain.messages import Outgoing
from miniprogram_api.domain.refusals import NotAllowed, NotSignedIn, Refusal, TooManyTries
from miniprogram_api.domain.wechat import ConsentUsedUp, NotSent, PerhapsSent, WechatAway, WechatRefused
from tests.miniprogram_api.cast import Stage
from tests.miniprogram_api.routes.speech import SQLITE_ONLY
from tests.miniprogram_api.wechats import server, wechat_at
from tests.wechat_server import MINI, MINI_SECRET, ONCE_TEMPLATE, VOUCHER_TEMPLATE, WEB, WEB_SECRET, WechatServer

__all__ = ["server"]
pytestmark = SQLITE_ONLY
SESSION, OAUTH = "/sns/jscode2session", "/sns/oauth2/access_token"
SIGN, SEND, ONCE = "/wxa/getwxacodeunlimit", "/cgi-bin/message/subscribe/send", "/cgi-bin/message/template/subscribe"
VALUES = {"item": "帆布袋", "until": "2026-11-25 12:00", "advice": "到店出示即可"}


def told(openid: str = "o-mei", provider: str = f"wechat:{MINI}", **values: str) -> Outgoing:
    return Outgoing(provider, openid, "voucher_expires", "zh", VALUES | values, "vouchers/0a1b")


def test_a_code_of_the_mini_program_is_its_openid_and_nothing_else(server: WechatServer, stage: Stage) -> None:
    person = wechat_at(server, stage).person_of_code(server.login("o-mei"))
    assert (person.provider, person.subject, person.kind) == (f"wechat:{MINI}", "o-mei", "visitor")
    assert person.nickname is None


def test_a_code_of_the_web_is_asked_at_its_own_call(server: WechatServer, stage: Stage) -> None:
    person = wechat_at(server, stage).person_of_oauth_code(server.login("o-web", WEB))
    assert (person.provider, person.subject) == (f"wechat:{WEB}", "o-web")
    assert server.paths() == [OAUTH]


def test_the_made_up_name_of_a_page_in_preview_signs_nobody_in(server: WechatServer, stage: Stage) -> None:
    server.troubles[OAUTH].append({"openid": "o-made-up", "scope": "snsapi_base", "is_snapshotuser": 1})
    with pytest.raises(NotSignedIn) as preview:
        wechat_at(server, stage).person_of_oauth_code("0a1b")
    assert preview.value.helps == {"why": "wechat_snapshot"}


def test_a_code_is_good_once_and_for_five_minutes(server: WechatServer, stage: Stage) -> None:
    wechat, code, late = wechat_at(server, stage), server.login("o-mei"), server.login("o-bo")
    wechat.person_of_code(code)
    with pytest.raises(NotSignedIn) as used:
        wechat.person_of_code(code)
    assert used.value.helps == {"why": "wechat_used"}
    stage.clock.advance(301)
    with pytest.raises(NotSignedIn) as old:
        wechat.person_of_code(late)
    assert old.value.helps == {"why": "wechat"}


def test_somebody_whom_wechat_holds_back_is_told_so(server: WechatServer, stage: Stage) -> None:
    server.risky.add("o-bot")
    with pytest.raises(NotAllowed) as held:
        wechat_at(server, stage).person_of_code(server.login("o-bot"))
    assert held.value.helps == {"why": "wechat_risk"}


def test_more_than_a_hundred_sign_ins_a_minute_wait(server: WechatServer, stage: Stage) -> None:
    wechat = wechat_at(server, stage)
    server.minute["sign-in o-mei", stage.clock.now() // 60] = 100
    with pytest.raises(TooManyTries) as often:
        wechat.person_of_code(server.login("o-mei"))
    assert often.value.helps == {"why": "wechat", "retry_after": 60}
    stage.clock.advance(60)
    assert wechat.person_of_code(server.login("o-mei")).subject == "o-mei"


@pytest.mark.parametrize(("busy", "calls"), [(2, 3), (3, 3)])
def test_a_busy_wechat_is_asked_three_times_and_no_more(
    server: WechatServer, stage: Stage, busy: int, calls: int
) -> None:
    server.troubles[SESSION].extend([{"errcode": -1, "errmsg": "system error"}] * busy)
    wechat, code = wechat_at(server, stage), server.login("o-mei")
    if busy == 3:
        with pytest.raises(WechatAway):
            wechat.person_of_code(code)
    else:
        assert wechat.person_of_code(code).subject == "o-mei"
    assert len(server.calls) == calls


@pytest.mark.parametrize(
    ("errcode", "why"), [(40013, "settings"), (40125, "settings"), (40164, "settings"), (99, "answer")]
)
def test_what_is_wrong_with_the_set_up_names_wechats_number(
    server: WechatServer, stage: Stage, errcode: int, why: str
) -> None:
    server.troubles[SESSION].append({"errcode": errcode, "errmsg": "no"})
    with pytest.raises(WechatRefused) as refused:
        wechat_at(server, stage).person_of_code("0a1b")
    assert refused.value.helps == {"why": why, "errcode": errcode}


@pytest.mark.parametrize(
    ("errcode", "refusal"), [(45009, TooManyTries), (41030, WechatRefused), (-1, WechatAway), (40001, WechatAway)]
)
def test_a_sign_that_wechat_does_not_give_is_no_picture(
    server: WechatServer, stage: Stage, errcode: int, refusal: type[Refusal]
) -> None:
    server.troubles[SIGN].extend([{"errcode": errcode, "errmsg": "no"}] * 3)
    with pytest.raises(refusal):
        wechat_at(server, stage).sign_picture("0a1b")


def test_an_unpublished_page_is_named_and_a_published_one_has_its_sign(server: WechatServer, stage: Stage) -> None:
    wechat = wechat_at(server, stage)
    server.published = False
    with pytest.raises(WechatRefused) as unpublished:
        wechat.sign_picture("0a1b")
    assert unpublished.value.helps == {"why": "page", "errcode": 41030}
    server.published = True
    assert wechat.sign_picture("0a1b").startswith(b"\x89PNG")


def test_a_message_fills_the_template_and_takes_one_consent(server: WechatServer, stage: Stage) -> None:
    wechat = wechat_at(server, stage)
    server.subscribe("o-mei", VOUCHER_TEMPLATE)
    wechat.send(told(item="一只特别特别特别大的有两个口袋的手工编织帆布袋"))
    assert server.sent[0]["data"]["thing1"]["value"] == "一只特别特别特别大的有两个口袋的手工编…"
    assert (server.sent[0]["lang"], server.sent[0]["page"]) == ("zh_CN", "pages/index/index?open=vouchers%2F0a1b")
    with pytest.raises(ConsentUsedUp):
        wechat.send(told())
    assert len(server.sent) == 1


def test_a_service_accounts_message_is_one_text(server: WechatServer, stage: Stage) -> None:
    server.subscribe("o-web", ONCE_TEMPLATE)
    wechat_at(server, stage).send(told("o-web", f"wechat:{WEB}"))
    assert server.sent[0]["data"] == {"content": {"value": "帆布袋，有效期至 2026-11-25 12:00。到店出示即可。"}}
    assert server.sent[0]["url"] == "http://127.0.0.1:8000/#/vouchers/0a1b"
    assert server.paths()[-1] == ONCE


@pytest.mark.parametrize(
    ("errcode", "answer", "lasting"),
    [
        (45009, "45009", True),
        (40037, "40037", True),
        (47003, "47003", False),
        (40003, "40003", False),
        (-1, "-1", True),
    ],
)
def test_a_message_that_wechat_does_not_take_was_not_sent(
    server: WechatServer, stage: Stage, errcode: int, answer: str, lasting: bool
) -> None:
    server.troubles[SEND].extend([{"errcode": errcode, "errmsg": "no"}] * 3)
    with pytest.raises(NotSent) as trouble:
        wechat_at(server, stage).send(told())
    assert (trouble.value.answer, trouble.value.lasting) == (answer, lasting)


def test_a_message_whose_answer_broke_off_was_perhaps_sent_and_one_that_met_nobody_was_not(
    server: WechatServer, stage: Stage
) -> None:
    server.troubles[SEND].append(_half)
    wechat = wechat_at(server, stage)
    with pytest.raises(PerhapsSent):
        wechat.send(told())
    assert server.paths().count(SEND) == 0, "the server read it and never got to its answer"
    server.address = "http://127.0.0.1:9"  # nobody listens there
    with pytest.raises(NotSent):
        wechat_at(server, stage).send(told())


def _half(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "500")
    handler.end_headers()
    handler.wfile.write(b'{"errcode"')


def _drip(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    try:
        for _ in range(40):
            handler.wfile.write(b" ")
            handler.wfile.flush()
            time.sleep(0.05)
    except OSError:
        pass  # nobody listens any more


def _huge(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    try:
        for _ in range(64):
            handler.wfile.write(b" " * 65_536)
    except OSError:
        pass


def _silent(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(0.6)


def _elsewhere(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(302)
    handler.send_header("Location", "/sns/oauth2/access_token")
    handler.end_headers()


@pytest.mark.parametrize(
    "trouble",
    [_half, _drip, _huge, _silent, _elsewhere, b"<html>Please sign in to the hotel</html>", b"", b"[]", b'"x"', b"{}"],
)
def test_an_answer_that_is_none_signs_nobody_in(
    server: WechatServer, stage: Stage, trouble: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wechat_line, "EXCHANGE_SECONDS", 0.4)
    monkeypatch.setattr(wechat_line, "TIMEOUTS", httpx.Timeout(0.3))
    server.troubles[SESSION].append(trouble)
    with pytest.raises(WechatAway):
        wechat_at(server, stage).person_of_code("0a1b")
    assert OAUTH not in server.paths()


@pytest.mark.parametrize("trouble", [b'{"errcode": "0"}', b'{"errcode": true}', b'{"openid": 7}', b'{"openid": ""}'])
def test_an_answer_of_odd_types_signs_nobody_in(server: WechatServer, stage: Stage, trouble: bytes) -> None:
    server.troubles[SESSION].append(trouble)
    with pytest.raises(WechatAway):
        wechat_at(server, stage).person_of_code("0a1b")


def test_after_three_silences_nobody_waits_for_the_next(stage: Stage) -> None:
    line = WechatLine("http://127.0.0.1:9")
    for _ in range(3):
        with pytest.raises(LineBroken, match="ConnectError"):
            line.ask(SESSION, {})
    with pytest.raises(LineBroken, match="lately"):
        line.ask(SESSION, {})


def test_no_secret_and_no_code_is_in_a_log_or_an_exception(
    server: WechatServer, stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    wechat, code = wechat_at(server, stage), server.login("o-mei-of-the-pier")
    told_of = []
    wechat.person_of_code(code)
    wechat.sign_picture("0a1b")
    for trouble in (_half, b"<html>", {"errcode": 40029, "errmsg": MINI_SECRET}, {"errcode": 40125, "errmsg": code}):
        server.troubles[SESSION].append(trouble)
        with pytest.raises(Refusal) as refused:
            wechat.person_of_code(code)
        told_of += [repr(refused.value), *traceback.format_exception(refused.value)]
    (token,) = server.tokens[MINI]
    said = caplog.text + "".join(told_of)
    assert "/sns/jscode2session" in caplog.text, "the log of httpx is on, and its addresses have no query"
    for secret in (MINI_SECRET, WEB_SECRET, token.text, code, "o-mei-of-the-pier"):
        assert secret not in said
