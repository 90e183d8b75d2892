"""The console signs in by cookie; each write carries what only its own page knows."""

from __future__ import annotations

import pyotp
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from miniprogram_api.services.appointments import NewPerson, appoint_person
from miniprogram_api.services.passwords import WRONG_TRIES_MAX
from tests.miniprogram_api.cast import Stage
from tests.miniprogram_api.routes.speech import API, answered, refused

SESSIONS = f"{API}/staff/sessions"
CURRENT = f"{SESSIONS}/current"
PASSWORD, SECRET = "correct horse", pyotp.random_base32()


@pytest.fixture
def lin(stage: Stage) -> Stage:
    """Lin of the staff, without a second factor; wang has one."""
    for login, secret in (("lin", None), ("wang", SECRET)):
        appoint_person(stage.session, NewPerson(login, "林", PASSWORD, "operator", secret), "system:test", stage.clock)
    return stage


def sign_in(client: FlaskClient, login: str = "lin", **more: str) -> TestResponse:
    return client.post(SESSIONS, json={"login": login, "password": PASSWORD, **more})


def test_lin_signs_in_by_a_cookie_that_scripts_cannot_read(client: FlaskClient, lin: Stage) -> None:
    response = sign_in(client)
    session = answered(response, 201)
    cookie = response.headers["Set-Cookie"]
    assert session["person"]["roles"] == ["operator"]
    assert len(session["csrf"]) == 43
    assert cookie.startswith("island_session=")
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "token" not in session
    assert answered(client.get(CURRENT)) == session


def test_over_https_the_cookie_travels_over_https_only(client: FlaskClient, lin: Stage) -> None:
    body = {"login": "lin", "password": PASSWORD}
    response = client.post(SESSIONS, json=body, base_url="https://island.example")
    assert "; Secure" in response.headers["Set-Cookie"]


def test_a_write_without_the_pages_own_token_is_refused(client: FlaskClient, lin: Stage) -> None:
    csrf = answered(sign_in(client), 201)["csrf"]
    for proof in ({}, {"X-CSRF-Token": "guess"}, {"X-CSRF-Token": ""}):
        refused(client.delete(CURRENT, headers=proof), 403, "not_allowed")
    answered(client.get(CURRENT))
    assert client.delete(CURRENT, headers={"X-CSRF-Token": csrf}).status_code == 204
    refused(client.get(CURRENT), 401, "not_signed_in")


def test_who_has_a_second_factor_needs_both(client: FlaskClient, lin: Stage) -> None:
    assert refused(sign_in(client, "wang"), 401, "not_signed_in")["why"] == "totp_missing"
    assert refused(sign_in(client, "wang", totp="000000"), 401, "not_signed_in")["why"] == "totp"
    right = pyotp.TOTP(SECRET).at(lin.clock.now())
    answered(sign_in(client, "wang", totp=right), 201)


def test_a_wrong_password_does_not_say_whether_there_is_a_second_factor(client: FlaskClient, lin: Stage) -> None:
    answers = [client.post(SESSIONS, json={"login": login, "password": "x"}) for login in ("lin", "wang", "nobody")]
    assert [answer.get_json()["why"] for answer in answers] == ["login"] * 3


def test_guessing_the_second_factor_locks_the_login(client: FlaskClient, lin: Stage) -> None:
    for _ in range(WRONG_TRIES_MAX):
        sign_in(client, "wang", totp="000000")
    refused(sign_in(client, "wang", totp="000000"), 429, "too_many_tries")


def test_a_working_day_later_the_session_is_over(client: FlaskClient, lin: Stage) -> None:
    answered(sign_in(client), 201)
    lin.clock.advance(10 * 3600)
    refused(client.get(CURRENT), 401, "not_signed_in")


def test_a_bearer_token_opens_no_console(client: FlaskClient, lin: Stage) -> None:
    token = answered(client.post(f"{API}/member/sessions", json={"guest": True}), 201)["token"]
    refused(client.get(CURRENT, headers={"Authorization": f"Bearer {token}"}), 401, "not_signed_in")
    client.set_cookie("island_session", token)
    refused(client.get(CURRENT), 401, "not_signed_in")


def test_the_first_page_shows_today_and_what_needs_a_person(client: FlaskClient, lin: Stage) -> None:
    answered(sign_in(client), 201)
    points = lin.scan("mei", lin.code(6)).act["points"]
    lin.scan("bo", lin.code(6, 0x13, issued_at=0))
    today = answered(client.get(f"{API}/staff/today"))
    assert (today["acts"], today["points"], today["members"], today["vouchers"]) == (1, points, 2, 0)
    assert [kiosk["name"] for kiosk in today["kiosks"]] == ["island-pier"]
    assert [(need["kind"], need["name"]) for need in today["needs_person"]] == [("acts_pending", "clock_untrusted")]
    assert answered(client.get(f"{API}/staff/kiosks"))["data"] == today["kiosks"]


def test_the_rules_in_force_are_listed_with_their_versions(client: FlaskClient, lin: Stage) -> None:
    answered(sign_in(client), 201)
    scenes = answered(client.get(f"{API}/staff/scenes"))["data"]
    assert [scene["number"] for scene in scenes] == list(range(1, 25))
    assert {scene["version"] for scene in scenes} == {1}
    assert all(scene["variants"] for scene in scenes)
