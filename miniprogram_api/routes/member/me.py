"""Who I am and what I have."""

from __future__ import annotations

from typing import Any, Literal

from miniprogram_api.db import db
from miniprogram_api.queries.sessions import MemberCaller
from miniprogram_api.queries.wallet import show_member
from miniprogram_api.routes.api import MEMBER, Answer, Calls, Day, PublicId, surroundings
from miniprogram_api.routes.member.shapes import Balance, Expiring

calls = Calls("member", "me")


class GuestCeilings(Answer):
    """Points that a guest may still earn."""

    today_left: int
    total_left: int


class Me(Answer):
    """`ceilings` is null unless the member is a guest. `lasting`: all points to spend by their last day; those earned
    now live until `new_points_until`."""

    id: PublicId
    nickname: str
    kind: Literal["guest", "visitor", "resident"]
    balance: Balance
    lasting: list[Expiring]
    new_points_until: Day
    reduction_grams: int
    ceilings: GuestCeilings | None


@calls.get("/member/me", caller=MEMBER, answer=Me)
def read_me(member: MemberCaller) -> dict[str, Any]:
    """My points and grams"""
    here = surroundings()
    return show_member(db.session(), member.member_id, here.clock.now(), here.island.limits)
