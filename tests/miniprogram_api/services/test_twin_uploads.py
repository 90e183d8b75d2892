"""Two machines with one key send their journals at one moment: two codes on one counter never pass unnoticed."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from scenes.wire.kinds import KIND_TICKET
from tests.miniprogram_api.cast import NOON, PIER, Stage
from tests.miniprogram_api.journals import Machine, notices
from tests.miniprogram_api.services.test_correction_races import at_once
from tests.miniprogram_api.services.test_reversals import whole

CLEAN_PLATE, ROUNDS, PATIENCE_SECONDS = 6, 3, 8
BLOCKED = "SELECT count(*) FROM pg_locks WHERE relation = 'journal_items'::regclass AND NOT granted"


def machine_and_copy(stage: Stage) -> tuple[Machine, Machine]:
    """Both know the same last item, which the office has."""
    first = Machine(stage)
    first.start()
    first.upload()
    return first, first.copied()


def issue_on_one_counter(stage: Stage, *machines: Machine) -> list[bytes]:
    """Each prints a ticket on the next counter, with a nonce of its own; answers the uploads."""
    stage.counter += 1
    number = stage.counter
    for place, machine in enumerate(machines):
        nonce = bytes([place]) * 6
        machine.start()
        machine.issued(stage.code(CLEAN_PLATE, KIND_TICKET, counter=number, nonce=nonce))
    return [machine.body(machine.documents[-2:]) for machine in machines]


def upload_of(machine: Machine, body: bytes) -> Callable[[Session], object]:
    def upload(session: Session) -> None:
        there = copy.copy(machine)
        there.stage = replace(machine.stage, session=session)
        there.upload(body=body)

    return upload


def twin_notices(stage: Stage) -> int:
    return notices(stage).count("twin")


# SQLite lets one write at a time; what holds there the next test shows.
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_two_uploads_of_which_neither_saw_the_other_raise_the_alarm(stage: Stage) -> None:
    machines = machine_and_copy(stage)
    bodies = issue_on_one_counter(stage, *machines)
    with stage.engine.connect() as door:
        door.execute(text("LOCK TABLE journal_items IN SHARE ROW EXCLUSIVE MODE"))  # read by all, written by none

        def open_the_door(_: Session) -> None:
            until = time.monotonic() + PATIENCE_SECONDS
            while door.execute(text(BLOCKED)).scalar_one() < len(machines):
                assert time.monotonic() < until, "both wait with what they have judged"
            door.rollback()

        uploads = [upload_of(machine, body) for machine, body in zip(machines, bodies, strict=True)]
        assert at_once(stage, [*uploads, open_the_door]) == {"done": 3}
    assert twin_notices(stage) == 1
    assert stage.rows(f"SELECT state FROM kiosks WHERE id = {PIER}") == [("suspended",)]


def test_uploads_at_once_raise_one_alarm_for_each_counter(stage: Stage) -> None:
    for number in range(ROUNDS):
        machines = machine_and_copy(stage)
        bodies = issue_on_one_counter(stage, *machines)
        uploads = [upload_of(machine, body) for machine, body in zip(machines, bodies, strict=True)]
        assert at_once(stage, uploads) == {"done": 2}
        assert twin_notices(stage) == number + 1
    assert stage.rows(f"SELECT state, state_since FROM kiosks WHERE id = {PIER}") == [("suspended", NOON)]
    assert whole(stage)


def test_an_upload_that_comes_again_after_staff_have_looked_suspends_nobody_anew(stage: Stage) -> None:
    machines = machine_and_copy(stage)
    bodies = issue_on_one_counter(stage, *machines)
    for machine, body in zip(machines, bodies, strict=True):
        machine.upload(body=body)
    with stage.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE kiosks SET state = 'active', state_since = {NOON}")
    before = stage.rows("SELECT * FROM notices ORDER BY id"), stage.count("audit_events")
    machines[0].upload(body=bodies[0])
    assert stage.rows("SELECT state FROM kiosks") == [("active",)]
    assert (stage.rows("SELECT * FROM notices ORDER BY id"), stage.count("audit_events")) == before


def test_one_code_that_two_uploads_bring_is_no_twin(stage: Stage) -> None:
    pier = Machine(stage)
    pier.start()
    pier.issued(stage.code(CLEAN_PLATE, KIND_TICKET))
    assert at_once(stage, [upload_of(pier, pier.body()) for _ in range(3)]) == {"done": 3}
    assert notices(stage) == []
