"""Forget me: what would end, and the end itself."""

from __future__ import annotations

from typing import Any

from miniprogram_api.db import db
from miniprogram_api.queries.forgetting import what_would_end
from miniprogram_api.queries.sessions import MemberCaller
from miniprogram_api.routes.api import MEMBER, MEMBER_TOKEN, Answer, Body, Calls, Moment, Yes, surroundings
from miniprogram_api.services.forgetting import forget_member

calls = Calls("member", "forgetting")


class WouldEnd(Answer):
    """`points` with those that vouchers hold; `debt` and `reduction_grams` stay in the books, under an id that leads to
    nobody."""

    points: int
    debt: int
    reduction_grams: int
    vouchers: int
    acts_waiting: int
    cards: int
    sessions: int


class ForgetBody(Body):
    """`confirm` is true: there is no way back."""

    confirm: Yes


class Ended(Answer):
    """What ended: points, vouchers given back, acts that waited and are refused; `debt` stays unpaid."""

    forgotten_at: Moment
    points: int
    vouchers: int
    acts: int
    debt: int


@calls.get("/member/forget", caller=MEMBER, answer=WouldEnd)
def read_forgetting(member: MemberCaller) -> dict[str, Any]:
    """What would end if I were forgotten now"""
    return what_would_end(db.session(), member.member_id, surroundings().clock.now())


@calls.post("/member/forget", caller=MEMBER_TOKEN, body=ForgetBody, keyed="required", answer=Ended)
def create_forgetting(token: bytes, body: ForgetBody, key: str) -> Any:
    """Forget me

    Everything that names me is erased at once; what was booked stays under an id that leads to nobody. Every token is
    refused from then on; only a repeat with the same token and key is answered the same once more.
    """
    here = surroundings()
    return vars(forget_member(db.session(), token, key, here.island, here.clock))
