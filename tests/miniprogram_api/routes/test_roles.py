"""Every call and who may make it, as a table: a new call without a row fails, and so does a row that isn't kept."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pyotp
import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import update

from miniprogram_api.models import MerchantPerson
from miniprogram_api.routes.api import STAFF, Problem
from miniprogram_api.services.appointments import NewPerson, appoint_person
from tests.miniprogram_api.cast import Stage, shop
from tests.miniprogram_api.routes.kiosk.test_signatures import signed
from tests.miniprogram_api.routes.speech import API, SQLITE_ONLY, answered, bearer
from tests.miniprogram_api.routes.who_may import BODIES, EVERYONE, MAY, MERCHANT_MAY, STAFF_MAY, STAFF_ROLES

pytestmark = SQLITE_ONLY
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # RFC 6238 appendix B, in Base32
ANY_ID = re.compile(r"\{\w+\}")
OPEN = {"staff_create_session", "merchant_create_session"}
Speak = Callable[[str, str, bytes], dict[str, str]]


def signed_in(client: FlaskClient, stage: Stage, *roles: str) -> tuple[str, str]:
    """Cookie and token of lin with these roles and a second factor; a second time lin signs in anew."""
    lin = NewPerson("lin", "林", "correct horse", roles[0], SECRET, roles[1:])
    appoint_person(stage.session, lin, "system:test", stage.clock)
    stage.clock.advance(30)  # the same digits are taken once
    body = {"login": "lin", "password": "correct horse", "totp": pyotp.TOTP(SECRET).at(stage.clock.now())}
    sign_in = client.post(f"{API}/staff/sessions", json=body)
    return sign_in.headers["Set-Cookie"].partition(";")[0], answered(sign_in, 201)["csrf"]


@pytest.fixture
def headers_of(client: FlaskClient, stage: Stage) -> dict[str, Speak]:
    """For each role, what it sends along with a request."""
    shop(stage)
    stage.member("gast", "guest")
    cookie, csrf = signed_in(client, stage, *STAFF_ROLES)
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
    address = API + ANY_ID.sub("0" * 16, path)
    for role in sorted(EVERYONE):
        json = app.json.dumps(BODIES.get(call, {})).encode() if method in ("POST", "PATCH") else b""
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


def operations(client: FlaskClient, tag: str) -> dict[str, tuple[str, str]]:
    """Method and path of each call of this kind of caller, by its id, without the ways in."""
    document = answered(client.get(f"{API}/openapi.json"))
    return {
        call["operationId"]: (method.upper(), path)
        for path, methods in document["paths"].items()
        for method, call in methods.items()
        if call["tags"] == [tag] and call["operationId"] not in OPEN
    }


@pytest.mark.parametrize(("tag", "may"), [("staff", STAFF_MAY), ("merchant", MERCHANT_MAY)])
def test_every_call_of_people_with_roles_says_which_roles(client: FlaskClient, tag: str, may: dict[str, Any]) -> None:
    assert set(operations(client, tag)) == set(may)


@pytest.mark.parametrize("role", STAFF_ROLES)
def test_each_role_of_the_staff_is_let_in_where_the_table_says_and_nowhere_else(
    app: APIFlask, stage: Stage, role: str
) -> None:
    client = app.test_client(use_cookies=False)
    for operation, (method, path) in operations(client, "staff").items():
        cookie, csrf = signed_in(client, stage, role)
        answer = client.open(
            ANY_ID.sub("0" * 16, path),
            method=method,
            json={} if method in ("POST", "PATCH") else None,
            headers={"Cookie": cookie, "X-CSRF-Token": csrf},
        )
        refused = answer.status_code == 403 and answer.get_json()["why"] == "role"
        assert refused == (role not in STAFF_MAY[operation]), (operation, answer.status_code, answer.text)
    assert stage.count("people") == 1


@pytest.mark.parametrize("role", ["owner", "cashier"])
def test_owner_and_cashier_are_let_in_where_the_table_says(client: FlaskClient, stage: Stage, role: str) -> None:
    shop(stage)
    with stage.engine.begin() as connection:
        connection.execute(update(MerchantPerson).values(role=role))
    for operation, (method, path) in sorted(operations(client, "merchant").items(), key=lambda row: "end" in row[0]):
        body = {"code": "A"} if method == "POST" else None
        answer = client.open(ANY_ID.sub("0" * 16, path), method=method, json=body, headers=bearer("chen", key="k"))
        assert (answer.status_code in (401, 403)) == (role not in MERCHANT_MAY[operation]), (operation, answer.text)


def test_an_operation_without_a_row_is_refused_even_to_somebody_with_every_role(
    headers_of: dict[str, Speak], app: APIFlask
) -> None:
    with app.test_request_context(headers=headers_of["staff"]("GET", "", b"")), pytest.raises(Problem) as refused:
        STAFF.admit("staff_open_the_safe", STAFF.identify())
    assert (refused.value.code, refused.value.helps) == ("not_allowed", {"why": "role"})
