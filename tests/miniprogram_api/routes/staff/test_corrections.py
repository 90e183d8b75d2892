"""The office corrects: it finds a member, takes an act back, adjusts points by two people."""

from __future__ import annotations

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from miniprogram_api.db import public_id
from miniprogram_api.services.appointments import NewPerson, appoint_person
from scenes.wire.kinds import KIND_TICKET
from tests.miniprogram_api.cast import Stage, shop
from tests.miniprogram_api.routes.speech import API, SQLITE_ONLY, answered, bearer, refused
from tests.miniprogram_api.routes.staff.test_people import PASSWORD, Desk
from tests.miniprogram_api.services.test_vouchers import exchange

pytestmark = SQLITE_ONLY
TREE_CARE = 23


def desk(app: APIFlask, stage: Stage, login: str, *roles: str) -> Desk:
    person = NewPerson(login, login, PASSWORD, roles[0], None, roles[1:])
    appoint_person(stage.session, person, "system:test", stage.clock)
    at = Desk(app)
    answered(at.sign_in(login), 201)
    return at


@pytest.fixture
def lin(app: APIFlask, stage: Stage) -> Desk:
    return desk(app, stage, "lin", "operator")


@pytest.fixture
def wen(app: APIFlask, stage: Stage) -> Desk:
    return desk(app, stage, "wen", "approver")


@pytest.fixture
def mei(stage: Stage) -> str:
    return public_id(stage.members["mei"])


def test_an_act_is_taken_back_with_a_reason_that_its_member_reads(
    stage: Stage, client: FlaskClient, lin: Desk, mei: str
) -> None:
    item = shop(stage, points=20)
    act = stage.scan("mei", stage.code(TREE_CARE, KIND_TICKET)).act
    exchange(stage, item)
    path = f"activities/{public_id(act['id'])}/reversals"
    taken = answered(lin("POST", path, {"reason": "no tree was planted"}, key="r1"), 201)
    again = answered(lin("POST", path, {"reason": "no tree was planted"}, key="r1"), 201)
    assert taken == again
    assert (taken["state"], taken["reversal"]["reason"]) == ("reversed", "no tree was planted")
    me = answered(client.get(f"{API}/member/me", headers=bearer("mei")))
    assert (me["balance"]["available"], me["balance"]["held"], me["balance"]["debt"]) == (0, 20, 20)
    [mine] = answered(client.get(f"{API}/member/activities", headers=bearer("mei")))["data"]
    assert mine == taken
    assert answered(lin("GET", f"members/{mei}/activities"))["data"] == [taken]


def test_an_act_is_taken_back_only_with_a_key_a_reason_and_an_id(stage: Stage, lin: Desk) -> None:
    act = public_id(stage.scan("mei", stage.code(TREE_CARE, KIND_TICKET)).act["id"])
    refused(lin("POST", f"activities/{act}/reversals", {"reason": "no tree"}), 400, "idempotency_key_missing")
    refused(lin("POST", f"activities/{act}/reversals", {"reason": ""}, key="r"), 422, "invalid_fields")
    for unknown in ("0" * 15 + "1", "mei", "F" * 16):
        refused(lin("POST", f"activities/{unknown}/reversals", {"reason": "no tree"}, key="r"), 404, "not_found")
    assert stage.count("reversals") == 0


def test_one_asks_another_approves_exactly_that(stage: Stage, lin: Desk, wen: Desk, mei: str) -> None:
    body = {"member_id": mei, "points": 40, "reason": "no network at the pier"}
    asked = answered(lin("POST", "adjustments", body, key="a1"), 201)
    assert (asked["state"], asked["asked_by"]["name"]) == ("asked", "lin")
    assert answered(lin("POST", "adjustments", body, key="a1"), 201) == asked
    assert stage.balance("mei")[0] == 0
    assert [each["id"] for each in answered(wen("GET", "adjustments?waiting=1"))["data"]] == [asked["id"]]
    path = f"adjustments/{asked['id']}/approve"
    refused(lin("POST", path, {}), 403, "not_allowed")
    refused(wen("POST", path, {"payload": "0" * 64}), 409, "idempotency_conflict")
    assert stage.balance("mei")[0] == 0
    approved = answered(wen("POST", path, {"payload": asked["payload"]}))
    assert (approved["state"], approved["decided_by"]["name"]) == ("approved", "wen")
    assert stage.balance("mei")[0] == 40
    assert answered(wen("GET", "adjustments?waiting=1"))["data"] == []
    assert answered(wen("GET", f"adjustments/{asked['id']}")) == approved


