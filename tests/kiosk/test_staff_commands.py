"""The commands with which staff set a running kiosk's clock, its PIN, and hold a code before a simulated scanner."""

from __future__ import annotations

import http.client
import io
import time
from contextlib import closing

import pytest

from kiosk.__main__ import main
from kiosk.control import ask_process, read_control
from kiosk.folder import KioskFolder
from kiosk.island_time import written_time
from scenes.wire.journal import ClockSet
from tests.kiosk.office import Office, problem
from tests.kiosk.test_commands import running
from tests.kiosk.test_journal import items

STOP_SECONDS = 10.0  # below the fifteen that a page may wait for a scanner


def command(folder: KioskFolder, *arguments: str) -> int:
    return main([*arguments, "--data", str(folder.path.parent.parent)])


@pytest.fixture
def out_of_touch(office: Office, folder: KioskFolder) -> Office:
    """The office answers nothing any more, and this machine has no battery clock."""
    folder.settings.write_text("battery_clock = false\n")
    office.instead = lambda asked: problem(503, "database_away")
    return office


def test_the_clock_of_a_running_kiosk_is_set(
    folder: KioskFolder, out_of_touch: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    now = written_time(int(time.time()) + 600)[:16]
    with running(folder):
        assert ask_process(folder, "GET", "/api/state")["clock"] == {"trusted": False}
        assert command(folder, "clock", folder.name, now) == 0
        assert ask_process(folder, "GET", "/api/state")["clock"] == {"trusted": True}
    [item] = [item for item in items(folder) if isinstance(item.content, ClockSet)]
    assert isinstance(item.content, ClockSet)
    assert written_time(item.content.set_to)[:16] == now
    assert item.content.by.startswith("operator ")
    assert item.head.clock == "trusted"
    assert "trusted until" in capsys.readouterr().out


def test_a_clock_that_stands_still_or_a_slip_is_not_set(
    folder: KioskFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(folder, "clock", folder.name, "2026-11-23 10:15") == 1
    assert "Start it first" in capsys.readouterr().err
    assert command(folder, "clock", folder.name, "tomorrow") == 1
    assert command(folder, "clock", "nobody", "2026-11-23 10:15") == 1
    assert not folder.journal.exists()


def test_the_pin_is_set_from_the_terminal(
    folder: KioskFolder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("123\n"))
    assert command(folder, "pin", folder.name) == 1
    assert not folder.staff_pin.exists()
    monkeypatch.setattr("sys.stdin", io.StringIO("204518\n"))
    assert command(folder, "pin", folder.name) == 0
    assert "204518" not in folder.staff_pin.read_text() + capsys.readouterr().out


def test_a_code_is_held_before_the_simulated_scanner(folder: KioskFolder) -> None:
    with running(folder):
        assert command(folder, "scan", folder.name, "ABC") == 0
        assert ask_process(folder, "GET", "/api/scans?after=0") == {"newest": 1, "texts": ["ABC"]}
    assert command(folder, "scan", folder.name, "ABC") == 1


def test_a_kiosk_stops_at_once_while_its_page_waits_for_the_scanner(folder: KioskFolder) -> None:
    with running(folder):
        control = read_control(folder)
        assert control is not None
        line = http.client.HTTPConnection("127.0.0.1", control.port, timeout=30)
        line.request("GET", "/api/scans?after=0")
        ask_process(folder, "GET", "/api/state")  # lines are taken in their order
        began = time.monotonic()
    assert time.monotonic() - began < STOP_SECONDS
    with closing(line):
        assert line.getresponse().status == 200
