"""What I did."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from miniprogram_api.db import db, number_of
from miniprogram_api.queries.history import member_activity, member_history
from miniprogram_api.queries.sessions import MemberCaller
from miniprogram_api.routes.api import MEMBER, Answer, Body, Calls, Problem, caller_language, surroundings, text
from miniprogram_api.routes.member.shapes import Activity
from miniprogram_api.routes.paging import Page
from miniprogram_api.services.questions import answer_question

calls = Calls("member", "activities")
ANSWER_LENGTH_MAX = 200


class Activities(Answer):
    data: list[Activity]
    next: str | None


class ActivitiesAsked(Page):
    """`state`: only those that stand so now."""

    state: Literal["credited", "pending", "capped", "refused", "reversed"] | None = None


class AnswerBody(Body):
    """The answer to what the staff asked about an activity that waits."""

    text: Annotated[str, text(ANSWER_LENGTH_MAX)]


@calls.get("/member/activities", caller=MEMBER, query=ActivitiesAsked, answer=Activities)
def list_activities(member: MemberCaller, query: ActivitiesAsked) -> dict[str, Any]:
    """My activities, newest first"""
    directory, language = surroundings().island.directory, caller_language()
    return member_history(db.session(), member.member_id, directory, language, query.cursor, query.limit, query.state)


@calls.get("/member/activities/<activity_id>", caller=MEMBER, answer=Activity)
def read_activity(member: MemberCaller, activity_id: str) -> dict[str, Any]:
    """One activity of mine"""
    return _found(member, activity_id)


@calls.post(
    "/member/activities/<activity_id>/answer",
    caller=MEMBER,
    body=AnswerBody,
    answer=Activity,
    status=201,
    refuses=("not_allowed",),
)
def create_answer(member: MemberCaller, activity_id: str, body: AnswerBody) -> dict[str, Any]:
    """Answer the staff's question, once

    The same words once more change nothing.
    """
    number = number_of(activity_id)
    if number is None:
        raise Problem("not_found")
    answer_question(db.session(), member.member_id, number, body.text, surroundings().clock)
    return _found(member, activity_id)


def _found(member: MemberCaller, activity_id: str) -> dict[str, Any]:
    number, directory = number_of(activity_id), surroundings().island.directory
    activity = number and member_activity(db.session(), member.member_id, number, directory, caller_language())
    if not activity:
        raise Problem("not_found")
    return activity
