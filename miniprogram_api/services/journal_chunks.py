"""Some items of a journal in one transaction: what came before is answered again, the rest is judged and written."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from miniprogram_api.books.entries import new_entry_id
from miniprogram_api.books.journals import Place, StoredItem, add_items, items_at
from miniprogram_api.books.notices import raise_notice
from miniprogram_api.books.prepared import Writes
from miniprogram_api.books.readings import add_readings
from miniprogram_api.db import standing_alone, use_case
from miniprogram_api.domain.refusals import KioskSuspended, Refusal
from miniprogram_api.domain.rules import KioskStanding
from miniprogram_api.services.island import Island
from miniprogram_api.services.journal_chains import UNREADABLE, Chains
from miniprogram_api.services.journal_items import Sent
from miniprogram_api.services.journal_times import TimedCode, Times
from miniprogram_api.services.read_batches import judge_readings
from miniprogram_api.services.readings import add_judged
from miniprogram_api.services.what_was_read import Reader, Reading
from scenes.wire.journal import CodeRead
from scenes.wire.resident_card import DAY_SECONDS
from scenes.wire.verdict import ItemVerdict, best_result, worst_result

CREDITED, DUPLICATE, REFUSED = "credited", "duplicate", "refused:"
FAULT = "refused:fault"


@dataclass(frozen=True)
class Results:
    """What became of an item and of its lines, in the words of a verdict."""

    result: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Upload:
    """What the items of one upload are judged with."""

    kiosk: int
    chains: Chains
    times: Times
    island: Island

    @property
    def reader(self) -> Reader:
        return Reader(self._place_at, kiosk_id=self.kiosk)

    def _place_at(self, moment: int) -> KioskStanding:
        directory = self.island.directory
        place = directory.kiosk(self.kiosk, moment)
        if place is None:  # of a kiosk of this very second
            directory.forget()
            place = directory.kiosk(self.kiosk, moment)
        assert place is not None, "a kiosk stays, and this one has just signed"
        return place

    @property
    def is_over(self) -> bool:
        """A retired kiosk's journal is taken for 30 days."""
        days = self.island.limits.journal_days
        return self.chains.state == "retired" and self.times.now > self.chains.state_since + days * DAY_SECONDS

    def reading(self, sent: Sent) -> Reading:
        """The item as a reading: with its corrected time, and what kiosk and chain make of it."""
        assert sent.item is not None
        assert sent.held is not None
        assert isinstance(sent.item.content, CodeRead)
        content, corrected = sent.item.content, self.times.corrected(sent.head)
        waits, bars = self._standing_at(sent.head.epoch, corrected)
        if waits is None and sent.boot in self.chains.twins:
            waits = "kiosk_copied"
        is_link = sent.hash not in self.chains.apart
        return Reading(
            self.reader,
            sent.held,
            content.lines,
            sent.head.claimed_at,
            corrected,
            self.times.now,
            content.clerk,
            sent.boot if is_link else None,
            sent.seq if is_link else None,
            waits,
            bars,
        )

    def _standing_at(self, epoch: int, moment: int | None) -> tuple[str | None, Refusal | None]:
        """Why an act of that moment has to wait, or can't count, for the state the kiosk or its key is in."""
        state, since = self.chains.standing_of(epoch)
        after = moment is not None and moment >= since
        if state == "lost":
            return (None, KioskSuspended()) if after else ("kiosk_lost", None)
        return ("kiosk_suspended" if after and state in ("suspended", "retired") else None), None

    def timed_codes(self, sent: Sequence[Sent]) -> list[TimedCode]:
        """Codes that were issued, as far as it is known when."""
        found = []
        for each in sent:
            corrected = None if each.code is None else self.times.corrected(each.head)
            if each.code is not None and corrected is not None:
                found.append(TimedCode(each.code, corrected))
        return found

    def row(self, sent: Sent, results: Results) -> dict[str, Any]:
        """The item as it is kept."""
        item, code, now = sent.item, sent.code, self.times.now
        return {
            "id": new_entry_id(),
            "kiosk_id": self.kiosk,
            "boot": sent.boot,
            "seq": sent.seq,
            "hash": sent.stored_hash,
            "kind": item.content.kind if item else UNREADABLE,
            "body": sent.body,
            "apart": int(item is None or sent.hash in self.chains.apart),
            "epoch": code and code.epoch,
            "counter": code and code.counter,
            "nonce": code and code.nonce,
            "claimed_at": item.head.claimed_at if item else now,
            "corrected_at": self.times.corrected(item.head) if item else None,
            "received_at": now,
            "result": results.result,
            "lines": json.dumps(results.lines),
            "worst": worst_result((results.result, *results.lines)),
        }


