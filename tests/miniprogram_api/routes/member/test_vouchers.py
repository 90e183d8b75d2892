"""Points become vouchers over HTTP, and a counter takes them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from miniprogram_api.db import public_id
from scenes.wire.binary_text import binary_bytes
from scenes.wire.code_text import code_text
from scenes.wire.kinds import KIND_TICKET
from scenes.wire.voucher_code import voucher_code
from tests.miniprogram_api.cast import Stage, shop
from tests.miniprogram_api.routes.speech import API, answered, bearer, refused

TREE_CARE = 23
Exchange = Callable[..., TestResponse]
VOUCHERS = f"{API}/member/vouchers"


@pytest.fixture
def exchange(client: FlaskClient, stage: Stage) -> Exchange:
    """Mei has points, chen has a bag; answers what an exchange answers."""
    item = public_id(shop(stage))
    for _ in range(2):
        stage.scan("mei", stage.code(TREE_CARE, KIND_TICKET))
        stage.clock.advance(86_400)

    def call(key: str = "x-1", **more: object) -> TestResponse:
        body = {"item_id": item, "quantity": 1, **more}
        return client.post(VOUCHERS, json=body, headers=bearer("mei", key=key))

    return call


def live(stage: Stage, voucher: dict) -> str:
    """The code that mei's phone draws now."""
    key, number = binary_bytes(voucher["key"], 32, "key"), bytes.fromhex(voucher["id"])
    return code_text(voucher_code(key, voucher["key_id"], number, stage.clock.now() // 60))


def at_counter(client: FlaskClient, call: str, code: str, key: str | None = None) -> TestResponse:
    headers = bearer("chen", **({"key": key} if key else {}))
    return client.post(f"{API}/merchant/{call}", json={"code": code}, headers=headers)


def test_an_exchange_answers_key_and_readable_code_once(client: FlaskClient, exchange: Exchange) -> None:
    response = exchange()
    voucher = answered(response, 201)
    assert len(voucher["key"]) == 43
    assert len(voucher["readable_code"]) == 14
    assert voucher["state"] == "issued"
    assert voucher["merchant"]["name"] == "低碳商店"
    assert response.headers["Cache-Control"] == "no-store"
    read = answered(client.get(f"{VOUCHERS}/{voucher['id']}", headers=bearer("mei")))
    assert read == voucher | {"readable_code": None}
    assert answered(client.get(VOUCHERS, headers=bearer("mei"))) == {"data": [read], "next": None}


def test_a_repeat_answers_the_same_voucher_and_holds_nothing_more(stage: Stage, exchange: Exchange) -> None:
    first = answered(exchange(), 201)
    before = stage.balance("mei")
    assert answered(exchange(), 201) == first
    assert stage.balance("mei") == before
    refused(exchange(quantity=2), 409, "idempotency_conflict")
    assert stage.count("vouchers") == 1


def test_an_exchange_needs_a_key(client: FlaskClient, stage: Stage, exchange: Exchange) -> None:
    response = client.post(VOUCHERS, json={"item_id": "0" * 16, "quantity": 1}, headers=bearer("mei"))
    refused(response, 400, "idempotency_key_missing")
    assert stage.count("vouchers") == 0


def test_what_is_missing_is_said_in_points(client: FlaskClient, stage: Stage) -> None:
    item = public_id(shop(stage))
    response = client.post(VOUCHERS, json={"item_id": item, "quantity": 1}, headers=bearer("bo", key="b"))
    assert refused(response, 409, "points_missing")["points_missing"] == 35
    assert stage.balance("bo") == (0, 0, 0)


@pytest.mark.parametrize("item", ["0" * 16, "f" * 16, "0000000000000047"])
def test_an_item_that_is_not_there_is_not_found(exchange: Exchange, stage: Stage, item: str) -> None:
    refused(exchange(item_id=item), 404, "not_found")
    assert stage.count("vouchers") == 0


def test_another_members_voucher_is_not_found(client: FlaskClient, exchange: Exchange) -> None:
    number = answered(exchange(), 201)["id"]
    refused(client.get(f"{VOUCHERS}/{number}", headers=bearer("bo")), 404, "not_found")
    refused(client.post(f"{VOUCHERS}/{number}/codes", headers=bearer("bo")), 404, "not_found")
    assert answered(client.get(VOUCHERS, headers=bearer("bo")))["data"] == []


def test_the_counter_looks_up_and_redeems(client: FlaskClient, stage: Stage, exchange: Exchange) -> None:
    voucher = answered(exchange(), 201)
    lookup = answered(at_counter(client, "lookups", live(stage, voucher)), 201)
    assert (lookup["voucher"], lookup["nickname"], lookup["settlement_fen"]) == (voucher["id"], "m**", 350)
    redemption = answered(at_counter(client, "redemptions", live(stage, voucher), "r-1"), 201)
    again = answered(at_counter(client, "redemptions", live(stage, voucher), "r-1"), 201)
    assert redemption == again
    assert redemption["settlement_fen"] == 350
    listed = answered(client.get(f"{API}/merchant/redemptions", headers=bearer("chen")))
    assert listed == {"data": [redemption], "next": None, "today": {"count": 1, "settlement_fen": 350}}
    problem = refused(at_counter(client, "lookups", live(stage, voucher)), 409, "voucher_already_redeemed")
    assert problem["redeemed_at"] == redemption["redeemed_at"]
    owned = answered(client.get(f"{VOUCHERS}/{voucher['id']}", headers=bearer("mei")))
    assert (owned["state"], owned["key"], owned["redeemed_at"]) == ("redeemed", None, redemption["redeemed_at"])


def test_a_new_readable_code_ends_the_one_before(client: FlaskClient, exchange: Exchange) -> None:
    voucher = answered(exchange(), 201)
    fresh = answered(client.post(f"{VOUCHERS}/{voucher['id']}/codes", headers=bearer("mei")), 201)
    assert fresh["readable_code"] != voucher["readable_code"]
    refused(at_counter(client, "lookups", voucher["readable_code"]), 404, "not_found")
    answered(at_counter(client, "lookups", fresh["readable_code"]), 201)


def test_a_redemption_needs_a_key_and_a_session(client: FlaskClient, stage: Stage, exchange: Exchange) -> None:
    code = live(stage, answered(exchange(), 201))
    refused(at_counter(client, "redemptions", code), 400, "idempotency_key_missing")
    refused(client.post(f"{API}/merchant/redemptions", json={"code": code}), 401, "not_signed_in")
    refused(client.post(f"{API}/merchant/lookups", json={"code": code}, headers=bearer("mei")), 401, "not_signed_in")
    assert stage.count("redemptions") == 0


def test_the_shelf_says_what_i_can_have(client: FlaskClient, stage: Stage) -> None:
    shop(stage, points=10_000)
    [item] = answered(client.get(f"{API}/member/items", headers=bearer("mei", language="en")))["data"]
    assert (item["name"], item["why_not"], item["available"]) == ("Canvas bag", "points_missing", False)
    assert item["points_missing"] == 10_000 - stage.balance("mei")[0]


def test_the_list_of_scenes_names_all_twenty_four_with_their_sources(client: FlaskClient) -> None:
    scenes = answered(client.get(f"{API}/member/scenes", headers=bearer("mei")))["data"]
    assert [scene["number"] for scene in scenes] == list(range(1, 25))
    assert all(scene["class"] and scene["factor"]["source"] and scene["left_today"] for scene in scenes)
