"""Jobs are done by one process at a time: it holds a lease, and its fence stands in each unit of work."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, String, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from miniprogram_api.books.ledger import number
from miniprogram_api.books.prepared import Prepared, Writes
from miniprogram_api.clock import Clock
from miniprogram_api.db import transaction, use_case
from miniprogram_api.models import JobLease

LEASE = "jobs"
LEASE_SECONDS = 90


class LeaseLost(Exception):
    """Another process holds the lease by now; nothing more may be written with this fence."""


@dataclass(frozen=True)
class Fence:
    """A number that rises with each holder."""

    number: int


@use_case
def take_lease(session: Session, holder: str, clock: Clock) -> Fence | None:
    """Take the lease, or keep it longer; None while another process holds it."""
    now = clock.now()
    with transaction(session) as connection:
        lease = connection.execute(select(JobLease).where(JobLease.name == LEASE)).first()
        if lease is None:
            return _first_lease(connection, holder, now)
        mine = lease.holder == holder
        if not mine and lease.until > now:
            return None
        fence = lease.fence if mine else lease.fence + 1
        taken = connection.execute(
            update(JobLease)
            .where(JobLease.name == LEASE, JobLease.fence == lease.fence, JobLease.holder == lease.holder)
            .values(holder=holder, fence=fence, until=now + LEASE_SECONDS)
            .returning(JobLease.fence)
        ).first()
    return Fence(fence) if taken else None


@use_case
def renew_lease(session: Session, fence: Fence, clock: Clock) -> None:
    """A long job stays the holder's while it goes on. Raises LeaseLost when another process has taken over."""
    with transaction(session) as connection:
        hold_lease(connection, fence, clock.now())


def hold_lease(connection: Connection, fence: Fence, now: int) -> None:
    """The same among the writes of a unit of work, which counts only while its fence is the newest."""
    mine = (JobLease.name == LEASE, JobLease.fence == fence.number)
    if connection.execute(update(JobLease).where(*mine).values(until=now + LEASE_SECONDS)).rowcount != 1:
        raise LeaseLost


def _first_lease(connection: Connection, holder: str, now: int) -> Fence | None:
    try:
        connection.execute(insert(JobLease).values(name=LEASE, holder=holder, fence=1, until=now + LEASE_SECONDS))
    except IntegrityError:
        return None
    return Fence(1)


_KEEP = Prepared(
    lambda dialect, rows: (
        update(JobLease)
        .where(JobLease.name == bindparam("lease", type_=String()), JobLease.fence == number("fence"))
        .values(fence=number("fence"))
        .returning(JobLease.fence)
    )
)


def keep_fence(writes: Writes, fence: Fence) -> None:
    """A unit of work counts only while its fence is the newest, else LeaseLost; the row is locked to its end."""
    writes.change(_KEEP, {"lease": LEASE, "fence": fence.number}, LeaseLost)
