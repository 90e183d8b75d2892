"""The line: requests are signed as the contract says, and only what the office signed changes anything."""

from __future__ import annotations

import gzip
import json
import socket
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest

from kiosk.machine import Machine
from kiosk.screen_state import screen_state
from kiosk.uplink import KioskRevoked, Uplink, UplinkRefused, UplinkUnavailable
from scenes.wire import signing
from scenes.wire.upload import parse_heartbeat
from tests.kiosk.conftest import MovedClock
from tests.kiosk.office import Asked, Office, Reply, json_reply, problem

HEARTBEATS = "/api/v1/kiosk/heartbeats"


def heartbeats_of(office: Office) -> list[Asked]:
    return [asked for asked in office.asked if asked.path == HEARTBEATS]


def test_requests_cover_method_path_query_and_the_digest_of_a_body(pier: Machine, office: Office) -> None:
    office.asked.clear()
    pier.rounds.greet()
    beat, agreement = office.asked[0], office.asked[1]
    assert beat.covered == ('"@method"', '"@path"', '"@query"', '"content-digest"', '"@signature-params"')
    assert agreement.covered == ('"@method"', '"@path"', '"@query"', '"@signature-params"')
    assert (beat.key_id, agreement.key_id) == ("4.1", "4.1")
    assert agreement.query == {"since": ["1"]}


def test_a_heartbeat_says_how_the_kiosk_is(pier: Machine, office: Office, time_now: MovedClock) -> None:
    time_now.move(12.5)
    pier.rounds.greet()
    beat = parse_heartbeat(json.loads(heartbeats_of(office)[0].body))
    assert (beat.boot, beat.uptime_ms, beat.device_time) == (pier.journal.boot, 12_500, pier.clock.now())
    assert (beat.queue, beat.paper, beat.agreement, beat.last_sync) == (1, "ready", 1, None)
    pier.rounds.greet()
    assert parse_heartbeat(json.loads(heartbeats_of(office)[1].body)).last_sync == pier.clock.now()


def replayed(office: Office) -> Callable[[Asked], Reply]:
    first = office.verdict_on(b"the request of an hour ago")
    return lambda asked: json_reply(200, first)


def altered(office: Office) -> Callable[[Asked], Reply]:
    def answer(asked: Asked) -> Reply:
        verdict = office.verdict_on(asked.body)
        return json_reply(200, {**verdict, "body": verdict["body"].replace('"kiosk":4', '"kiosk":4 ')})

    return answer


# What a harbour's network, a broken proxy or somebody in between may answer instead of the office.
UNBELIEVED: dict[str, Callable[[Office], Callable[[Asked], Reply]]] = {
    "portal page": lambda office: lambda asked: Reply(200, b"<html>Welcome aboard</html>", "text/html"),
    "empty 200": lambda office: lambda asked: Reply(200, b""),
    "204 to everything": lambda office: lambda asked: Reply(204),
    "redirect to a log-in": lambda office: (
        lambda asked: Reply(302, b"", "text/html", {"Location": "http://127.0.0.1:9/"})
    ),
    "network log-in 511": lambda office: lambda asked: Reply(511, b"log in", "text/plain"),
    "bad gateway": lambda office: lambda asked: Reply(502, b"<html>", "text/html"),
    "unsigned all accepted": lambda office: lambda asked: json_reply(200, {"items": [], "server_time": 5}),
    "a list": lambda office: lambda asked: json_reply(200, []),
    "half of it": lambda office: lambda asked: Reply(200, json.dumps(office.verdict_on(asked.body)).encode()[:-9]),
    "very deep": lambda office: lambda asked: Reply(200, b'{"body":' + b"[" * 100_000),
    "replayed": replayed,
    "altered": altered,
    "of another kiosk": lambda office: lambda asked: json_reply(200, office.verdict_on(asked.body, kiosk=5)),
    "signed by a stranger": lambda office: lambda asked: json_reply(200, _by_stranger(office, asked)),
    "unsigned suspension": lambda office: lambda asked: problem(403, "kiosk_suspended"),
    "unsigned not allowed": lambda office: lambda asked: problem(403, "not_allowed"),
    "too many": lambda office: lambda asked: problem(429, "too_many_tries"),
}


def _by_stranger(office: Office, asked: Asked) -> dict[str, str]:
    own, office.private = office.private, signing.generate_private_key()
    try:
        return office.verdict_on(asked.body)
    finally:
        office.private = own


