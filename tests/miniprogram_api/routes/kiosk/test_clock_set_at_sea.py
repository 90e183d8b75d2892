"""Staff set a kiosk's clock where nobody else can: what was done before and after has its own day (R11)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest
from apiflask import APIFlask

from kiosk.clock_setting import set_clock
from kiosk.intake import Intake
from kiosk.issue import CodeRequest, issue_kiosk_code
from kiosk.reading_lines import AskedLine
from kiosk.reading_refusals import MinuteOver
from tests.miniprogram_api.cast import BASE_URL, NOON, Stage
from tests.miniprogram_api.routes.kiosk.kiosks_at_sea import KioskAtSea, kiosk_on_the_line
from tests.miniprogram_api.test_reconcile import found as differences_found

DAY, HOUR = 86_400, 3600
REFILL, PLATE = AskedLine(9, 0, None), CodeRequest(6, 0, None, "ticket")
# What the clock is wrong by when the kiosk starts at sea; None: it has no battery and stands in 1970. Such a clock and
# one behind the last item trust themselves no more; one that is ahead does, takes no member code, and is set back.
DOUBTED = {"in 1970": None, "days behind": -3 * DAY}
TRUSTED = {"days ahead": 3 * DAY, "hours ahead": 8 * HOUR}
ERRORS = {**DOUBTED, **TRUSTED}
BEFORE, SET, AFTER = NOON + 10 * HOUR, NOON + 11 * HOUR, NOON + 13 * HOUR  # midnight on the island lies between


@dataclass
class Sailor:
    """A kiosk with a wrong clock, and the two who were read there before and after it was set."""

    kiosk: KioskAtSea
    name: str
    ticket: str = ""

    def read(self, who: str) -> None:
        machine = self.kiosk.machine
        intake = Intake(machine.keeper, machine.clock, machine.journal, BASE_URL)
        intake.take_member_code(self.kiosk.stage.member_code(f"{self.name}, {who}"), (REFILL,))


@pytest.fixture
def disks(tmp_path: Path) -> Path:
    (tmp_path / "disks").mkdir()
    return tmp_path / "disks"


@pytest.fixture
def sailors(stage: Stage, app: APIFlask, tmp_path: Path, disks: Path) -> list[Sailor]:
    """They went to sea at noon; then each was switched off and on, and its clock was wrong."""
    found = []
    for number, (name, error) in enumerate(ERRORS.items(), start=2):
        for who in ("before", "after"):
            stage.member(f"{name}, {who}")
        kiosk = kiosk_on_the_line(stage, app, tmp_path, number)
        kiosk.drain()
        kiosk.battery, kiosk.clock_error = error is not None, error or 0
        found.append(Sailor(kiosk, name))
    stage.clock.set(BEFORE)
    for sailor in found:
        sailor.kiosk.cut_power(disks)
        if sailor.name in DOUBTED:
            sailor.read("before")
            continue
        with pytest.raises(MinuteOver):
            sailor.read("before")
    stage.clock.set(SET)
    for sailor in found:
        set_clock(sailor.kiosk.machine, SET, "lin")
    stage.clock.set(AFTER)
    for sailor in found:
        sailor.read("after")
        sailor.ticket = issue_kiosk_code(sailor.kiosk.machine.mint, PLATE, by_touch=True).text
    return found


def ashore(stage: Stage, sailors: list[Sailor]) -> None:
    """Two days later all of it is told."""
    stage.clock.set(AFTER + 2 * DAY)
    for sailor in sailors:
        sailor.kiosk.drain()
        assert sailor.kiosk.machine.journal.queue_length() == 0
        sailor.kiosk.machine.close()


def judged(stage: Stage, who: str) -> dict[str, tuple[object, object]]:
    """State and moment of the one act of each who was read then."""
    found = {}
    for name in ERRORS:
        member = stage.members[f"{name}, {who}"]
        for state, moment in stage.rows(f"SELECT state, occurred_at FROM acts WHERE member_id = {member}"):
            assert name not in found, "once"
            found[name] = (state, moment)
    return found


def all_credited(moment: int, names: Iterable[str]) -> dict[str, tuple[object, object]]:
    return dict.fromkeys(names, ("credited", moment))


def check_the_tickets(stage: Stage, sailors: list[Sailor]) -> None:
    """Printed after the clock was set, they carry their time."""
    for sailor in sailors:
        act = stage.scan(f"{sailor.name}, after", sailor.ticket).act
        assert (act["state"], act["occurred_at"]) == ("credited", AFTER), sailor.name


def test_the_start_that_comes_ashore_tells_all_of_it(stage: Stage, sailors: list[Sailor]) -> None:
    ashore(stage, sailors)
    assert judged(stage, "before") == all_credited(BEFORE, DOUBTED)
    assert judged(stage, "after") == all_credited(AFTER, ERRORS)
    check_the_tickets(stage, sailors)
    assert differences_found(stage.engine) == []


def test_a_start_that_was_once_in_touch_is_measured_by_that(stage: Stage, sailors: list[Sailor], disks: Path) -> None:
    stage.clock.set(AFTER + HOUR)
    for sailor in sailors:
        assert sailor.kiosk.machine.heartbeats.beat() is not None
        sailor.kiosk.battery, sailor.kiosk.clock_error = True, 0
        sailor.kiosk.cut_power(disks)
    ashore(stage, sailors)
    assert judged(stage, "before") == all_credited(BEFORE, DOUBTED)
    assert judged(stage, "after") == all_credited(AFTER, ERRORS)
    check_the_tickets(stage, sailors)
    assert differences_found(stage.engine) == []


def test_of_a_start_that_was_never_in_touch_only_what_came_after_is_believed(
    stage: Stage, sailors: list[Sailor], disks: Path
) -> None:
    for sailor in sailors:
        sailor.kiosk.battery, sailor.kiosk.clock_error = True, 0
        sailor.kiosk.cut_power(disks)
    ashore(stage, sailors)
    before = judged(stage, "before")
    assert before.keys() == DOUBTED.keys(), "nothing is lost"
    assert {state for state, _ in before.values()} == {"pending"}, "nothing is credited on a day that isn't its own"
    moments = [int(str(moment)) for _, moment in before.values()]
    assert all(abs(moment - BEFORE) <= 60 for moment in moments), "the minute that the phone showed"
    assert judged(stage, "after") == all_credited(AFTER, ERRORS)
    check_the_tickets(stage, sailors)
    assert differences_found(stage.engine) == []
