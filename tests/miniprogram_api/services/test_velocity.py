"""Nobody is on both sides of the water within half an hour: the later act waits for somebody to look at it."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import insert

from miniprogram_api.models import Kiosk, KioskKey, Venue
from scenes.wire.code_text import code_text
from scenes.wire.kinds import KIND_TICKET
from scenes.wire.kiosk_code import KioskCode, encode
from scenes.wire.signing import generate_private_key, public_key_of
from tests.miniprogram_api.cast import EVERY_PROOF, NOON, Stage
from tests.miniprogram_api.lived_island import reverse

REFILL, TRANSIT, TICKET = 9, 5, 20
MINUTE = 60


class Place:
    """Another place with a kiosk of its own."""

    def __init__(self, stage: Stage, number: int, side: str) -> None:
        self.stage, self.number, self.key, self.counter = stage, number, generate_private_key(), 0
        profile = {"attended": True, "scenes": EVERY_PROOF, "ceilings": {}, "ticket_days": 14, "routes": []}
        place = f"place-{number}"
        with stage.engine.begin() as connection:
            connection.execute(
                insert(Venue).values(
                    id=place, name_zh="-", name_en="-", side=side, map_x=0, map_y=0, profile=json.dumps(profile)
                )
            )
            connection.execute(
                insert(Kiosk).values(id=number, name=place, venue_id=place, state="active", state_since=NOON, epoch=1)
            )
            key = public_key_of(self.key)
            connection.execute(insert(KioskKey).values(kiosk_id=number, epoch=1, public_key=key, created_at=NOON))
        stage.island.directory.forget()

    def ticket(self, scene: int = TRANSIT) -> str:
        self.counter += 1
        now, nonce = self.stage.clock.now(), self.counter.to_bytes(6, "big")
        return code_text(
            encode(KioskCode(KIND_TICKET, 1, self.number, self.counter, now, scene, 0, 1, nonce), self.key)
        )


@pytest.fixture
def mainland(stage: Stage) -> Place:
    return Place(stage, 2, "mainland")


def test_an_act_on_the_other_side_too_soon_is_pending_and_brings_nothing(stage: Stage, mainland: Place) -> None:
    stage.scan("mei", mainland.ticket())
    before = stage.balance("mei")
    stage.clock.advance(30 * MINUTE - 1)
    act = stage.scan("mei", stage.code(REFILL)).act
    assert (act["state"], act["reason"], act["points"]) == ("pending", "too_far", 0)
    assert stage.balance("mei") == before
    assert stage.rows("SELECT COUNT(*) FROM caps WHERE name = 'scene:9'") == [(0,)], "a pending act takes no room"


def test_half_an_hour_is_enough_for_the_crossing(stage: Stage, mainland: Place) -> None:
    stage.scan("mei", mainland.ticket())
    stage.clock.advance(30 * MINUTE)
    assert stage.scan("mei", stage.code(REFILL)).act["state"] == "credited"


def test_an_act_that_arrives_late_is_judged_by_when_it_happened(stage: Stage, mainland: Place) -> None:
    ticket = mainland.ticket()
    stage.clock.advance(5 * MINUTE)
    assert stage.scan("mei", stage.code(REFILL)).act["state"] == "credited"
    stage.clock.advance(86_400)
    late = stage.scan("mei", ticket).act
    assert (late["state"], late["reason"]) == ("pending", "too_far")


def test_the_same_side_the_sea_and_other_people_are_never_too_far(stage: Stage, mainland: Place) -> None:
    cabin, quay = Place(stage, 3, "sea"), Place(stage, 4, "mainland")
    states = [
        stage.scan("mei", mainland.ticket()).act["state"],
        stage.scan("mei", cabin.ticket(REFILL)).act["state"],
        stage.scan("mei", quay.ticket(TICKET)).act["state"],
        stage.scan("bo", stage.code(REFILL)).act["state"],
    ]
    assert states == ["credited"] * 4


def test_a_child_whose_ticket_was_printed_elsewhere_is_a_person_of_its_own(stage: Stage, mainland: Place) -> None:
    stage.scan("mei", mainland.ticket())
    ticket = stage.code(REFILL, KIND_TICKET)
    assert stage.scan("mei", ticket, companion=1).act["state"] == "credited"


def test_an_act_that_was_reversed_was_never_there(stage: Stage, mainland: Place) -> None:
    there = stage.scan("mei", mainland.ticket()).act
    reverse(stage, there["id"], stage.clerk("lin"), key="r1")
    assert stage.scan("mei", stage.code(REFILL)).act["state"] == "credited"
