"""The jobs of the island as the console shows them. Nothing is started from here: they keep their own time."""

from __future__ import annotations

from typing import Annotated, Any

from miniprogram_api.db import db
from miniprogram_api.queries.jobs import ROUND_SECONDS, jobs_now, runs_page
from miniprogram_api.queries.sessions import StaffCaller
from miniprogram_api.routes.api import STAFF, Answer, Calls, Moment, PublicId, surroundings, text
from miniprogram_api.routes.paging import Page

calls = Calls("staff", "jobs")


class RunsPage(Page):
    """`job`: of this one alone."""

    job: Annotated[str, text(64)] | None = None


class JobTrouble(Answer):
    """`why`: differences (with how many and the first ones), away, error (with its kind), ended, taken_over."""

    why: str
    count: int | None = None
    first: list[str] | None = None
    error: str | None = None


class JobRunAnswer(Answer):
    """`state`: running, done, failed. `units`: how many units of work were done."""

    id: PublicId
    job: str
    state: str
    started_at: Moment
    ended_at: Moment | None
    units: int
    detail: JobTrouble | None


class JobAnswer(Answer):
    """`at`: each day at this time of the island, null when it is done in every round. `late`: should have been done."""

    job: str
    at: str | None
    last: JobRunAnswer | None
    next_at: Moment
    late: bool


class JobRunner(Answer):
    """The process that does the jobs; `alive` until its lease runs out."""

    holder: str
    until: Moment
    alive: bool


class JobsAnswer(Answer):
    """`runner` is null as long as no process ever did the jobs."""

    now: Moment
    round_seconds: int
    jobs: list[JobAnswer]
    runner: JobRunner | None


class JobRuns(Answer):
    data: list[JobRunAnswer]
    next: str | None


@calls.get("/staff/jobs", caller=STAFF, answer=JobsAnswer)
def list_jobs(person: StaffCaller) -> dict[str, Any]:
    """Every job with its last and its next run"""
    now = surroundings().clock.now()
    return {"now": now, "round_seconds": ROUND_SECONDS, **jobs_now(db.session(), now)}


@calls.get("/staff/jobs/runs", caller=STAFF, query=RunsPage, answer=JobRuns)
def list_job_runs(person: StaffCaller, query: RunsPage) -> dict[str, Any]:
    """What was done and when, newest first"""
    return runs_page(db.session(), query.job, query.cursor, query.limit)
