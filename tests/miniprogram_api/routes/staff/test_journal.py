"""What kiosks sent and what became of it, for the staff."""

from __future__ import annotations

import json

import pytest
from apiflask import APIFlask

from miniprogram_api.services.appointments import NewPerson, appoint_person
from tests.miniprogram_api.cast import PIER, Stage
from tests.miniprogram_api.journals import Machine, another_kiosk, set_state
from tests.miniprogram_api.routes.speech import answered, refused
from tests.miniprogram_api.routes.staff.test_people import PASSWORD, Desk

REFILL, CLEAN_PLATE, LINEN, HOME_ENERGY = 9, 6, 12, 22


@pytest.fixture
def lin(app: APIFlask, stage: Stage) -> Desk:
    appoint_person(stage.session, NewPerson("lin", "林", PASSWORD, "fleet", None), "system:test", stage.clock)
    desk = Desk(app)
    answered(desk.sign_in("lin"), 201)
    return desk


@pytest.fixture
def told(stage: Stage) -> Machine:
    """The pier has told of a reading with a line refused, one that waits, and something nobody can read."""
    pier = Machine(stage)
    pier.start()
    pier.read(stage.member_code("mei"), (REFILL, 1), (HOME_ENERGY, 5), clerk="lin")
    stage.clock.advance(60)
    set_state(stage, "suspended", stage.clock.now())
    pier.read(stage.member_code("bo"), (CLEAN_PLATE, 1))
    pier.upload()
    pier.upload([{**pier.documents[0], "signature": "A" * 86}])
    other = another_kiosk(stage)
    other.upload()
    return pier


def test_items_are_listed_newest_first_and_by_what_became_of_them(lin: Desk, told: Machine) -> None:
    everything = answered(lin("GET", "journal"))["data"]
    assert [item["kind"] for item in everything] == ["boot", "unreadable", "read", "read", "boot"]
    assert everything[0]["kiosk"] == {"id": "2", "name": "place-2"}
    waiting = answered(lin("GET", "journal?result=pending"))["data"]
    assert [(item["seq"], item["result"]) for item in waiting] == [(3, "pending")]
    bad = answered(lin("GET", "journal?result=refused"))["data"]
    assert [item["result"] for item in bad] == ["refused:code_signature_invalid", "credited"]
    assert [(line["scene"], line["result"]) for line in bad[1]["lines"]] == [
        (REFILL, "credited"),
        (HOME_ENERGY, "refused:scene_closed"),
    ]
    assert bad[1]["clerk"] == "lin"
    assert bad[1]["corrected_at"] == "2026-11-22T12:00:00+08:00"
    plain = answered(lin("GET", "journal?result=credited"))["data"]
    assert {item["kind"] for item in plain} == {"boot"}


def test_the_list_comes_in_pages_and_of_one_kiosk(lin: Desk, told: Machine) -> None:
    first = answered(lin("GET", f"journal?kiosk={PIER}&limit=3"))
    rest = answered(lin("GET", f"journal?kiosk={PIER}&limit=3&cursor={first['next']}"))
    assert [item["seq"] for item in first["data"] + rest["data"]] == [1, 3, 2, 1]
    assert rest["next"] is None
    assert answered(lin("GET", "journal?kiosk=99"))["data"] == []
    refused(lin("GET", "journal?result=duplicate"), 422, "invalid_fields")
    refused(lin("GET", "journal?kiosk=x"), 422, "invalid_fields")


def test_no_code_of_a_member_and_no_room_is_shown(lin: Desk, stage: Stage, told: Machine) -> None:
    shown = json.dumps(answered(lin("GET", "journal")))
    for document in told.documents[1:]:
        assert json.loads(document["body"])["code"] not in shown
