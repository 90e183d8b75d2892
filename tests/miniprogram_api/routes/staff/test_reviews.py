"""The office looks through what waits, decides about one or many, and asks the member."""

from __future__ import annotations

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from miniprogram_api.db import public_id
from miniprogram_api.services.reviews import Resolution, resolve_act
from scenes.wire.kinds import KIND_TICKET
from tests.miniprogram_api.cast import Stage
from tests.miniprogram_api.routes.speech import API, SQLITE_ONLY, answered, bearer, refused
from tests.miniprogram_api.routes.staff.test_corrections import desk
from tests.miniprogram_api.routes.staff.test_people import Desk
from tests.miniprogram_api.services.test_reviews import CLEAN_PLATE, DAY, HOUR, REFILL, TREE_CARE, late_ticket
from tests.miniprogram_api.services.test_twins import notice, twin

SEEN = {"reason": "the waiter remembers"}


@pytest.fixture
def lin(app: APIFlask, stage: Stage) -> Desk:
    return desk(app, stage, "lin", "operator")


def ids(answer: dict[str, object]) -> list[int]:
    data = answer["data"]
    assert isinstance(data, list)
    return [int(one["id"], 16) for one in data]


def test_what_waits_is_listed_the_longest_waiting_first_and_page_by_page(stage: Stage, lin: Desk) -> None:
    acts = []
    for scene in (CLEAN_PLATE, REFILL, TREE_CARE):
        acts.append(late_ticket(stage, scene))
        stage.clock.advance(60)
    stage.scan("mei", stage.code(REFILL, KIND_TICKET))
    first = answered(lin("GET", "reviews?limit=2"))
    rest = answered(lin("GET", f"reviews?limit=2&cursor={first['next']}"))
    assert (ids(first), ids(rest), rest["next"]) == (acts[:2], acts[2:], None)
    assert (first["waiting"], rest["waiting"]) == (3, 3)
    one = first["data"][0]
    assert (one["activity"]["state"], one["waited_for"], one["points_most"]) == ("pending", "clock_untrusted", 5)
    assert (one["claimed_at"], one["kiosk"], one["side"], one["decision"]) == (None, "1", "island", None)
    assert (one["member"]["nickname"], one["needs_approver"]) == ("mei", False)
    assert "时间还不可靠" in one["waited_for_text"]


def test_the_list_is_narrowed_by_reason_place_scene_member_and_age(stage: Stage, lin: Desk) -> None:
    old = late_ticket(stage)
    stage.clock.advance(3 * DAY)
    young = late_ticket(stage, REFILL, "bo")
    stage.scan("bo", stage.code(CLEAN_PLATE, KIND_TICKET))
    stage.clock.advance(60)
    other = stage.scan("mei", twin(stage)).act["id"]
    lin.sign_in("lin")  # the day before is over
    for query, expected in (
        ("reason=clock_untrusted", [old, young]),
        ("reason=code_twin", [other]),
        ("reason=nothing", []),
        ("kiosk=1", [old, young, other]),
        ("kiosk=2", []),
        ("scene=refill-water", [young]),
        ("scene=none", []),
        (f"member={public_id(stage.members['mei'])}", [old, other]),
        (f"member={'f' * 16}", []),
        ("days=3", [old]),
        ("days=4", []),
        (f"scene=clean-plate&days=2&member={public_id(stage.members['mei'])}", [old]),
    ):
        assert ids(answered(lin("GET", f"reviews?{query}"))) == expected, query
    refused(lin("GET", "reviews?days=-1"), 422, "invalid_fields")
    refused(lin("GET", "reviews?state=all"), 422, "invalid_fields")


