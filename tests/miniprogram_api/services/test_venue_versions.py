"""Places change by versions too: what a place offered at an act's own moment decides, and kiosks are told."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

import pytest

from kiosk.offers import Offers
from miniprogram_api.commands.reconcile import differences, snapshot
from miniprogram_api.domain.refusals import CodeFull, InvalidFields, NotAllowed, ProofNotAllowed
from miniprogram_api.services.agreements import agreement_since
from miniprogram_api.services.approvals import APPROVED
from miniprogram_api.services.new_venues import NewPlace, propose_venue
from miniprogram_api.services.venue_versions import decide_venue_version
from miniprogram_api.services.version_decisions import Verdict
from miniprogram_api.services.version_drafts import Wanted
from scenes.wire.agreement import parse_agreement
from scenes.wire.kinds import KIND_GROUP, KIND_TICKET
from tests.miniprogram_api.cast import PIER, Stage
from tests.miniprogram_api.rule_stories import CYCLE, Office, cycling, document, venue_document
from tests.miniprogram_api.services.test_correction_races import at_once
from tests.miniprogram_api.services.test_rules import refused, whole

FERRY, REFILL = 1, 9
TICKETS_ONLY = {"9": {"proofs": ["TK"], "max_quantity": 500}}
TEXTS = {"help": {"zh": "服务台", "en": "the desk"}}


@pytest.fixture
def office(stage: Stage) -> Office:
    return Office(stage)


def agreement(stage: Stage, since: int = 0) -> dict[str, Any] | None:
    """What the pier's kiosk gets, None while it holds the newest."""
    signed = agreement_since(stage.session, PIER, since, TEXTS, stage.island, stage.clock)
    return None if signed is None else dict(json.loads(signed["body"]))


def test_a_code_is_judged_by_what_the_place_offered_when_it_was_made(stage: Stage, office: Office) -> None:
    office.ask_venue(venue_document(stage, TICKETS_ONLY))
    before = stage.code(REFILL)
    stage.clock.advance(60)
    after = stage.code(REFILL)
    stage.island.directory.forget()
    with pytest.raises(ProofNotAllowed):
        stage.scan("mei", after)
    assert stage.scan("mei", before).act["points"] == 2
    assert stage.scan("bo", stage.code(REFILL, KIND_TICKET)).act["points"] == 2


def test_taking_a_proof_away_needs_nobody_else_and_giving_it_back_does(stage: Stage, office: Office) -> None:
    office.ask_venue(venue_document(stage, TICKETS_ONLY), seconds=None)
    assert office.decisions() == [("venue", 2, "approved", 1)]
    stage.clock.advance(5)
    version = office.ask_venue(back_to=1)
    assert refused(NotAllowed, office.approve_venue, version, by=office.lin) == "own_request"
    assert refused(NotAllowed, office.ask_venue, back_to=1) == "version_waiting"
    office.approve_venue(version)
    stage.clock.advance(60)
    stage.island.directory.forget()
    assert stage.scan("mei", stage.code(REFILL)).act["points"] == 2


def test_more_seats_come_with_a_second_person(stage: Stage, office: Office) -> None:
    group = {"per_code": 1, "seats": 1, "window_minutes": 30}
    office.ask_venue(venue_document(stage, group=group), seconds=5)
    stage.clock.advance(5)
    stage.island.directory.forget()
    stage.scan("mei", stage.code(FERRY, KIND_GROUP))
    with pytest.raises(CodeFull):
        stage.scan("bo", stage.code(FERRY, KIND_GROUP))
    version = office.ask_venue(venue_document(stage, group={**group, "seats": 2}))
    office.approve_venue(version)
    stage.clock.advance(60)
    stage.island.directory.forget()
    assert stage.scan("bo", stage.code(FERRY, KIND_GROUP)).act["points"] == 10
    with snapshot(stage.engine) as connection:
        assert [found.sentence for found in differences(connection)] == []


