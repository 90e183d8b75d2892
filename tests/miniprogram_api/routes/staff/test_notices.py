"""What the staff should look at: a silent kiosk gives one notice, and every notice is seen and answered once."""

from __future__ import annotations

import pytest
from apiflask import APIFlask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from miniprogram_api.clock import Clock
from miniprogram_api.services.appointments import NewPerson, appoint_person
from miniprogram_api.services.leases import LeaseLost, take_lease
from miniprogram_api.services.notices import note_silences
from tests.miniprogram_api.cast import PIER, Stage
from tests.miniprogram_api.journals import Machine, another_kiosk, set_state
from tests.miniprogram_api.routes.speech import answered, refused
from tests.miniprogram_api.routes.staff.test_people import PASSWORD, Desk

REFILL, CLEAN_PLATE = 9, 6
MINUTE, HOUR, DAY = 60, 3600, 86_400


def signed_in(app: APIFlask, stage: Stage, login: str, role: str) -> Desk:
    appoint_person(stage.session, NewPerson(login, login.title(), PASSWORD, role, None), "system:test", stage.clock)
    desk = Desk(app)
    answered(desk.sign_in(login), 201)
    return desk


@pytest.fixture
def lin(app: APIFlask, stage: Stage) -> Desk:
    return signed_in(app, stage, "lin", "fleet")


@pytest.fixture
def pier(stage: Stage) -> Machine:
    machine = Machine(stage)
    machine.start()
    machine.heartbeat()
    return machine


def round_of_jobs(stage: Stage, clock: Clock | None = None) -> int:
    fence = take_lease(stage.session, "one", stage.clock)
    assert fence is not None
    return note_silences(stage.session, fence, clock or stage.clock)


def silences(stage: Stage) -> list[tuple[object, ...]]:
    return stage.rows("SELECT subject_id, note FROM notices WHERE kind = 'silent' ORDER BY raised_at, subject_id")


def test_a_kiosk_that_is_silent_for_a_week_gives_one_notice_that_ends_when_it_speaks(
    stage: Stage, pier: Machine
) -> None:
    stage.clock.advance(2 * HOUR)
    assert (round_of_jobs(stage), silences(stage)) == (0, [])
    stage.clock.advance(MINUTE)
    assert (round_of_jobs(stage), silences(stage)) == (1, [(PIER, None)])
    for _ in range(7):
        stage.clock.advance(DAY)
        assert round_of_jobs(stage) == 0
    assert silences(stage) == [(PIER, None)]
    pier.heartbeat()
    assert (round_of_jobs(stage), silences(stage)) == (1, [(PIER, "spoke_again")])
    assert round_of_jobs(stage) == 0
    stage.clock.advance(3 * HOUR)
    assert round_of_jobs(stage) == 1
    assert silences(stage) == [(PIER, "spoke_again"), (PIER, None)]


def test_a_silence_that_staff_answered_is_not_raised_again(lin: Desk, stage: Stage, pier: Machine) -> None:
    stage.clock.advance(3 * HOUR)
    round_of_jobs(stage)
    [notice] = answered(lin("GET", "notices"))["data"]
    answered(lin("POST", f"notices/{notice['id']}/answer", {"note": "At sea until Friday"}))
    stage.clock.advance(HOUR)
    assert round_of_jobs(stage) == 0
    pier.heartbeat()
    assert (round_of_jobs(stage), silences(stage)) == (0, [(PIER, "At sea until Friday")])


def test_a_kiosk_that_never_spoke_or_was_stopped_gives_no_notice(stage: Stage, pier: Machine) -> None:
    another_kiosk(stage)
    stage.clock.advance(3 * HOUR)
    assert (round_of_jobs(stage), silences(stage)) == (1, [(PIER, None)])
    set_state(stage, "suspended", stage.clock.now())
    assert (round_of_jobs(stage), silences(stage)) == (1, [(PIER, "not_active")])
    assert round_of_jobs(stage) == 0


def test_who_lost_the_lease_tells_of_no_silence(stage: Stage, pier: Machine) -> None:
    fence = take_lease(stage.session, "one", stage.clock)
    stage.clock.advance(3 * HOUR)
    take_lease(stage.session, "two", stage.clock)
    assert fence is not None
    with pytest.raises(LeaseLost):
        note_silences(stage.session, fence, stage.clock)
    assert silences(stage) == []


def test_a_notice_is_open_then_seen_then_answered_with_who_and_a_note(lin: Desk, stage: Stage, pier: Machine) -> None:
    stage.clock.advance(3 * HOUR)
    round_of_jobs(stage)
    page = answered(lin("GET", "notices?state=open"))
    [notice] = page["data"]
    assert (page["open"], page["unanswered"], notice["kind"], notice["state"]) == (1, 1, "silent", "open")
    assert notice["kiosk"] == {"id": "1", "name": "island-pier", "place": "灵山岛码头"}
    assert notice["since"] == "2026-11-22T12:00:00+08:00"
    seen = answered(lin("POST", f"notices/{notice['id']}/seen"))
    assert (seen["state"], seen["seen"]["by"]["name"], seen["answered"]) == ("seen", "Lin", None)
    stage.clock.advance(MINUTE)
    assert answered(lin("POST", f"notices/{notice['id']}/seen"))["seen"] == seen["seen"]
    assert answered(lin("GET", "notices"))["open"] == 0
    done = answered(lin("POST", f"notices/{notice['id']}/answer", {"note": "路由器重启了"}))
    assert (done["state"], done["answered"]["by"]["name"], done["answered"]["note"]) == (
        "answered",
        "Lin",
        "路由器重启了",
    )
    assert answered(lin("GET", "notices?state=seen"))["data"] == []
    assert answered(lin("GET", "notices"))["unanswered"] == 0
    [line] = stage.rows("SELECT object, detail FROM audit_events WHERE act = 'notice_answered'")
    assert line[0] == f"notice:{notice['id']}"
    assert '"kiosk": "1"' in str(line[1])