def test_accepted_it_is_credited_to_the_member_who_sees_one_activity(
    stage: Stage, client: FlaskClient, lin: Desk
) -> None:
    act, then = late_ticket(stage), stage.clock.now() - HOUR
    stage.clock.advance(DAY)
    lin.sign_in("lin")
    body = {**SEEN, "occurred_at": "2026-11-22T11:00:00+08:00"}
    decided = answered(lin("POST", f"reviews/{public_id(act)}/accept", body))
    assert decided == answered(lin("POST", f"reviews/{public_id(act)}/accept", body)), "a repeat does nothing more"
    assert (decided["decision"]["decision"], decided["decision"]["by"]["name"]) == ("accepted", "lin")
    assert decided["decision"]["reason"] == SEEN["reason"]
    [mine] = answered(client.get(f"{API}/member/activities", headers=bearer("mei")))["data"]
    assert (mine["id"], mine["state"], mine["points"]) == (public_id(act), "credited", 5)
    assert mine["occurred_at"] == "2026-11-22T11:00:00+08:00"
    assert stage.rows("SELECT occurred_at FROM acts WHERE state = 'credited'") == [(then,)]
    assert mine["decided_at"] is not None
    by_id = answered(client.get(f"{API}/member/activities/{public_id(act)}", headers=bearer("mei")))
    assert by_id == mine == decided["activity"]
    listed = answered(lin("GET", "reviews"))
    assert (listed["data"], listed["waiting"]) == ([], 0)
    assert ids(answered(lin("GET", "reviews?state=decided"))) == [act]
    member = public_id(stage.members["mei"])
    assert answered(lin("GET", f"members/{member}/activities"))["data"] == [mine]
    taken = answered(lin("POST", f"activities/{public_id(act)}/reversals", {"reason": "it was another"}, key="r"), 201)
    assert (taken["id"], taken["state"]) == (public_id(act), "reversed")


@SQLITE_ONLY
def test_refused_the_member_reads_why(stage: Stage, client: FlaskClient, lin: Desk) -> None:
    code = stage.code(CLEAN_PLATE, KIND_TICKET, issued_at=0)
    sent = {"json": {"code": code}, "headers": bearer("mei", key="k1")}
    act = answered(client.post(f"{API}/member/scans", **sent), 202)["activity"]["id"]
    answered(lin("POST", f"reviews/{act}/refuse", {"reason": "the ticket lay in the street"}))
    again = answered(client.post(f"{API}/member/scans", **sent), 201)
    assert (again["activity"]["id"], again["activity"]["state"], again["points"]) == (act, "refused", 0)
    assert again["activity"]["reason_text"] == "the ticket lay in the street"
    used = client.post(f"{API}/member/scans", json={"code": code}, headers=bearer("mei"))
    assert refused(used, 409, "code_already_used")["activity"] == act
    problem = refused(lin("POST", f"reviews/{act}/accept", SEEN), 403, "not_allowed")
    assert problem["why"] == "act_decided"


def test_several_at_once_are_each_judged_for_themselves(stage: Stage, lin: Desk) -> None:
    first, second = late_ticket(stage), late_ticket(stage, REFILL, "bo")
    stage.clock.advance(HOUR)
    close = late_ticket(stage)  # the same meal as the first
    credited = stage.scan("bo", stage.code(CLEAN_PLATE, KIND_TICKET)).act["id"]
    chosen = [public_id(one) for one in (first, second, close, credited, 1)]
    results = answered(lin("POST", "reviews/accept", {"ids": [*chosen, chosen[0]], **SEEN}))["data"]
    assert [(one["id"], one["state"], one["points"], one["code"]) for one in results] == [
        (chosen[0], "credited", 5, None),
        (chosen[1], "credited", 2, None),
        (chosen[2], "refused", 0, "cool_down"),
        (chosen[3], None, 0, "not_allowed"),
        (chosen[4], None, 0, "not_found"),
    ]
    assert results[3]["detail"] == "这次行为不需要复核。"
    assert (stage.balance("mei")[0], stage.count("reviews")) == (5, 3)
    last = late_ticket(stage, TREE_CARE)
    [one] = answered(lin("POST", "reviews/refuse", {"ids": [public_id(last)], "reason": "no tree"}))["data"]
    assert (one["state"], one["code"]) == ("refused", None)


@SQLITE_ONLY
def test_a_selection_has_a_hundred_at_most_and_a_reason(stage: Stage, lin: Desk) -> None:
    for body in ({"ids": ["0" * 16] * 101, **SEEN}, {"ids": [], **SEEN}, {"ids": ["0" * 16]}, {"ids": ["x"], **SEEN}):
        refused(lin("POST", "reviews/accept", body), 422, "invalid_fields")
    act = public_id(late_ticket(stage))
    for body in ({}, {"reason": ""}, {"reason": "ok fine", "occurred_at": "yesterday"}):
        refused(lin("POST", f"reviews/{act}/accept", body), 422, "invalid_fields")
    late = refused(
        lin("POST", f"reviews/{act}/accept", {**SEEN, "occurred_at": "2026-11-23T12:00:00Z"}), 422, "invalid_fields"
    )
    assert late["fields"][0]["field"] == "occurred_at"
    assert stage.count("reviews") == 0


