"""What each run of a job did, for the console and for whoever asks why."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.orm import Session

from miniprogram_api.clock import Clock
from miniprogram_api.db import transaction, use_case
from miniprogram_api.models import JobRun
from miniprogram_api.services.leases import Fence

RUNS_KEPT = 400  # of each job; older ones say nothing that anybody still asks


class JobFailed(Exception):
    """The job came to its end, and what it found is a trouble. `units` of work were done; `detail` says `why`."""

    def __init__(self, units: int, **detail: Any) -> None:
        super().__init__(detail["why"])
        self.units = units
        self.detail = detail


@dataclass(frozen=True)
class Run:
    """One run under way."""

    number: int
    job: str


@use_case
def begin_run(session: Session, job: str, fence: Fence, clock: Clock) -> Run:
    """Note that a job has begun."""
    with transaction(session) as connection:
        number = connection.execute(
            insert(JobRun)
            .values(job=job, fence=fence.number, state="running", started_at=clock.now(), units=0, detail="")
            .returning(JobRun.id)
        ).scalar_one()
    return Run(number, job)


@use_case
def end_run(session: Session, run: Run, state: str, units: int, clock: Clock, **detail: Any) -> None:
    """Note how it ended, done or failed, with how many units of work, and forget the oldest runs of this job.

    A run that another process has given up on by now stays as it was noted.
    """
    values = {"state": state, "units": units, "detail": _written(detail), "ended_at": clock.now()}
    with transaction(session) as connection:
        open_still = (JobRun.id == run.number, JobRun.state == "running")
        connection.execute(update(JobRun).where(*open_still).values(values))
        _forget_oldest(connection, run.job)


@use_case
def give_up_runs(session: Session, fence: Fence, clock: Clock) -> None:
    """Runs of processes that are gone won't end any more: the holder of the lease, between two runs, says so."""
    values = {"state": "failed", "detail": _written({"why": "ended"}), "ended_at": clock.now()}
    abandoned = (JobRun.state == "running", JobRun.fence <= fence.number)
    with transaction(session) as connection:
        connection.execute(update(JobRun).where(*abandoned).values(values))


def _written(detail: dict[str, Any]) -> str:
    return json.dumps(detail, ensure_ascii=False) if detail else ""


def _forget_oldest(connection: Connection, job: str) -> None:
    newest = select(JobRun.id).where(JobRun.job == job).order_by(JobRun.id.desc())
    oldest_kept = newest.offset(RUNS_KEPT - 1).limit(1).scalar_subquery()
    connection.execute(delete(JobRun).where(JobRun.job == job, JobRun.id < oldest_kept))
