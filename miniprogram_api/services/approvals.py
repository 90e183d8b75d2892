"""One person asks, another decides: the decision with its evidence leaf, bound to exactly what was decided."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, insert
from sqlalchemy.exc import IntegrityError

from miniprogram_api.books.entries import Caller, Concerns, entry_row
from miniprogram_api.db import TryAgain, new_id
from miniprogram_api.domain.refusals import NotAllowed
from miniprogram_api.models import Approval, Entry
from scenes.wire.json_text import json_text

APPROVED, REJECTED, WITHDRAWN = "approved", "rejected", "withdrawn"


@dataclass(frozen=True)
class Decision:
    """`payload` is `payload_of` what was decided; `alone`: no second person was needed; `shown` is what the leaf of
    the approval shows in the clear (scene and rule, or points)."""

    subject: str  # rule, group, venue, item, stock, merchant, kiosk, adjustment
    subject_id: int
    version: int
    payload: bytes
    decision: str
    asked_by: int
    decided_by: int
    alone: bool = False
    reason: str = ""
    shown: Mapping[str, int | str] = field(default_factory=dict)


def payload_of(document: Mapping[str, Any]) -> bytes:
    """SHA-256 of a document as canonical JSON."""
    return hashlib.sha256(json_text(dict(document)).encode("utf-8")).digest()


def check_second_person(decision: Decision) -> None:
    """Nobody approves what they asked for; only who asked withdraws. Raises NotAllowed."""
    same = decision.decided_by == decision.asked_by
    if decision.decision == WITHDRAWN and not same:
        raise NotAllowed(why="not_your_request")
    if decision.decision != WITHDRAWN and same and not decision.alone:
        raise NotAllowed(why="own_request")


def approval_rows(
    decision: Decision, now: int, booked_entry_id: int | None = None
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The entry that carries the leaf, and the approval's row."""
    entry = entry_row("approval", Caller("staff", decision.decided_by), Concerns(now), now, decision.shown)
    row = {
        "id": new_id(),
        "subject": decision.subject,
        "subject_id": decision.subject_id,
        "version": decision.version,
        "payload": decision.payload,
        "decision": decision.decision,
        "alone": int(decision.alone),
        "asked_by": decision.asked_by,
        "decided_by": decision.decided_by,
        "reason": decision.reason,
        "decided_at": now,
        "entry_id": entry["id"],
        "booked_entry_id": booked_entry_id,
    }
    return entry, row


def decide(connection: Connection, decision: Decision, now: int) -> None:
    """Record a decision in the caller's transaction. Raises NotAllowed; TryAgain when somebody decided first."""
    check_second_person(decision)
    entry, row = approval_rows(decision, now)
    try:
        connection.execute(insert(Entry).values(**entry))
        written = connection.execute(insert(Approval).values(**row).returning(Approval.id)).first()
    except IntegrityError as error:
        raise TryAgain from error
    if written is None:  # SQLite leaves a row out that meets the key
        raise TryAgain
