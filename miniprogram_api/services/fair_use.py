"""Sign-ins that wait: allowances that hold on all machines together, kept in the database; and what is forgotten of
them, and of phones, by time."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import ceil

from sqlalchemy import Connection, case, delete, literal, select, update
from sqlalchemy.orm import Session

from miniprogram_api.books.prepared import INSERT
from miniprogram_api.clock import Clock
from miniprogram_api.db import BIG, transaction, use_case
from miniprogram_api.domain.calendar import DAY_SECONDS
from miniprogram_api.domain.fair_use import COUNTED_IN_DATABASE, Allowance
from miniprogram_api.domain.refusals import TooManyTries
from miniprogram_api.models import PhoneMember, UsedAllowance
from miniprogram_api.services.leases import Fence, renew_lease

MARK_BYTES = 16
# A month's guests are counted to its last day, and a journal brings readings of up to thirty days ago.
PHONES_KEPT_SECONDS = 62 * DAY_SECONDS
_LONGEST_MS = max(round(allowance.whole_seconds * 1000) for allowance in COUNTED_IN_DATABASE)


@dataclass(frozen=True)
class Asker:
    """Whom something is counted for: an address or a phone, hashed with the server's key."""

    key: bytes
    value: str

    def mark(self, allowance: Allowance) -> bytes:
        text = f"{allowance.name}\0{self.value}".encode("utf-8", "replace")
        return hashlib.blake2b(text, digest_size=MARK_BYTES, key=self.key).digest()


def phone_mark(key: bytes, device: str | None) -> str | None:
    """What a phone is known by; the random value that its browser keeps is kept by nobody else."""
    return device and hashlib.blake2b(device.encode("ascii"), digest_size=MARK_BYTES, key=key).hexdigest()


@use_case
def take_one(session: Session, allowance: Allowance, asker: Asker, clock: Clock) -> None:
    """Take one of an allowance; of two at once on two machines each takes its own. Raises TooManyTries with the seconds
    to wait, and then nothing was taken."""
    now_ms, mark = clock.now() * 1000, asker.mark(allowance)
    with transaction(session) as connection:
        if _take(connection, mark, allowance, now_ms):
            return
        full_at = connection.execute(select(UsedAllowance.full_at_ms).where(UsedAllowance.mark == mark)).scalar_one()
    missing = min(full_at - now_ms, _whole_ms(allowance))
    wait_ms = missing + _each_ms(allowance) - _whole_ms(allowance)
    raise TooManyTries(why="sign_ins", retry_after=ceil(max(wait_ms, 1) / 1000))


@contextmanager
def a_try(session: Session, allowance: Allowance, asker: Asker, clock: Clock) -> Iterator[None]:
    """What is done inside counts unless it succeeds: tries at one moment can't pass the limit together. Raises
    TooManyTries."""
    take_one(session, allowance, asker, clock)
    yield
    _give_back(session, allowance, asker)


def _take(connection: Connection, mark: bytes, allowance: Allowance, now_ms: int) -> bool:
    """The row says when the store is full again; a clock that was put back makes nobody wait longer than that."""
    full_at, now = UsedAllowance.full_at_ms, literal(now_ms, BIG)
    each, whole = literal(_each_ms(allowance), BIG), literal(_whole_ms(allowance), BIG)
    missing = case((full_at <= now, literal(0, BIG)), (full_at > now + whole, whole), else_=full_at - now)
    first = INSERT[connection.dialect.name](UsedAllowance).values(mark=mark, full_at_ms=now + each)
    taken = first.on_conflict_do_update(
        index_elements=[UsedAllowance.mark],
        set_={"full_at_ms": now + missing + each},
        where=missing + each <= whole,
    ).returning(UsedAllowance.mark)
    return connection.execute(taken).first() is not None


@use_case
def _give_back(session: Session, allowance: Allowance, asker: Asker) -> None:
    mine = UsedAllowance.mark == asker.mark(allowance)
    given_back = update(UsedAllowance).where(mine).values(full_at_ms=UsedAllowance.full_at_ms - _each_ms(allowance))
    with transaction(session) as connection:
        connection.execute(given_back)


def _each_ms(allowance: Allowance) -> int:
    return round(allowance.seconds_each * 1000)


def _whole_ms(allowance: Allowance) -> int:
    return allowance.at_once * _each_ms(allowance)


@use_case
def forget_uses(session: Session, fence: Fence, clock: Clock) -> int:
    """Remove what says nothing any more: allowances that are full again, phones of two months ago. Answers how many
    rows. Raises LeaseLost."""
    renew_lease(session, fence, clock)
    now = clock.now()
    with transaction(session) as connection:
        over = (UsedAllowance.full_at_ms <= now * 1000) | (UsedAllowance.full_at_ms > now * 1000 + _LONGEST_MS)
        allowances = connection.execute(delete(UsedAllowance).where(over)).rowcount
        old = PhoneMember.created_at < now - PHONES_KEPT_SECONDS
        return allowances + connection.execute(delete(PhoneMember).where(old)).rowcount
