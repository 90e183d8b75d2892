"""A PostgreSQL that is away means later, for every call; what was under way happened wholly or not at all."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, text
from werkzeug.test import TestResponse

from miniprogram_api import db as database_module
from miniprogram_api.app import create_app
from miniprogram_api.commands.reconcile import differences, snapshot
from miniprogram_api.db import db
from scenes.wire.kinds import KIND_TICKET
from tests.miniprogram_api.cast import Stage, keys_in, shop, staged
from tests.miniprogram_api.database.own_postgresql import Line, OwnServer, line_to
from tests.miniprogram_api.routes.kiosk.test_signatures import signed
from tests.miniprogram_api.routes.speech import API, answered, bearer, refused, settings_for

TREE_CARE, REFILL = 23, 9
SCANS = f"{API}/member/scans"
# Without a good body these are refused before anybody asks the database.
BODIES = {
    "member_create_voucher": {"item_id": "0" * 16, "quantity": 1},
    "merchant_create_lookup": {"code": "0123-4567-89AK"},
    "merchant_create_redemption": {"code": "0123-4567-89AK"},
    "member_create_session": {"guest": True},
    "member_create_forgetting": {"confirm": True},
    "merchant_create_session": {"login": "chen", "password": "x"},
    "staff_create_session": {"login": "lin", "password": "x"},
}
# The keys are the server's own; who signs with a key nobody knows is refused unasked.
NO_DATABASE = {"public_list_keys": 200, "kiosk_create_provisioning": 401}


@pytest.fixture
def stage(own_server: OwnServer, own_database: str, tmp_path: Path, clock: Any) -> Iterator[Stage]:
    with staged(own_server.url(own_database), keys_in(tmp_path), clock) as stage:
        yield stage


def server_on(url: str, stage: Stage, folder: Path) -> Iterator[APIFlask]:
    app = create_app(settings_for(url, folder / "keys.json"), clock=stage.clock)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def app(own_server: OwnServer, own_database: str, stage: Stage, tmp_path: Path) -> Iterator[APIFlask]:
    yield from server_on(own_server.url(own_database), stage, tmp_path)


@pytest.fixture
def client(app: APIFlask) -> FlaskClient:
    return app.test_client()


def away(response: TestResponse) -> None:
    refused(response, 503, "database_away")
    assert int(response.headers["Retry-After"]) >= 1


def connect_anew(stage: Stage) -> None:
    """The test's own connections were ended with the others."""
    stage.session.invalidate()
    stage.engine.dispose()


def whole(stage: Stage) -> None:
    with snapshot(stage.engine) as connection:
        assert [difference.sentence for difference in differences(connection)] == []


def scan(client: FlaskClient, code: str, key: str) -> TestResponse:
    return client.post(SCANS, json={"code": code}, headers=bearer("mei", key=key))


def headers_of(stage: Stage, tag: str, call: dict[str, Any], body: bytes) -> dict[str, str]:
    if tag == "kiosk":
        return signed(stage.kiosk_key, call["method"], call["path"], body)
    if tag == "staff":
        return {"Cookie": "island_session=somebody", "X-CSRF-Token": "x"}
    return bearer({"merchant": "chen"}.get(tag, "mei"), key="k")


