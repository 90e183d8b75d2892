"""My carbon: sums by day and by scene come from the acts that count, and badges with them."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from miniprogram_api.models import Merchant
from miniprogram_api.services.reviews import Resolution, resolve_act
from scenes.wire.kinds import KIND_TICKET
from tests.miniprogram_api.cast import NOON, Stage, shop
from tests.miniprogram_api.lived_island import confirm, live, reverse
from tests.miniprogram_api.routes.speech import API, SQLITE_ONLY, answered, bearer, refused

FERRY, BUS, CLEAN_PLATE, REFILL, LITTER, TREE_CARE = 1, 2, 6, 9, 16, 23
DAY = 86_400
REDUCTIONS, BADGES = f"{API}/member/reductions", f"{API}/member/badges"


def sums(client: FlaskClient, who: str = "mei", **query: str) -> dict[str, Any]:
    return dict(answered(client.get(REDUCTIONS, query_string=query, headers=bearer(who, language="en"))))


def badge(client: FlaskClient, name: str, who: str = "mei") -> dict[str, Any]:
    shown = answered(client.get(BADGES, headers=bearer(who, language="en")))["data"]
    return next(one for one in shown if one["id"] == name)


def test_points_and_grams_are_added_up_by_day_and_by_scene(client: FlaskClient, stage: Stage) -> None:
    for scene in (FERRY, BUS, CLEAN_PLATE):
        stage.scan("mei", stage.code(scene))
    stage.clock.advance(DAY)
    stage.scan("mei", stage.code(BUS))
    shown = sums(client)
    assert (shown["month"], shown["earlier"], shown["later"]) == ("2026-11", None, None)
    assert shown["days"] == [
        {"day": "2026-11-22", "acts": 3, "points": 20, "reduction_grams": 224},
        {"day": "2026-11-23", "acts": 1, "points": 5, "reduction_grams": 80},
    ]
    assert [(one["id"], one["acts"], one["points"], one["reduction_grams"]) for one in shown["scenes"]] == [
        ("island-bus", 2, 10, 160),
        ("clean-plate", 1, 5, 144),
        ("ferry-arrival", 1, 10, 0),
    ]
    assert shown["total"] == {"acts": 4, "points": 25, "reduction_grams": 304}
    assert shown["reduction_grams"] == stage.balance("mei")[2] == 304


def test_what_is_compared_is_all_my_grams_and_never_rounded_up(client: FlaskClient, stage: Stage) -> None:
    assert sums(client)["comparisons"] == []
    stage.scan("mei", stage.code(BUS))
    [car, power] = sums(client)["comparisons"]
    assert (car["id"], car["amount"], car["unit"], car["value"]) == ("petrol-car", "0.4", "km", "162.72")
    assert (power["id"], power["amount"]) == ("grid-power", "0.1")
    assert "DESNZ" in car["source"]


def test_a_day_ends_at_the_island_s_midnight_and_a_month_with_its_last_day(client: FlaskClient, stage: Stage) -> None:
    last_second = NOON + 8 * DAY + 12 * 3600 - 1  # 2026-11-30 23:59:59 on the island
    for moment in (last_second, last_second + 1):
        stage.clock.advance(moment - stage.clock.now())
        stage.scan("mei", stage.code(REFILL if moment == last_second else BUS))
    newest = sums(client)
    assert (newest["month"], newest["earlier"], newest["later"]) == ("2026-12", "2026-11", None)
    assert [one["day"] for one in newest["days"]] == ["2026-12-01"]
    before = sums(client, month="2026-11")
    assert (before["earlier"], before["later"]) == (None, "2026-12")
    assert [one["day"] for one in before["days"]] == ["2026-11-30"]


def test_the_months_before_and_after_are_those_that_have_an_act(client: FlaskClient, stage: Stage) -> None:
    stage.scan("mei", stage.code(BUS))
    stage.clock.advance(120 * DAY)
    stage.scan("mei", stage.code(BUS))
    shown = sums(client, month="2027-01")
    assert (shown["earlier"], shown["later"], shown["days"]) == ("2026-11", "2027-03", [])
    assert shown["total"] == {"acts": 0, "points": 0, "reduction_grams": 0}
    assert sums(client)["month"] == "2027-03"


def test_nobody_who_did_nothing_sees_anything_and_nobody_sees_another(client: FlaskClient, stage: Stage) -> None:
    stage.scan("mei", stage.code(BUS))
    shown = sums(client, who="bo")
    assert (shown["month"], shown["days"], shown["scenes"], shown["reduction_grams"]) == ("2026-11", [], [], 0)
    assert badge(client, "island-rides", who="bo")["done"] == "0"
    refused(client.get(REDUCTIONS), 401, "not_signed_in")
    refused(client.get(BADGES, headers=bearer("nobody")), 401, "not_signed_in")


def test_an_act_that_was_taken_back_takes_its_sums_and_its_badge_away(client: FlaskClient, stage: Stage) -> None:
    lin = stage.clerk("lin")
    stage.scan("mei", stage.code(BUS))
    boat = stage.scan("mei", stage.code(FERRY)).act
    assert (badge(client, "first-boat")["earned"], sums(client)["total"]["points"]) == (True, 15)
    reverse(stage, boat["id"], lin, key="r1")
    stage.session.rollback()
    assert badge(client, "first-boat") == {
        "id": "first-boat",
        "icon": "ship",
        "name": "First boat",
        "how": "Take the boat to the island once",
        "done": "0",
        "needed": "1",
        "unit": None,
        "earned": False,
    }
    assert sums(client)["total"] == {"acts": 1, "points": 5, "reduction_grams": 80}


def test_what_waits_or_brought_nothing_earns_no_badge(client: FlaskClient, stage: Stage) -> None:
    waiting = int(stage.scan("mei", stage.code(TREE_CARE, KIND_TICKET, issued_at=0)).act["id"])
    stage.scan("mei", stage.code(LITTER, KIND_TICKET, quantity=500))
    stage.clock.advance(3600)
    stage.scan("mei", stage.code(LITTER, KIND_TICKET, quantity=100))  # beyond the day's limit
    assert badge(client, "tree-friend")["earned"] is False
    assert badge(client, "litter-10")["done"] == "5"
    resolve_act(stage.session, Resolution(waiting, NOON, code="clock_known"), stage.island, stage.clock)
    assert badge(client, "tree-friend")["earned"] is True


def test_a_till_s_place_counts_like_a_kiosk_s(client: FlaskClient, stage: Stage) -> None:
    assert (badge(client, "all-places")["done"], badge(client, "all-places")["needed"]) == ("0", "1")
    shop(stage)
    confirm(stage, "mei", "k1")
    stage.session.rollback()
    assert badge(client, "all-places") | {"how": ""} == badge(client, "all-places") | {"how": "", "earned": True}
    with stage.engine.begin() as connection:
        connection.execute(update(Merchant).values(venue_id=None))
    assert badge(client, "all-places")["earned"] is False, "a till without a place is none"


def test_over_all_months_the_sums_are_the_books(client: FlaskClient, stage: Stage) -> None:
    live(stage)
    stage.session.rollback()
    for who in ("mei", "bo", "guest"):
        month: str | None = sums(client, who)["month"]
        grams = 0
        while month is not None:
            shown = sums(client, who, month=month)
            for part in ("days", "scenes"):
                for figure in ("acts", "points", "reduction_grams"):
                    assert sum(one[figure] for one in shown[part]) == shown["total"][figure]
            grams += shown["total"]["reduction_grams"]
            month = shown["earlier"]
        assert grams == shown["reduction_grams"] == stage.balance(who)[2]


@SQLITE_ONLY
@pytest.mark.parametrize(
    "month", ["2026", "2026-13", "2026-00", "0000-01", "9999-12", "2026-1", "'; --", "２０２６-01", ""]
)
def test_a_month_that_is_none_is_refused(client: FlaskClient, stage: Stage, month: str) -> None:
    refused(client.get(REDUCTIONS, query_string={"month": month}, headers=bearer("mei")), 422, "invalid_fields")


@SQLITE_ONLY
def test_the_first_and_the_last_month_there_are_can_be_asked_for(client: FlaskClient, stage: Stage) -> None:
    for month in ("2000-01", "2099-12"):
        assert sums(client, month=month)["days"] == []
