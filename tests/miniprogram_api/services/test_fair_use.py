"""Allowances in the database: exact at one moment, given back for what succeeds, forgotten by time."""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from miniprogram_api.commands.jobs import Runner
from miniprogram_api.domain.fair_use import Allowance
from miniprogram_api.domain.refusals import NotSignedIn, TooManyTries
from miniprogram_api.models import UsedAllowance
from miniprogram_api.services.fair_use import Asker, a_try, phone_mark, take_one
from tests.miniprogram_api.cast import NOON, Stage
from tests.miniprogram_api.services.test_correction_races import at_once

FIVE = Allowance("five", at_once=5, seconds_each=60)
KEY = bytes(range(50, 82))
FERRY, PIER = Asker(KEY, "203.0.113.7"), Asker(KEY, "203.0.113.8")


def take(stage: Stage, asker: Asker = FERRY, allowance: Allowance = FIVE) -> int:
    """0, or the seconds to wait."""
    try:
        take_one(stage.session, allowance, asker, stage.clock)
    except TooManyTries as refused:
        return int(refused.helps["retry_after"])
    return 0


def test_so_many_are_had_and_then_one_a_minute_each_for_its_own_address(stage: Stage) -> None:
    assert [take(stage) for _ in range(6)] == [0] * 5 + [60]
    assert take(stage, PIER) == 0
    assert take(stage, FERRY, Allowance("other", 5, 60)) == 0
    stage.clock.advance(59)
    assert take(stage) == 1
    stage.clock.advance(1)
    assert [take(stage), take(stage)] == [0, 60]


def test_of_twenty_at_one_moment_exactly_five_are_let_in(stage: Stage) -> None:
    wishes = [partial(_take, stage) for _ in range(20)]
    assert at_once(stage, wishes) == {"done": 5, "too_many_tries": 15}


def _take(stage: Stage, session: Session) -> None:
    take_one(session, FIVE, FERRY, stage.clock)


def test_what_succeeds_is_given_back_and_what_is_refused_counts(stage: Stage) -> None:
    for _ in range(20):
        with a_try(stage.session, FIVE, FERRY, stage.clock):
            pass
    for _ in range(5):
        with pytest.raises(NotSignedIn), a_try(stage.session, FIVE, FERRY, stage.clock):
            raise NotSignedIn
    with pytest.raises(TooManyTries), a_try(stage.session, FIVE, FERRY, stage.clock):
        raise AssertionError("nothing is tried any more")


def test_a_clock_that_was_put_back_makes_nobody_wait_longer_than_an_empty_store(stage: Stage) -> None:
    with stage.engine.begin() as connection:
        ahead = (NOON + 30 * 86_400) * 1000
        connection.execute(insert(UsedAllowance).values(mark=FERRY.mark(FIVE), full_at_ms=ahead))
    assert take(stage) == 60
    stage.clock.advance(1)
    assert take(stage) == 60
    Runner(stage.engine, stage.clock, "one").run_all()
    assert take(stage) == 0


def test_what_is_full_again_is_forgotten_by_the_next_round(stage: Stage) -> None:
    take(stage)
    stage.clock.advance(30)
    take(stage, PIER)
    stage.clock.advance(30)
    Runner(stage.engine, stage.clock, "one").run_all()
    assert stage.rows("SELECT mark FROM used_allowances") == [(PIER.mark(FIVE),)]


def test_nobody_tells_an_address_or_a_phone_without_the_key(stage: Stage) -> None:
    marks = {FERRY.mark(FIVE), PIER.mark(FIVE), Asker(bytes(range(60, 92)), FERRY.value).mark(FIVE)}
    assert len(marks) == 3
    assert phone_mark(KEY, None) is None
    assert phone_mark(KEY, "a") == phone_mark(KEY, "a") != phone_mark(bytes(range(60, 92)), "a")
    assert len(str(phone_mark(KEY, "a" * 64))) == 32


def test_the_database_takes_marks_of_one_length_only(stage: Stage) -> None:
    with pytest.raises(IntegrityError), stage.engine.begin() as connection:
        connection.execute(insert(UsedAllowance).values(mark=b"203.0.113.7", full_at_ms=1))
