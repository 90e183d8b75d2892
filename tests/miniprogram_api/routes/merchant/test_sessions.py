"""A counter signs in, and wrong tries lock it."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from miniprogram_api.models import MerchantPerson
from miniprogram_api.services.passwords import LOCK_SECONDS, WRONG_TRIES_MAX, hash_password
from tests.miniprogram_api.cast import Stage, shop
from tests.miniprogram_api.routes.speech import API, answered, bearer, refused

SESSIONS = f"{API}/merchant/sessions"
PASSWORD = "correct horse"


@pytest.fixture
def chen(stage: Stage) -> Stage:
    """Chen's shop, with a password that chen can sign in with."""
    shop(stage)
    with stage.engine.begin() as connection:
        connection.execute(update(MerchantPerson).values(password_hash=hash_password(PASSWORD)))
    return stage


def sign_in(client: FlaskClient, login: str = "chen", password: str = PASSWORD) -> TestResponse:
    return client.post(SESSIONS, json={"login": login, "password": password})


def test_chen_signs_in_and_out(client: FlaskClient, chen: Stage) -> None:
    session = answered(sign_in(client), 201)
    assert session["merchant"]["name"] == "低碳商店"
    assert session["person"]["role"] == "owner"
    token = bearer(session["token"])
    answered(client.get(f"{API}/merchant/redemptions", headers=token))
    assert client.delete(f"{SESSIONS}/current", headers=token).status_code == 204
    refused(client.get(f"{API}/merchant/redemptions", headers=token), 401, "not_signed_in")
    assert session["token"] not in str(chen.rows("SELECT token_hash FROM merchant_sessions"))


def test_a_wrong_password_and_an_unknown_login_get_the_same_answer(client: FlaskClient, chen: Stage) -> None:
    wrong, unknown = sign_in(client, password="wrong"), sign_in(client, "nobody")
    refused(wrong, 401, "not_signed_in")
    assert wrong.get_json() == unknown.get_json()
    assert chen.count("merchant_sessions") == 1


def test_wrong_tries_lock_the_login_even_for_the_right_password(client: FlaskClient, chen: Stage) -> None:
    for _ in range(WRONG_TRIES_MAX):
        refused(sign_in(client, password="wrong"), 401, "not_signed_in")
    response = sign_in(client)
    refused(response, 429, "too_many_tries")
    assert response.headers["Retry-After"] == str(LOCK_SECONDS)
    assert chen.count("merchant_sessions") == 1
    chen.clock.advance(LOCK_SECONDS)
    answered(sign_in(client), 201)


def test_a_right_password_forgets_the_wrong_tries(client: FlaskClient, chen: Stage) -> None:
    for _ in range(2):
        for _ in range(WRONG_TRIES_MAX - 1):
            sign_in(client, password="wrong")
        answered(sign_in(client), 201)


def test_a_members_token_opens_no_counter(client: FlaskClient, chen: Stage) -> None:
    refused(client.get(f"{API}/merchant/redemptions", headers=bearer("mei")), 401, "not_signed_in")
    refused(client.get(f"{API}/member/me", headers=bearer("chen")), 401, "not_signed_in")
