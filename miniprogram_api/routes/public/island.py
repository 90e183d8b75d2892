"""The island's public face: its name, its figures, its own account."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from miniprogram_api.db import db
from miniprogram_api.queries.island import IslandFigures
from miniprogram_api.routes.api import Answer, Calls, Moment, caller_language, surroundings
from miniprogram_api.routes.surroundings import Surroundings

calls = Calls("public", "island")
# The published account of 2020, certified by CQC; the same for every operator of this island.
ACCOUNT = {"emitted_tonnes": 5_668, "removed_tonnes": 7_001, "year": 2020, "source": "CQC"}


class Sums(Answer):
    acts: int
    points: int
    reduction_grams: int


class IslandAccount(Answer):
    emitted_tonnes: int
    removed_tonnes: int
    year: int
    source: str


class LatestAct(Answer):
    scene: str
    name: str
    points: int
    reduction_grams: int
    at: Moment


class IslandAnswer(Answer):
    """`wechat_sign_in`: where a page inside WeChat goes to sign in, with a mark of its own added; else null."""

    name: str
    demonstration: bool
    wechat_sign_in: str | None
    now: Moment
    today: Sums
    total: Sums
    account: IslandAccount
    latest: list[LatestAct]


@calls.get("/public/island", answer=IslandAnswer)
def read_island() -> dict[str, Any]:
    """The island today

    Sums of credited acts, and the latest ones without names. May be some seconds old.
    """
    here = surroundings()
    now = here.clock.now()
    figures = here.figures.now(db.session(), now)
    return {
        "name": here.settings.island_names[caller_language()],
        "demonstration": here.settings.demonstration,
        "wechat_sign_in": here.wechat.authorize_url,
        "now": now,
        "today": _sums(figures.today),
        "total": _sums(figures.total),
        "account": ACCOUNT,
        "latest": _latest(here, figures, now),
    }


def _sums(sums: tuple[int, int, int]) -> dict[str, int]:
    return dict(zip(("acts", "points", "reduction_grams"), sums, strict=True))


def _latest(here: Surroundings, figures: IslandFigures, now: int) -> list[dict[str, Any]]:
    rules = {rule.scene.number: rule.scene for rule in here.island.directory.rules(now)}
    english = caller_language() == "en"

    def shown(row: Row[Any]) -> dict[str, Any]:
        scene = rules[row.scene]
        return {
            "scene": scene.slug,
            "name": scene.name_en if english else scene.name_zh,
            "points": row.points,
            "reduction_grams": row.reduction_grams,
            "at": row.recorded_at,
        }

    return [shown(row) for row in figures.latest if row.scene in rules]
