"""What each run of a job did, for the console and for whoever asks why."""

from __future__ import annotations

from sqlalchemy import insert, update
from sqlalchemy.orm import Session

from miniprogram_api.clock import Clock
from miniprogram_api.db import transaction, use_case
from miniprogram_api.models import JobRun
from miniprogram_api.services.leases import Fence


@use_case
def begin_run(session: Session, job: str, fence: Fence, clock: Clock) -> int:
    """Note that a job has begun; answers the run's number."""
    with transaction(session) as connection:
        number: int = connection.execute(
            insert(JobRun)
            .values(job=job, fence=fence.number, state="running", started_at=clock.now(), units=0, detail="")
            .returning(JobRun.id)
        ).scalar_one()
    return number


@use_case
def end_run(session: Session, run: int, state: str, units: int, detail: str, clock: Clock) -> None:
    """Note how it ended: done or failed, with how many units of work."""
    with transaction(session) as connection:
        connection.execute(
            update(JobRun).where(JobRun.id == run).values(state=state, units=units, detail=detail, ended_at=clock.now())
        )
