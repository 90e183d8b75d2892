"""The console shows the jobs: last and next runs, history in pages, what needs a person."""

from __future__ import annotations

from typing import Any

import pytest
from apiflask import APIFlask
from sqlalchemy import text

from miniprogram_api.commands.jobs import Runner
from miniprogram_api.domain.jobs import TIMETABLE
from miniprogram_api.services.appointments import NewPerson, appoint_person
from tests.miniprogram_api.cast import Stage, shop
from tests.miniprogram_api.routes.speech import answered, refused
from tests.miniprogram_api.routes.staff.test_people import PASSWORD, Desk


@pytest.fixture
def lin(app: APIFlask, stage: Stage) -> Desk:
    appoint_person(stage.session, NewPerson("lin", "林", PASSWORD, "operator", None), "system:test", stage.clock)
    desk = Desk(app)
    answered(desk.sign_in("lin"), 201)
    return desk


def job_of(shown: dict[str, Any], name: str) -> dict[str, Any]:
    [job] = [job for job in shown["jobs"] if job["job"] == name]
    return dict(job)


def test_before_the_first_round_every_job_is_late_and_nobody_does_them(lin: Desk) -> None:
    shown = answered(lin("GET", "jobs"))
    assert shown["runner"] is None
    assert [(job["job"], job["at"], job["last"], job["late"]) for job in shown["jobs"]] == [
        ("expire_vouchers", None, None, True),
        ("expire_points", None, None, True),
        ("silent_kiosks", None, None, True),
        ("forget_uses", None, None, True),
        ("daily_sums", "01:10", None, True),
        ("refuse_half_walks", "02:10", None, True),
        ("reconcile", "03:30", None, True),
        ("remind_members", "10:00", None, True),
    ]
    assert answered(lin("GET", "today"))["needs_person"] == []


def test_after_a_round_each_job_shows_its_last_and_its_next_run(lin: Desk, stage: Stage) -> None:
    Runner(stage.engine, stage.clock, "one").run_all()
    shown = answered(lin("GET", "jobs"))
    assert (shown["runner"]["holder"], shown["runner"]["alive"]) == ("one", True)
    assert [(job["last"]["state"], job["last"]["detail"], job["late"]) for job in shown["jobs"]] == [
        ("done", None, False)
    ] * len(TIMETABLE)
    assert job_of(shown, "reconcile")["next_at"] == "2026-11-23T03:30:00+08:00"
    stage.clock.advance(3600)
    later = answered(lin("GET", "jobs"))
    assert (later["runner"]["alive"], later["jobs"][0]["late"]) == (False, True)
    assert [need["kind"] for need in answered(lin("GET", "today"))["needs_person"]] == ["jobs_stopped"]


def test_books_that_differ_stand_on_the_first_page_and_in_the_run(lin: Desk, stage: Stage) -> None:
    shop(stage)
    with stage.engine.begin() as connection:
        connection.execute(text("UPDATE merchant_balances SET payable_fen = 5"))
    Runner(stage.engine, stage.clock, "one").run_all()
    last = job_of(answered(lin("GET", "jobs")), "reconcile")["last"]
    assert (last["state"], last["detail"]["why"], last["detail"]["count"]) == ("failed", "differences", 1)
    assert "payable_fen is 5, the books say 0" in last["detail"]["first"][0]
    need = answered(lin("GET", "today"))["needs_person"][0]
    assert (need["kind"], need["id"], need["count"]) == ("books_differ", "reconcile", 1)


def test_the_runs_come_in_pages_newest_first_of_one_job_or_of_all(lin: Desk, stage: Stage) -> None:
    runner = Runner(stage.engine, stage.clock, "one")
    for _ in range(3):
        runner.run_all()
        stage.clock.advance(60)
    first = answered(lin("GET", "jobs/runs?job=expire_points&limit=2"))
    rest = answered(lin("GET", f"jobs/runs?job=expire_points&limit=2&cursor={first['next']}"))
    rows = first["data"] + rest["data"]
    assert (len(rows), rest["next"], {row["job"] for row in rows}) == (3, None, {"expire_points"})
    assert [row["started_at"] for row in rows] == sorted((row["started_at"] for row in rows), reverse=True)
    nightly = sum(schedule.at is not None for schedule in TIMETABLE)
    assert len(answered(lin("GET", "jobs/runs"))["data"]) == 3 * len(TIMETABLE) - 2 * nightly
    assert answered(lin("GET", "jobs/runs?job=nothing"))["data"] == []
    refused(lin("GET", "jobs/runs?limit=0"), 422, "invalid_fields")


def test_no_job_can_be_started_from_the_console(lin: Desk, stage: Stage) -> None:
    for path in ("jobs", "jobs/runs"):
        refused(lin("POST", path, {"job": "reconcile"}), 405, "method_not_allowed")
    assert stage.count("job_runs") == 0
