"""Whatever goes wrong, the answer is a problem document and nothing has happened."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from miniprogram_api.app import create_app
from miniprogram_api.db import DatabaseAway
from tests.miniprogram_api.cast import Stage
from tests.miniprogram_api.routes.speech import API, SQLITE_ONLY, bearer, refused, settings_for

pytestmark = SQLITE_ONLY
SESSIONS = f"{API}/member/sessions"


def test_an_unknown_address_is_not_found(client: FlaskClient) -> None:
    refused(client.get("/nowhere"), 404, "not_found")
    refused(client.get(f"{API}/nowhere"), 404, "not_found")


def test_a_method_that_an_address_does_not_take_is_refused_with_those_it_takes(client: FlaskClient) -> None:
    response = client.put(SESSIONS)
    refused(response, 405, "method_not_allowed")
    assert "POST" in response.headers["Allow"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"{'guest': true}",
        b'{"guest": true} x',
        b"\xff\xfe",
        b'{"code": "\\ud800"}',
        b"[" * 30_000,
        b'{"guest":' * 7_000,
        '{"guest": true}'.encode("utf-16"),
    ],
)
def test_a_body_that_is_not_json_is_refused(client: FlaskClient, stage: Stage, body: bytes) -> None:
    refused(client.post(SESSIONS, data=body, content_type="application/json"), 400, "json_malformed")
    assert stage.count("members") == 2


@pytest.mark.parametrize(
    ("body", "field", "reason"),
    [
        (b"[]", "", "choose_one"),
        (b"null", "", "choose_one"),
        (b"{}", "", "choose_one"),
        (b'{"guest": true, "code": "sim:mei"}', "", "choose_one"),
        (b'{"guest": false}', "guest", "wrong_type"),
        (b'{"guest": 1}', "guest", "wrong_type"),
        (b'{"guest": true, "age": 4}', "age", "unknown"),
        (b'{"guest": true, "device": "a b"}', "device", "malformed"),
        (b'{"guest": true, "device": 7}', "device", "wrong_type"),
        (b'{"code": NaN}', "code", "wrong_type"),
        (b'{"code": -Infinity}', "code", "wrong_type"),
        (b'{"code": "sim:mei\\u0000"}', "code", "malformed"),
        (b'{"code": ""}', "code", "too_short"),
        (b'{"code": "' + b"x" * 129 + b'"}', "code", "too_long"),
    ],
)
def test_a_wrong_field_is_named(client: FlaskClient, stage: Stage, body: bytes, field: str, reason: str) -> None:
    problem = refused(client.post(SESSIONS, data=body, content_type="application/json"), 422, "invalid_fields")
    assert problem["fields"] == [{"field": field, "reason": reason}]
    assert stage.count("members") == 2


def test_a_body_beyond_the_limit_is_refused_unread(client: FlaskClient, stage: Stage) -> None:
    body = b'{"code": "' + b"x" * 10_000_000 + b'"}'
    refused(client.post(SESSIONS, data=body, content_type="application/json"), 413, "body_too_large")
    assert stage.count("members") == 2


@pytest.mark.parametrize(
    ("media_type", "encoding"),
    [
        ("text/plain", None),
        ("application/x-www-form-urlencoded", None),
        ("application/json; charset=gbk", None),
        ("application/json", "gzip"),
        ("", None),
    ],
)
def test_only_plain_json_is_read(client: FlaskClient, stage: Stage, media_type: str, encoding: str | None) -> None:
    bomb = gzip.compress(b'{"guest": true' + b" " * 5_000_000 + b"}")
    headers = {"Content-Encoding": encoding} if encoding else {}
    response = client.post(
        SESSIONS, data=bomb if encoding else b'{"guest": true}', headers=headers, content_type=media_type
    )
    refused(response, 415, "media_type_unsupported")
    assert stage.count("members") == 2


@pytest.mark.parametrize("error", [DatabaseAway("gone"), OperationalError("SELECT", {}, Exception("gone"))])
def test_a_database_that_is_away_means_later(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*_given: object) -> None:
        raise error

    monkeypatch.setattr("miniprogram_api.routes.member.scans.record_scan", fail)
    response = client.post(f"{API}/member/scans", json={"code": "X"}, headers=bearer("mei"))
    refused(response, 503, "database_away")
    assert int(response.headers["Retry-After"]) >= 1


def test_without_a_database_pages_open_and_calls_say_later(stage: Stage, tmp_path: Path) -> None:
    settings = settings_for("sqlite:////nowhere/island.sqlite", tmp_path / "keys.json")
    client = create_app(settings).test_client()
    for address in ("/", "/S/ABC", f"/S/{stage.code(1)}", "/healthz", f"{API}/openapi.json"):
        assert client.get(address).status_code == 200, address
    for address in ("/readyz", f"{API}/member/me", f"{API}/public/island"):
        response = client.get(address, headers=bearer("mei"))
        refused(response, 503, "database_away")
        assert int(response.headers["Retry-After"]) >= 1
    scan = client.post(f"{API}/member/scans", json={"code": stage.code(1)}, headers=bearer("mei"))
    refused(scan, 503, "database_away")


def test_what_nobody_expected_says_little_and_is_recorded(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_given: object) -> None:
        raise ZeroDivisionError("the secret of the house")

    monkeypatch.setattr("miniprogram_api.routes.member.scans.record_scan", fail)
    response = client.post(f"{API}/member/scans", json={"code": "X"}, headers=bearer("mei"))
    refused(response, 500, "fault")
    assert "secret" not in response.text
    assert "ZeroDivision" not in response.text
    assert "ZeroDivisionError" in caplog.text


def test_the_error_of_an_unknown_page_speaks_english_to_who_prefers_it(client: FlaskClient) -> None:
    response = client.get("/nowhere", headers={"Accept-Language": "en-GB,en;q=0.9,zh;q=0.1"})
    assert refused(response, 404, "not_found")["title"] == "Not found"
    assert response.headers["Content-Language"] == "en"


def test_repeated_and_unreadable_query_values_are_named(client: FlaskClient) -> None:
    for query, reason in (
        ("limit=1&limit=2", "too_many"),
        ("limit=1_0", "malformed"),
        ("limit=0", "too_small"),
        ("limit=101", "too_large"),
        ("limit=%C2%B2", "malformed"),
        ("page=1", "unknown"),
    ):
        response = client.get(f"{API}/member/activities?{query}", headers=bearer("mei"))
        assert refused(response, 422, "invalid_fields")["fields"][0]["reason"] == reason, query


def test_the_access_log_names_the_route_and_no_code(app: APIFlask, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "tanyu.access")
    client = app.test_client()
    client.get("/S/MYSECRETCODE?token=hidden")
    client.post(f"{API}/member/scans", json={"code": "MYSECRETCODE"}, headers=bearer("mei"))
    client.get("/MYSECRETCODE")
    lines = [record.getMessage() for record in caplog.records if record.name == "tanyu.access"]
    assert ['"route": "/S/' in lines[0], "/member/scans" in lines[1], '"route": "-"' in lines[2]] == [True] * 3
    assert "MYSECRETCODE" not in "".join(lines)
    assert "hidden" not in "".join(lines)
    assert "mei" not in "".join(lines)
