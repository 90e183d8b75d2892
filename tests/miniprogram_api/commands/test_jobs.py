"""Jobs end what is overdue and check the books at night, by one process at a time; who was away catches up."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import text

from miniprogram_api.commands import jobs as command
from miniprogram_api.commands.jobs import JOBS, Runner
from miniprogram_api.db import DatabaseAway
from miniprogram_api.domain.jobs import RETRY_SECONDS, TIMETABLE
from miniprogram_api.queries.jobs import jobs_in_need
from miniprogram_api.services.job_runs import RUNS_KEPT, Run, begin_run, end_run
from miniprogram_api.services.leases import LEASE_SECONDS, Fence, LeaseLost, renew_lease, take_lease
from tests.miniprogram_api.cast import Stage, shop
from tests.miniprogram_api.services.test_vouchers import exchange, rich

DAY, HOUR = 86_400, 3600
HALF_PAST_THREE = 15 * HOUR + 1800  # from the stage's noon to 03:30 of the next day


def runner_of(stage: Stage, holder: str = "one") -> Runner:
    return Runner(stage.engine, stage.clock, holder)


def runs(stage: Stage, job: str) -> list[tuple[Any, dict[str, Any]]]:
    """State and detail of each run of this job, oldest first."""
    rows = stage.rows(f"SELECT state, detail FROM job_runs WHERE job = '{job}' ORDER BY id")
    return [(state, json.loads(str(detail)) if detail else {}) for state, detail in rows]


def needs(stage: Stage) -> list[tuple[str, str, int]]:
    found = jobs_in_need(stage.session, stage.clock.now())
    stage.session.rollback()
    return [(need["kind"], need["id"], need["count"]) for need in found]


def edit_a_balance(stage: Stage, by: int = 1) -> None:
    """Somebody with the owner's rights gives chen's shop money that no redemption explains."""
    with stage.engine.begin() as connection:
        connection.execute(text(f"UPDATE merchant_balances SET payable_fen = payable_fen + {by}"))


def test_every_job_has_its_row_in_the_timetable_and_every_row_its_job() -> None:
    assert [schedule.job for schedule in TIMETABLE] == list(JOBS)


def test_a_round_ten_days_late_ends_overdue_vouchers_and_then_their_dead_points(stage: Stage) -> None:
    item = shop(stage)
    rich(stage)
    exchange(stage, item)
    runner = runner_of(stage)
    done = runner.run_all()
    assert done is not None
    assert (done["expire_vouchers"], done["expire_points"]) == (0, 0)
    stage.clock.advance(500 * DAY)
    done = runner.run_all()
    assert done is not None
    assert (done["expire_vouchers"], done["expire_points"]) == (1, 1)
    # 60 points were earned in 2026 and live to the end of 2027; those that were held got seven days more.
    assert stage.balance("mei")[:2] == (35, 0)
    stage.clock.advance(8 * DAY)
    done = runner.run_all()
    assert done is not None
    assert (done["expire_vouchers"], done["expire_points"]) == (0, 1)
    assert stage.balance("mei")[:2] == (0, 0)
    assert stage.rows("SELECT DISTINCT state FROM job_runs") == [("done",)]


def test_a_second_process_waits_while_the_first_holds_the_lease_and_takes_over_when_it_is_gone(stage: Stage) -> None:
    first, second = runner_of(stage), runner_of(stage, "two")
    assert first.run_all() is not None
    assert second.run_all() is None
    stage.clock.advance(LEASE_SECONDS + 1)
    assert second.run_all() is not None
    assert first.run_all() is None


def test_the_books_are_checked_once_a_night_and_not_in_every_round(stage: Stage) -> None:
    runner = runner_of(stage)
    assert "reconcile" in (runner.run_all() or {})
    stage.clock.advance(60)
    assert "reconcile" not in (runner.run_all() or {})
    stage.clock.advance(HALF_PAST_THREE - 61)
    assert "reconcile" not in (runner.run_all() or {})
    stage.clock.advance(1)
    assert "reconcile" in (runner.run_all() or {})
    assert runs(stage, "reconcile") == [("done", {})] * 2
    assert needs(stage) == []


def test_nights_that_were_slept_through_are_made_up_for_by_one_check(stage: Stage) -> None:
    runner = runner_of(stage)
    runner.run_all()
    stage.clock.advance(5 * DAY)
    assert "reconcile" in (runner.run_all() or {})
    stage.clock.advance(60)
    assert "reconcile" not in (runner.run_all() or {})
    assert len(runs(stage, "reconcile")) == 2


def test_books_that_differ_are_a_failed_run_with_the_first_differences_and_a_need_until_a_whole_night(
    stage: Stage,
) -> None:
    shop(stage)
    edit_a_balance(stage)
    runner = runner_of(stage)
    assert (runner.run_all() or {})["reconcile"] is None
    sentence = "merchant_balances 0000000000000047: payable_fen is 1, the books say 0"
    assert runs(stage, "reconcile") == [("failed", {"why": "differences", "count": 1, "first": [sentence]})]
    assert needs(stage) == [("books_differ", "reconcile", 1)]
    stage.clock.advance(RETRY_SECONDS)
    assert "reconcile" not in (runner.run_all() or {}), "it came to its end; the night's answer stands"
    edit_a_balance(stage, -1)
    stage.clock.advance(DAY)
    runner.run_all()
    assert needs(stage) == []


def test_the_check_changes_nothing_in_the_books(stage: Stage) -> None:
    shop(stage)
    edit_a_balance(stage)
    runner_of(stage).run_all()
    assert stage.rows("SELECT payable_fen FROM merchant_balances") == [(1,)]


def test_a_job_that_fails_holds_back_no_other_and_is_tried_again_after_a_while(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_given: object) -> int:
        raise ZeroDivisionError

    checks = JOBS["reconcile"]
    for job in ("expire_vouchers", "reconcile"):
        monkeypatch.setitem(JOBS, job, fail)
    runner = runner_of(stage)
    assert runner.run_all() == {
        "expire_vouchers": None,
        "expire_points": 0,
        "silent_kiosks": 0,
        "forget_uses": 0,
        "daily_sums": 0,
        "refuse_half_walks": 0,
        "reconcile": None,
        "remind_members": 0,
    }
    assert runs(stage, "reconcile") == [("failed", {"why": "error", "error": "ZeroDivisionError"})]
    assert needs(stage) == [("job_failed", "expire_vouchers", 1), ("job_failed", "reconcile", 1)]
    stage.clock.advance(60)
    assert "reconcile" not in (runner.run_all() or {})
    monkeypatch.setitem(JOBS, "reconcile", checks)
    stage.clock.advance(RETRY_SECONDS)
    assert "reconcile" in (runner.run_all() or {})
    assert needs(stage) == [("job_failed", "expire_vouchers", 1)]


def test_a_database_that_is_away_fails_the_run_and_needs_nobody(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_given: object) -> int:
        raise DatabaseAway("gone")

    monkeypatch.setitem(JOBS, "reconcile", away)
    runner_of(stage).run_all()
    assert runs(stage, "reconcile") == [("failed", {"why": "away"})]
    assert needs(stage) == []


def test_a_run_of_a_process_that_died_is_given_up_by_the_next_round(stage: Stage) -> None:
    fence = take_lease(stage.session, "dead", stage.clock)
    assert fence is not None
    begin_run(stage.session, "reconcile", fence, stage.clock)
    stage.clock.advance(LEASE_SECONDS + 1)
    runner_of(stage).run_all()
    assert runs(stage, "reconcile")[0] == ("failed", {"why": "ended"})
    assert "running" not in {state for state, _ in runs(stage, "reconcile")}


def test_a_process_that_wakes_up_after_another_took_over_writes_no_end(stage: Stage) -> None:
    fence = take_lease(stage.session, "asleep", stage.clock)
    assert fence is not None
    run = begin_run(stage.session, "reconcile", fence, stage.clock)
    stage.clock.advance(LEASE_SECONDS + 1)
    runner_of(stage).run_all()
    end_run(stage.session, run, "done", 7, stage.clock)
    with pytest.raises(LeaseLost):
        renew_lease(stage.session, fence, stage.clock)
    assert runs(stage, "reconcile")[0] == ("failed", {"why": "ended"})


def test_a_long_check_keeps_the_lease(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    other: list[object] = []

    def slow(_connection: object, step: Any) -> Any:
        for _ in range(4):
            stage.clock.advance(LEASE_SECONDS // 2)
            step(1)
            other.append(take_lease(stage.session, "two", stage.clock))
        yield from ()

    monkeypatch.setattr("miniprogram_api.commands.reconcile.differences", slow)
    assert (runner_of(stage).run_all() or {})["reconcile"] == 4
    assert other == [None] * 4


def test_of_each_job_the_newest_runs_are_kept(stage: Stage) -> None:
    fence = Fence(1)
    with stage.engine.begin() as connection:
        for number in range(RUNS_KEPT + 5):
            connection.execute(
                text(
                    "INSERT INTO job_runs (job, fence, state, started_at, units, detail) "
                    f"VALUES ('expire_points', 1, 'done', {number}, 0, '')"
                )
            )
    run = begin_run(stage.session, "expire_points", fence, stage.clock)
    begin_run(stage.session, "reconcile", fence, stage.clock)
    end_run(stage.session, run, "done", 0, stage.clock)
    assert stage.rows("SELECT COUNT(*), MIN(started_at) FROM job_runs WHERE job = 'expire_points'") == [(RUNS_KEPT, 6)]
    assert len(runs(stage, "reconcile")) == 1
    assert isinstance(run, Run)


def test_a_round_by_hand_says_what_was_done_and_whether_something_failed(capsys: pytest.CaptureFixture[str]) -> None:
    assert command._say({"expire_points": 2, "reconcile": None}) == 1
    assert command._say({"expire_points": 0}) == 0
    assert command._say(None) == 0
    assert capsys.readouterr().out.splitlines() == [
        "expire_points: 2, reconcile: failed",
        "expire_points: 0",
        "Another process does the jobs.",
    ]
