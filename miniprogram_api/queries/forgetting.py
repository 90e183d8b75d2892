"""What forgetting a member would end, said before it is done."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from miniprogram_api.models import Act, MemberBalance, MemberSession, ResidentCard, Review, Voucher


def what_would_end(session: Session, member_id: int, now: int) -> dict[str, Any]:
    """Points that end (those held for vouchers too, less the debt that they pay), vouchers, acts that wait, cards and
    sessions; the debt that stays unpaid, and the grams that stay in the island's sum."""
    balance = session.execute(
        select(MemberBalance.available, MemberBalance.held, MemberBalance.debt, MemberBalance.reduction_grams).where(
            MemberBalance.member_id == member_id
        )
    ).one()
    paid = min(balance.debt, balance.held)
    return {
        "points": balance.available + balance.held - paid,
        "debt": balance.debt - paid,
        "reduction_grams": balance.reduction_grams,
        "vouchers": _count(session, Voucher, Voucher.member_id == member_id, Voucher.state == "issued"),
        "acts_waiting": _waiting(session, member_id),
        "cards": _count(session, ResidentCard, ResidentCard.member_id == member_id, ResidentCard.revoked_at.is_(None)),
        "sessions": _count(
            session,
            MemberSession,
            MemberSession.member_id == member_id,
            MemberSession.revoked_at.is_(None),
            MemberSession.expires_at > now,
        ),
    }


def _count(session: Session, table: Any, *which: Any) -> int:
    return int(session.scalar(select(func.count()).select_from(table).where(*which)) or 0)


def _waiting(session: Session, member_id: int) -> int:
    mine = (Act.member_id == member_id, Act.state == "pending", Review.act_id.is_(None))
    joined = select(func.count()).select_from(Act).outerjoin(Review, Review.act_id == Act.id)
    return int(session.scalar(joined.where(*mine)) or 0)
