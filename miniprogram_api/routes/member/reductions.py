"""What my acts came to: points and grams by day and by scene, in plain things, and my badges."""

from __future__ import annotations

from typing import Annotated, Any

from miniprogram_api.db import db
from miniprogram_api.queries.badges import member_badges
from miniprogram_api.queries.reductions import member_reductions
from miniprogram_api.queries.sessions import MemberCaller
from miniprogram_api.routes.api import (
    MEMBER,
    Answer,
    Body,
    Calls,
    Day,
    DecimalText,
    caller_language,
    surroundings,
    text,
)

calls = Calls("member", "reductions")
Month = Annotated[str, text(7, 7, r"^20[0-9]{2}-(0[1-9]|1[0-2])$")]


class MonthAsked(Body):
    """Without `month`, the newest one with an act of mine."""

    month: Month | None = None


class Sums(Answer):
    """Acts that count, what they earned and what they saved. What was taken back is left out."""

    acts: int
    points: int
    reduction_grams: int


class DaySums(Sums):
    day: Day


class SceneSums(Sums):
    id: str
    name: str
    icon: str


class ComparedWith(Answer):
    """All my grams in one plain thing: `amount` of its `unit`, rounded down; `value` is grams CO2e of one."""

    id: str
    icon: str
    amount: DecimalText
    unit: str
    value: DecimalText
    source: str
    year: int


class Reductions(Answer):
    """One month, its days and scenes only where there was an act; `reduction_grams` and what they are compared with
    are those of all time. `earlier` and `later` name the next months that have any."""

    month: Month
    earlier: Month | None
    later: Month | None
    total: Sums
    days: list[DaySums]
    scenes: list[SceneSums]
    reduction_grams: int
    comparisons: list[ComparedWith]


class BadgeShown(Answer):
    """`done` and `needed` count whole units of `unit`, or what `how` says where it is null."""

    id: str
    icon: str
    name: str
    how: str
    done: DecimalText
    needed: DecimalText
    unit: str | None
    earned: bool


class Badges(Answer):
    data: list[BadgeShown]
    next: str | None


@calls.get("/member/reductions", caller=MEMBER, query=MonthAsked, answer=Reductions)
def read_reductions(member: MemberCaller, query: MonthAsked) -> dict[str, Any]:
    """My points and grams of one month, by day and by scene"""
    here = surroundings()
    month = int(query.month.replace("-", "")) if query.month else None
    directory, now = here.island.directory, here.clock.now()
    return member_reductions(db.session(), member.member_id, month, directory, caller_language(), now)


@calls.get("/member/badges", caller=MEMBER, answer=Badges)
def list_badges(member: MemberCaller) -> dict[str, Any]:
    """My badges, earned or not"""
    here = surroundings()
    directory, now = here.island.directory, here.clock.now()
    return {"data": member_badges(db.session(), member.member_id, directory, caller_language(), now), "next": None}
