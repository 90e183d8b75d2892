"""A till or desk confirms what a guest did: it reads the guest's member code or card, one to eight acts at once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from miniprogram_api.books.ledger import insert_new
from miniprogram_api.books.prepared import Writes
from miniprogram_api.clock import Clock
from miniprogram_api.db import new_id, public_id
from miniprogram_api.domain.refusals import IdempotencyConflict, InvalidFields, NotAllowed, ProofNotAllowed, Refusal
from miniprogram_api.models import DeskAct
from miniprogram_api.services.held_codes import HeldCode, open_held_code
from miniprogram_api.services.island import Island
from miniprogram_api.services.readings import judge_reading
from miniprogram_api.services.tills import Till, needs_record, till_of
from miniprogram_api.services.what_was_read import LineResult, Reading
from scenes.wire.journal_content import ReadLine

_DESK_ACTS = insert_new("desk_acts", "id", ("person_id", "key"))


@dataclass(frozen=True)
class DeskLine:
    """One act as the till asks for it; `scene` is the slug, `quantity` in code units."""

    scene: str
    variant: int
    quantity: int
    room: str | None = None
    record: str | None = None


@dataclass(frozen=True)
class DeskReading:
    """Who at which till read which code, for what; `key` is the till's idempotency key."""

    merchant_id: int
    person_id: int
    code_text: str
    lines: tuple[DeskLine, ...]
    key: str

    def content(self, held: HeldCode) -> bytes:
        """SHA-256 of what a repeat with the same key must have again, whatever the spelling of the code."""
        lines = [[line.scene, line.variant, line.quantity, line.room, line.record] for line in self.lines]
        fields = [held.kind, held.holder.hex(), held.slot, lines]
        return hashlib.sha256(json.dumps(fields).encode("ascii")).digest()


@dataclass(frozen=True)
class _Asked:
    """A line with what it is to the reading, or why it can be none."""

    line: DeskLine
    scene: int | None = None
    read: ReadLine | None = None
    refusal: Refusal | None = None


def read_at_desk(session: Session, reading: DeskReading, island: Island, clock: Clock) -> int:
    """Confirm the acts that can be confirmed and answer the id under which they can be shown and taken back. A repeat
    with the same key answers the same id.

    Raises the refusals of opening a code, MerchantSuspended, NotAllowed (why: no_till), IdempotencyConflict, and the
    first line's refusal when every line is refused; then nothing was recorded.
    """
    held = open_held_code(reading.code_text, island)
    content = reading.content(held)
    known = _of_key(session, reading, content)
    if known is not None:
        return known
    try:
        till = till_of(session, reading.merchant_id, reading.person_id, island.directory, island.limits)
        if till is None:
            raise NotAllowed(why="no_till")
        return _read(session, reading, held, till, island, clock.now())
    except Refusal:
        again = _of_key(session, reading, content)
        if again is None:
            raise
        return again


def _of_key(session: Session, reading: DeskReading, content: bytes) -> int | None:
    row = session.execute(
        select(DeskAct.id, DeskAct.content).where(DeskAct.person_id == reading.person_id, DeskAct.key == reading.key)
    ).one_or_none()
    session.rollback()
    if row is None:
        return None
    if bytes(row.content) != content:
        raise IdempotencyConflict
    return int(row.id)


def _read(session: Session, reading: DeskReading, held: HeldCode, till: Till, island: Island, now: int) -> int:
    asked = [_asked(line, till, island, now) for line in reading.lines]
    lines = tuple(each.read for each in asked if each.read is not None)
    if not lines:
        raise next(each.refusal for each in asked if each.refusal is not None)
    number = new_id()

    def keep(writes: Writes, reading_id: int, results: Sequence[LineResult]) -> None:
        row = {
            "id": number,
            "merchant_id": reading.merchant_id,
            "person_id": reading.person_id,
            "reading_id": reading_id,
            "key": reading.key,
            "content": reading.content(held),
            "lines": json.dumps(_kept(asked, results), ensure_ascii=False),
            "created_at": now,
        }
        writes.insert(_DESK_ACTS, [row], IdempotencyConflict)

    clerk = public_id(reading.person_id)
    judge_reading(session, Reading(till.reader, held, lines, now, now, now, clerk, live=True), island, keep)
    return number


def _asked(line: DeskLine, till: Till, island: Island, now: int) -> _Asked:
    """A scene that the till may not confirm, and one without the record it stands on, are no lines of a reading."""
    rules = (rule for rule in island.directory.rules(now) if rule.scene.slug == line.scene)
    rule = next(rules, None)
    offer = rule and till.offers(now).get(rule.scene.number)
    if rule is None or not offer:
        return _Asked(line, refusal=ProofNotAllowed())
    number = rule.scene.number
    if needs_record(offer) and not (line.record or "").strip():
        fields = [{"field": "record", "reason": "missing"}]
        return _Asked(line, number, refusal=InvalidFields(fields=fields))
    return _Asked(line, number, ReadLine(number, line.variant, line.quantity, line.room))


def _kept(asked: Sequence[_Asked], results: Sequence[LineResult]) -> list[dict[str, Any]]:
    """What is shown of each line later. A room isn't kept: it is stored hashed, with its act."""
    judged = iter(enumerate(results))
    kept = []
    for each in asked:
        said: dict[str, Any] = {"slug": each.line.scene, "scene": each.scene}
        said |= {"variant": each.line.variant, "quantity": each.line.quantity}
        if each.line.record:
            said["record"] = each.line.record
        refusal = each.refusal
        if each.read is not None:
            number, result = next(judged)
            said["line"], refusal = number, result.refusal
        if refusal is not None:
            said["code"] = refusal.code
        kept.append(said)
    return kept
