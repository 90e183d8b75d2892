"""The row that says for which call somebody of the staff used a key."""

from __future__ import annotations

from typing import Any

from miniprogram_api.books.ledger import insert_new
from miniprogram_api.books.prepared import Writes
from miniprogram_api.domain.refusals import IdempotencyConflict

_STAFF_KEYS = insert_new("staff_keys", "key", ("person_id", "key"))


def add_staff_key(writes: Writes, row: dict[str, Any]) -> None:
    """IdempotencyConflict when the key was used in between; whoever asks looks then whether it was for the same."""
    writes.insert(_STAFF_KEYS, [row], IdempotencyConflict)
