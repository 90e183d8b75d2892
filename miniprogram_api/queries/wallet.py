"""What a member has: points, grams, and what a guest may still earn."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from miniprogram_api.db import public_id
from miniprogram_api.domain.balances import balance_shown, day_text, lasting
from miniprogram_api.domain.calendar import day_number, points_last_day
from miniprogram_api.domain.limits import Limits
from miniprogram_api.domain.lots import LotState
from miniprogram_api.models import Cap, Lot, Member, MemberBalance


def show_member(session: Session, member_id: int, now: int, limits: Limits) -> dict[str, Any]:
    """The member with balance and grams; `now` in Unix seconds."""
    row = session.execute(
        select(
            Member.kind,
            Member.nickname,
            MemberBalance.available,
            MemberBalance.held,
            MemberBalance.debt,
            MemberBalance.reduction_grams,
        )
        .join(MemberBalance, MemberBalance.member_id == Member.id)
        .where(Member.id == member_id)
    ).one()
    lots = session.execute(
        select(Lot.expires_on, Lot.graced, Lot.remaining).where(Lot.member_id == member_id, Lot.remaining > 0)
    )
    states = [LotState(*lot) for lot in lots]
    balance = balance_shown(row.available, row.held, row.debt, states, now)
    return {
        "id": public_id(member_id),
        "nickname": row.nickname,
        "kind": row.kind,
        "balance": balance.document(),
        "lasting": [{"points": points, "on": day_text(day)} for points, day in lasting(states, now)],
        "new_points_until": day_text(points_last_day(now)),
        "reduction_grams": row.reduction_grams,
        "ceilings": _guest_ceilings(session, member_id, now, limits) if row.kind == "guest" else None,
    }


def _guest_ceilings(session: Session, member_id: int, now: int, limits: Limits) -> dict[str, int]:
    rows = session.execute(
        select(Cap.name, Cap.used).where(
            Cap.owner == member_id, Cap.name.in_(("guest:day", "guest:all")), Cap.period.in_((0, day_number(now)))
        )
    )
    used = {row.name: row.used for row in rows}
    return {
        "today_left": limits.guest_points_a_day - used.get("guest:day", 0),
        "total_left": limits.guest_points_in_all - used.get("guest:all", 0),
    }
