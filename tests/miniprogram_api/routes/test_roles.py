"""Every call and who may make it, as a table: a new call without a row fails, and so does a row that isn't kept."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from miniprogram_api.services.appointments import NewPerson, appoint_person
from tests.miniprogram_api.cast import Stage, shop
from tests.miniprogram_api.routes.kiosk.test_signatures import signed
from tests.miniprogram_api.routes.speech import API, SQLITE_ONLY, answered, bearer

pytestmark = SQLITE_ONLY
EVERYONE = {"nobody", "guest", "member", "merchant", "staff", "kiosk"}
MEMBERS = {"guest", "member"}
MAY = {
    "POST /member/sessions": EVERYONE,
    "DELETE /member/sessions/current": MEMBERS,
    "GET /member/me": MEMBERS,
    "GET /member/activities": MEMBERS,
    "GET /member/activities/{activity_id}": MEMBERS,
    "POST /member/scans": MEMBERS,
    "GET /member/scenes": MEMBERS,
    "GET /member/items": MEMBERS,
    "POST /member/vouchers": MEMBERS,
    "GET /member/vouchers": MEMBERS,
    "GET /member/vouchers/{voucher_id}": MEMBERS,
    "POST /member/vouchers/{voucher_id}/codes": MEMBERS,
    "POST /member/vouchers/{voucher_id}/cancel": MEMBERS,
    "POST /merchant/sessions": EVERYONE,
    "DELETE /merchant/sessions/current": {"merchant"},
    "POST /merchant/lookups": {"merchant"},
    "POST /merchant/redemptions": {"merchant"},
    "GET /merchant/redemptions": {"merchant"},
    "POST /merchant/redemptions/{redemption_id}/undo": {"merchant"},
    "POST /staff/sessions": EVERYONE,
    "GET /staff/sessions/current": {"staff"},
    "DELETE /staff/sessions/current": {"staff"},
    "GET /staff/today": {"staff"},
    "GET /staff/scenes": {"staff"},
    "GET /staff/kiosks": {"staff"},
    "POST /kiosk/provisioning": set(),  # signed by a key that nobody here has; tests/…/kiosk has its own rules
    "GET /kiosk/agreement": {"kiosk"},
    "GET /kiosk/uses": {"kiosk"},
    "POST /kiosk/heartbeats": {"kiosk"},
    "GET /public/island": EVERYONE,
    "GET /public/keys": EVERYONE,
}
# With a body like this a call that lets its caller in is refused for another reason, or not at all.
BODIES = {
    "POST /member/sessions": {"guest": True},
    "POST /member/scans": {"code": "A"},
    "POST /merchant/lookups": {"code": "A"},
    "POST /merchant/redemptions": {"code": "A"},
}
Speak = Callable[[str, str, bytes], dict[str, str]]


@pytest.fixture
def headers_of(client: FlaskClient, stage: Stage) -> dict[str, Speak]:
    """For each role, what it sends along with a request."""
    shop(stage)
    stage.member("gast", "guest")
    appoint_person(stage.session, NewPerson("lin", "林", "correct horse", "operator", None), "system:test", stage.clock)
    sign_in = client.post(f"{API}/staff/sessions", json={"login": "lin", "password": "correct horse"})
    cookie, csrf = sign_in.headers["Set-Cookie"].partition(";")[0], answered(sign_in, 201)["csrf"]
    return {
        "nobody": lambda *_: {},
        "guest": lambda *_: bearer("gast", key="k"),
        "member": lambda *_: bearer("mei", key="k"),
        "merchant": lambda *_: bearer("chen", key="k"),
        "staff": lambda *_: {"Cookie": cookie, "X-CSRF-Token": csrf},
        "kiosk": lambda method, path, body: signed(stage.kiosk_key, method, path, body),
    }


def test_every_call_has_its_row(app: APIFlask, client: FlaskClient) -> None:
    document = answered(client.get(f"{API}/openapi.json"))
    calls = {
        f"{method.upper()} {path.removeprefix(API)}" for path in document["paths"] for method in document["paths"][path]
    }
    assert calls == set(MAY)


def test_what_is_documented_as_open_is_open_and_nothing_else(client: FlaskClient) -> None:
    document = answered(client.get(f"{API}/openapi.json"))
    for call, roles in MAY.items():
        method, _, path = call.partition(" ")
        operation = document["paths"][API + path][method.lower()]
        assert ("security" not in operation) == (roles == EVERYONE), call


@pytest.mark.parametrize("call", sorted(MAY))
def test_who_may_not_is_not_signed_in_and_who_may_is_let_in(
    app: APIFlask, headers_of: dict[str, Speak], stage: Stage, call: str
) -> None:
    client = app.test_client(use_cookies=False)  # the cookie is a header that one role sends
    method, _, path = call.partition(" ")
    address = API + path.replace("{activity_id}", "0" * 16).replace("{voucher_id}", "0" * 16)
    for role in sorted(EVERYONE):
        json = app.json.dumps(BODIES.get(call, {})).encode() if method == "POST" else b""
        answer = client.open(
            address,
            method=method,
            data=json or None,
            content_type="application/json" if json else None,
            headers=headers_of[role](method, address, json),
        )
        refused = answer.status_code in (401, 403) and answer.get_json()["code"] in ("not_signed_in", "not_allowed")
        assert refused == (role not in MAY[call]), (role, answer.status_code, answer.text)
    assert stage.count("acts") == 0
