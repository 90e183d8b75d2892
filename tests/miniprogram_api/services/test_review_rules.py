"""What an act that waited brings is decided by the rules, limits and places of its own time."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from sqlalchemy import update

from miniprogram_api.domain.limits import LIMITS
from miniprogram_api.domain.refusals import CodeAlreadyUsed, NotAllowed
from miniprogram_api.domain.reviews import Decider
from miniprogram_api.models import Venue
from scenes.wire.kinds import KIND_GROUP, KIND_TICKET
from tests.miniprogram_api.cast import NOON, Stage
from tests.miniprogram_api.lived_island import adjust
from tests.miniprogram_api.services.test_reversals import whole
from tests.miniprogram_api.services.test_reviews import (
    CLEAN_PLATE,
    DAY,
    HOUR,
    REFILL,
    TREE_CARE,
    accept,
    activity,
    late_ticket,
    refuse,
    shown,
    told,
)
from tests.miniprogram_api.services.test_twins import notice, twin
from tests.miniprogram_api.services.test_velocity import Place

FERRY, LINEN, LITTER = 1, 13, 16
HOME_ENERGY, ROOM = 22, 201


@pytest.fixture
def lin(stage: Stage) -> Decider:
    return Decider(stage.clerk("lin"))


def test_a_cool_down_of_its_own_time_refuses_it_and_that_is_the_decision(stage: Stage, lin: Decider) -> None:
    act = late_ticket(stage)
    stage.scan("mei", stage.code(CLEAN_PLATE))
    outcome = accept(stage, act, lin, stage.clock.now() - 60)
    assert (outcome.state, outcome.code, outcome.now) == ("refused", "cool_down", True)
    assert stage.balance("mei")[0] == 5
    for language, word in (("en", "Too close in time"), ("zh", "相隔太近")):
        waited = activity(stage, act, language=language)
        assert waited is not None
        assert waited["reason"] == "cool_down"
        assert word in str(waited["reason_text"])
    with pytest.raises(NotAllowed) as decided:
        refuse(stage, act, lin)
    assert decided.value.helps == {"why": "act_decided"}
    assert whole(stage)


def test_the_same_act_at_another_time_of_the_day_is_credited(stage: Stage, lin: Decider) -> None:
    stage.clock.advance(6 * HOUR)
    act = late_ticket(stage)
    stage.scan("mei", stage.code(CLEAN_PLATE))
    assert accept(stage, act, lin, stage.clock.now() - 5 * HOUR).state == "credited"
    assert stage.balance("mei")[0] == 10


def test_a_scene_that_is_not_for_the_member_refuses_it(stage: Stage, lin: Decider) -> None:
    with stage.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE members SET kind = 'resident'")
    act = late_ticket(stage, HOME_ENERGY, quantity=500)
    with stage.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE members SET kind = 'visitor'")
    outcome = accept(stage, act, lin)
    assert (outcome.state, outcome.code) == ("refused", "scene_closed:audience")
    one = activity(stage, act)
    assert one is not None
    assert one["reason_text"] == "This is for another kind of member. The page Scenes says what is open to you."


def test_a_ticket_that_was_too_old_when_it_was_handed_in_is_refused(stage: Stage) -> None:
    stage.clock.advance(20 * DAY)
    young, old = late_ticket(stage), late_ticket(stage, REFILL)
    assert told(stage, young, stage.clock.now() - 14 * DAY).state == "credited"
    outcome = told(stage, old, stage.clock.now() - 15 * DAY)
    assert (outcome.state, outcome.code) == ("refused", "code_expired")


def test_limits_are_those_of_its_own_day_and_are_filled(stage: Stage, lin: Decider) -> None:
    stage.clock.advance(4 * HOUR)
    stage.scan("mei", stage.code(LITTER, KIND_TICKET, quantity=400))
    act = late_ticket(stage, LITTER, quantity=400)
    then = stage.clock.now() - 2 * HOUR
    stage.clock.advance(DAY)
    outcome = accept(stage, act, lin, then)
    assert (outcome.state, outcome.points) == ("credited", 10), "100 of that day's 500 units were left"
    late = shown(stage)[1]
    assert (late["id"], late["quantity"], late["credited_quantity"]) == (f"{act:016x}", 400, 100)
    assert whole(stage)


def test_above_a_full_limit_it_is_capped_and_says_so(stage: Stage, lin: Decider) -> None:
    stage.clock.advance(4 * HOUR)
    stage.scan("mei", stage.code(LITTER, KIND_TICKET, quantity=500))
    act = late_ticket(stage, LITTER, quantity=400)
    outcome = accept(stage, act, lin, stage.clock.now() - 2 * HOUR)
    assert (outcome.state, outcome.points, outcome.code) == ("capped", 0, "scene:16")
    one = activity(stage, act)
    assert one is not None
    assert (one["state"], one["points"]) == ("capped", 0)
    assert whole(stage)


def test_the_limits_of_a_guest_hold(stage: Stage) -> None:
    stage.island = replace(stage.island, limits=replace(LIMITS, guest_points_a_day=30))
    stage.member("guest", "guest")
    stage.scan("guest", stage.code(TREE_CARE, KIND_TICKET))
    outcome = told(stage, late_ticket(stage, CLEAN_PLATE, "guest"))
    assert (outcome.state, outcome.points, outcome.code) == ("capped", 0, "guest:day")
    assert whole(stage)


def test_a_child_s_ticket_stays_the_child_s(stage: Stage, lin: Decider) -> None:
    code = stage.code(CLEAN_PLATE, KIND_TICKET, issued_at=0)
    act = stage.scan("mei", code, companion=2).act["id"]
    stage.scan("mei", stage.code(CLEAN_PLATE))
    assert accept(stage, act, lin).state == "credited"
    assert stage.rows("SELECT companion, count(*) FROM acts GROUP BY companion") == [(0, 1), (2, 2)]
    assert whole(stage)


def test_nights_of_a_room_are_counted_once(stage: Stage, lin: Decider) -> None:
    first = stage.scan("mei", stage.code(LINEN, KIND_TICKET, issued_at=0, quantity=2), room=ROOM).act["id"]
    stage.scan("bo", stage.code(LINEN, quantity=2), room=ROOM)
    assert accept(stage, first, lin).state in ("credited", "capped")
    assert whole(stage)


def test_what_it_brings_pays_a_debt_first(stage: Stage, lin: Decider) -> None:
    wen = stage.clerk("wen")
    act = late_ticket(stage, TREE_CARE)
    adjust(stage, "mei", -20, lin.person_id, wen, key="a1")
    assert accept(stage, act, lin).points == 30
    assert (stage.balance("mei")[0], stage.debt("mei")) == (10, 0)
    assert whole(stage)


def test_an_accepted_twin_never_passes_for_the_first_code(stage: Stage, lin: Decider) -> None:
    first = stage.code(CLEAN_PLATE, KIND_TICKET)
    other = twin(stage)
    stage.scan("bo", first)
    act = stage.scan("mei", other).act["id"]
    notice(stage)
    assert accept(stage, act, lin).state == "credited"
    for who, code, activity_id in (("bo", first, None), ("mei", other, act)):
        with pytest.raises(CodeAlreadyUsed) as used:
            stage.scan(who, code)
        assert activity_id is None or used.value.helps == {"activity": f"{activity_id:016x}"}
    assert (stage.balance("mei")[0], stage.balance("bo")[0], stage.count("acts")) == (5, 5, 3)
    assert whole(stage)


def test_a_group_code_that_waited_takes_no_seat_any_more(stage: Stage, lin: Decider) -> None:
    stage.scan("bo", stage.code(FERRY, KIND_GROUP))
    act = stage.scan("mei", twin(stage, scene=FERRY, kind=KIND_GROUP, issued_at=stage.clock.now())).act["id"]
    seats = stage.rows("SELECT name, used FROM caps WHERE name LIKE 'seats:%' OR name LIKE 'code:%' ORDER BY name")
    stage.clock.advance(2 * HOUR)
    assert accept(stage, act, lin).points == 10
    after = stage.rows("SELECT name, used FROM caps WHERE name LIKE 'seats:%' OR name LIKE 'code:%' ORDER BY name")
    assert after == seats
    assert whole(stage)


def across(stage: Stage) -> tuple[int, int]:
    """mei was at the pier, and ten minutes later somebody hands in her ticket from the mainland."""
    other_side = Place(stage, 2, "mainland")
    stage.scan("mei", stage.code(REFILL))
    stage.clock.advance(600)
    act = stage.scan("mei", other_side.ticket()).act
    assert act["reason"] == "too_far"
    return act["id"], stage.clock.now()


def test_two_places_too_far_apart_are_for_a_person_and_a_person_may_accept(stage: Stage, lin: Decider) -> None:
    act, then = across(stage)
    assert told(stage, act, then).state == "pending"
    assert accept(stage, act, lin).state == "credited"
    assert whole(stage)


def test_a_time_that_shows_another_doubt_leaves_it_waiting_with_that_reason(stage: Stage, lin: Decider) -> None:
    other_side = Place(stage, 2, "mainland")
    stage.scan("mei", other_side.ticket(REFILL))
    stage.clock.advance(HOUR)
    act = late_ticket(stage)
    for _ in range(2):
        outcome = told(stage, act, stage.clock.now() - 50 * 60)
        assert (outcome.state, outcome.code, outcome.now) == ("pending", "too_far", False)
    one = activity(stage, act)
    assert one is not None
    assert (one["state"], one["reason"]) == ("pending", "too_far")
    assert (stage.count("reviews"), stage.count("review_notes"), stage.count("entries")) == (0, 1, 1)
    assert accept(stage, act, lin).state == "credited"
    assert whole(stage)


def ceiling(stage: Stage, points: int) -> None:
    [(profile,)] = stage.rows("SELECT profile FROM venues WHERE id = 'island-pier'")
    changed = {**json.loads(str(profile)), "ceilings": {"points_per_hour": points}}
    with stage.engine.begin() as connection:
        connection.execute(update(Venue).where(Venue.id == "island-pier").values(profile=json.dumps(changed)))
    stage.island.directory.forget()


def test_above_a_kiosk_s_ceiling_only_a_person_accepts_and_takes_no_room_of_it(stage: Stage, lin: Decider) -> None:
    ceiling(stage, 30)
    act, other = late_ticket(stage, TREE_CARE), late_ticket(stage, CLEAN_PLATE, "bo")
    assert told(stage, act, stage.clock.now()).state == "credited"
    assert told(stage, other, stage.clock.now()).code == "kiosk_ceiling"
    assert accept(stage, other, lin).state == "credited"
    assert stage.rows("SELECT used FROM caps WHERE name = 'kiosk:hour'") == [(30,)]
    assert whole(stage)


@pytest.mark.parametrize("state", ["suspended", "lost"])
def test_a_kiosk_out_of_line_by_then_is_for_a_person(stage: Stage, lin: Decider, state: str) -> None:
    before, after = late_ticket(stage), late_ticket(stage, REFILL)
    stage.clock.advance(DAY)
    since = NOON - HOUR
    with stage.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE kiosks SET state = '{state}', state_since = {since}")
    notice(stage)
    assert told(stage, before, since - 1).state == "credited"
    outcome = told(stage, after, since)
    assert (outcome.state, outcome.code) == ("pending", f"kiosk_{state}")
    assert accept(stage, after, lin).state == "credited"
    assert whole(stage)
