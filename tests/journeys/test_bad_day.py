"""A bad day: processes die, the server is away, the island moves to another port. Nothing is lost, nothing doubled."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from miniprogram_api.commands.addresses import port_is_free
from tests.journeys.callers import Caller, counter, member
from tests.journeys.running_island import RunningIsland, start_island, two_free_ports


def eventually(holds: Callable[[], bool], seconds: float = 30) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.1)
    return holds()


def answers(address: str) -> bool:
    try:
        return httpx.get(address, timeout=5).status_code == 200
    except httpx.TransportError:
        return False


@pytest.fixture
def bad_island(tmp_path: Path) -> Iterator[RunningIsland]:
    """An island of its own, for tests that break it."""
    running = start_island(tmp_path / "island", two_free_ports())
    yield running
    if running.process.poll() is None:
        running.stop()


def test_what_dies_comes_back_and_a_ticket_from_in_between_is_credited_once(bad_island: RunningIsland) -> None:
    server = bad_island.document["server"]
    with httpx.Client(base_url=server, timeout=20) as client:
        mei = member(client, {"code": "sim:mei"})
        before = mei.scan(bad_island.code("island-bus")).json()["points"]

        (gunicorn, *_) = bad_island.processes("gunicorn")
        os.killpg(gunicorn, signal.SIGKILL)
        ticket = bad_island.code("clean-plate", "--ticket")
        for kiosk in bad_island.processes("kiosk run"):
            os.kill(kiosk, signal.SIGKILL)

        assert eventually(lambda: answers(f"{server}/readyz"))
        assert eventually(lambda: answers(f"{bad_island.document['kiosk']}/api/state"))
        assert "The server stopped (exit -9); it starts again" in bad_island.printed
        assert "The pier's kiosk stopped (exit -9); it starts again" in bad_island.printed

        assert mei.scan(ticket, key="after-the-storm").status_code == 201
        assert mei.scan(ticket, key="after-the-storm").status_code == 201
        assert mei.scan(ticket, key="another-try").json()["code"] == "code_already_used"
        assert mei.balance["available"] == before + 5


def test_stopping_leaves_no_process_and_a_later_start_elsewhere_goes_on(bad_island: RunningIsland) -> None:
    document = bad_island.document
    with httpx.Client(base_url=document["server"], timeout=20) as client:
        mei = member(client, {"code": "sim:mei"})
        token = mei.headers
        mei.scan(bad_island.code("ferry-arrival"))
    left = bad_island.processes("")
    assert left

    began = time.monotonic()
    assert bad_island.stop() == 0
    assert time.monotonic() - began < 15
    assert [number for number in left if Path(f"/proc/{number}").exists()] == []
    assert port_is_free(bad_island.port)
    assert port_is_free(bad_island.port + 1)

    again = start_island(bad_island.data, two_free_ports())
    try:
        assert again.document["server"] == f"http://127.0.0.1:{again.port}"
        assert again.document["merchants"] == document["merchants"]
        with httpx.Client(base_url=again.document["server"], timeout=20) as client:
            mei = Caller(client, token)
            assert mei.balance["available"] == 10
            assert mei.scan(again.code("island-bus", "--group")).json()["points"] == 5
            assert counter(client, document["merchants"][0]).get("merchant/redemptions").status_code == 200
    finally:
        again.stop(signal.SIGINT)
