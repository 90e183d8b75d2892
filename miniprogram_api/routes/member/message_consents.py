"""I want to be told on WeChat: one consent is one message."""

from __future__ import annotations

from typing import Any, Literal

from miniprogram_api.db import db
from miniprogram_api.queries.messages import consents_left
from miniprogram_api.queries.sessions import MemberCaller
from miniprogram_api.routes.api import MEMBER, Answer, Body, Calls, caller_language, surroundings
from miniprogram_api.services.message_consents import give_message_consent, ways_of_asking

calls = Calls("member", "message_consents")


class ConsentToOne(Body):
    """After the person said yes to WeChat: in the mini-program's dialog, or on WeChat's page."""

    occasion: Literal["voucher_expires", "points_expire"]


class OccasionAnswer(Answer):
    """`how` WeChat asks: in the mini-program's dialog with `template_id`, on a `page` at `address`, to which the caller
    adds a mark of its own (a-z, A-Z, 0-9), or by a `tap` in the demonstration. `remaining`: how many may still come."""

    occasion: Literal["voucher_expires", "points_expire"]
    how: Literal["tap", "mini_program", "page"]
    template_id: str | None
    address: str | None
    remaining: int


class OccasionList(Answer):
    data: list[OccasionAnswer]
    next: str | None


@calls.get("/member/message_consents", caller=MEMBER, answer=OccasionList)
def list_message_consents(member: MemberCaller) -> dict[str, Any]:
    """What I can be told on WeChat

    Empty for who has not signed in with WeChat, and where no messages are set up.
    """
    return _shown(member)


@calls.post(
    "/member/message_consents",
    caller=MEMBER,
    body=ConsentToOne,
    answer=OccasionList,
    status=201,
    refuses=("not_allowed", "limit_reached"),
)
def create_message_consent(member: MemberCaller, body: ConsentToOne) -> dict[str, Any]:
    """Note one consent to one message

    Each consent is used up by its message. Those given on WeChat's page don't add up: there, a second one before the
    message changes nothing.
    """
    here = surroundings()
    give_message_consent(db.session(), member.member_id, body.occasion, caller_language(), here.wechat, here.clock)
    return _shown(member)


def _shown(member: MemberCaller) -> dict[str, Any]:
    ways = ways_of_asking(db.session(), member.member_id, surroundings().wechat)
    left = consents_left(db.session(), member.member_id)
    return {
        "data": [vars(way) | {"occasion": name, "remaining": left.get(name, 0)} for name, way in ways.items()],
        "next": None,
    }
