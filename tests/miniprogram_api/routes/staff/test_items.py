"""Goods, stock and merchants at the console: lists that are found again, changes that two people make, refusals."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from miniprogram_api.db import public_id
from miniprogram_api.services.appointments import NewPerson, appoint_person
from tests.miniprogram_api.cast import Stage, shop
from tests.miniprogram_api.routes.speech import API, answered, bearer, refused
from tests.miniprogram_api.routes.staff.test_people import PASSWORD, Desk
from tests.miniprogram_api.services.test_item_versions import BAG as TERMS
from tests.miniprogram_api.services.test_vouchers import exchange, live_code, rich

BAG = TERMS.document()
SHOP, ITEM = public_id(71), f"items/{public_id(72)}"


def desk_of(app: APIFlask, stage: Stage, login: str, role: str) -> Desk:
    appoint_person(stage.session, NewPerson(login, login.title(), PASSWORD, role, None), "system:test", stage.clock)
    desk = Desk(app)
    answered(desk.sign_in(login), 201)
    return desk


@pytest.fixture
def lin(app: APIFlask, stage: Stage) -> Desk:
    """Chen's shop is there, and lin runs it for the island."""
    shop(stage)
    return desk_of(app, stage, "lin", "operator")


@pytest.fixture
def wen(app: APIFlask, stage: Stage, lin: Desk) -> Desk:
    return desk_of(app, stage, "wen", "approver")


def change(reason: str = "because", starts_at: str | None = None, **changes: object) -> dict[str, Any]:
    return {"document": BAG | changes, "starts_at": starts_at, "reason": reason}


def states(desk: Desk) -> list[tuple[int, str]]:
    return [(one["version"], one["state"]) for one in answered(desk("GET", f"{ITEM}/versions"))["data"]]


def test_a_cheaper_bag_is_previewed_asked_for_and_approved_as_it_was_read(lin: Desk, wen: Desk, stage: Stage) -> None:
    tomorrow = datetime.fromtimestamp(stage.clock.now() + 86_400, UTC).isoformat()
    wanted = change(starts_at=tomorrow, points=30, name_en="Bag")
    preview = answered(lin("POST", f"{ITEM}/versions/preview", {k: wanted[k] for k in ("document", "starts_at")}))
    assert (preview["second_person"], preview["puts_aside"]) == (True, [])
    assert [(one["field"], one["before"], one["after"], one["costs"]) for one in preview["changes"]] == [
        ("name_en", "Canvas bag", "Bag", False),
        ("points", 35, 30, True),
    ]
    asked = answered(lin("POST", f"{ITEM}/versions", wanted), 201)
    assert (asked["version"], asked["state"], asked["asked_by"]["name"]) == (2, "asked", "Lin")
    assert asked["changes"] == preview["changes"]
    assert asked["document"] == wanted["document"]
    approve = f"{ITEM}/versions/2/approve"
    assert refused(lin("POST", approve, {}), 403, "not_allowed")["why"] == "role"
    refused(wen("POST", approve, {"payload": "0" * 64}), 409, "idempotency_conflict")
    approved = answered(wen("POST", approve, {"payload": asked["payload"]}))
    assert (approved["state"], approved["decided_by"]["name"]) == ("approved", "Wen")
    assert states(lin) == [(2, "approved"), (1, "in_force")]
    stage.clock.advance(86_400)
    answered(lin.sign_in("lin"), 201)
    assert states(lin) == [(2, "in_force"), (1, "ended")]
    assert answered(lin("GET", ITEM))["points"] == 30


