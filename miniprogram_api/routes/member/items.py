"""What points can be exchanged for."""

from __future__ import annotations

from typing import Any, Literal

from miniprogram_api.db import db
from miniprogram_api.queries.catalogue import member_items
from miniprogram_api.queries.sessions import MemberCaller
from miniprogram_api.routes.api import MEMBER, Answer, Calls, PublicId, caller_language, surroundings
from miniprogram_api.routes.member.shapes import MerchantNamed

calls = Calls("member", "items")


class MemberItem(Answer):
    """`why_not` says what keeps me from having one, null when nothing does; `left_for_me` how many more each person's
    limit leaves me, null without one."""

    id: PublicId
    name: str
    description: str
    points: int
    stock: int
    limit_per_person: int | None
    left_for_me: int | None
    image: str | None
    icon: str
    merchant: MerchantNamed
    available: bool
    why_not: Literal["points_missing", "out_of_stock", "limit_reached", "guest_limit"] | None
    points_missing: int


class MemberItems(Answer):
    """`voucher_days`: how long a voucher lives from its exchange."""

    voucher_days: int
    data: list[MemberItem]
    next: str | None


@calls.get("/member/items", caller=MEMBER, answer=MemberItems)
def list_items(member: MemberCaller) -> dict[str, Any]:
    """All items on offer, and whether I can have one"""
    here = surroundings()
    items = member_items(
        db.session(), member.member_id, member.kind, caller_language(), here.island.limits, here.clock.now()
    )
    return {"voucher_days": here.island.limits.voucher_days, "data": items, "next": None}