@pytest.mark.parametrize("name", UNBELIEVED)
def test_what_the_office_did_not_sign_changes_nothing(
    pier: Machine, office: Office, time_now: MovedClock, name: str
) -> None:
    pier.clock.trusted = False
    before = _everything(pier)
    office.instead = UNBELIEVED[name](office)
    assert not pier.rounds.greet()
    assert _everything(pier) == before
    assert pier.heartbeats.trouble is not None
    office.instead = lambda asked: None
    assert pier.rounds.greet(), "and the next honest answer counts"
    assert pier.heartbeats.trouble is None


def _everything(pier: Machine) -> dict[str, Any]:
    """All that a kiosk holds, on disk and on its screen."""
    with closing(sqlite3.connect(pier.folder.journal)) as connection:
        tables = {
            table: connection.execute(f"SELECT * FROM {table}").fetchall()
            for table in ("boots", "offsets", "blocks", "items")
        }
    files = [pier.folder.identity.read_bytes(), pier.folder.agreement.read_bytes()]
    screen = {name: value for name, value in screen_state(pier).items() if name != "trouble"}
    return {"tables": tables, "files": files, "screen": screen, "age": pier.heartbeats.answer_age()}


@contextmanager
def listening(answer: bytes | None) -> Iterator[str]:
    """A server that sends these bytes and closes, or says nothing at all."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        lines: list[socket.socket] = []

        def work() -> None:
            try:
                line, _ = door.accept()
            except OSError:
                return
            lines.append(line)
            line.recv(65_536)
            if answer is not None:
                line.sendall(answer)
                line.close()

        thread = threading.Thread(target=work)
        thread.start()
        yield f"http://127.0.0.1:{door.getsockname()[1]}"
        for line in lines:
            line.close()
        thread.join()


def test_a_dead_line_and_a_silent_one_are_the_same_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.uplink.ANSWER_SECONDS", 0.2)
    private = signing.generate_private_key()
    with closing(Uplink("http://127.0.0.1:9", "4.1", private)) as uplink, pytest.raises(UplinkUnavailable):
        uplink.get("/kiosk/agreement")
    with (
        listening(None) as address,
        closing(Uplink(address, "4.1", private)) as uplink,
        pytest.raises(UplinkUnavailable),
    ):
        uplink.get("/kiosk/agreement")


def test_an_answer_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.uplink.ANSWER_BYTES_MAX", 100_000)
    bomb = gzip.compress(b'{"a":"' + b"x" * 10_000_000)
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n"
    with (
        listening(head % len(bomb) + bomb) as address,
        closing(Uplink(address, "4.1", signing.generate_private_key())) as uplink,
        pytest.raises(UplinkUnavailable),
    ):
        uplink.get("/kiosk/agreement")


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (problem(404, "not_found"), UplinkRefused),
        (problem(403, "kiosk_suspended"), KioskRevoked),
        (problem(429, "too_many_tries"), UplinkUnavailable),
        (problem(503, "database_away"), UplinkUnavailable),
        (json_reply(404, {"code": "not_found"}), UplinkUnavailable),
        (json_reply(404, {"detail": "?"}, "application/problem+json"), UplinkUnavailable),
    ],
)
def test_there_are_three_kinds_of_trouble(pier: Machine, office: Office, reply: Reply, error: type[Exception]) -> None:
    office.instead = lambda asked: reply
    with pytest.raises(error) as trouble:
        pier.uplink.get("/kiosk/agreement", {"since": "0"})
    assert type(trouble.value) is error


def test_todays_figures_are_shown_and_odd_ones_are_not(pier: Machine, office: Office, time_now: MovedClock) -> None:
    pier.rounds.greet()
    assert screen_state(pier)["today"] == {"grams": 18_432, "acts": 128}
    office.today = {"acts": -1, "points": 0, "reduction_grams": 3}
    time_now.move(61)
    pier.rounds.greet()
    assert screen_state(pier)["today"] is None


@pytest.mark.parametrize(
    "body",
    [
        {"data": [{"epoch": 1, "counter": "1"}], "next": None},
        {"data": "all", "next": None},
        {"data": [5], "next": None},
        {"data": [], "next": {"deep": 1}},
        {},
    ],
)
def test_news_of_uses_that_cannot_be_read_take_nothing_off_the_screen(
    pier: Machine, office: Office, body: dict[str, Any]
) -> None:
    from kiosk.issue import CodeRequest

    shown = pier.touches.begin(CodeRequest(9, 0, None, "single"), by_touch=True)
    office.instead = lambda asked: json_reply(200, body) if asked.path.endswith("/uses") else None
    pier.rounds.hear_uses()
    assert pier.touches.show(shown.id).state == "showing"
