"""Members, as the office looks at them, and the correction of their acts."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from miniprogram_api.db import db, number_of
from miniprogram_api.domain.corrections import REASON_LENGTH_MAX
from miniprogram_api.domain.refusals import NotFound
from miniprogram_api.queries.history import member_history, staff_activity
from miniprogram_api.queries.members import is_member, member_page
from miniprogram_api.queries.sessions import StaffCaller
from miniprogram_api.queries.wallet import show_member
from miniprogram_api.routes.api import STAFF, Answer, Body, Calls, Moment, PublicId, caller_language, surroundings, text
from miniprogram_api.routes.member.shapes import Activity, Balance
from miniprogram_api.routes.paging import Page
from miniprogram_api.services.reversals import ReversalWish, reverse_act

calls = Calls("staff", "members")
Reason = Annotated[str, text(REASON_LENGTH_MAX, 3)]


class MemberSearch(Page):
    """`search`: an id, or words of a nickname."""

    search: Annotated[str, text(64)] | None = None


class MemberLine(Answer):
    id: PublicId
    nickname: str
    kind: Literal["guest", "visitor", "resident"]
    created_at: Moment
    available: int
    held: int
    debt: int
    reduction_grams: int


class MemberLines(Answer):
    data: list[MemberLine]
    next: str | None


class MemberRead(Answer):
    id: PublicId
    nickname: str
    kind: Literal["guest", "visitor", "resident"]
    balance: Balance
    reduction_grams: int


class MemberActivities(Answer):
    data: list[Activity]
    next: str | None


class ReversalBody(Body):
    """The reason is shown to the member."""

    reason: Reason = Field(description="What the member reads")


@calls.get("/staff/members", caller=STAFF, query=MemberSearch, answer=MemberLines)
def list_members(person: StaffCaller, query: MemberSearch) -> dict[str, Any]:
    """Members, newest first"""
    return member_page(db.session(), query.search, query.cursor, query.limit)


@calls.get("/staff/members/<member_id>", caller=STAFF, answer=MemberRead)
def read_member(person: StaffCaller, member_id: str) -> dict[str, Any]:
    """One member with balance"""
    here = surroundings()
    return show_member(db.session(), _known(member_id), here.clock.now(), here.island.limits)


@calls.get("/staff/members/<member_id>/activities", caller=STAFF, query=Page, answer=MemberActivities)
def list_member_activities(person: StaffCaller, member_id: str, query: Page) -> dict[str, Any]:
    """What a member did, newest first"""
    number, directory = _known(member_id), surroundings().island.directory
    return member_history(db.session(), number, directory, caller_language(), query.cursor, query.limit)


@calls.post(
    "/staff/activities/<activity_id>/reversals",
    caller=STAFF,
    body=ReversalBody,
    keyed="required",
    answer=Activity,
    status=201,
    refuses=("not_allowed",),
)
def create_reversal(person: StaffCaller, activity_id: str, body: ReversalBody, key: str) -> dict[str, Any]:
    """Take an act back

    Its points and grams leave the balance; what was spent becomes a debt that later credits and refunds pay first.
    After the last day of its points only its grams go, and what is left of its points in days of grace. The merchant
    stays paid. A repeat with the same key does nothing more.
    """
    here, number = surroundings(), number_of(activity_id)
    if number is None:
        raise NotFound
    reverse_act(db.session(), ReversalWish(number, person.person_id, body.reason, key), here.island, here.clock)
    return staff_activity(db.session(), number, here.island.directory, caller_language())


def _known(member_id: str) -> int:
    number = number_of(member_id)
    if number is None or not is_member(db.session(), number):
        raise NotFound
    return number
