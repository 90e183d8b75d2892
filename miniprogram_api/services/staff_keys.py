"""One key of somebody of the staff, one call: adjustments, stock, reversals and vouchers at a desk share their keys.

The key is asked for before anything else, and its row is written with what the call does: of two at one moment the
second meets UNIQUE (person, key), runs again and finds the first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from miniprogram_api.db import TryAgain
from miniprogram_api.domain.refusals import IdempotencyConflict
from miniprogram_api.models import StaffKey

ADJUSTMENT, STOCK, REVERSAL, VOUCHER = "adjustment", "stock", "reversal", "voucher"


@dataclass(frozen=True)
class StaffCall:
    """`content` is SHA-256 of the decoded fields that came with the key."""

    person_id: int
    key: str
    call: str
    content: bytes

    def row(self, now: int) -> dict[str, Any]:
        return {
            "person_id": self.person_id,
            "key": self.key,
            "call": self.call,
            "content": self.content,
            "used_at": now,
        }


def was_answered(connection: Connection, call: StaffCall) -> bool:
    """Whether this very call was made with this key; raises IdempotencyConflict when another one was."""
    used = connection.execute(
        select(StaffKey.call, StaffKey.content).where(StaffKey.person_id == call.person_id, StaffKey.key == call.key)
    ).one_or_none()
    if used is None:
        return False
    if (used.call, bytes(used.content)) != (call.call, call.content):
        raise IdempotencyConflict
    return True


def was_answered_before(session: Session, call: StaffCall) -> bool:
    """The same by itself, for a use case that has no transaction yet."""
    try:
        return was_answered(session.connection(), call)
    finally:
        session.rollback()


def claim_key(connection: Connection, call: StaffCall, now: int) -> None:
    """Keep the key in the caller's transaction; TryAgain when it was used in between."""
    try:
        kept = connection.execute(insert(StaffKey).values(**call.row(now)).returning(StaffKey.key)).first()
    except IntegrityError as error:
        raise TryAgain from error
    if kept is None:  # SQLite leaves a row out that meets the key
        raise TryAgain
