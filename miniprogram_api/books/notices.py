"""A notice to the staff among the writes of a use case; the same one is raised once."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from sqlalchemy import Connection

from miniprogram_api.books.ledger import insert_new
from miniprogram_api.books.prepared import INSERT, Writes
from miniprogram_api.db import new_id
from miniprogram_api.models import Notice

_NEW = insert_new("notices", "id", ("digest",))


def raise_notice(
    into: Writes | Connection, kind: str, subject: tuple[str, int], details: dict[str, Any], now: int
) -> None:
    """Tell the staff of `subject`, such as ("kiosk", 7). What was said once in the same words isn't said again, so
    `details` hold what makes one event differ from the next; they hold no secret and no personal data."""
    row = _row(kind, subject, details, now)
    if isinstance(into, Writes):
        into.insert_new_ones(_NEW, row)
    else:
        new = INSERT[into.dialect.name](Notice).values(row).on_conflict_do_nothing(index_elements=["digest"])
        into.execute(new)


def _row(kind: str, subject: tuple[str, int], details: dict[str, Any], now: int) -> dict[str, Any]:
    text = json.dumps(details, sort_keys=True, ensure_ascii=False)
    return {
        "id": new_id(),
        "kind": kind,
        "subject_kind": subject[0],
        "subject_id": subject[1],
        "details": text,
        "digest": hashlib.sha256(json.dumps([kind, *subject, text]).encode("ascii")).digest(),
        "raised_at": now,
        "seen_by": None,
        "seen_at": None,
        "answered_at": None,
        "answered_by": None,
        "note": None,
    }
