"""The jobs as the console shows them: what each did last, when it comes next, and what of it needs a person."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from miniprogram_api.db import public_id
from miniprogram_api.domain.jobs import (
    LATE_SECONDS,
    ROUND_SECONDS,
    TIMETABLE,
    Past,
    Schedule,
    due_since,
    is_due,
    is_late,
    next_at,
)
from miniprogram_api.models import JobLease, JobRun
from miniprogram_api.queries.paging import after_cursor, page

__all__ = ["ROUND_SECONDS", "jobs_due", "jobs_in_need", "jobs_now", "past_of", "runs_page"]

LEASE = "jobs"
# Broken off by itself; the next round does it again and nobody has to look.
MENDED_ALONE = ("ended", "taken_over", "away")


def jobs_due(session: Session, now: int) -> list[str]:
    """The jobs that have to be done now, in the order of the timetable."""
    return [each.job for each in TIMETABLE if is_due(each, past_of(session, each.job, due_since(each, now)), now)]


def past_of(session: Session, job: str, since: int) -> Past:
    """What is known of the runs that began since then; a run that found a trouble has come to its end too."""
    rows = session.execute(
        select(JobRun.state, JobRun.detail, JobRun.started_at)
        .where(JobRun.job == job, JobRun.started_at >= since)
        .order_by(JobRun.started_at.desc(), JobRun.id.desc())
    ).all()
    completed = (row.started_at for row in rows if row.state == "done" or _detail(row.detail).get("count") is not None)
    return Past(rows[0].started_at if rows else None, next(completed, None))


def jobs_now(session: Session, now: int) -> dict[str, Any]:
    """Every job of the timetable, and who does them."""
    return {"jobs": [_job(session, schedule, now) for schedule in TIMETABLE], "runner": _runner(session, now)}


def runs_page(session: Session, job: str | None, cursor: str | None, limit: int) -> dict[str, Any]:
    """The runs of one job, or of all, newest first: {data, next}."""
    statement = select(*JobRun.__table__.columns)
    if job is not None:
        statement = statement.where(JobRun.job == job)
    statement = after_cursor(statement, cursor, JobRun.started_at, JobRun.id).limit(limit + 1)
    rows, following = page(list(session.execute(statement)), limit, "started_at", "id")
    return {"data": [_run(row) for row in rows], "next": following}


def jobs_in_need(session: Session, now: int) -> list[dict[str, Any]]:
    """What staff have to know today: the books differ, a job failed, nobody does the jobs."""
    found = []
    lease = _lease(session)
    if lease is not None and now - lease.until > LATE_SECONDS:
        found.append({"kind": "jobs_stopped", "id": "jobs", "name": "", "since": lease.until, "count": 1})
    for schedule in TIMETABLE:
        ended = _last(session, schedule.job, ended=True)
        detail = _detail(ended.detail) if ended is not None else {}
        if ended is not None and ended.state == "failed" and detail.get("why") not in MENDED_ALONE:
            found.append(_need(ended, detail))
    return found


def _need(run: Any, detail: dict[str, Any]) -> dict[str, Any]:
    kind = "books_differ" if detail.get("why") == "differences" else "job_failed"
    count = detail.get("count", 1)
    return {"kind": kind, "id": run.job, "name": run.job, "since": run.started_at, "count": count}


def _job(session: Session, schedule: Schedule, now: int) -> dict[str, Any]:
    last = _last(session, schedule.job)
    past = Past(last.started_at if last else None)
    if schedule.at is not None:
        past = past_of(session, schedule.job, due_since(schedule, now))
    running = last is not None and last.state == "running"
    return {
        "job": schedule.job,
        "at": schedule.clock_time,
        "last": None if last is None else _run(last),
        "next_at": next_at(schedule, past, now),
        "late": not running and is_late(schedule, past, now),
    }


def _last(session: Session, job: str, ended: bool = False) -> Any:
    statement = select(*JobRun.__table__.columns).where(JobRun.job == job)
    if ended:
        statement = statement.where(JobRun.state != "running")
    return session.execute(statement.order_by(JobRun.started_at.desc(), JobRun.id.desc()).limit(1)).first()


def _run(row: Any) -> dict[str, Any]:
    return {
        "id": public_id(row.id),
        "job": row.job,
        "state": row.state,
        "started_at": row.started_at,
        "ended_at": row.ended_at,
        "units": row.units,
        "detail": _detail(row.detail) or None,
    }


def _detail(text: str) -> dict[str, Any]:
    """What was noted; runs of earlier versions noted one word."""
    if not text.startswith("{"):
        return {"why": "error", "error": text} if text else {}
    noted: dict[str, Any] = json.loads(text)
    return noted


def _runner(session: Session, now: int) -> dict[str, Any] | None:
    lease = _lease(session)
    return None if lease is None else {"holder": lease.holder, "until": lease.until, "alive": lease.until > now}


def _lease(session: Session) -> Any:
    return session.execute(select(JobLease.holder, JobLease.until).where(JobLease.name == LEASE)).one_or_none()
