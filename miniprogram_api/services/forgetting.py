"""A member is forgotten: everything in one transaction, and from its end on nothing leads back to the person."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from miniprogram_api.books.forgetting import erase_traces, forgotten_by_receipt, note_forgotten
from miniprogram_api.clock import Clock
from miniprogram_api.db import TryAgain, transaction, use_case
from miniprogram_api.domain.refusals import NotSignedIn
from miniprogram_api.models import MemberSession
from miniprogram_api.services.island import Island
from miniprogram_api.services.last_entries import close_books
from miniprogram_api.services.member_sessions import lock_member


@dataclass(frozen=True)
class Forgotten:
    """What ended with the membership; counts, and `debt` in points."""

    forgotten_at: int
    points: int
    vouchers: int
    acts: int
    debt: int


@use_case
def forget_member(session: Session, token_hash: bytes, key: str, island: Island, clock: Clock) -> Forgotten:
    """Forget the member of this session for ever. A repeat with the same session and key is answered once more.

    Vouchers come back, points end by an entry, acts that wait are refused, a debt stays unpaid, cards and member codes
    are no longer known. Raises NotSignedIn.
    """
    now, receipt = clock.now(), receipt_of(token_hash, key)
    with transaction(session) as connection:
        member_id = _member_of(connection, token_hash, now)
        if member_id is None:
            return _again(connection, receipt)
        try:
            lock_member(connection, member_id)
        except NotSignedIn as forgotten_by_another:
            raise TryAgain from forgotten_by_another  # a moment ago, perhaps by this very call
        last = close_books(connection, member_id, island.limits, now)
        forgotten = Forgotten(now, last.points, last.vouchers, last.acts, last.debt)
        note_forgotten(connection, {"member_id": member_id, "receipt": receipt, **vars(forgotten)})
        erase_traces(connection, member_id)
    return forgotten


def receipt_of(token_hash: bytes, key: str) -> bytes:
    """What the list keeps of the call: without token and key nobody can make it, and it names neither."""
    return hashlib.sha256(b"ISLE-FORGET-1\0" + token_hash + key.encode("ascii")).digest()


def _member_of(connection: Connection, token_hash: bytes, now: int) -> int | None:
    alive = (MemberSession.revoked_at.is_(None), MemberSession.expires_at > now)
    found = select(MemberSession.member_id).where(MemberSession.token_hash == token_hash, *alive)
    member_id: int | None = connection.execute(found).scalar()
    return member_id


def _again(connection: Connection, receipt: bytes) -> Forgotten:
    row: Any = forgotten_by_receipt(connection, receipt)
    if row is None:
        raise NotSignedIn
    return Forgotten(row.forgotten_at, row.points, row.vouchers, row.acts, row.debt)