def test_kiosks_get_a_new_agreement_when_what_is_in_force_has_changed_and_not_before(
    stage: Stage, office: Office
) -> None:
    office.ask_venue(venue_document(stage))  # the cast's own profile names no quantities
    stage.clock.advance(60)
    first = agreement(stage)
    assert first is not None
    assert agreement(stage, since=1) is None
    office.approved(document(points=7))
    renamed = {**venue_document(stage, TICKETS_ONLY), "name_en": "The pier"}
    office.ask_venue(renamed)
    assert agreement(stage, since=1) is None
    stage.clock.advance(60)
    second = agreement(stage, since=1)
    assert second is not None
    assert second["version"] == 2
    assert second["profile"]["scenes"]["9"]["proofs"] == ["TK"]
    assert second["texts"]["venue"]["en"] == "The pier"
    points = {scene["number"]: scene["variants"][0]["points"] for scene in second["scenes"]}
    assert (points[REFILL], len(points)) == (7, 24)
    assert agreement(stage, since=2) is None


def test_a_kiosk_offers_a_new_scene_from_its_start_on(stage: Stage, office: Office) -> None:
    office.ask_scene(cycling())
    office.approve(1, CYCLE)
    office.approve_venue(
        office.ask_venue(venue_document(stage, {"25": {"proofs": ["DK"], "max_quantity": 100}}), seconds=5)
    )
    stage.clock.advance(5)
    early = agreement(stage)
    assert early is not None
    assert Offers(parse_agreement(early)).find(CYCLE) is None
    stage.clock.advance(60)
    offers = Offers(parse_agreement(agreement(stage, since=1)))
    offer = offers.find(CYCLE)
    assert offer is not None
    assert (offer.scene.number, offers.offers_kind(25, "single"), offer.scene.name_zh) == (25, True, "骑行")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ticket_days": 0}, ("profile.ticket_days", "malformed")),
        ({"scenes": {"9": {"proofs": [], "max_quantity": 5}}}, ("profile.scenes.9.proofs", "malformed")),
        ({"scenes": {"99": {"proofs": ["TK"], "max_quantity": 5}}}, ("profile.scenes.99", "unknown")),
        ({"attended": "yes"}, ("profile.attended", "malformed")),
    ],
)
def test_a_profile_that_is_none_is_refused_with_its_field(
    stage: Stage, office: Office, changes: dict[str, Any], field: tuple[str, str]
) -> None:
    wanted = venue_document(stage)
    wanted["profile"] |= changes
    assert refused(InvalidFields, office.ask_venue, wanted) == field
    assert (stage.count("venue_versions"), stage.count("audit_events")) == (0, 0)


def test_a_place_may_not_offer_a_scene_that_nobody_has_approved(stage: Stage, office: Office) -> None:
    wanted = venue_document(stage, {"25": {"proofs": ["TK"], "max_quantity": 5}})
    assert refused(InvalidFields, office.ask_venue, wanted) == ("profile.scenes.25", "unknown")
    assert stage.count("venue_versions") == 0


def opens(stage: Stage, office: Office, place: str = "new-shop") -> Any:
    """lin opens a shop that takes tickets for refills, in a minute."""
    wanted = {**venue_document(stage), "name_en": "The new shop"}
    wanted["profile"] = {**wanted["profile"], "scenes": TICKETS_ONLY}
    asked = Wanted(wanted, starts_at=office.in_seconds(60), reason="a shop opens")
    return partial(propose_venue, place=NewPlace(place, "island", 1, 2), wanted=asked, by=office.lin, clock=stage.clock)


def test_a_kiosk_at_a_new_place_earns_nothing_before_its_approved_start(stage: Stage, office: Office) -> None:
    version = opens(stage, office)(stage.session)
    with stage.engine.begin() as connection:  # the fleet sets the pier's kiosk up there
        connection.exec_driver_sql("UPDATE kiosks SET venue_id = 'new-shop'")
    stage.island.directory.forget()
    early = stage.code(REFILL, KIND_TICKET)
    verdict = Verdict(APPROVED, office.wen)
    decide_venue_version(stage.session, "new-shop", version, verdict, stage.clock)
    stage.clock.advance(60)
    stage.island.directory.forget()
    with pytest.raises(ProofNotAllowed):
        stage.scan("mei", early)
    assert stage.scan("mei", stage.code(REFILL, KIND_TICKET)).act["points"] == 2
    whole(stage)


def test_of_two_who_open_one_place_at_once_one_does(stage: Stage, office: Office) -> None:
    assert at_once(stage, [opens(stage, office)] * 3) == {"done": 1, "invalid_fields": 2}
    assert (stage.count("venues"), stage.count("venue_versions")) == (2, 1)
    assert stage.rows("SELECT act FROM audit_events ORDER BY id") == [("venue_opened",), ("venue_asked",)]
    whole(stage)
