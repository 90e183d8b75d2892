"""Points whose last day is over leave the balance. Late or twice, it comes to the same."""

from __future__ import annotations

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from miniprogram_api.books.entries import Caller, Concerns, entry_row
from miniprogram_api.books.ledger import BalanceChange, add_entries, add_transfers, change_balance, take_lots
from miniprogram_api.books.prepared import Writes
from miniprogram_api.clock import Clock
from miniprogram_api.db import TryAgain, standing_alone, use_case
from miniprogram_api.domain.calendar import island_day, yyyymmdd
from miniprogram_api.domain.ledger import expiry
from miniprogram_api.domain.lots import LotUse
from miniprogram_api.models import Lot, Member, MemberBalance
from miniprogram_api.services.leases import Fence, keep_fence

MEMBERS_AT_ONCE = 200


def members_with_expired_lots(session: Session, now: int) -> list[int]:
    """Members who hold points past their last day, so many at a time."""
    rows = session.execute(
        select(Lot.member_id)
        .where(Lot.remaining > 0, Lot.expires_on < yyyymmdd(island_day(now)))
        .distinct()
        .order_by(Lot.member_id)
        .limit(MEMBERS_AT_ONCE)
    )
    found = list(rows.scalars())
    session.rollback()
    return found


@use_case
def expire_lots(session: Session, member_id: int, fence: Fence, clock: Clock) -> int:
    """Take a member's expired points out of the balance; answers how many. Raises LeaseLost."""
    now = clock.now()
    with standing_alone(session) as connection:
        lots = _expired(connection, member_id, yyyymmdd(island_day(now)))
        points = sum(lot.points for lot in lots)
        if not points:
            return 0
        version, salt_key = connection.execute(
            select(MemberBalance.version, Member.salt_key)
            .join(Member, Member.id == MemberBalance.member_id)
            .where(MemberBalance.member_id == member_id)
        ).one()
        concerns = Concerns(now, member_id, bytes(salt_key or b""))
        entry = entry_row("expire", Caller("system", 0), concerns, now, {"points": points})
        writes = Writes(connection)
        keep_fence(writes, fence)
        add_entries(writes, [entry], TryAgain)
        add_transfers(writes, entry["id"], expiry(member_id, points))
        take_lots(writes, member_id, lots)
        change_balance(writes, BalanceChange(member_id, version, available=-points))
        writes.commit()
    return points


def _expired(connection: Connection, member_id: int, today: int) -> list[LotUse]:
    rows = connection.execute(
        select(Lot.expires_on, Lot.graced, Lot.remaining).where(
            Lot.member_id == member_id, Lot.remaining > 0, Lot.expires_on < today
        )
    )
    return [LotUse(*row) for row in rows]
