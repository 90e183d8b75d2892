"""Versions as the console shows them, of rules and places alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from miniprogram_api.db import public_id
from miniprogram_api.domain.changes import Change, needs_second_person
from miniprogram_api.domain.first_reasons import first_reason
from miniprogram_api.domain.versions import Version, ends_at, state_of, waiting
from miniprogram_api.models import Approval, Person

# SHA-256 of what a decision decides, from a version's row by column names.
Payload = Callable[[Any], bytes]
DECISION = (
    Approval.decision,
    Approval.alone,
    Approval.decided_by,
    Approval.decided_at,
    Approval.reason.label("decision_reason"),
)


def page_of(versions: Sequence[Version], cursor: str | None, limit: int) -> tuple[list[Version], str | None]:
    """Newest first; the cursor is the last version that was shown."""
    below = int(cursor) if cursor and cursor.isascii() and cursor.isdigit() and len(cursor) <= 9 else None
    newest_first = sorted(versions, key=lambda one: -one.version)
    rest = [one for one in newest_first if below is None or one.version < below]
    return rest[:limit], str(rest[limit - 1].version) if len(rest) > limit else None


def names_of(session: Session, rows: Sequence[Any]) -> dict[int, str]:
    """The names of everybody who asked for one of these or decided about it."""
    wanted = {number for row in rows for number in (row.asked_by, row.decided_by) if number is not None}
    return {row.id: row.name for row in session.execute(select(Person.id, Person.name).where(Person.id.in_(wanted)))}


def shown_version(
    row: Any, versions: Sequence[Version], changes: list[Change], names: dict[int, str], now: int
) -> dict[str, Any]:
    """What rules and places have in common; without document and payload."""
    one = next(version for version in versions if version.version == row.version)
    approved = row.decision == "approved"
    return {
        "version": row.version,
        "state": state_of(versions, one, now),
        "starts_at": row.starts_at,
        "ends_at": ends_at(versions, one),
        **who_and_why(row, names),
        "asked_at": row.created_at,
        "second_person": not row.alone if approved else needs_second_person(changes),
        "changes": changes,
    }


def who_and_why(row: Any, names: dict[int, str]) -> dict[str, Any]:
    """Who asked and who decided, each with a reason; that of a row that nobody asked for is a word."""
    return {
        "reason": first_reason(row.reason) if row.asked_by is None else row.reason,
        "asked_by": _person(row.asked_by, names),
        "decided_by": _person(row.decided_by, names),
        "decided_at": row.decided_at,
        "decision_reason": row.decision_reason,
    }


def _person(number: int | None, names: dict[int, str]) -> dict[str, str] | None:
    """Who asked or decided; None for the system, or while nobody has decided."""
    return None if number is None else {"id": public_id(number), "name": names.get(number, "")}


def waiting_of(versions: Sequence[Version]) -> dict[str, Any] | None:
    """The version that waits for a decision, in short."""
    one = waiting(versions)
    return None if one is None else {"version": one.version, "starts_at": one.starts_at, "state": "asked"}
