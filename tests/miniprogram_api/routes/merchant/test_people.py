"""An owner looks after the people of the counter, each with a sign-in of their own."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.miniprogram_api.cast import Stage, shop
from tests.miniprogram_api.routes.speech import API, answered, bearer, refused
from tests.miniprogram_api.services.test_vouchers import exchange, live_code, rich

MERCHANT = f"{API}/merchant"
OWN = "correct horse battery"


@pytest.fixture
def item(stage: Stage) -> int:
    return shop(stage)


def call(client: FlaskClient, who: str, method: str, path: str, json: Any = None) -> TestResponse:
    return client.open(f"{MERCHANT}/{path}", method=method, json=json, headers=bearer(who, key="k"))


def sign_in(client: FlaskClient, login: str, password: str) -> TestResponse:
    return client.post(f"{MERCHANT}/sessions", json={"login": login, "password": password})


def cashier(client: FlaskClient) -> tuple[dict[str, Any], str]:
    """Sun, whom chen added: the answer that chen saw, and sun's token."""
    made = answered(call(client, "chen", "POST", "people", {"login": "sun", "name": "孙"}), 201)
    session = answered(sign_in(client, "sun", made["password"]), 201)
    assert session["must_change_password"]
    return made, session["token"]


def test_a_cashier_takes_an_own_password_and_redeems_under_an_own_name(
    client: FlaskClient, stage: Stage, item: int
) -> None:
    made, sun = cashier(client)
    rich(stage)
    answered(sign_in(client, "sun", made["password"]), 201)
    code = {"code": live_code(stage, exchange(stage, item))}
    for method, path in (("POST", "redemptions"), ("POST", "lookups"), ("GET", "redemptions")):
        problem = refused(call(client, sun, method, path, code if method == "POST" else None), 403, "not_allowed")
        assert problem["why"] == "password_change"
    short = {"current": made["password"], "fresh": "short"}
    refused(call(client, sun, "POST", "account/password", short), 422, "invalid_fields")
    changed = {"current": made["password"], "fresh": OWN}
    assert call(client, sun, "POST", "account/password", changed).status_code == 204
    answered(call(client, sun, "POST", "redemptions", code), 201)
    assert stage.rows("SELECT name FROM redemptions r JOIN merchant_people p ON p.id = r.person_id") == [("孙",)]
    refused(sign_in(client, "sun", made["password"]), 401, "not_signed_in")


def test_a_block_ends_the_sessions_at_once_and_looks_like_a_wrong_password(
    client: FlaskClient, stage: Stage, item: int
) -> None:
    made, sun = cashier(client)
    path = f"people/{made['person']['id']}"
    blocked = answered(call(client, "chen", "PATCH", path, {"blocked": True}))
    assert (blocked["blocked"], blocked["sessions"]) == (True, 0)
    refused(call(client, sun, "POST", "redemptions", {"code": "0123-4567-89AK"}), 401, "not_signed_in")
    refused(call(client, sun, "GET", "redemptions"), 401, "not_signed_in")
    assert refused(sign_in(client, "sun", made["password"]), 401, "not_signed_in")["why"] == "login"
    assert not answered(call(client, "chen", "PATCH", path, {"blocked": False, "role": "cashier"}))["blocked"]
    fresh = answered(call(client, "chen", "POST", f"{path}/password"), 201)
    answered(sign_in(client, "sun", fresh["password"]), 201)
    assert [row[0] for row in stage.rows("SELECT act FROM audit_events WHERE actor = 'merchant:0000000000000049'")] == [
        "cashier_added",
        "cashier_blocked",
        "cashier_unblocked",
        "counter_password_reset",
    ]


def test_a_cashier_looks_after_nobody_and_an_owner_not_after_themselves(client: FlaskClient, item: int) -> None:
    made, sun = cashier(client)
    call(client, sun, "POST", "account/password", {"current": made["password"], "fresh": OWN})
    own = f"people/{made['person']['id']}"
    for method, path, body in (
        ("GET", "people", None),
        ("POST", "people", {"login": "xu", "name": "徐"}),
        ("PATCH", own, {"blocked": False}),
        ("POST", f"{own}/password", None),
    ):
        assert refused(call(client, sun, method, path, body), 403, "not_allowed")["why"] == "role"
    people = answered(call(client, "chen", "GET", "people"))["data"]
    assert [(one["login"], one["role"]) for one in people] == [("chen", "owner"), ("sun", "cashier")]
    chen = f"people/{people[0]['id']}"
    assert refused(call(client, "chen", "PATCH", chen, {"blocked": True}), 403, "not_allowed")["why"] == "yourself"
    assert refused(call(client, "chen", "POST", f"{chen}/password"), 403, "not_allowed")["why"] == "yourself"
    refused(call(client, "chen", "PATCH", "people/0000000000000001", {"blocked": True}), 404, "not_found")
    refused(call(client, "chen", "PATCH", own, {"role": "owner"}), 422, "invalid_fields")
    taken = refused(call(client, "chen", "POST", "people", {"login": "sun", "name": "孙"}), 403, "not_allowed")
    assert taken["why"] == "login_taken"
