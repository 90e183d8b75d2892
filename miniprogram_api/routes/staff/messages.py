"""Messages on WeChat, as the console shows them. Nothing is sent from here: the job keeps its own time."""

from __future__ import annotations

from typing import Any, Literal

from miniprogram_api.db import db
from miniprogram_api.queries.messages import message_page
from miniprogram_api.queries.sessions import StaffCaller
from miniprogram_api.routes.api import STAFF, Answer, Calls, Moment, PublicId
from miniprogram_api.routes.paging import Page

calls = Calls("staff", "messages")
State = Literal["sending", "sent", "refused", "failed", "unknown"]


class MessagesAsked(Page):
    """`state`: of these alone."""

    state: State | None = None


class MessageAnswer(Answer):
    """`unknown`: the line broke after it was handed over, or the process died; it may have gone out and is not sent
    again. `failed`: surely not sent, tried on three days. `refused`: the person took the consent back. `answer` is
    WeChat's number or a word of ours. `simulated`: the demonstration's, which nobody got."""

    id: PublicId
    member: PublicId
    occasion: Literal["voucher_expires", "points_expire"]
    simulated: bool
    language: Literal["zh", "en"]
    words: str
    state: State
    tries: int
    answer: str | None
    begun_at: Moment
    ended_at: Moment | None


class Messages(Answer):
    """`states`: how many there are of each."""

    data: list[MessageAnswer]
    next: str | None
    states: dict[State, int]


@calls.get("/staff/messages", caller=STAFF, query=MessagesAsked, answer=Messages)
def list_messages(person: StaffCaller, query: MessagesAsked) -> dict[str, Any]:
    """What members were told on WeChat, newest first"""
    return message_page(db.session(), query.state, query.cursor, query.limit)
