"""A ferry of three hundred behind one address gets in; who hammers, guesses or makes guests by the thousand waits."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import insert, update

from miniprogram_api.app import create_app
from miniprogram_api.clock import FixedClock
from miniprogram_api.db import db
from miniprogram_api.domain.fair_use import (
    ADDRESS_WRONG_CODES,
    FIRST_WRONG_CODES,
    GUESTS_OF_ADDRESS,
    PHONE_CALLS,
    PHONE_WRONG_CODES,
    SIGN_INS_OF_PHONE,
    STRANGER_CALLS,
    UNKNOWN_TOKEN_COSTS,
    WRONG_INVITATIONS,
    WRONG_PASSWORDS,
    WRONG_RECOVERY_CODES,
    Allowance,
)
from miniprogram_api.models import MemberSession, UsedAllowance
from miniprogram_api.routes.call_counts import CallCounts
from scenes.wire.binary_text import binary_text
from scenes.wire.signing import generate_private_key, public_key_of
from tests.miniprogram_api.cast import NOON, Stage, shop, token_hash
from tests.miniprogram_api.routes.kiosk.test_signatures import signed
from tests.miniprogram_api.routes.speech import API, SQLITE_ONLY, answered, bearer, refused, settings_for

REFILL = 9
FIRST_VISIT = 30  # requests of somebody who opens the app for the first time
CallsOf = Callable[[str, str, int], None]
SESSIONS, SCANS, ME = f"{API}/member/sessions", f"{API}/member/scans", f"{API}/member/me"


@pytest.fixture
def app(stage: Stage, tmp_path: Path) -> Iterator[APIFlask]:
    """Behind a proxy on this machine, which says on the right of its header who called it."""
    url = stage.engine.url.render_as_string(hide_password=False)
    settings = settings_for(url, tmp_path / "keys.json")
    trusted = settings.model_copy(update={"trusted_proxies": (ip_network("127.0.0.1"),)})
    application = create_app(trusted, clock=stage.clock)
    yield application
    with application.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def counts(app: APIFlask, stage: Stage, tmp_path: Path) -> CallCounts:
    """As another worker of the machine sees it."""
    return CallCounts(tmp_path / "calls.counts", stage.island.keys.marks)


@pytest.fixture
def calls_of(counts: CallCounts) -> CallsOf:
    """Lets a phone or an address have called so often already."""

    def have_called(kind: str, value: str, times: int) -> None:
        each = {"session": PHONE_CALLS, "address": STRANGER_CALLS}[kind].seconds_each
        with counts.count_of(counts.mark(kind, value.encode()), NOON) as count:
            count.calls_full_at = NOON + times * each

    return have_called


def at(address: str, **more: str) -> dict[str, str]:
    return {"X-Forwarded-For": address, **more}


def wait_of(response: Any, why: str) -> int:
    problem = refused(response, 429, "too_many_tries")
    assert problem["why"] == why
    seconds = int(response.headers["Retry-After"])
    assert seconds >= 1
    return seconds


def use_up(stage: Stage, allowance: Allowance, but: int) -> None:
    """The one store that is in use holds only so many more."""
    full_at_ms = round((NOON + (allowance.at_once - but) * allowance.seconds_each) * 1000)
    with stage.engine.begin() as connection:
        assert connection.execute(update(UsedAllowance).values(full_at_ms=full_at_ms)).rowcount == 1


def phones(stage: Stage, count: int) -> list[str]:
    """So many open sessions of mei."""
    names = [f"phone-{number}" for number in range(count)]
    rows = [{"token_hash": token_hash(name), "member_id": stage.members["mei"]} for name in names]
    with stage.engine.begin() as connection:
        connection.execute(
            insert(MemberSession), [{**row, "created_at": NOON, "expires_at": NOON + 86_400} for row in rows]
        )
    return names


@SQLITE_ONLY
def test_the_last_twenty_of_a_ferry_get_in_at_the_moment_at_which_all_others_did(
    client: FlaskClient, stage: Stage, calls_of: CallsOf
) -> None:
    ferry, others = "203.0.113.7", 280
    calls_of("address", ferry, others * FIRST_VISIT)
    answered(client.post(SESSIONS, json={"guest": True}, headers=at(ferry)), 201)
    use_up(stage, GUESTS_OF_ADDRESS, but=GUESTS_OF_ADDRESS.at_once - others)
    for number in range(20):
        for page in ("/", "/static/tourist/main.js", f"{API}/public/island"):
            assert client.get(page, headers=at(ferry)).status_code == 200
        body = {"guest": True, "device": f"phone-{number}"}
        token = answered(client.post(SESSIONS, json=body, headers=at(ferry)), 201)["token"]
        headers = at(ferry, Authorization=f"Bearer {token}")
        answered(client.get(ME, headers=headers))
        answered(client.post(SCANS, json={"code": stage.code(REFILL)}, headers=headers), 201)
    assert stage.count("acts") == 20


@SQLITE_ONLY
def test_one_phone_that_hammers_waits_and_nobody_else_does(
    client: FlaskClient, stage: Stage, clock: FixedClock, calls_of: CallsOf
) -> None:
    ferry = "203.0.113.7"
    calls_of("session", "mei", PHONE_CALLS.at_once - 3)
    for _ in range(3):
        answered(client.get(ME, headers=at(ferry, **bearer("mei"))))
    assert wait_of(client.get(ME, headers=at(ferry, **bearer("mei"))), "calls") == 1
    for language, word in (("zh-CN", "什么都没有丢"), ("en", "Nothing is lost")):
        told = client.get(ME, headers=at(ferry, **bearer("mei", language=language)))
        assert word in refused(told, 429, "too_many_tries")["detail"]
    answered(client.get(ME, headers=at(ferry, **bearer("bo"))))
    assert client.get("/", headers=at(ferry)).status_code == 200
    code = stage.code(REFILL)
    wait_of(client.post(SCANS, json={"code": code}, headers=at(ferry, **bearer("mei"))), "calls")
    assert stage.count("acts") == 0
    clock.advance(1)
    answered(client.post(SCANS, json={"code": code}, headers=at(ferry, **bearer("mei"))), 201)


def test_one_address_makes_guests_no_faster_than_allowed_and_its_refusals_make_none(
    client: FlaskClient, stage: Stage, clock: FixedClock
) -> None:
    answered(client.post(SESSIONS, json={"guest": True}, headers=at("203.0.113.7")), 201)
    use_up(stage, GUESTS_OF_ADDRESS, but=1)
    answered(client.post(SESSIONS, json={"guest": True}, headers=at("203.0.113.7")), 201)
    members = stage.count("members")
    assert wait_of(client.post(SESSIONS, json={"guest": True}, headers=at("203.0.113.7")), "sign_ins") == 30
    assert stage.count("members") == members
    answered(client.post(SESSIONS, json={"guest": True}, headers=at("203.0.113.8")), 201)
    answered(client.post(SESSIONS, json={"code": "sim:an"}, headers=at("203.0.113.7")), 201)
    clock.advance(30)
    answered(client.post(SESSIONS, json={"guest": True}, headers=at("203.0.113.7")), 201)
    wait_of(client.post(SESSIONS, json={"guest": True}, headers=at("203.0.113.7")), "sign_ins")


@SQLITE_ONLY
def test_what_a_caller_writes_into_the_header_does_not_make_another_address(client: FlaskClient) -> None:
    for number in range(WRONG_RECOVERY_CODES.at_once):
        forged = at(f"198.51.100.{number}, 203.0.113.7")
        refused(client.post(SESSIONS, json={"recovery_code": "AAAA"}, headers=forged), 401, "not_signed_in")
    forged = at("198.51.100.200, 203.0.113.7")
    wait_of(client.post(SESSIONS, json={"recovery_code": "AAAA"}, headers=forged), "sign_ins")


@SQLITE_ONLY
def test_all_phones_of_one_ipv6_line_count_as_one_address(client: FlaskClient) -> None:
    for number in range(WRONG_RECOVERY_CODES.at_once):
        address = at(f"2001:db8:1:2::{number + 1:x}")
        refused(client.post(SESSIONS, json={"recovery_code": "AAAA"}, headers=address), 401, "not_signed_in")
    wait_of(client.post(SESSIONS, json={"recovery_code": "AAAA"}, headers=at("2001:db8:1:2:ffff::1")), "sign_ins")
    refused(client.post(SESSIONS, json={"recovery_code": "AAAA"}, headers=at("2001:db8:1:3::1")), 401, "not_signed_in")


def test_recovery_codes_are_not_guessed_and_a_right_one_costs_nothing(
    client: FlaskClient, stage: Stage, clock: FixedClock
) -> None:
    guest = answered(client.post(SESSIONS, json={"guest": True}), 201)
    right, wrong = {"recovery_code": guest["recovery_code"]}, {"recovery_code": "0000-0000-0000-0000"}
    for _ in range(WRONG_RECOVERY_CODES.at_once - 1):
        refused(client.post(SESSIONS, json=wrong), 401, "not_signed_in")
    for _ in range(3):
        assert answered(client.post(SESSIONS, json=right), 201)["member"]["id"] == guest["member"]["id"]
    refused(client.post(SESSIONS, json=wrong), 401, "not_signed_in")
    sessions = stage.count("member_sessions")
    assert wait_of(client.post(SESSIONS, json=right), "sign_ins") == 60
    assert stage.count("member_sessions") == sessions
    clock.advance(60)
    answered(client.post(SESSIONS, json=right), 201)


@SQLITE_ONLY
@pytest.mark.parametrize("desk", ["merchant", "staff"])
def test_one_password_is_not_tried_on_login_after_login(client: FlaskClient, stage: Stage, desk: str) -> None:
    shop(stage)
    for number in (1, 2):
        body = {"login": f"somebody-{number}", "password": "123456"}
        refused(client.post(f"{API}/{desk}/sessions", json=body), 401, "not_signed_in")
        use_up(stage, WRONG_PASSWORDS, but=2 - number)
    body = {"login": "chen", "password": "123456"}
    wait_of(client.post(f"{API}/{desk}/sessions", json=body), "sign_ins")
    body = {"login": "chen", "password": "123456"}
    refused(client.post(f"{API}/{desk}/sessions", json=body, headers=at("203.0.113.8")), 401, "not_signed_in")


@SQLITE_ONLY
def test_the_invitation_of_a_kiosk_is_not_guessed(client: FlaskClient, stage: Stage) -> None:
    path, key = f"{API}/kiosk/provisioning", generate_private_key()
    for number in range(WRONG_INVITATIONS.at_once + 1):
        answer = provision(client, path, key, f"AAAA-{number:04d}")
        if number < WRONG_INVITATIONS.at_once:
            refused(answer, 404, "not_found")
    wait_of(answer, "sign_ins")


def provision(client: FlaskClient, path: str, key: bytes, invitation: str) -> Any:
    public = binary_text(public_key_of(key))
    body = json.dumps({"invitation": invitation, "public_key": public}).encode()
    headers = signed(key, "POST", path, body, key_id=public)
    return client.post(path, data=body, content_type="application/json", headers=headers)


@SQLITE_ONLY
def test_a_phone_that_signs_in_again_and_again_waits(client: FlaskClient, clock: FixedClock) -> None:
    body = {"code": "sim:mei", "device": "one-phone"}
    for _ in range(SIGN_INS_OF_PHONE.at_once):
        answered(client.post(SESSIONS, json=body), 201)
    assert wait_of(client.post(SESSIONS, json=body), "sign_ins") == 600
    answered(client.post(SESSIONS, json={**body, "device": "another-phone"}), 201)


@SQLITE_ONLY
def test_a_phone_that_hands_in_what_is_no_code_waits_and_a_good_one_is_taken_later(
    client: FlaskClient, stage: Stage, clock: FixedClock
) -> None:
    for number in range(PHONE_WRONG_CODES.at_once):
        refused(client.post(SCANS, json={"code": f"1{number}"}, headers=bearer("mei")), 400, "code_malformed")
    code = stage.code(REFILL)
    assert wait_of(client.post(SCANS, json={"code": code}, headers=bearer("mei")), "codes") == 10
    answered(client.get(ME, headers=bearer("mei")))
    answered(client.post(SCANS, json={"code": stage.code(REFILL)}, headers=bearer("bo")), 201)
    clock.advance(10)
    answered(client.post(SCANS, json={"code": code}, headers=bearer("mei")), 201)


@SQLITE_ONLY
def test_a_crowd_of_phones_that_guesses_keeps_nobody_else_at_its_address_from_scanning(
    client: FlaskClient, stage: Stage, counts: CallCounts
) -> None:
    guessing, most = phones(stage, 2), PHONE_WRONG_CODES.at_once - 1
    with counts.count_of(counts.mark("address", b"127.0.0.1"), NOON) as count:
        count.codes_full_at = NOON + (ADDRESS_WRONG_CODES.at_once - most) * ADDRESS_WRONG_CODES.seconds_each
    wrong = [
        client.post(SCANS, json={"code": "NOT OURS"}, headers=bearer(name)).status_code
        for name in guessing
        for _ in range(most)
    ]
    assert wrong == [400] * (most + FIRST_WRONG_CODES) + [429] * (most - FIRST_WRONG_CODES)
    answered(client.post(SCANS, json={"code": stage.code(REFILL)}, headers=bearer("bo")), 201)
    for number in range(FIRST_WRONG_CODES):
        refused(client.post(SCANS, json={"code": f"1{number}"}, headers=bearer("bo")), 400, "code_malformed")
    wait_of(client.post(SCANS, json={"code": stage.code(REFILL)}, headers=bearer("bo")), "codes")


@SQLITE_ONLY
def test_who_tries_tokens_uses_up_their_address_and_phones_that_are_known_there_go_on(
    client: FlaskClient, stage: Stage, clock: FixedClock, calls_of: CallsOf
) -> None:
    answered(client.get(ME, headers=bearer("mei")))
    calls_of("address", "127.0.0.1", STRANGER_CALLS.at_once - 5 * UNKNOWN_TOKEN_COSTS)
    for number in range(5):
        refused(client.get(ME, headers=bearer(f"guess-{number}")), 401, "not_signed_in")
    wait_of(client.get(ME, headers=bearer("one-more-guess")), "calls")
    wait_of(client.get("/"), "calls")
    wait_of(client.post(SESSIONS, json={"guest": True}), "calls")
    answered(client.get(ME, headers=bearer("mei")))
    assert client.get("/healthz").status_code == 200
    assert client.get("/", headers=at("203.0.113.8")).status_code == 200
    answered(client.get(f"{API}/kiosk/uses", headers=signed(stage.kiosk_key)))  # known by its signature
    clock.advance(1)
    assert client.get("/").status_code == 200


def test_what_is_kept_of_sign_ins_names_nobody(client: FlaskClient, stage: Stage, tmp_path: Path) -> None:
    body = {"code": "sim:an", "device": "the-phone-of-an"}
    answered(client.post(SESSIONS, json=body, headers=at("203.0.113.7")), 201)
    refused(client.post(SESSIONS, json={"recovery_code": "AAAA"}, headers=at("203.0.113.7")), 401, "not_signed_in")
    kept = repr(stage.rows("SELECT * FROM used_allowances")) + repr(stage.rows("SELECT device FROM member_sessions"))
    kept += repr((tmp_path / "calls.counts").read_bytes())
    assert stage.count("used_allowances") == 3
    assert "203.0.113.7" not in kept
    assert "the-phone-of-an" not in kept


@SQLITE_ONLY
def test_a_proxy_that_was_not_named_is_said_once(
    stage: Stage, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "tanyu.fair_use")
    url = stage.engine.url.render_as_string(hide_password=False)
    client = create_app(settings_for(url, tmp_path / "keys.json"), clock=stage.clock).test_client()
    for _ in range(3):
        client.get("/", headers=at("203.0.113.7"))
    said = [record.getMessage() for record in caplog.records if "TANYU_TRUSTED_PROXIES" in record.getMessage()]
    assert len(said) == 1
