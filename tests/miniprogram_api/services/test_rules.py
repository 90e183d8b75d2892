"""Rules change by versions: asked for by one person, approved by another, in force from their start, never before."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy.orm import Session

from miniprogram_api.books.directory import Directory
from miniprogram_api.commands.reconcile import differences, snapshot
from miniprogram_api.db import prepare_engine
from miniprogram_api.domain.refusals import (
    IdempotencyConflict,
    InvalidFields,
    NotAllowed,
    NotFound,
    ProofNotAllowed,
    SceneClosed,
)
from miniprogram_api.services.approvals import APPROVED
from miniprogram_api.services.rule_drafts import WantedRule
from miniprogram_api.services.rules import decide_version, propose_version
from miniprogram_api.services.version_decisions import Verdict
from scenes.wire.kinds import KIND_SINGLE_USE, KIND_TICKET
from tests.miniprogram_api.cast import Stage
from tests.miniprogram_api.rule_stories import CATALOGUE, CYCLE, REFILL, Office, cycling, document, venue_document
from tests.miniprogram_api.test_append_only import application_engine

SCENE = 9
DAY = 86_400
MEAL = next(factor.id for factor in CATALOGUE.factors.values() if factor.unit == "g/meal")


@pytest.fixture
def office(stage: Stage) -> Office:
    return Office(stage)


def refused(kind: type[NotAllowed | InvalidFields], act: Any, *given: Any, **named: Any) -> Any:
    """The reason of a refusal: `why`, or the field that is wrong with its reason."""
    with pytest.raises(kind) as caught:
        act(*given, **named)
    helps = caught.value.helps
    return helps["why"] if "why" in helps else (helps["fields"][0]["field"], helps["fields"][0]["reason"])


def earned(stage: Stage, who: str = "mei", **code: Any) -> int:
    """Points of one refill now."""
    stage.island.directory.forget()
    return int(stage.scan(who, stage.code(SCENE, **code)).act["points"])


def whole(stage: Stage) -> None:
    """The books reconcile."""
    with snapshot(stage.engine) as connection:
        assert [found.sentence for found in differences(connection)] == []


def test_an_act_before_after_and_late_are_each_judged_by_the_version_of_their_own_moment(
    stage: Stage, office: Office
) -> None:
    office.approved(document(points=7), seconds=3600)
    old_ticket = stage.code(SCENE, KIND_TICKET)
    assert earned(stage) == 2
    stage.clock.advance(3600)
    assert earned(stage) == 7
    stage.island.directory.forget()
    late = stage.scan("bo", old_ticket).act
    assert (late["points"], late["rule_version"]) == (2, 1)
    assert earned(stage, "bo") == 7
    assert stage.rows("SELECT rule_version, COUNT(*) FROM acts GROUP BY rule_version ORDER BY 1") == [(1, 2), (2, 2)]
    whole(stage)


def test_nothing_is_in_force_before_a_second_person_has_approved_it(stage: Stage, office: Office) -> None:
    version = office.ask(document(points=7))
    stage.clock.advance(61)
    assert earned(stage) == 2
    assert refused(NotAllowed, office.approve, version) == "start_passed"
    assert stage.count("approvals") == 0
    assert refused(NotAllowed, office.ask, document(points=8)) == "version_waiting"
    office.reject(version)
    stage.clock.advance(1800)
    assert earned(stage) == 2
    assert [version for (version,) in stage.rows("SELECT version FROM rule_versions WHERE scene = 9")] == [1, 2]


def test_nobody_approves_what_they_asked_for(stage: Stage, office: Office) -> None:
    version = office.ask(document(points=7))
    assert refused(NotAllowed, office.approve, version, by=office.lin) == "own_request"
    assert refused(NotAllowed, office.withdraw, version, by=office.wen) == "not_your_request"
    assert stage.count("approvals") == 0
    office.withdraw(version)
    assert refused(NotAllowed, office.approve, version) == "already_decided"
    assert office.decisions() == [("rule", 2, "withdrawn", 0)]


def test_an_approval_is_bound_to_what_was_read(stage: Stage, office: Office) -> None:
    version = office.ask(document(points=7))
    with pytest.raises(IdempotencyConflict):
        office.approve(version, payload=b"\0" * 32)
    assert stage.count("approvals") == 0
    office.approve(version)
    office.approve(version)  # a lost answer is asked for again
    assert office.decisions() == [("rule", 2, "approved", 0)]


@pytest.mark.parametrize("seconds", [-1, 0, 4])
def test_a_start_that_a_worker_could_miss_is_refused(stage: Stage, office: Office, seconds: int) -> None:
    assert refused(NotAllowed, office.ask, document(points=1), seconds) == "start_passed"
    version = office.ask(document(points=7), seconds=5)
    stage.clock.advance(1)
    assert refused(NotAllowed, office.approve, version) == "start_passed"
    assert (stage.count("approvals"), stage.count("entries")) == (0, 1)


def test_a_pause_needs_nobody_else_and_reaches_another_worker_within_a_second(stage: Stage, office: Office) -> None:
    elsewhere = Directory(stage.engine)
    assert elsewhere.rule(SCENE, stage.clock.now() + 60).scene.active  # type: ignore[union-attr]  # it is there
    office.ask(document(active=False), seconds=None)
    elsewhere._read_at -= 1.0  # a second goes by
    paused = elsewhere.rule(SCENE, stage.clock.now() + 5)
    assert paused is not None
    assert (paused.version, paused.scene.active) == (2, False)
    assert elsewhere.rule(SCENE, stage.clock.now() + 4).version == 1  # type: ignore[union-attr]  # it is there
    stage.clock.advance(5)
    with pytest.raises(SceneClosed):
        earned(stage)
    assert office.decisions() == [("rule", 2, "approved", 1)]
    assert refused(InvalidFields, office.ask, document(), seconds=None) == ("starts_at", "missing")


def test_what_cant_cost_points_needs_no_second_person_and_what_can_does(stage: Stage, office: Office) -> None:
    office.ask(document(points=1, cool_down_seconds=7200, name_en="Refill your bottle"))
    assert office.decisions() == [("rule", 2, "approved", 1)]
    office.ask(document(points=2, cool_down_seconds=7200), seconds=120)
    assert len(office.decisions()) == 1
    assert refused(NotAllowed, office.ask, document(points=3, cool_down_seconds=7200)) == "version_waiting"


def test_a_pause_waits_for_nobody_and_what_waited_before_it_is_not_approved_over_it(
    stage: Stage, office: Office
) -> None:
    office.ask(document(points=7), seconds=120)
    office.ask(document(active=False), seconds=None)
    stage.clock.advance(5)
    with pytest.raises(SceneClosed):
        earned(stage)
    assert refused(NotAllowed, office.approve, 2) == "version_overtaken"
    assert office.decisions() == [("rule", 3, "approved", 1)]


def test_going_back_is_a_new_version_with_the_document_of_an_older_one(stage: Stage, office: Office) -> None:
    office.approved(document(points=7))
    stage.clock.advance(60)
    assert earned(stage) == 7
    office.ask(back_to=1)
    stage.clock.advance(3600)
    assert earned(stage) == 2
    versions = stage.rows("SELECT version, document FROM rule_versions WHERE scene = 9 ORDER BY version")
    assert [version for version, _ in versions] == [1, 2, 3]
    assert versions[0][1] == versions[2][1]
    assert refused(InvalidFields, office.ask, back_to=1) == ("back_to", "unchanged")
    assert refused(InvalidFields, office.ask, back_to=9) == ("back_to", "unknown")
    assert refused(InvalidFields, office.ask, document(), back_to=1) == ("document", "choose_one")
    whole(stage)


def test_a_newer_version_puts_aside_one_that_would_only_begin_later(stage: Stage, office: Office) -> None:
    office.approved(document(name_en="Refill", points=7), seconds=7 * DAY)
    office.ask(document(active=False), seconds=None)
    stage.clock.advance(8 * DAY)
    with pytest.raises(SceneClosed):
        earned(stage)
    office.approved(back_to=2)  # the plan is taken up again, by two people
    stage.clock.advance(60)
    assert earned(stage) == 7


def test_of_two_people_who_approve_at_once_one_decides(stage: Stage, office: Office) -> None:
    version, hua, start = office.ask(document(points=7)), stage.clerk("hua"), Barrier(2)

    def approve(by: int) -> str:
        with Session(stage.engine) as session:
            start.wait()
            try:
                decide_version(session, REFILL, version, Verdict(APPROVED, by), stage.clock)
            except NotAllowed as refusal:
                return str(refusal.helps["why"])
            return "approved"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(approve, [office.wen, hua])) == ["already_decided", "approved"]
    assert (stage.count("approvals"), stage.count("entries")) == (1, 2)
    whole(stage)


def test_of_two_people_who_ask_at_once_one_has_to_wait(stage: Stage, office: Office) -> None:
    start = Barrier(2)

    def ask(points: int) -> str:
        with Session(stage.engine) as session:
            start.wait()
            wanted = WantedRule(document(points=points), starts_at=office.in_seconds(60), reason="more")
            try:
                return str(propose_version(session, REFILL, wanted, office.lin, stage.clock))
            except NotAllowed as refusal:
                return str(refusal.helps["why"])

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(ask, [7, 8])) == ["2", "version_waiting"]
    assert (stage.count("rule_versions"), stage.count("entries")) == (25, 1)


def test_every_version_and_decision_has_its_leaf(stage: Stage, office: Office) -> None:
    office.approved(document(points=7))
    leaves = [json.loads(bytes(leaf)) for (leaf,) in stage.rows("SELECT leaf FROM entries ORDER BY id")]  # type: ignore[call-overload]  # a column of bytes
    shown = [{name: leaf[name] for name in leaf if name not in ("time", "day", "v")} for leaf in leaves]
    assert shown == [
        {"kind": "rule", "scene": 9, "rule": 2, "factor": "water-refill/1"},
        {"kind": "approval", "scene": 9, "rule": 2},
    ]
    assert stage.count("transfers") == 0
    whole(stage)


def test_a_new_scene_gets_the_next_number_and_is_earned_with_a_code_once_approved(stage: Stage, office: Office) -> None:
    assert office.ask_scene(cycling()) == CYCLE
    assert refused(InvalidFields, office.ask_venue, venue_document(stage, {"25": cycling_offer()})) == (
        "profile.scenes.25",
        "unknown",
    )
    office.approve(1, CYCLE)
    office.approve_venue(office.ask_venue(venue_document(stage, {"25": cycling_offer()})))
    stage.island.directory.forget()
    with pytest.raises(ProofNotAllowed):
        stage.scan("mei", stage.code(25, quantity=35))
    stage.clock.advance(60)
    scanned = stage.scan("mei", stage.code(25, KIND_SINGLE_USE, quantity=35))
    assert (scanned.act["points"], scanned.act["reduction_grams"]) == (6, 140)
    assert stage.balance("mei") == (6, 0, 140)
    whole(stage)


def cycling_offer() -> dict[str, Any]:
    return {"proofs": ["DK"], "max_quantity": 100}


def test_a_scene_that_was_refused_may_be_asked_for_again_and_keeps_its_number(stage: Stage, office: Office) -> None:
    office.ask_scene(cycling())
    office.reject(1, CYCLE)
    assert refused(InvalidFields, office.ask_scene, cycling()) == ("slug", "taken")
    version = office.ask(cycling(), slug=CYCLE)
    office.approve(version, CYCLE)
    stage.clock.advance(60)
    stage.island.directory.forget()
    found = stage.island.directory.rule(25, stage.clock.now())
    assert found is not None
    assert (found.version, found.scene.slug) == (2, CYCLE)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"slug": "other"}, ("slug", "fixed")),
        ({"number": 8}, ("number", "fixed")),
        ({"unit": "meal", "factor": MEAL}, ("variants[0].unit", "fixed")),
        ({"cap": 0}, ("cap", "malformed")),
        ({"points": "7"}, ("variants[0].points", "malformed")),
        ({"factor": "nothing"}, ("variants[0].factor", "malformed")),
        ({"surprise": 1}, ("surprise", "malformed")),
        ({}, ("document", "unchanged")),
    ],
)
def test_a_document_that_is_no_rule_of_this_scene_is_refused_with_its_field(
    stage: Stage, office: Office, changes: dict[str, Any], field: tuple[str, str]
) -> None:
    assert refused(InvalidFields, office.ask, document(**changes)) == field
    assert (stage.count("rule_versions"), stage.count("entries"), stage.count("audit_events")) == (24, 0, 0)


def test_a_scene_that_nobody_knows_has_no_versions(stage: Stage, office: Office) -> None:
    with pytest.raises(NotFound):
        office.ask(document(), slug="nothing")
    with pytest.raises(NotFound):
        office.approve(2)


def test_a_factor_that_changed_is_a_new_version_of_it_and_old_acts_keep_theirs(stage: Stage, office: Office) -> None:
    [(stored,)] = stage.rows("SELECT factors FROM rule_versions WHERE scene = 9")
    [factor] = json.loads(str(stored))
    changed = {**factor, "value": "40"}
    assert refused(InvalidFields, office.ask, document(), factors=[changed])[1] == "taken"
    version = office.ask(document(), factors=[{**changed, "version": 2}])
    office.approve(version)
    assert stage.scan("mei", stage.code(SCENE)).act["reduction_grams"] == 57
    stage.clock.advance(3600)
    stage.island.directory.forget()
    act = stage.scan("mei", stage.code(SCENE)).act
    assert (act["reduction_grams"], act["factor"]) == (40, f"{factor['id']}/2")
    assert stage.balance("mei")[2] == 97
    whole(stage)


def test_a_lower_limit_holds_at_once_and_takes_nothing_back(stage: Stage, office: Office) -> None:
    for _ in range(3):
        assert earned(stage) == 2
        stage.clock.advance(1800)
    office.ask(document(cap=1), seconds=None)
    stage.clock.advance(1800)
    stage.island.directory.forget()
    assert stage.scan("mei", stage.code(SCENE)).act["state"] == "capped"
    assert stage.balance("mei")[0] == 6
    whole(stage)


def test_everything_that_staff_did_stands_in_the_audit_trail(stage: Stage, office: Office) -> None:
    office.reject(office.ask(document(points=7)))
    office.ask(document(active=False))
    acts = stage.rows("SELECT actor, act, object FROM audit_events ORDER BY id")
    assert [(str(actor)[:6], act, thing) for actor, act, thing in acts] == [
        ("staff:", "rule_asked", "scene:refill-water"),
        ("staff:", "rule_rejected", "scene:refill-water"),
        ("staff:", "rule_asked", "scene:refill-water"),
        ("staff:", "rule_approved", "scene:refill-water"),
    ]


def test_asking_and_deciding_need_no_more_than_the_application_may(stage: Stage, office: Office) -> None:
    application = application_engine(stage.engine)
    prepare_engine(application)
    stage.session.rollback()
    stage.session.bind = application
    office.approved(document(points=7))
    office.ask_venue(venue_document(stage), seconds=None)
    assert office.decisions() == [("rule", 2, "approved", 0), ("venue", 2, "approved", 1)]
    stage.session.rollback()
    application.dispose()
