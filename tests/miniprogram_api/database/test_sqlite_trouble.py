"""SQLite: another process that writes is waited for; one that doesn't end, and a full disk, mean later."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import event

from miniprogram_api import db as database_module
from miniprogram_api.db import db
from scenes.wire.kinds import KIND_TICKET
from tests.miniprogram_api.cast import Stage, shop
from tests.miniprogram_api.database.test_outage import away, scan, server_on, whole
from tests.miniprogram_api.routes.speech import API, SQLITE_ONLY, answered, bearer

pytestmark = SQLITE_ONLY
TREE_CARE, REFILL = 23, 9
HOLD = """
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
time.sleep(float(sys.argv[2]))
connection.execute("ROLLBACK")
"""


@contextmanager
def another_process_writes(stage: Stage, seconds: float) -> Iterator[None]:
    """Another process has begun to write and ends after so long."""
    command = [sys.executable, "-c", HOLD, str(stage.engine.url.database), str(seconds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield
        process.wait()


def test_a_scan_waits_three_seconds_for_another_process_and_succeeds(client: FlaskClient, stage: Stage) -> None:
    code = stage.code(TREE_CARE, KIND_TICKET)
    begun = time.monotonic()
    with another_process_writes(stage, 3):
        assert answered(scan(client, code, "s1"), 201)["points"] == 30
        assert 2.5 < time.monotonic() - begun < database_module.BUSY_MILLISECONDS / 1000
    whole(stage)


def test_who_writes_for_too_long_makes_others_come_later_and_reads_go_on(
    client: FlaskClient, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_module, "BUSY_MILLISECONDS", 200)
    item = f"{shop(stage, points=2):016x}"
    answered(scan(client, stage.code(REFILL), "s0"), 201)
    code = stage.code(TREE_CARE, KIND_TICKET)
    with another_process_writes(stage, 1.5):
        away(scan(client, code, "s1"))
        away(client.post(f"{API}/member/sessions", json={"guest": True}))
        away(
            client.post(f"{API}/member/vouchers", json={"item_id": item, "quantity": 1}, headers=bearer("mei", key="v"))
        )
        answered(client.get(f"{API}/member/me", headers=bearer("mei")))
        assert [stage.count(table) for table in ("acts", "members", "vouchers")] == [1, 2, 0]
    answered(scan(client, code, "s1"), 201)
    whole(stage)


@pytest.fixture
def app(stage: Stage, tmp_path: Path) -> Iterator[APIFlask]:
    yield from server_on(stage.engine.url.render_as_string(hide_password=False), stage, tmp_path)


@pytest.fixture
def client(app: APIFlask) -> FlaskClient:
    return app.test_client()


def pages_of(stage: Stage) -> int:
    connection = sqlite3.connect(str(stage.engine.url.database))
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.close()
    return int(pages)


@pytest.fixture
def full_disk(app: APIFlask, stage: Stage) -> list[int]:
    """The file can grow by two pages and no further, until the list is emptied."""
    limits = [pages_of(stage) + 2]

    def limit(connection: sqlite3.Connection, _record: object) -> None:
        if limits:
            connection.execute(f"PRAGMA max_page_count = {limits[0]}").close()

    with app.app_context():
        engine = db.engine
    event.listen(engine, "connect", limit)
    return limits


def test_on_a_full_disk_every_write_says_later_and_nothing_is_half_done(
    client: FlaskClient, stage: Stage, full_disk: list[int]
) -> None:
    item = f"{shop(stage, points=2):016x}"
    statuses, last = [], ""
    for number in range(60):
        stage.clock.advance(7200)
        last = stage.code(REFILL)
        statuses.append(scan(client, last, f"s{number}").status_code)
        if statuses[-1] == 503:
            break
    assert set(statuses) == {201, 503}
    key = f"s{len(statuses) - 1}"
    away(scan(client, last, key))
    before = [stage.count(table) for table in ("acts", "entries", "transfers", "lots", "members")]
    for _ in range(20):
        response = client.post(f"{API}/member/sessions", json={"guest": True})
        if response.status_code != 201:
            away(response)
    response = client.post(
        f"{API}/member/vouchers", json={"item_id": item, "quantity": 1}, headers=bearer("mei", key="v")
    )
    assert response.status_code in (201, 503)
    assert stage.count("acts") == before[0] == statuses.count(201)
    whole(stage)
    full_disk.clear()
    with client.application.app_context():
        db.engine.dispose()
    answered(scan(client, last, key), 201)
    whole(stage)


def test_a_file_that_can_only_be_read_says_later(client: FlaskClient, stage: Stage, app: APIFlask) -> None:
    def read_only(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA query_only = ON").close()

    with app.app_context():
        event.listen(db.engine, "connect", read_only)
    away(scan(client, stage.code(TREE_CARE, KIND_TICKET), "s1"))
    assert stage.count("acts") == 0