@SQLITE_ONLY
def test_many_points_are_an_approvers_and_an_auditor_only_looks(app: APIFlask, stage: Stage, lin: Desk) -> None:
    act = public_id(late_ticket(stage, 13, quantity=30))  # thirty nights without fresh linen
    [one] = answered(lin("GET", "reviews"))["data"]
    assert one["needs_approver"], one["points_most"]
    problem = refused(lin("POST", f"reviews/{act}/accept", SEEN), 403, "not_allowed")
    assert (problem["why"], problem["points_most"]) == ("review_limit", 50)
    auditor = desk(app, stage, "ada", "auditor")
    answered(auditor("GET", f"reviews/{act}"))
    for deed, body in (("accept", SEEN), ("refuse", SEEN), ("ask", {"question": "Was it you?"})):
        refused(auditor("POST", f"reviews/{act}/{deed}", body), 403, "not_allowed")
    wen = desk(app, stage, "wen", "approver")
    assert answered(wen("POST", f"reviews/{act}/accept", SEEN))["activity"]["state"] in ("credited", "capped")


@SQLITE_ONLY
def test_a_question_reaches_the_member_and_the_answer_the_office(stage: Stage, client: FlaskClient, lin: Desk) -> None:
    act = public_id(late_ticket(stage))
    path = f"{API}/member/activities/{act}/answer"
    problem = refused(client.post(path, json={"text": "noon"}, headers=bearer("mei")), 403, "not_allowed")
    assert problem["why"] == "not_asked"
    for length in (2, 201):
        refused(lin("POST", f"reviews/{act}/ask", {"question": "?" * length}), 422, "invalid_fields")
    asked = answered(lin("POST", f"reviews/{act}/ask", {"question": "When did you eat?"}))
    assert asked["activity"]["question"]["answer"] is None
    refused(client.post(path, json={"text": "noon"}, headers=bearer("bo")), 404, "not_found")
    refused(client.post(path, json={"text": "x" * 201}, headers=bearer("mei")), 422, "invalid_fields")
    mine = answered(client.post(path, json={"text": "x" * 200}, headers=bearer("mei")), 201)
    assert mine["question"]["answer"] == "x" * 200
    refused(client.post(path, json={"text": "later"}, headers=bearer("mei")), 403, "not_allowed")
    assert answered(lin("GET", f"reviews/{act}"))["activity"]["question"] == mine["question"]


def test_one_review_names_the_other_of_a_pair_and_where_it_was(stage: Stage, lin: Desk) -> None:
    first = stage.scan("bo", stage.code(CLEAN_PLATE, KIND_TICKET)).act["id"]
    act = stage.scan("mei", twin(stage)).act["id"]
    notice(stage)
    seen = answered(lin("GET", f"reviews/{public_id(act)}"))
    [other] = seen["others"]
    assert (other["id"], other["state"], other["member"]["nickname"]) == (public_id(first), "credited", "bo")
    assert (seen["map"], seen["code"]) == ({"x": 500, "y": 500}, {"epoch": 1, "counter": stage.counter})
    assert (seen["journal_time"], seen["clerk"]) == (None, None)
    for unknown in (public_id(first), "0" * 15 + "1", "mei"):
        refused(lin("GET", f"reviews/{unknown}"), 404, "not_found")


def test_what_the_system_decided_says_so(stage: Stage, lin: Desk) -> None:
    act = late_ticket(stage)
    resolve_act(stage.session, Resolution(act, stage.clock.now() - 60, code="clock_known"), stage.island, stage.clock)
    [one] = answered(lin("GET", "reviews?state=decided"))["data"]
    assert (one["decision"]["by"], one["decision"]["code"]) == (None, "clock_known")


@SQLITE_ONLY
def test_today_counts_what_still_waits(stage: Stage, lin: Desk) -> None:
    acts = [late_ticket(stage), late_ticket(stage, REFILL)]
    answered(lin("POST", f"reviews/{public_id(acts[0])}/refuse", SEEN))
    needs = answered(lin("GET", "today"))["needs_person"]
    assert [(one["id"], one["count"]) for one in needs if one["kind"] == "acts_pending"] == [("clock_untrusted", 1)]