def every_call(client: FlaskClient) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Id, kind of caller and address of each call of the API."""
    paths = answered(client.get(f"{API}/openapi.json"))["paths"]
    for path, methods in paths.items():
        for method, call in methods.items():
            filled = "".join("1" * 16 if part.startswith("{") else part for part in path.replace("{", "}{").split("}"))
            yield call["operationId"], call["tags"][0], {"method": method.upper(), "path": filled}


def test_while_the_server_is_stopped_every_call_says_later_and_works_again_when_it_is_back(
    own_server: OwnServer, client: FlaskClient, stage: Stage
) -> None:
    code, calls = stage.code(REFILL), list(every_call(client))
    plain = client.application.test_client(use_cookies=False)  # the cookie is a header that one caller sends
    assert len(calls) > 40
    assert client.get("/readyz").status_code == 200
    own_server.stop()
    try:
        for name, tag, call in calls:
            given = {"code": code} if name == "member_create_scan" else BODIES.get(name, {})
            body = b"" if call["method"] == "GET" else json.dumps(given).encode()
            sent = {"data": body, "content_type": "application/json"} if body else {}
            response = plain.open(**call, **sent, headers=headers_of(stage, tag, call, body))  # type: ignore[arg-type]  # by name
            if name in NO_DATABASE:
                assert response.status_code == NO_DATABASE[name], name
            else:
                assert response.status_code == 503, (name, response.text)
                away(response)
        away(scan(client, code, "s1"))
        away(client.get("/readyz"))
        assert client.get("/healthz").status_code == 200
        assert client.get("/").status_code == 200
    finally:
        own_server.start()
        connect_anew(stage)
    assert client.get("/readyz").status_code == 200
    assert answered(scan(client, code, "s1"), 201)["points"] == 2
    assert stage.count("acts") == 1
    whole(stage)


def test_connections_that_rested_through_a_restart_are_never_noticed(
    own_server: OwnServer, client: FlaskClient, stage: Stage
) -> None:
    answered(scan(client, stage.code(REFILL), "s1"), 201)
    own_server.stop()
    own_server.start()
    time.sleep(database_module.REST_SECONDS)
    answered(client.get(f"{API}/member/me", headers=bearer("mei")))
    answered(scan(client, stage.code(TREE_CARE, KIND_TICKET), "s2"), 201)


def test_after_all_connections_were_ended_at_most_one_call_says_later(
    own_server: OwnServer, own_database: str, client: FlaskClient, stage: Stage
) -> None:
    for turn in range(5):
        answered(client.get(f"{API}/member/me", headers=bearer("mei")))
        own_server.end_all_connections(own_database)
        stage.clock.advance(7200)  # the cool-down of a refill
        code, key = stage.code(REFILL), f"s{turn}"
        first = scan(client, code, key)
        if first.status_code != 201:
            away(first)
        answered(scan(client, code, key), 201)
    connect_anew(stage)
    assert stage.count("acts") == 5
    whole(stage)


def test_scans_while_the_server_goes_and_comes_are_each_credited_once(
    own_server: OwnServer, client: FlaskClient, stage: Stage
) -> None:
    names = [f"guest-{number}" for number in range(40)]
    for name in names:
        stage.member(name)
    codes = [stage.code(REFILL) for _ in names]

    def restart() -> None:
        time.sleep(0.1)
        own_server.stop()
        time.sleep(0.5)
        own_server.start()

    outage = Thread(target=restart)
    outage.start()
    seen = set()
    for name, code in zip(names, codes, strict=True):
        end = time.monotonic() + 30
        while (response := client.post(SCANS, json={"code": code}, headers=bearer(name, key="s"))).status_code != 201:
            away(response)
            seen.add(response.status_code)
            assert time.monotonic() < end
            time.sleep(0.05)
        time.sleep(0.01)
    outage.join()
    connect_anew(stage)
    assert seen == {503}
    assert stage.rows("SELECT COUNT(*), SUM(available) FROM member_balances WHERE available > 0") == [(40, 80)]
    whole(stage)


@pytest.fixture
def line(own_server: OwnServer) -> Iterator[Line]:
    with line_to(own_server) as line:
        yield line


@pytest.fixture
def far_client(line: Line, own_database: str, stage: Stage, tmp_path: Path) -> Iterator[FlaskClient]:
    """A client of a server whose database is at the other end of the line."""
    url = f"postgresql+psycopg://postgres@127.0.0.1:{line.port}/{own_database}"
    for app in server_on(url, stage, tmp_path):
        yield app.test_client()


def send(client: FlaskClient, act: str, thing: str) -> TestResponse:
    """One call that moves points, always with the same key."""
    path, body, who = {
        "scan": ("member/scans", {"code": thing}, "mei"),
        "exchange": ("member/vouchers", {"item_id": thing, "quantity": 1}, "mei"),
        "redeem": ("merchant/redemptions", {"code": thing}, "chen"),
    }[act]
    return client.post(f"{API}/{path}", json=body, headers=bearer(who, key="w"))


def thing_for(stage: Stage, client: FlaskClient, act: str) -> str:
    """A fresh code to scan, an item to exchange for, or a voucher to redeem."""
    if act == "scan":
        return stage.code(TREE_CARE, KIND_TICKET)
    item = f"{shop(stage, points=30):016x}"
    answered(scan(client, stage.code(TREE_CARE, KIND_TICKET), "before"), 201)
    if act == "exchange":
        return item
    body = {"item_id": item, "quantity": 1}
    voucher = answered(client.post(f"{API}/member/vouchers", json=body, headers=bearer("mei", key="v")), 201)
    return str(voucher["readable_code"])


def entries(stage: Stage) -> list[object]:
    return [row[0] for row in stage.rows("SELECT kind FROM entries WHERE kind != 'rule' ORDER BY id")]


KINDS = {"scan": ["earn"], "exchange": ["earn", "exchange"], "redeem": ["earn", "exchange", "redeem"]}


@pytest.mark.parametrize("act", KINDS)
@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_line_that_breaks_at_the_commit_leaves_the_outcome_open_and_the_same_key_tells_it(
    far_client: FlaskClient, line: Line, stage: Stage, act: str, moment: str
) -> None:
    thing = thing_for(stage, far_client, act)
    line.cut_at_commit = moment
    away(send(far_client, act, thing))
    assert line.cuts == 1
    time.sleep(0.1)  # the server has heard of it by now
    assert entries(stage) == (KINDS[act] if moment == "after" else KINDS[act][:-1])
    told = answered(send(far_client, act, thing), 201)
    assert answered(send(far_client, act, thing), 201) == told
    assert entries(stage) == KINDS[act]
    whole(stage)


def test_a_sign_in_whose_commit_got_lost_says_later(far_client: FlaskClient, line: Line, stage: Stage) -> None:
    line.cut_at_commit = "before"
    away(far_client.post(f"{API}/member/sessions", json={"guest": True}))
    assert stage.count("members") == 2
    answered(far_client.post(f"{API}/member/sessions", json={"guest": True}), 201)
    assert stage.count("members") == 3


def test_who_holds_a_row_for_too_long_makes_others_come_later(
    own_server: OwnServer, own_database: str, stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_module, "BUSY_MILLISECONDS", 300)
    for app in server_on(own_server.url(own_database), stage, tmp_path):
        client, code = app.test_client(), stage.code(TREE_CARE, KIND_TICKET)
        holder = create_engine(own_server.url(own_database))
        with holder.begin() as connection:
            connection.execute(text("LOCK TABLE member_balances"))
            away(scan(client, code, "s1"))
            assert stage.rows("SELECT 1 FROM acts") == []
        holder.dispose()
        answered(scan(client, code, "s1"), 201)
    whole(stage)


def test_a_server_that_became_a_stand_by_says_later(
    own_server: OwnServer, own_database: str, stage: Stage, tmp_path: Path
) -> None:
    code = stage.code(TREE_CARE, KIND_TICKET)
    own_server.administer(f"ALTER DATABASE {own_database} SET default_transaction_read_only = on")
    for app in server_on(own_server.url(own_database), stage, tmp_path):
        client = app.test_client()
        away(scan(client, code, "s1"))
        away(client.post(f"{API}/member/sessions", json={"guest": True}))
        answered(client.get(f"{API}/member/me", headers=bearer("mei")))
    assert stage.count("acts") == 0
