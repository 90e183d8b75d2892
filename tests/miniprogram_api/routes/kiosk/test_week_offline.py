"""A week without network, with power cuts: the queues empty, each act has its true day, double uses are found."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from apiflask import APIFlask

from kiosk.intake import Intake
from kiosk.issue import CodeRequest, issue_kiosk_code
from kiosk.reading_lines import AskedLine
from kiosk.screen_state import screen_state
from tests.miniprogram_api.cast import BASE_URL, NOON, PIER, Stage
from tests.miniprogram_api.routes.kiosk.kiosks_at_sea import KioskAtSea, kiosk_on_the_line
from tests.miniprogram_api.test_reconcile import found as differences_found

DAY = 86_400
CABIN = 2
REFILL = AskedLine(9, 0, None)
PHOTOGRAPHED = (3, 5)  # on these days somebody shows a picture of mei's code at the other kiosk


@pytest.fixture
def disks(tmp_path: Path) -> Path:
    (tmp_path / "disks").mkdir()
    return tmp_path / "disks"


@pytest.fixture
def cabin(stage: Stage, app: APIFlask, tmp_path: Path) -> Iterator[KioskAtSea]:
    kiosk = kiosk_on_the_line(stage, app, tmp_path, CABIN, battery=False)
    yield kiosk
    kiosk.machine.close()


@pytest.fixture
def pier(stage: Stage, app: APIFlask, tmp_path: Path, cabin: KioskAtSea) -> Iterator[KioskAtSea]:
    kiosk = kiosk_on_the_line(stage, app, tmp_path, PIER)
    yield kiosk
    kiosk.machine.close()


def read(kiosk: KioskAtSea, code: str) -> None:
    machine = kiosk.machine
    Intake(machine.keeper, machine.clock, machine.journal, BASE_URL).take_member_code(code, (REFILL,))


def ticket(kiosk: KioskAtSea) -> str:
    return issue_kiosk_code(kiosk.machine.mint, CodeRequest(6, 0, None, "ticket"), by_touch=True).text


def days_of_acts(stage: Stage, who: str, state: str) -> list[int]:
    """Days since the beginning, as the books have the acts of this member."""
    whose = f"member_id = {stage.members[who]} AND state = '{state}'"
    found = stage.rows(f"SELECT occurred_at FROM acts WHERE {whose} ORDER BY occurred_at")
    return [(int(str(moment)) - NOON) // DAY for (moment,) in found]


def test_a_week_at_sea_is_told_truly_when_the_line_is_back(
    stage: Stage, pier: KioskAtSea, cabin: KioskAtSea, disks: Path
) -> None:
    for kiosk in (pier, cabin):
        kiosk.drain()
        kiosk.folder.cut.touch()
    for day in range(1, 8):
        stage.clock.set(NOON + day * DAY)
        pier.cut_power(disks)
        code = stage.member_code("mei")
        read(pier, code)
        paper = ticket(pier)
        pier.cut_power(disks)
        if day == PHOTOGRAPHED[0]:
            cabin.cut_power(disks)  # at sea, its clock stands in 1970
        if day in PHOTOGRAPHED:
            stage.clock.advance(40)
            read(cabin, code)
        stage.clock.advance(3_600)
        stage.scan("bo", paper)
    assert [screen_state(kiosk.machine)["cut"] for kiosk in (pier, cabin)] == [True, True]
    assert pier.machine.journal.queue_length() == 7 * 4
    for kiosk in (pier, cabin):
        kiosk.folder.cut.unlink()
        kiosk.drain()
    assert [kiosk.machine.journal.queue_length() for kiosk in (pier, cabin)] == [0, 0]
    assert days_of_acts(stage, "mei", "credited") == [1, 2, 3, 4, 5, 6, 7]
    assert days_of_acts(stage, "bo", "credited") == [1, 2, 3, 4, 5, 6, 7]
    check_that_both_double_uses_are_found(stage)
    assert [each.result for each in pier.machine.journal.queue.not_credited()] == []
    assert [each.result for each in cabin.machine.journal.queue.not_credited()] == ["pending", "pending"]
    check_that_a_second_time_changes_nothing(stage, pier, cabin)
    assert differences_found(stage.engine) == []


def check_that_both_double_uses_are_found(stage: Stage) -> None:
    """Mei has each minute once; the picture of it waits for the staff, who hear of both places."""
    assert days_of_acts(stage, "mei", "pending") == list(PHOTOGRAPHED)
    notices = stage.rows("SELECT details FROM notices WHERE kind = 'read_twice'")
    assert len(notices) == len(PHOTOGRAPHED)
    for (details,) in notices:
        places = json.dumps(json.loads(str(details))["places"])
        assert str(PIER) in places
        assert str(CABIN) in places


def check_that_a_second_time_changes_nothing(stage: Stage, *kiosks: KioskAtSea) -> None:
    """Every answer was lost, say; everything is sent again."""
    before = [stage.count(table) for table in ("acts", "entries", "journal_items", "readings", "notices")]
    for kiosk in kiosks:
        boots = stage.rows(f"SELECT boot FROM kiosk_boots WHERE kiosk_id = {kiosk.machine.identity.kiosk}")
        with kiosk.machine.journal._file.writing() as connection:
            for (boot,) in boots:
                kiosk.machine.journal.queue.send_again(connection, str(boot), 0)
        assert kiosk.machine.journal.queue_length() > 0
        kiosk.drain()
        assert kiosk.machine.journal.queue_length() == 0
    assert [stage.count(table) for table in ("acts", "entries", "journal_items", "readings", "notices")] == before
