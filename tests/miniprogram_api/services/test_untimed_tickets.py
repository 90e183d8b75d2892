"""Tickets of a kiosk that didn't know the time, handed in at the very moment at which its journal tells it."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

import pytest
from sqlalchemy.orm import Session

from miniprogram_api.books.directory import Directory
from miniprogram_api.domain.refusals import CodeAlreadyUsed
from miniprogram_api.domain.rules import Rule
from miniprogram_api.services.earning import Scan, Scanned, record_scan
from scenes.wire.kinds import KIND_TICKET
from tests.miniprogram_api.cast import NOON, Stage, token_hash
from tests.miniprogram_api.journals import Machine
from tests.miniprogram_api.services.test_correction_races import at_once
from tests.miniprogram_api.test_races import check_books

CLEAN_PLATE, POINTS = 6, 5
DAY, HOUR, ROUNDS = 86_400, 3600, 3
Happening = Callable[[], object]


class Meanwhile(Directory):
    """A directory in which something happens when a rule is looked up: `first` once, which is between a scan's look
    into the journal and its own commit, and `later` at each time after that."""

    def __init__(self, stage: Stage, first: Happening, later: Happening) -> None:
        super().__init__(stage.engine)
        self._first, self._later = [first], later

    def rule(self, scene: int, moment: int) -> Rule | None:
        happens = self._first.pop() if self._first else self._later
        happens()
        return super().rule(scene, moment)


class WorkerDied(BaseException):
    """Nothing of ours catches this."""


def nothing() -> None:
    pass


def dies_once_it_is_committed(stage: Stage) -> Happening:
    def happens() -> None:
        if stage.count("acts"):
            raise WorkerDied

    return happens


@pytest.fixture
def pier(stage: Stage) -> Iterator[Machine]:
    """Its clock stands in 1970."""
    machine = Machine(stage, slow_by=NOON, trusted=False)
    yield machine
    check_books(stage)


def printed(stage: Stage, pier: Machine) -> str:
    """A ticket without a time, printed an hour ago; its journal item waits to be sent."""
    pier.start()
    code = stage.code(CLEAN_PLATE, KIND_TICKET, issued_at=0)
    pier.issued(code)
    stage.clock.advance(HOUR)
    return code


def scan_while(stage: Stage, code: str, first: Happening, later: Happening = nothing) -> Scanned:
    island = replace(stage.island, directory=Meanwhile(stage, first, later))
    with Session(stage.engine) as session:
        return record_scan(session, Scan(token_hash("mei"), code, key="k1"), island, stage.clock)


def upload_of(pier: Machine) -> Happening:
    """The upload of another process: a connection of its own."""

    def upload() -> None:
        with Session(pier.stage.engine) as session:
            there = copy.copy(pier)
            there.stage = replace(pier.stage, session=session)
            there.upload()

    return upload


def test_the_journal_that_comes_in_while_the_ticket_is_scanned_gives_it_its_time(stage: Stage, pier: Machine) -> None:
    code = printed(stage, pier)
    scanned = scan_while(stage, code, upload_of(pier))
    assert (scanned.act["state"], scanned.act["occurred_at"], scanned.act["points"]) == ("credited", NOON, POINTS)
    assert scanned.balance.available == POINTS
    again = stage.scan("mei", code, key="k1")
    assert (again.act["id"], again.act["state"]) == (scanned.act["id"], "credited")
    assert stage.count("reviews WHERE code = 'clock_known' AND decided_by IS NULL") == 1
    assert stage.balance("mei")[0] == POINTS


def test_the_phones_repeat_brings_the_time_where_the_worker_died_before_it_could(stage: Stage, pier: Machine) -> None:
    code = printed(stage, pier)
    with pytest.raises(WorkerDied):
        scan_while(stage, code, upload_of(pier), dies_once_it_is_committed(stage))
    assert stage.rows("SELECT state, reason FROM acts") == [("pending", "clock_untrusted")]
    assert stage.scan("mei", code, key="k1").act["state"] == "credited"
    with pytest.raises(CodeAlreadyUsed):
        stage.scan("mei", code, key="another")
    assert stage.balance("mei")[0] == POINTS


def test_scan_and_journal_at_once_never_leave_a_ticket_without_its_time(stage: Stage, pier: Machine) -> None:
    for number in range(ROUNDS):
        code = printed(stage, pier)
        scan = Scan(token_hash("mei"), code, key=f"k{number}")
        scans = partial(record_scan, scan=scan, island=stage.island, clock=stage.clock)
        upload = upload_of(pier)
        assert at_once(stage, [scans, lambda _, upload=upload: upload()]) == {"done": 2}
        assert stage.balance("mei")[0] == POINTS * (number + 1)
        stage.clock.advance(DAY)
    assert stage.count("reviews") == stage.count("acts WHERE state = 'pending'")


def test_a_ticket_that_is_too_old_by_the_journals_time_is_refused_and_the_answer_says_so(
    stage: Stage, pier: Machine
) -> None:
    code = printed(stage, pier)
    stage.clock.advance(15 * DAY)
    scanned = scan_while(stage, code, upload_of(pier))
    assert (scanned.act["decision"], scanned.act["decision_code"]) == ("refused", "code_expired")
    assert stage.balance("mei") == (0, 0, 0)


def test_without_a_time_in_the_journal_the_ticket_waits_on(stage: Stage, pier: Machine) -> None:
    code = printed(stage, pier)
    pier.start()
    stage.clock.advance(HOUR)
    scanned = scan_while(stage, code, upload_of(pier))
    assert (scanned.act["state"], scanned.act["reason"]) == ("pending", "clock_untrusted")
    assert stage.count("reviews") == 0