def test_one_answer_counts_and_the_same_words_again_change_nothing(
    lin: Desk, app: APIFlask, stage: Stage, pier: Machine
) -> None:
    stage.clock.advance(3 * HOUR)
    round_of_jobs(stage)
    [notice] = answered(lin("GET", "notices"))["data"]
    address, note = f"notices/{notice['id']}/answer", {"note": "Line repaired"}
    first = answered(lin("POST", address, note))
    assert answered(lin("POST", address, note)) == first
    wang = signed_in(app, stage, "wang", "operator")
    assert refused(wang("POST", address, note), 403, "not_allowed")["why"] == "notice_answered"
    assert refused(lin("POST", address, {"note": "Other"}), 403, "not_allowed")["why"] == "notice_answered"
    assert len(stage.rows("SELECT 1 FROM audit_events WHERE act = 'notice_answered'")) == 1
    refused(lin("POST", address, {"note": ""}), 422, "invalid_fields")
    refused(lin("POST", "notices/0000000000000001/answer", note), 404, "not_found")
    refused(lin("GET", "notices/x"), 404, "not_found")


def copied_pier(stage: Stage, pier: Machine) -> None:
    """Two machines go on from the same disk: a clone, and the act of the second one waits."""
    pier.upload()
    other = pier.copied()
    pier.read(stage.member_code("mei"), (REFILL, 1))
    pier.upload()
    stage.clock.advance(MINUTE)
    other.read(stage.member_code("bo"), (CLEAN_PLATE, 1))
    other.upload()


def test_a_notice_names_the_items_and_acts_that_it_is_about(lin: Desk, stage: Stage, pier: Machine) -> None:
    copied_pier(stage, pier)
    [notice] = answered(lin("GET", "notices?kind=clone"))["data"]
    shown = answered(lin("GET", f"notices/{notice['id']}"))
    assert [(item["seq"], item["kind"], item["result"]) for item in shown["items"]] == [
        (2, "read", "credited"),
        (2, "read", "pending"),
    ]
    assert {(act["scene"], act["state"]) for act in shown["acts"]} == {("refill-water", "credited")}
    item = answered(lin("GET", f"journal/{shown['items'][0]['id']}"))
    assert [(act["scene"], act["state"], act["points"]) for act in item["acts"]] == [("refill-water", "credited", 2)]
    assert answered(lin("GET", f"journal?boot={pier.boot}&day=2026-11-22&result=pending"))["data"][0]["seq"] == 2
    assert answered(lin("GET", "journal?day=2026-11-21"))["data"] == []
    refused(lin("GET", "journal?day=2026-02-30"), 422, "invalid_fields")
    refused(lin("GET", "journal/0000000000000001"), 404, "not_found")


def test_a_code_read_at_two_places_names_both(lin: Desk, stage: Stage, pier: Machine) -> None:
    other = another_kiosk(stage)
    code = stage.member_code("mei")
    pier.read(code, (REFILL, 1))
    stage.clock.advance(5)
    other.read(code, (CLEAN_PLATE, 1))
    pier.upload()
    other.upload()
    [notice] = answered(lin("GET", "notices?kind=read_twice"))["data"]
    assert [place["kiosk"]["id"] for place in notice["places"]] == ["1", "2"]
    shown = answered(lin("GET", f"notices/{notice['id']}"))
    assert {act["scene"] for act in shown["acts"]} == {"refill-water", "clean-plate"}
    assert {(item["kiosk"], item["seq"]) for item in shown["items"]} == {("1", 2), ("2", 2)}


def test_notices_are_found_by_kind_kiosk_and_words_and_come_in_pages(lin: Desk, stage: Stage, pier: Machine) -> None:
    copied_pier(stage, pier)
    pier.upload([{**pier.documents[0], "signature": "A" * 86}])
    assert {notice["kind"] for notice in answered(lin("GET", "notices"))["data"]} == {"clone", "poison_item"}
    assert [notice["kind"] for notice in answered(lin("GET", "notices?kind=poison_item"))["data"]] == ["poison_item"]
    assert answered(lin("GET", "notices?kiosk=2"))["data"] == []
    assert len(answered(lin("GET", "notices?search=码头"))["data"]) == 2
    assert answered(lin("GET", "notices?search=%25"))["data"] == []
    first = answered(lin("GET", "notices?limit=1"))
    rest = answered(lin("GET", f"notices?limit=1&cursor={first['next']}"))
    assert first["data"][0]["id"] != rest["data"][0]["id"]
    assert rest["next"] is None
    refused(lin("GET", "notices?kind=x"), 422, "invalid_fields")


def test_the_database_takes_no_answer_without_a_note(stage: Stage, pier: Machine) -> None:
    stage.clock.advance(3 * HOUR)
    round_of_jobs(stage)
    for half in ("answered_at = 5", "note = 'x'", "answered_by = 5"):
        with pytest.raises(IntegrityError), stage.engine.begin() as connection:
            connection.execute(text(f"UPDATE notices SET {half}"))
