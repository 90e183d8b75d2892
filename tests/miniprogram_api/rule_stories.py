"""How lin asks for versions of rules and places and wen decides about them, for the tests."""

from __future__ import annotations

import json
from copy import deepcopy
from typing import Any

from miniprogram_api.services.approvals import APPROVED, REJECTED, WITHDRAWN
from miniprogram_api.services.rule_drafts import WantedRule
from miniprogram_api.services.rules import decide_version, propose_scene, propose_version
from miniprogram_api.services.venue_versions import decide_venue_version, propose_venue_version
from miniprogram_api.services.version_decisions import Verdict
from miniprogram_api.services.version_drafts import Wanted
from scenes.catalogue import load_catalogue
from tests.miniprogram_api.cast import Stage

CATALOGUE = load_catalogue()
REFILL, CYCLE = "refill-water", "cycle"
PIER_VENUE = "island-pier"


def document(number: int = 9, **changes: Any) -> dict[str, Any]:
    """A scene of the first catalogue with some keys changed; `points` and `max_quantity` are the first variant's."""
    scene = deepcopy(CATALOGUE.documents[number])
    for key in ("points", "max_quantity", "unit", "factor"):
        if key in changes:
            scene["variants"][0][key] = changes.pop(key)
    return {**scene, **changes}


def cycling() -> dict[str, Any]:
    """A scene that nobody has heard of: cycling, by the kilometre."""
    scene = document(9, slug=CYCLE, name_zh="骑行", name_en="Cycle", unit="km", factor="cycling-km", points=2, cap=200)
    del scene["number"]
    scene["variants"][0] |= {"step": 10, "min_quantity": 10, "max_quantity": 100}
    return scene


class Office:
    """lin asks, wen approves."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.lin, self.wen = stage, stage.clerk("lin"), stage.clerk("wen")

    def in_seconds(self, seconds: int) -> int:
        return int(self.stage.clock.now()) + seconds

    def ask(self, wanted: dict[str, Any] | None = None, seconds: int | None = 60, **more: Any) -> int:
        """A version of the refill's rule, unless another slug is named; it starts in `seconds`."""
        slug, by = more.pop("slug", REFILL), more.pop("by", self.lin)
        starts_at = None if seconds is None else self.in_seconds(seconds)
        asked = WantedRule(wanted, starts_at=starts_at, reason="as agreed", **more)
        return propose_version(self.stage.session, slug, asked, by, self.stage.clock)

    def ask_scene(self, wanted: dict[str, Any], seconds: int = 60, **more: Any) -> str:
        asked = WantedRule(wanted, starts_at=self.in_seconds(seconds), reason="new", **more)
        return propose_scene(self.stage.session, asked, self.lin, self.stage.clock)

    def approve(self, version: int, slug: str = REFILL, payload: bytes | None = None, by: int | None = None) -> None:
        verdict = Verdict(APPROVED, by or self.wen, payload=payload)
        decide_version(self.stage.session, slug, version, verdict, self.stage.clock)

    def reject(self, version: int, slug: str = REFILL) -> None:
        decide_version(self.stage.session, slug, version, Verdict(REJECTED, self.wen, "no"), self.stage.clock)

    def withdraw(self, version: int, slug: str = REFILL, by: int | None = None) -> None:
        decide_version(self.stage.session, slug, version, Verdict(WITHDRAWN, by or self.lin), self.stage.clock)

    def approved(self, wanted: dict[str, Any] | None = None, seconds: int = 60, **more: Any) -> int:
        version = self.ask(wanted, seconds, **more)
        self.approve(version)
        return version

    def ask_venue(self, wanted: dict[str, Any] | None = None, seconds: int | None = 60, **more: Any) -> int:
        starts_at = None if seconds is None else self.in_seconds(seconds)
        asked = Wanted(wanted, starts_at=starts_at, reason="as agreed", **more)
        return propose_venue_version(self.stage.session, PIER_VENUE, asked, self.lin, self.stage.clock)

    def approve_venue(self, version: int, by: int | None = None) -> None:
        verdict = Verdict(APPROVED, by or self.wen)
        decide_venue_version(self.stage.session, PIER_VENUE, version, verdict, self.stage.clock)

    def decisions(self) -> list[tuple[object, ...]]:
        return self.stage.rows(
            "SELECT subject, version, decision, alone FROM approvals ORDER BY decided_at, subject, version"
        )


def venue_document(stage: Stage, scenes: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    """The pier as it is seeded, with changes of its profile; every scene with a largest quantity."""
    [(stored,)] = stage.rows("SELECT profile FROM venues")
    profile = json.loads(str(stored))
    offers = {number: {"max_quantity": 500, **offer} for number, offer in profile["scenes"].items()}
    profile = {**profile, "scenes": {**offers, **(scenes or {})}, **changes}
    return {"name_zh": "灵山岛码头", "name_en": "Island pier", "profile": profile}