@use_case
def take_chunk(session: Session, upload: Upload, sent: Sequence[Sent]) -> list[ItemVerdict]:
    """Judge and write these items, in this order; each verdict stands where its item does."""
    with standing_alone(session) as connection:
        stored = items_at(connection, upload.kiosk, {(each.boot, each.seq) for each in sent})
        results = {each.stored_hash: _again(each, stored) for each in sent}
        fresh = [each for each in sent if results[each.stored_hash] is None]
        if fresh:
            results |= _take(connection, upload, fresh)
    return [_verdict(each, results[each.stored_hash]) for each in sent]


@use_case
def keep_fault(session: Session, upload: Upload, sent: Sent) -> ItemVerdict:
    """An item over which we ourselves stumble is kept for the staff, and holds up nothing."""
    results = Results(FAULT, (FAULT,) * sent.lines)
    with standing_alone(session) as connection:
        stored = _again(sent, items_at(connection, upload.kiosk, {(sent.boot, sent.seq)}))
        if stored is not None:
            return _verdict(sent, stored)
        writes = Writes(connection, batch=True)
        add_items(writes, [upload.row(sent, results)])
        _tell_of_poison(writes, upload, sent, FAULT)
        writes.commit()
    return _verdict(sent, results)


def _verdict(sent: Sent, results: Results | None) -> ItemVerdict:
    assert results is not None, "each item was judged"
    return ItemVerdict(sent.boot, sent.seq, sent.hash, results.result, results.lines)


def _again(sent: Sent, stored: dict[Place, list[StoredItem]]) -> Results | None:
    """What came before is a duplicate, but for what was refused then; None for what is new."""
    known = [item for item in stored.get((sent.boot, sent.seq), ()) if item.hash == sent.stored_hash]
    if not known:
        return None
    return Results(_repeated(known[0].result), tuple(_repeated(line) for line in known[0].lines))


def _repeated(result: str) -> str:
    return result if result.startswith(REFUSED) else DUPLICATE


def _take(connection: Connection, upload: Upload, fresh: Sequence[Sent]) -> dict[str, Results]:
    read = [] if upload.is_over else [each for each in fresh if each.held is not None]
    batch = judge_readings(connection, [upload.reading(each) for each in read], upload.island) if read else None
    judged = dict(zip((each.stored_hash for each in read), batch.results if batch else (), strict=True))
    results = {each.stored_hash: _without_judging(each, upload) for each in fresh}
    for digest, lines in judged.items():
        words = tuple(line.result for line in lines)
        results[digest] = Results(best_result(words), words)
    writes = Writes(connection, batch=True)
    if batch is not None:
        add_readings(writes, sorted(batch.readings, key=lambda row: (row["holder"], row["slot"] or 0, row["id"])))
    add_items(writes, [upload.row(each, results[each.stored_hash]) for each in fresh])
    if batch is not None:
        add_judged(writes, batch, upload.times.now)
    for each in fresh:
        if each.item is None:
            _tell_of_poison(writes, upload, each, results[each.stored_hash].result)
    writes.commit()
    return results


def _without_judging(sent: Sent, upload: Upload) -> Results:
    """Starts, clocks and issued codes are taken; what can't be read, or comes from a kiosk long retired, is not."""
    refusal = KioskSuspended() if upload.is_over else sent.refusal
    result = CREDITED if refusal is None else f"{REFUSED}{refusal.code}"
    return Results(result, (result,) * sent.lines)


def _tell_of_poison(writes: Writes, upload: Upload, sent: Sent, result: str) -> None:
    details = {"boot": sent.boot, "seq": sent.seq, "hash": sent.stored_hash, "result": result}
    raise_notice(writes, "poison_item", ("kiosk", upload.kiosk), details, upload.times.now)
