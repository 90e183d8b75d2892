"""Who earned on a phone: read for a batch (books.facts reads it for a scan), and taken with the writes of an act."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, select

from miniprogram_api.books.asked import key_values, length_for, one_of
from miniprogram_api.books.ledger import insert_new
from miniprogram_api.books.prepared import Prepared, Writes, execute_all
from miniprogram_api.db import BIG, TryAgain
from miniprogram_api.domain.phones import Phone, PhoneShare
from miniprogram_api.models import PhoneMember

_SHARES = insert_new("phone_members", "number")


def take_shares(writes: Writes, shares: Sequence[PhoneShare], now: int) -> None:
    """Note who earns on which phone; TryAgain when somebody took the number, or the member another, in between."""
    rows = [
        {
            "phone": share.phone,
            "period": share.period,
            "number": share.number,
            "member_id": share.member_id,
            "created_at": now,
        }
        for share in sorted(shares, key=lambda share: share.key)
    ]
    writes.insert(_SHARES, rows, TryAgain)


def _earned(dialect: str, length: int) -> Any:
    mine = one_of(dialect, PhoneMember.phone, "phone", length)
    since = PhoneMember.period >= bindparam("since", type_=BIG)  # a month's number is above that of any day
    return select(PhoneMember.phone, PhoneMember.period, PhoneMember.number, PhoneMember.member_id).where(mine, since)


_EARNED = Prepared(_earned)


def phones_of(connection: Connection, marks: Collection[str], since: int) -> dict[str, Phone]:
    """These phones with who earned on them since the day of that number, and in all months."""
    phones = {mark: Phone(mark) for mark in marks}
    if not phones:
        return phones
    length = length_for(len(phones))
    binds = key_values(connection, "phone", sorted(phones), length) | {"since": since}
    for mark, *earned in execute_all(connection, [_EARNED.statement(connection, binds, length)])[0]:
        phones[mark].note(*earned)
    return phones
