"""What can be earned, and what is left of it for me today."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from miniprogram_api.db import db
from miniprogram_api.queries.catalogue import member_scenes
from miniprogram_api.queries.sessions import MemberCaller
from miniprogram_api.routes.api import MEMBER, Answer, Calls, DecimalText, caller_language, surroundings

calls = Calls("member", "scenes")


class SceneCap(Answer):
    """Whole units in a period."""

    amount: DecimalText
    period: Literal["day", "week", "month", "night"]


class SceneVariant(Answer):
    number: int
    name: str
    points: int
    reduction_grams: DecimalText


class ScenePlace(Answer):
    """`proofs`: the ways of proof there."""

    id: str
    name: str
    proofs: list[str]


class SceneFactor(Answer):
    """Grams CO2e of one unit, with where the number is from."""

    value: DecimalText
    unit: str
    source: str
    year: int
    version: int


class MemberScene(Answer):
    """`points` and `reduction_grams` are for one whole unit (`per`); `done` and `left_today` count whole units in the
    cap's period. `season`: first and last day as MM-DD, null is all year."""

    id: str
    number: int
    name: str
    scene_class: str = Field(alias="class")
    icon: str
    how: str
    note: str
    unit: str
    points: int
    per: str
    reduction_grams: DecimalText
    proofs: list[str]
    cap: SceneCap
    cool_down_seconds: int
    done: DecimalText
    left_today: DecimalText | None
    open: bool
    closed_reason: Literal["paused", "season", "audience"] | None
    season: list[str] | None
    attested: bool
    audience: Literal["both", "residents", "visitors"]
    variants: list[SceneVariant]
    places: list[ScenePlace]
    factor: SceneFactor
    version: int


class MemberScenes(Answer):
    data: list[MemberScene]
    next: str | None


@calls.get("/member/scenes", caller=MEMBER, answer=MemberScenes)
def list_scenes(member: MemberCaller) -> dict[str, Any]:
    """All scenes, and what is left of each for me today"""
    here = surroundings()
    scenes = member_scenes(
        db.session(), member.member_id, member.kind, here.island.directory, caller_language(), here.clock.now()
    )
    return {"data": scenes, "next": None}
