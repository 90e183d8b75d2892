"""A member's balance row and lots by the member's id, for corrections by the staff."""

from __future__ import annotations

from sqlalchemy import Connection, select

from miniprogram_api.books.facts import Standing
from miniprogram_api.domain.lots import LotState
from miniprogram_api.models import Lot, Member, MemberBalance


def standing_of(connection: Connection, member_id: int) -> tuple[Standing, list[LotState]] | None:
    """None when nobody has this id. The version is read first: lots that move afterwards move it too."""
    balance = MemberBalance
    row = connection.execute(
        select(
            Member.id,
            Member.kind,
            Member.salt_key,
            balance.available,
            balance.held,
            balance.debt,
            balance.reduction_grams,
            balance.version,
        )
        .join(balance, balance.member_id == Member.id)
        .where(Member.id == member_id)
    ).one_or_none()
    if row is None:
        return None
    number, kind, salt_key, *figures = row
    lots = connection.execute(
        select(Lot.expires_on, Lot.graced, Lot.remaining).where(Lot.member_id == member_id, Lot.remaining > 0)
    )
    return Standing(number, kind, bytes(salt_key or b""), *figures), [LotState(*lot) for lot in lots]