def test_a_refused_change_keeps_its_reason_and_a_withdrawn_one_is_gone(lin: Desk, wen: Desk) -> None:
    answered(lin("POST", f"{ITEM}/versions", change(settlement_fen=400)), 201)
    assert refused(lin("POST", f"{ITEM}/versions", change(points=30)), 403, "not_allowed")["why"] == "version_waiting"
    refused(wen("POST", f"{ITEM}/versions/2/reject", {}), 422, "invalid_fields")
    rejected = answered(wen("POST", f"{ITEM}/versions/2/reject", {"reason": "too dear"}))
    assert (rejected["state"], rejected["decision_reason"]) == ("rejected", "too dear")
    late = refused(wen("POST", f"{ITEM}/versions/2/approve", {}), 403, "not_allowed")
    assert late["why"] == "already_decided"
    answered(lin("POST", f"{ITEM}/versions", change(points=30)), 201)
    assert answered(lin("POST", f"{ITEM}/versions/3/withdraw", {}))["state"] == "withdrawn"
    assert states(lin) == [(3, "withdrawn"), (2, "rejected"), (1, "in_force")]
    refused(wen("POST", f"{ITEM}/versions/9/approve", {}), 404, "not_found")
    refused(wen("POST", "items/0000000000000001/versions/1/approve", {}), 404, "not_found")


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"points": 0}, 422),
        ({"settlement_fen": -1}, 422),
        ({"limit_per_person": 0}, 422),
        ({"icon": "<svg>"}, 422),
        ({"name_zh": ""}, 422),
        ({"stock": 3}, 422),
        ({}, 422),
    ],
)
def test_what_no_item_can_be_is_refused_by_its_field(
    lin: Desk, stage: Stage, wrong: dict[str, object], status: int
) -> None:
    refused(lin("POST", f"{ITEM}/versions", change(**wrong)), status, "invalid_fields")
    assert stage.count("item_versions") == 1


def test_a_start_that_has_passed_is_refused(lin: Desk, stage: Stage) -> None:
    now = datetime.fromtimestamp(stage.clock.now(), UTC).isoformat()
    problem = refused(lin("POST", f"{ITEM}/versions", change(starts_at=now, points=36)), 403, "not_allowed")
    assert problem["why"] == "start_passed"


def test_a_new_item_waits_then_stands_in_the_list_and_on_the_phone(lin: Desk, wen: Desk, client: FlaskClient) -> None:
    card = change(name_zh="明信片", name_en="Postcard", position=5)
    made = answered(lin("POST", "items", {"merchant_id": SHOP, **card}), 201)
    assert (made["state"], made["version"], made["stock"]["remaining"]) == ("new", None, 0)
    assert refused(lin("POST", "items", {"merchant_id": SHOP, **card}), 403, "not_allowed")["why"] == "name_taken"
    refused(lin("POST", "items", {"merchant_id": "0" * 16, **card}), 404, "not_found")
    assert [one["name"] for one in answered(wen("GET", "items?waiting=1"))["data"]] == ["明信片"]
    answered(wen("POST", f"items/{made['id']}/versions/1/approve", {}))
    assert answered(wen("GET", "items?waiting=1"))["data"] == []
    assert [one["name"] for one in answered(lin("GET", "items?state=sold_out"))["data"]] == ["明信片"]
    first = answered(lin("GET", "items?limit=1"))
    second = answered(lin("GET", f"items?limit=1&cursor={first['next']}"))
    assert [first["data"][0]["name"], second["data"][0]["name"], second["next"]] == ["帆布袋", "明信片", None]
    assert [one["name"] for one in answered(lin("GET", "items?q=post"))["data"]] == ["明信片"]
    assert answered(lin("GET", "items?q=%25"))["data"] == []
    phone = answered(client.get(f"{API}/member/items", headers=bearer("mei")))
    assert [one["name"] for one in phone["data"]] == ["帆布袋", "明信片"]


def test_pieces_go_in_and_out_by_a_key_and_many_wait(lin: Desk, wen: Desk) -> None:
    refused(lin("POST", f"{ITEM}/stock", {"pieces": 5, "reason": "new"}), 400, "idempotency_key_missing")
    done = answered(lin("POST", f"{ITEM}/stock", {"pieces": 5, "reason": "new"}, key="s1"), 201)
    assert (done["state"], done["second_person"]) == ("done", False)
    assert answered(lin("POST", f"{ITEM}/stock", {"pieces": 5, "reason": "new"}, key="s1"), 201) == done
    refused(lin("POST", f"{ITEM}/stock", {"pieces": 6, "reason": "new"}, key="s1"), 409, "idempotency_conflict")
    refused(lin("POST", f"{ITEM}/stock", {"pieces": 0, "reason": "none"}, key="s2"), 422, "invalid_fields")
    left = refused(lin("POST", f"{ITEM}/stock", {"pieces": -16, "reason": "all"}, key="s3"), 409, "out_of_stock")
    assert left["stock"] == 15
    much = answered(lin("POST", f"{ITEM}/stock", {"pieces": 1000, "reason": "summer"}, key="s4"), 201)
    assert (much["state"], answered(lin("GET", ITEM))["stock"]["remaining"]) == ("asked", 15)
    assert answered(lin("GET", ITEM))["stock_waits"]
    answered(wen("POST", f"{ITEM}/stock/{much['id']}/approve", {"payload": much["payload"]}))
    assert answered(lin("GET", ITEM))["stock"] == {"put_in": 1015, "remaining": 1015, "given": 0}
    listed = answered(lin("GET", f"{ITEM}/stock"))["data"]
    assert sorted(one["pieces"] for one in listed) == [5, 10, 1000]