def test_a_request_is_rejected_or_withdrawn_and_moves_nothing(stage: Stage, lin: Desk, wen: Desk, mei: str) -> None:
    body = {"member_id": mei, "points": -5, "reason": "counted twice"}
    first, second = (answered(lin("POST", "adjustments", body, key=key), 201)["id"] for key in ("a1", "a2"))
    assert answered(wen("POST", f"adjustments/{first}/reject", {"reason": "it was once"}))["state"] == "rejected"
    assert answered(lin("POST", f"adjustments/{second}/withdraw", {}))["state"] == "withdrawn"
    assert refused(wen("POST", f"adjustments/{second}/approve", {}), 403, "not_allowed")["why"] == "already_decided"
    assert (stage.count("entries"), stage.count("transfers")) == (2, 0), "two decisions, nothing moved"


def test_who_has_both_roles_still_needs_somebody_else(app: APIFlask, stage: Stage, mei: str) -> None:
    both = desk(app, stage, "both", "operator", "approver")
    body = {"member_id": mei, "points": 40, "reason": "no network"}
    asked = answered(both("POST", "adjustments", body, key="a1"), 201)["id"]
    assert refused(both("POST", f"adjustments/{asked}/approve", {}), 403, "not_allowed")["why"] == "own_request"
    assert stage.balance("mei")[0] == 0


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"points": 0}, 422, "invalid_fields"),
        ({"points": 501}, 403, "not_allowed"),
        ({"points": 10**9}, 422, "invalid_fields"),
        ({"points": 1.5}, 422, "invalid_fields"),
        ({"reason": ""}, 422, "invalid_fields"),
        ({"member_id": "0" * 15 + "1"}, 404, "not_found"),
        ({"member_id": "mei"}, 422, "invalid_fields"),
        ({"state": "approved"}, 422, "invalid_fields"),
    ],
)
def test_a_request_that_cannot_be_is_refused(
    stage: Stage, lin: Desk, mei: str, changes: dict[str, object], status: int, code: str
) -> None:
    body = {"member_id": mei, "points": 40, "reason": "no network", **changes}
    refused(lin("POST", "adjustments", body, key="a1"), status, code)
    assert stage.count("adjustments") == 0


def test_who_declared_an_interest_neither_asks_nor_approves(stage: Stage, lin: Desk, wen: Desk, mei: str) -> None:
    body = {"member_id": mei, "points": 40, "reason": "no network"}
    asked = answered(lin("POST", "adjustments", body, key="a1"), 201)["id"]
    assert answered(wen("POST", "account/members", {"member_id": mei}), 201) == {"members": [mei]}
    assert answered(wen("POST", "account/members", {"member_id": mei}), 201) == {"members": [mei]}
    problem = refused(wen("POST", f"adjustments/{asked}/approve", {}), 403, "not_allowed")
    assert problem["why"] == "conflict_of_interest"
    assert answered(wen("GET", "account"))["members"] == [mei]
    refused(wen("POST", "account/members", {"member_id": "0" * 15 + "1"}), 404, "not_found")
    assert stage.count("entries") == 0


def test_members_are_found_by_nickname_and_id_page_by_page(stage: Stage, lin: Desk, mei: str) -> None:
    for number in range(5):
        stage.member(f"guest {number}", "guest")
    assert [each["nickname"] for each in answered(lin("GET", f"members?search={mei}"))["data"]] == ["mei"]
    assert [each["nickname"] for each in answered(lin("GET", "members?search=MEI"))["data"]] == ["mei"]
    assert answered(lin("GET", "members?search=%25"))["data"] == []
    first = answered(lin("GET", "members?limit=4"))
    rest = answered(lin("GET", f"members?limit=4&cursor={first['next']}"))
    names = {each["nickname"] for each in first["data"] + rest["data"]}
    assert (len(first["data"]), len(rest["data"]), len(names), rest["next"]) == (4, 3, 7, None)
    assert answered(lin("GET", f"members/{mei}"))["balance"]["available"] == 0
    refused(lin("GET", "members/" + "0" * 15 + "1"), 404, "not_found")
    refused(lin("GET", "members/x/activities"), 404, "not_found")
