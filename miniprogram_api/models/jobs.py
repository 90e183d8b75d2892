"""What happens on a clock: who may do it now, and what each run did."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from miniprogram_api.db import BIG, Base
from miniprogram_api.models.columns import Moment, Number, Word, Words


class JobLease(Base):
    """One process at a time does the jobs. `fence` rises with each holder and is checked in each unit of work."""

    __tablename__ = "job_leases"

    name: Mapped[Word] = mapped_column(primary_key=True)
    holder: Mapped[Word]
    fence: Mapped[Number]
    until: Mapped[Moment]


class JobRun(Base):
    __tablename__ = "job_runs"
    __table_args__ = (
        CheckConstraint("state IN ('running', 'done', 'failed')", name="state_known"),
        Index("ix_job_runs_job", "job", "started_at"),
        Index("ix_job_runs_started", "started_at", "id"),
    )

    id: Mapped[int] = mapped_column(BIG, primary_key=True)
    job: Mapped[Word]
    fence: Mapped[Number]
    state: Mapped[Word]
    started_at: Mapped[Moment]
    ended_at: Mapped[Moment | None]
    units: Mapped[Number] = mapped_column(default=0)  # how many units of work were done
    detail: Mapped[Words] = mapped_column(default="")
