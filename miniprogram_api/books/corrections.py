"""Rows of corrections: an act reversed, a request decided."""

from __future__ import annotations

from typing import Any

from miniprogram_api.books.ledger import insert_new
from miniprogram_api.books.prepared import Writes
from miniprogram_api.db import TryAgain

_REVERSALS = insert_new("reversals", "act_id")
_APPROVALS = insert_new("approvals", "id", ("subject", "subject_id", "version"))


def add_reversal(writes: Writes, reversal: dict[str, Any]) -> None:
    """TryAgain when the act was reversed in between."""
    writes.insert(_REVERSALS, [reversal], TryAgain)


def add_approval(writes: Writes, approval: dict[str, Any]) -> None:
    """TryAgain when somebody decided in between."""
    writes.insert(_APPROVALS, [approval], TryAgain)
