"""A member code or card that is read online: each line judged for itself, all that counts or waits in one transaction.

Kiosks tell of theirs in the journal; services/journal.py judges those with the same `judge_readings`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from miniprogram_api.books.ledger import BalanceChange, earn_balances
from miniprogram_api.books.notices import raise_notice
from miniprogram_api.books.prepared import Writes
from miniprogram_api.books.readings import add_readings
from miniprogram_api.books.reviews import add_reviews
from miniprogram_api.db import standing_alone, use_case
from miniprogram_api.services.acts import add_bookings
from miniprogram_api.services.island import Island
from miniprogram_api.services.read_batches import Batch, judge_readings
from miniprogram_api.services.what_was_read import LineResult, Reader, Reading

__all__ = ["LineResult", "Read", "Reader", "Reading", "judge_reading"]


@dataclass(frozen=True)
class Read:
    """The reading that was recorded, and what became of each line."""

    reading_id: int
    lines: tuple[LineResult, ...]


Also = Callable[[Writes, int, Sequence[LineResult]], None]


def _nothing_more(writes: Writes, reading_id: int, results: Sequence[LineResult]) -> None:
    """For callers that keep nothing of their own."""


@use_case
def judge_reading(session: Session, reading: Reading, island: Island, also: Also = _nothing_more) -> Read:
    """Judge one reading and book it; `also` adds the caller's own rows, which name the reading's id and what became of
    its lines, to the same transaction. Raises the first line's refusal when every line is refused, and then nothing was
    written."""
    with standing_alone(session) as connection:
        batch = judge_readings(connection, [reading], island)
        [lines] = batch.results
        if not batch.readings:
            refusals = [line.refusal for line in lines if line.refusal is not None]
            raise refusals[0]
        reading_id: int = batch.readings[0]["id"]
        writes = Writes(connection, batch=True)
        add_readings(writes, batch.readings)
        also(writes, reading_id, lines)
        add_judged(writes, batch, reading.now)
        writes.commit()
    return Read(reading_id, tuple(lines))


def add_judged(writes: Writes, batch: Batch, now: int) -> None:
    """Everything that was decided but the readings themselves, which are claims and come before other claims."""
    if batch.bookings:
        add_bookings(writes, batch.bookings)
    if batch.reviews:
        add_reviews(writes, batch.reviews)
    for twice in batch.read_twice:
        raise_notice(writes, "read_twice", ("reading", twice["reading"]), {"places": twice["places"]}, now)
    earn_balances(writes, _changes(batch))


def _changes(batch: Batch) -> list[BalanceChange]:
    """One change of each member's balance, from the version that was read."""
    changes: dict[int, BalanceChange] = {}
    for booking in batch.bookings:
        member, more = booking.act["member_id"], booking.change
        before = changes.get(member) or BalanceChange(member, batch.crowd.standings[member].version)
        changes[member] = replace(
            before,
            available=before.available + more.available,
            debt=before.debt + more.debt,
            reduction_grams=before.reduction_grams + more.reduction_grams,
        )
    return list(changes.values())
