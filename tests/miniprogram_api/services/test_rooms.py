"""Where guests share a room its nights count once, whoever of them hands them in; the books don't know its number."""

from __future__ import annotations

import pytest

from miniprogram_api.domain.refusals import InvalidFields
from miniprogram_api.services.rooms import room_number
from scenes.wire.kinds import KIND_TICKET
from tests.miniprogram_api.cast import Stage

LINEN, HOMESTAY = 13, 11
DAY = 86_400


def test_two_guests_of_one_room_share_its_nights(stage: Stage) -> None:
    room = room_number("homestay", "201", stage.island)
    first = stage.scan("mei", stage.code(LINEN, quantity=2), room=room).act
    second = stage.scan("bo", stage.code(LINEN, quantity=3), room=room).act
    assert (first["credited_quantity"], second["credited_quantity"]) == (2, 1)
    assert second["reason"] == "room:13"


def test_two_rooms_have_nights_of_their_own(stage: Stage) -> None:
    for who, name in (("mei", "201"), ("bo", "202")):
        act = stage.scan(who, stage.code(LINEN), room=room_number("homestay", name, stage.island)).act
        assert act["credited_quantity"] == 1


def test_the_same_number_at_another_place_is_another_room(stage: Stage) -> None:
    assert room_number("homestay", "201", stage.island) != room_number("guesthouse", "201", stage.island)
    assert room_number("homestay", " a1", stage.island) == room_number("homestay", "A1 ", stage.island)


def test_without_a_room_nothing_is_booked_and_the_code_is_still_good(stage: Stage) -> None:
    code = stage.code(LINEN)
    with pytest.raises(InvalidFields) as refused:
        stage.scan("mei", code)
    assert refused.value.helps["fields"] == [{"field": "room", "reason": "missing"}]
    assert stage.scan("mei", code, room=7).act["state"] == "credited"


def test_a_ticket_is_a_room_of_its_own(stage: Stage) -> None:
    for who in ("mei", "bo"):
        act = stage.scan(who, stage.code(LINEN, KIND_TICKET)).act
        assert act["credited_quantity"] == 1
    assert stage.rows("SELECT COUNT(*) FROM caps WHERE substr(name, 1, 5) = 'room:'") == [(0,)]


@pytest.mark.parametrize("room", ["", "   ", "123456789"])
def test_a_room_has_one_to_eight_characters(stage: Stage, room: str) -> None:
    with pytest.raises(InvalidFields):
        room_number("homestay", room, stage.island)


def test_nights_of_a_guest_are_the_guests_own_where_the_limit_is_not_the_rooms(stage: Stage) -> None:
    for who in ("mei", "bo"):
        assert stage.scan(who, stage.code(HOMESTAY, quantity=2)).act["credited_quantity"] == 2
    stage.clock.advance(DAY)
    assert stage.scan("mei", stage.code(HOMESTAY, quantity=2)).act["credited_quantity"] == 1
