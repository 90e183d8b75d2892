"""A row of the ledger with its evidence leaf, made in one place so that no entry is without one."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from secrets import token_bytes
from typing import Any

from miniprogram_api.books.evidence import SALT_BYTES, commitment, leaf_body, salt_of
from miniprogram_api.db import public_id
from miniprogram_api.domain.calendar import island_day

EPOCH_2020_MILLISECONDS = 1_577_836_800_000


@dataclass(frozen=True)
class Caller:
    """Who asked, with which key, for what: `content` is SHA-256 of the decoded fields that came with the key."""

    kind: str  # member, merchant, kiosk, staff, system
    number: int
    key: str | None = None
    content: bytes | None = None


@dataclass(frozen=True)
class Concerns:
    """Whom and what an entry concerns; the leaf commits to member, kiosk, merchant and time, it never shows them."""

    occurred_at: int
    member_id: int | None = None
    member_salt_key: bytes = b""
    kiosk: int | None = None
    merchant_id: int | None = None
    act_id: int | None = None
    voucher_id: int | None = None


class _EntryIds:
    """Internal ids that rise with time, so that the newest rows lie together, and strictly inside one process:
    milliseconds since 2020, then 20 random bits."""

    def __init__(self) -> None:
        self._last = 0

    def __call__(self) -> int:
        milliseconds = time.time_ns() // 1_000_000 - EPOCH_2020_MILLISECONDS
        self._last = max(milliseconds << 20 | secrets.randbits(20), self._last + 1)
        return self._last


new_entry_id = _EntryIds()


def entry_row(
    kind: str, caller: Caller, concerns: Concerns, recorded_at: int, shown: Mapping[str, int | str]
) -> dict[str, Any]:
    """The row of one entry; `shown` are the fields that its leaf shows in the clear."""
    entry_id, salt = new_entry_id(), token_bytes(SALT_BYTES)
    return {
        "id": entry_id,
        "kind": kind,
        "caller_kind": caller.kind,
        "caller": caller.number,
        "key": caller.key,
        "content": caller.content if caller.key else None,
        "member_id": concerns.member_id,
        "merchant_id": concerns.merchant_id,
        "act_id": concerns.act_id,
        "voucher_id": concerns.voucher_id,
        "salt": salt,
        "leaf": leaf_of(entry_id, kind, concerns, salt, shown),
        "occurred_at": concerns.occurred_at,
        "recorded_at": recorded_at,
    }


def leaf_of(entry_id: int, kind: str, concerns: Concerns, salt: bytes, shown: Mapping[str, int | str]) -> bytes:
    """The exact bytes of an entry's leaf; the same facts and salts give the same bytes again."""
    return leaf_body({"kind": kind, **shown, **_hidden(concerns, entry_id, salt)})


def _hidden(concerns: Concerns, entry_id: int, salt: bytes) -> dict[str, str]:
    """The day, and commitments to what the leaf must not show."""
    values = {"time": (salt, str(concerns.occurred_at))}
    # Of somebody forgotten the key is gone, and without one anybody could open the commitment: there is none.
    if concerns.member_id is not None and concerns.member_salt_key:
        values["member"] = (concerns.member_salt_key, public_id(concerns.member_id))
    if concerns.kiosk is not None:
        values["kiosk"] = (salt, str(concerns.kiosk))
    if concerns.merchant_id is not None:
        values["merchant"] = (salt, public_id(concerns.merchant_id))
    committed = {
        field: commitment(salt_of(key, entry_id, field), field, value) for field, (key, value) in values.items()
    }
    return {"day": island_day(concerns.occurred_at).isoformat(), **committed}
