"""The points that scenes share change by versions: the one in force at the act's own moment decides, late acts too."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from miniprogram_api.domain.refusals import InvalidFields, NotAllowed, NotFound
from miniprogram_api.queries.catalogue import member_scenes
from miniprogram_api.services.approvals import APPROVED, REJECTED, WITHDRAWN
from miniprogram_api.services.group_drafts import preview_group_version
from miniprogram_api.services.group_versions import decide_group_version, propose_group_version
from miniprogram_api.services.reversals import ReversalWish, reverse_act
from miniprogram_api.services.version_decisions import Verdict
from miniprogram_api.services.version_drafts import Wanted
from scenes.wire.kinds import KIND_TICKET
from tests.miniprogram_api.cast import Stage
from tests.miniprogram_api.rule_stories import Office
from tests.miniprogram_api.services.test_correction_races import at_once
from tests.miniprogram_api.services.test_reversals import whole
from tests.miniprogram_api.services.test_rules import refused

BUS, SHUTTLE = 2, 3
RIDES = "island-ride"  # 20 points a day
HOUR = 3600


class Limits:
    """lin asks, wen approves."""

    def __init__(self, stage: Stage) -> None:
        office = Office(stage)
        self.stage, self.lin, self.wen, self.in_seconds = stage, office.lin, office.wen, office.in_seconds
        self.decisions = office.decisions

    def ask(self, points: Any = None, seconds: int | None = 60, group: str = RIDES, **more: Any) -> int:
        wanted = self.wanted(points, seconds, **more)
        return propose_group_version(self.stage.session, group, wanted, self.lin, self.stage.clock)

    def wanted(self, points: Any, seconds: int | None = 60, **more: Any) -> Wanted:
        starts_at = None if seconds is None else self.in_seconds(seconds)
        document = {"points": points} if points is not None else None
        return Wanted(**{"document": document, "starts_at": starts_at, "reason": "as agreed", **more})

    def decide(
        self, version: int, decision: str = APPROVED, by: int | None = None, payload: bytes | None = None
    ) -> None:
        verdict = Verdict(decision, by or self.wen, "so", payload)
        decide_group_version(self.stage.session, RIDES, version, verdict, self.stage.clock)

    def later(self, seconds: int) -> None:
        self.stage.clock.advance(seconds)
        self.stage.island.directory.forget()

    def ride(self, scene: int = BUS, who: str = "mei", **code: Any) -> tuple[str, int]:
        """One ride with a ticket of that moment."""
        act = self.stage.scan(who, self.stage.code(scene, KIND_TICKET, **code)).act
        return act["state"], act["points"]


@pytest.fixture
def limits(stage: Stage) -> Limits:
    return Limits(stage)


def test_fewer_points_need_nobody_else_and_hold_from_their_start_on(stage: Stage, limits: Limits) -> None:
    limits.ask(5, seconds=None)
    assert limits.decisions() == [("group", 2, "approved", 1)]
    before = stage.code(BUS, KIND_TICKET)
    limits.later(HOUR)
    assert limits.ride() == ("credited", 5)
    limits.later(HOUR)
    assert limits.ride(SHUTTLE) == ("capped", 0)
    assert stage.scan("bo", before).act["points"] == 5
    assert whole(stage)


def test_more_points_come_with_a_second_person(stage: Stage, limits: Limits) -> None:
    limits.ask(5, seconds=None)
    limits.later(10)
    version = limits.ask(10)
    assert limits.ride() == ("credited", 5)
    limits.later(HOUR)
    assert limits.ride() == ("capped", 0)  # nobody has approved it
    assert refused(NotAllowed, limits.decide, version) == "start_passed"
    limits.decide(version, WITHDRAWN, limits.lin)
    version = limits.ask(10)
    assert refused(NotAllowed, limits.decide, version, by=limits.lin) == "own_request"
    limits.decide(version)
    limits.decide(version)  # a repeat does nothing more
    limits.later(HOUR)
    assert limits.ride() == ("credited", 5)
    limits.later(HOUR)
    assert limits.ride() == ("capped", 0)
    assert whole(stage)


def test_a_late_ride_is_judged_by_the_limit_of_its_own_moment(stage: Stage, limits: Limits) -> None:
    limits.ask(10, seconds=HOUR)
    start = stage.clock.now() + HOUR
    rides = [start - HOUR + 60, start - HOUR // 2, start + HOUR, start + 2 * HOUR]
    limits.later(5 * HOUR)
    earned = [limits.ride(issued_at=moment) for moment in (rides[2], rides[0], rides[1], rides[3])]
    # Of the later ten points one ride takes five; the two before the start had room in twenty.
    assert earned == [("credited", 5), ("credited", 5), ("credited", 5), ("capped", 0)]
    assert stage.balance("mei")[0] == 15
    assert stage.rows("SELECT used FROM caps WHERE name = 'group:island-ride'") == [(15,)]
    assert whole(stage)


def test_a_ride_taken_back_gives_its_room_free_under_another_version(stage: Stage, limits: Limits) -> None:
    act = stage.scan("mei", stage.code(BUS, KIND_TICKET)).act["id"]
    limits.ask(5, seconds=None)
    limits.later(HOUR)
    assert limits.ride() == ("capped", 0)
    reverse_act(stage.session, ReversalWish(act, limits.lin, "walked", "r1"), stage.island, stage.clock)
    limits.later(HOUR)
    assert limits.ride(SHUTTLE) == ("credited", 5)
    assert whole(stage)


def test_going_back_is_a_new_version(stage: Stage, limits: Limits) -> None:
    limits.ask(5, seconds=None)
    limits.later(10)
    version = limits.ask(back_to=1)
    assert version == 3
    limits.decide(version)
    assert stage.rows("SELECT version, points FROM group_versions ORDER BY version") == [(2, 5), (3, 20)]
    limits.later(HOUR)
    for _ in range(2):
        assert limits.ride() == ("credited", 5)
        limits.later(HOUR)
    assert whole(stage)


def test_a_preview_says_what_changes_for_a_members_day_and_keeps_nothing(stage: Stage, limits: Limits) -> None:
    draft = preview_group_version(stage.session, RIDES, limits.wanted(5), stage.clock)
    assert [(one.field, one.before, one.after, one.costs) for one in draft.changes] == [("points", 20, 5, False)]
    assert [(one.scene.number, one.before, one.after) for one in draft.examples(stage.island)] == [
        (BUS, 4, 1),
        (SHUTTLE, 4, 1),
    ]
    assert preview_group_version(stage.session, RIDES, limits.wanted(30), stage.clock).second_person
    assert stage.count("group_versions") == 0


def test_what_is_no_limit_is_refused_with_its_field(limits: Limits) -> None:
    cases: list[tuple[Any, tuple[str, str]]] = [
        ({"points": 20}, ("document", "unchanged")),
        ({"points": 0}, ("points", "1…1000")),
        ({"points": 1001}, ("points", "1…1000")),
        ({"points": "5"}, ("points", "malformed")),
        ({"points": True}, ("points", "malformed")),
        ({}, ("points", "missing")),
        ({"points": 5, "period": "week"}, ("period", "unknown")),
        (None, ("document", "choose_one")),
    ]
    for document, said in cases:
        assert refused(InvalidFields, limits.ask, document=document) == said
    assert limits.stage.count("group_versions") == 0


def test_one_version_waits_at_a_time_and_what_needs_somebody_names_its_start(stage: Stage, limits: Limits) -> None:
    assert refused(InvalidFields, limits.ask, 30, seconds=None) == ("starts_at", "missing")
    version = limits.ask(30)
    assert refused(NotAllowed, limits.ask, 5) == "version_waiting"
    limits.decide(version, REJECTED)
    assert limits.ask(5) == 3
    with pytest.raises(NotFound):
        limits.ask(5, group="nobody")
    with pytest.raises(NotFound):
        limits.decide(9)
    assert whole(stage)


def test_a_version_of_another_content_is_not_approved(limits: Limits) -> None:
    version = limits.ask(30)
    with pytest.raises(Exception, match="payload"):
        limits.decide(version, payload=b"x" * 32)
    assert limits.decisions() == []


def test_of_many_who_ask_at_once_one_version_comes(stage: Stage, limits: Limits) -> None:
    ask = [
        partial(propose_group_version, group_id=RIDES, wanted=limits.wanted(30 + one), by=limits.lin, clock=stage.clock)
        for one in range(4)
    ]
    assert at_once(stage, list(ask)) == {"done": 1, "not_allowed": 3}
    assert stage.count("group_versions") == 1


def test_a_member_sees_what_is_left_by_the_limit_in_force(stage: Stage, limits: Limits) -> None:
    def left() -> str:
        with Session(stage.engine) as session:
            now, directory = stage.clock.now(), stage.island.directory
            shown = member_scenes(session, stage.members["mei"], "visitor", directory, "en", now)
            return str(next(one["left_today"] for one in shown if one["number"] == BUS))

    before = left()
    limits.ask(5, seconds=None)
    limits.later(HOUR)
    assert (int(before) > 1, left()) == (True, "1")


def test_a_version_that_nobody_approved_like_this_is_named(stage: Stage, limits: Limits) -> None:
    version = limits.ask(30)
    limits.decide(version)
    assert whole(stage)
    with stage.engine.begin() as connection:
        trigger = "DROP TRIGGER group_versions_no_update"
        if stage.engine.dialect.name != "sqlite":
            trigger = "DROP TRIGGER group_versions_append_only ON group_versions"
        connection.execute(text(trigger))
        connection.execute(text("UPDATE group_versions SET points = 900"))
    assert not whole(stage)