def test_a_suspended_merchant_is_refused_at_once_and_works_again_when_two_agree(
    lin: Desk, wen: Desk, client: FlaskClient, stage: Stage
) -> None:
    rich(stage)
    stage.clock.advance(-2 * 86_400)
    code = live_code(stage, exchange(stage, 72))
    suspended = answered(lin("POST", f"merchants/{SHOP}/suspend", {"reason": "complaints"}))
    assert suspended["state"] == "suspended"

    def redeem() -> TestResponse:
        return client.post(f"{API}/merchant/redemptions", json={"code": code}, headers=bearer("chen", key="r1"))

    refused(redeem(), 403, "merchant_suspended")
    again = refused(lin("POST", f"merchants/{SHOP}/suspend", {"reason": "again"}), 403, "not_allowed")
    assert again["why"] == "already_suspended"
    asked = answered(lin("POST", f"merchants/{SHOP}/resume", {"reason": "mended"}), 201)
    assert (asked["state"], asked["changes"][0]["after"]) == ("asked", "active")
    assert [one["id"] for one in answered(wen("GET", "merchants?waiting=1"))["data"]] == [SHOP]
    refused(redeem(), 403, "merchant_suspended")
    approve = f"merchants/{SHOP}/versions/{asked['version']}/approve"
    answered(wen("POST", approve, {"payload": asked["payload"]}))
    answered(redeem(), 201)
    history = answered(lin("GET", f"merchants/{SHOP}/versions"))["data"]
    assert [(one["change"], one["state"]) for one in history] == [
        ("resumed", "in_force"),
        ("suspended", "ended"),
        ("admitted", "ended"),
    ]


def test_a_merchant_is_admitted_found_and_named_anew(lin: Desk, app: APIFlask, stage: Stage) -> None:
    tea = {"name_zh": "茶馆", "name_en": "Teahouse", "place_zh": "后街", "place_en": "Back street"}
    body = {**tea, "login": "zhou", "owner": "周", "reason": "a new one"}
    response = lin("POST", "merchants", body)
    made = answered(response, 201)
    assert response.headers["Cache-Control"] == "no-store"
    assert refused(lin("POST", "merchants", body), 403, "not_allowed")["why"] == "login_taken"
    path = f"merchants/{made['merchant']['id']}"
    named = answered(lin("PATCH", path, {"name_en": "Tea room", "reason": "a new sign"}))
    assert (named["name_en"], named["name_zh"]) == ("Tea room", "茶馆")
    refused(lin("PATCH", path, {"name_en": "Tea room", "reason": "again"}), 422, "invalid_fields")
    assert [one["name_en"] for one in answered(lin("GET", "merchants?q=tea"))["data"]] == ["Tea room"]
    [owner] = answered(lin("GET", path))["people"]
    assert (owner["role"], owner["must_change_password"]) == ("owner", True)
    fresh = answered(lin("POST", f"{path}/people/{owner['id']}/password"), 201)
    assert fresh["password"] != made["password"]
    refused(lin("POST", f"merchants/{SHOP}/people/{owner['id']}/password"), 404, "not_found")
    refused(lin("GET", "merchants/0000000000000001"), 404, "not_found")
    finance = desk_of(app, stage, "jin", "finance")
    assert len(answered(finance("GET", "merchants"))["data"]) == 2
    assert refused(finance("POST", f"{path}/suspend", {"reason": "no"}), 403, "not_allowed")["why"] == "role"


def test_the_systems_own_first_versions_say_why_with_a_word(lin: Desk, stage: Stage) -> None:
    calls = [f"{ITEM}/versions", f"{ITEM}/stock", "scenes/refill-water/versions"]
    firsts = [answered(lin("GET", call))["data"][-1:] for call in calls]
    said = {(one["asked_by"], one["reason"]) for rows in firsts for one in rows}
    assert {(None, "first_offer"), (None, "first_catalogue")} == said
    answered(lin("POST", f"{ITEM}/stock", {"pieces": 1, "reason": "first_offer"}, key="s"), 201)
    named = answered(lin("GET", f"{ITEM}/stock"))["data"][0]
    assert (named["asked_by"]["name"], named["reason"]) == ("Lin", "first_offer"), "a person's own words stay"
