"""The island's calls with WeChat set up, against the test server: sign-in, signs, consents, what staff see."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from PIL import Image
from pypdf import PdfReader

from miniprogram_api.app import create_app
from miniprogram_api.config import Settings
from miniprogram_api.db import db
from miniprogram_api.domain.messages import VOUCHER_EXPIRES
from miniprogram_api.services.appointments import NewPerson, appoint_person
from tests.miniprogram_api.cast import BASE_URL, Stage, shop
from tests.miniprogram_api.routes.speech import API, answered, bearer, refused
from tests.miniprogram_api.routes.staff.test_people import PASSWORD, Desk
from tests.miniprogram_api.services.test_messages import known_as, left, told
from tests.miniprogram_api.services.test_vouchers import exchange, rich
from tests.miniprogram_api.wechats import server, wechat_at, wechat_values
from tests.qr_reader import read_codes
from tests.wechat_server import MINI, MINI_SECRET, VOUCHER_TEMPLATE, WEB, WEB_SECRET, WechatServer

__all__ = ["server"]
SESSIONS, CONSENTS = f"{API}/member/sessions", f"{API}/member/message_consents"
DAY = 86_400


def application(stage: Stage, folder: Path, **more: Any) -> APIFlask:
    url = stage.engine.url.render_as_string(hide_password=False)
    values = {"environment": "demonstration", "keys_file": folder / "keys.json", "DATABASE_URL": url}
    return create_app(Settings.model_validate(values | {"CODE_BASE_URL": BASE_URL} | more), clock=stage.clock)


@pytest.fixture
def app(stage: Stage, tmp_path: Path, server: WechatServer) -> Iterator[APIFlask]:
    """The island with both applications of WeChat, and files that WeChat wants to find."""
    files = {"wechat_verification_files": "MP_verify_0aB.txt=0aB, 9XyZ.txt=c0ffee"}
    app = application(stage, tmp_path, **wechat_values(server), **files)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def client(app: APIFlask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def lin(app: APIFlask, stage: Stage) -> Desk:
    appoint_person(stage.session, NewPerson("lin", "林", PASSWORD, "operator", None), "system:test", stage.clock)
    desk = Desk(app)
    answered(desk.sign_in("lin"), 201)
    return desk


def test_the_page_learns_where_wechat_signs_in_and_no_secret(client: FlaskClient) -> None:
    island = client.get(f"{API}/public/island")
    assert answered(island)["wechat_sign_in"] == (
        f"https://open.weixin.qq.com/connect/oauth2/authorize?appid={WEB}"
        "&redirect_uri=http%3A%2F%2F127.0.0.1%3A8000%2F&response_type=code&scope=snsapi_base&state="
    )
    assert WEB_SECRET not in island.text


def test_a_person_of_wechat_is_one_member_each_time_and_a_guest_keeps_everything(
    client: FlaskClient, stage: Stage, server: WechatServer
) -> None:
    guest = answered(client.post(SESSIONS, json={"guest": True}), 201)
    code = server.login("o-web", WEB)
    signed_in = answered(client.post(SESSIONS, json={"oauth_code": code}, headers=bearer(guest["token"])), 201)
    assert signed_in["member"]["id"] == guest["member"]["id"]
    assert (signed_in["member"]["kind"], "recovery_code" in signed_in) == ("visitor", False)
    again = answered(client.post(SESSIONS, json={"oauth_code": server.login("o-web", WEB)}), 201)
    assert again["member"] == signed_in["member"]
    assert stage.rows("SELECT provider, subject FROM member_identities") == [(f"wechat:{WEB}", "o-web")]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("errcode", "status", "code", "why"),
    [
        (-1, 503, "wechat_away", None),
        (40029, 401, "not_signed_in", "wechat"),
        (40163, 401, "not_signed_in", "wechat_used"),
        (40226, 403, "not_allowed", "wechat_risk"),
        (45011, 429, "too_many_tries", "wechat"),
        (40125, 409, "wechat_refused", "settings"),
        (65000, 409, "wechat_refused", "answer"),
    ],
)
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_each_error_is_a_refusal_with_a_code_and_a_sentence_and_makes_no_member(
    client: FlaskClient,
    stage: Stage,
    server: WechatServer,
    errcode: int,
    status: int,
    code: str,
    why: str | None,
    language: str,
) -> None:
    before = stage.count("members")
    server.troubles["/sns/jscode2session"].extend([{"errcode": errcode, "errmsg": MINI_SECRET}] * 3)
    answer = client.post(SESSIONS, json={"code": "0a1b"}, headers={"Accept-Language": language})
    problem = refused(answer, status, code)
    assert problem.get("why") == why
    assert MINI_SECRET not in answer.text
    if status in (429, 503):
        assert int(answer.headers["Retry-After"]) >= 30
    assert stage.count("members") == before


def test_exactly_the_files_of_the_settings_stand_at_the_root(client: FlaskClient) -> None:
    for name, content in (("MP_verify_0aB.txt", "0aB"), ("9XyZ.txt", "c0ffee")):
        answer = client.get(f"/{name}")
        assert (answer.status_code, answer.text, answer.mimetype) == (200, content, "text/plain")
    for other in ("mp_verify_0ab.txt", "keys.txt", "robots.txt", "..%2Fkeys.txt", "%00.txt", ".txt"):
        refused(client.get(f"/{other}"), 404, "not_found")
    refused(client.post("/9XyZ.txt"), 405, "method_not_allowed")


def printed(lin: Desk, place: str = "island-pier") -> PdfReader:
    response = lin("POST", f"venues/{place}/sign", {})
    assert (response.status_code, response.content_type) == (200, "application/pdf"), response.text
    return PdfReader(BytesIO(response.data))


def code_on(sheet: PdfReader) -> str:
    (page,) = sheet.pages
    (picture,) = (image.image for image in page.images)
    assert isinstance(picture, Image.Image)
    (text,) = read_codes(picture)
    return text


def test_a_sign_is_the_mini_programs_code_of_the_place_and_wechat_is_asked_once(
    lin: Desk, client: FlaskClient, stage: Stage, server: WechatServer
) -> None:
    sheet = printed(lin)
    scene = code_on(sheet)
    assert re.fullmatch(r"[0-9a-f]{16}", scene)
    assert code_on(printed(lin)) == scene
    assert server.paths().count("/wxa/getwxacodeunlimit") == 1
    text = sheet.pages[0].extract_text()
    assert "灵山岛码头" in text
    assert "Island pier" in text
    found = answered(client.get(f"{API}/public/place_signs/{scene}"))
    assert found == {"id": "island-pier", "name": "灵山岛码头"}
    assert stage.count("acts") == 0
    acts = stage.rows("SELECT act, object FROM audit_events WHERE act = 'place_sign_printed'")
    assert acts == [("place_sign_printed", "venue:island-pier")] * 2


@pytest.mark.parametrize(
    ("trouble", "status", "code"),
    [
        ({"errcode": 41030, "errmsg": "invalid page"}, 409, "wechat_refused"),
        ({"errcode": 45009, "errmsg": "quota"}, 429, "too_many_tries"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), 503, "wechat_away"),
        (b"<html>", 503, "wechat_away"),
    ],
)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_sign_that_wechat_does_not_give_is_refused_and_the_next_print_works(
    lin: Desk, stage: Stage, server: WechatServer, trouble: Any, status: int, code: str
) -> None:
    server.troubles["/wxa/getwxacodeunlimit"].append(trouble)
    refused(lin("POST", "venues/island-pier/sign", {}), status, code)
    assert stage.rows("SELECT picture FROM place_signs") == [(None,)]
    assert code_on(printed(lin))


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_no_sign_is_printed_of_no_place(lin: Desk, client: FlaskClient, stage: Stage) -> None:
    refused(lin("POST", "venues/nowhere/sign", {}), 404, "not_found")
    refused(client.get(f"{API}/public/place_signs/0000000000000001"), 404, "not_found")
    refused(client.get(f"{API}/public/place_signs/x"), 404, "not_found")
    assert stage.count("place_signs") == 0


def test_without_wechat_a_sign_is_our_own_link_to_the_same_place(stage: Stage, tmp_path: Path) -> None:
    app = application(stage, tmp_path)
    appoint_person(stage.session, NewPerson("lin", "林", PASSWORD, "operator", None), "system:test", stage.clock)
    lin = Desk(app)
    answered(lin.sign_in("lin"), 201)
    link = code_on(printed(lin))
    address, _, scene = link.partition("?place=")
    assert address == "http://127.0.0.1:8000/"
    place = answered(app.test_client().get(f"{API}/public/place_signs/{scene}"))
    assert place["id"] == "island-pier"
    assert answered(app.test_client().get(f"{API}/public/island"))["wechat_sign_in"] is None
    with app.app_context():
        db.engine.dispose()


def test_who_is_known_to_wechat_can_ask_to_be_told_and_others_cannot(
    client: FlaskClient, stage: Stage, server: WechatServer
) -> None:
    assert answered(client.get(CONSENTS, headers=bearer("mei")))["data"] == []
    body = {"occasion": VOUCHER_EXPIRES}
    refused(client.post(CONSENTS, json=body, headers=bearer("mei")), 403, "not_allowed")
    known_as(stage, "mei", "o-mei")
    offered = answered(client.get(CONSENTS, headers=bearer("mei")))["data"]
    assert [(way["occasion"], way["how"], way["template_id"], way["remaining"]) for way in offered] == [
        ("voucher_expires", "mini_program", VOUCHER_TEMPLATE, 0),
        ("points_expire", "mini_program", "tmpl-points", 0),
    ]
    noted = answered(client.post(CONSENTS, json=body, headers=bearer("mei")), 201)
    assert [way["remaining"] for way in noted["data"]] == [1, 0]
    refused(client.post(CONSENTS, json={"occasion": "lottery"}, headers=bearer("mei")), 422, "invalid_fields")
    refused(client.post(CONSENTS, json=body | {"remaining": 9}, headers=bearer("mei")), 422, "invalid_fields")
    assert left(stage) == [1]


def test_who_signed_in_on_the_web_says_yes_on_wechats_own_page(client: FlaskClient, stage: Stage) -> None:
    known_as(stage, "mei", "o-web", f"wechat:{WEB}")
    (voucher, _) = answered(client.get(CONSENTS, headers=bearer("mei")))["data"]
    assert voucher["how"] == "page"
    assert voucher["address"].startswith("https://mp.weixin.qq.com/mp/subscribemsg?action=get_confirm&appid=" + WEB)
    assert voucher["address"].endswith("&redirect_url=http%3A%2F%2F127.0.0.1%3A8000%2F&reserved=")


def test_staff_see_what_was_sent_and_what_nobody_knows(
    client: FlaskClient, lin: Desk, stage: Stage, server: WechatServer
) -> None:
    known_as(stage, "mei", "o-mei", f"wechat:{MINI}")
    rich(stage)
    exchange(stage, shop(stage))
    stage.clock.advance(28 * DAY)
    answered(lin.sign_in("lin"), 201)
    answered(client.post(CONSENTS, json={"occasion": VOUCHER_EXPIRES}, headers=bearer("mei", language="en")), 201)
    server.troubles["/cgi-bin/message/subscribe/send"].append(b"")
    told(stage, wechat_at(server, stage))
    shown = answered(lin("GET", "messages?state=unknown"))
    assert shown["states"] == {"unknown": 1}
    (message,) = shown["data"]
    assert (message["state"], message["answer"], message["simulated"]) == ("unknown", "no_answer", False)
    assert message["words"] == "Canvas bag, valid until 2026-12-24 12:00. Show it at the shop."
    assert "o-mei" not in str(shown)
    assert answered(lin("GET", "messages?state=sent"))["data"] == []
    refused(lin("GET", "messages?state=lost"), 422, "invalid_fields")
