"""What I did."""

from __future__ import annotations

from typing import Any

from miniprogram_api.db import db, number_of
from miniprogram_api.queries.history import member_activity, member_history
from miniprogram_api.queries.sessions import MemberCaller
from miniprogram_api.routes.api import MEMBER, Answer, Calls, Problem, caller_language, surroundings
from miniprogram_api.routes.member.shapes import Activity
from miniprogram_api.routes.paging import Page

calls = Calls("member", "activities")


class Activities(Answer):
    data: list[Activity]
    next: str | None


@calls.get("/member/activities", caller=MEMBER, query=Page, answer=Activities)
def list_activities(member: MemberCaller, query: Page) -> dict[str, Any]:
    """My activities, newest first"""
    directory = surroundings().island.directory
    return member_history(db.session(), member.member_id, directory, caller_language(), query.cursor, query.limit)


@calls.get("/member/activities/<activity_id>", caller=MEMBER, answer=Activity)
def read_activity(member: MemberCaller, activity_id: str) -> dict[str, Any]:
    """One activity of mine"""
    number, directory = number_of(activity_id), surroundings().island.directory
    activity = number and member_activity(db.session(), member.member_id, number, directory, caller_language())
    if not activity:
        raise Problem("not_found")
    return activity
