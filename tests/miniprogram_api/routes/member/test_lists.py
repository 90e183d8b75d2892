"""Lists of mine, narrowed by state and by what is good for something; scenes and goods as they stand for me."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from miniprogram_api.db import public_id
from scenes.wire.kinds import KIND_TICKET
from tests.miniprogram_api.cast import NOON, Stage, shop
from tests.miniprogram_api.lived_island import live
from tests.miniprogram_api.routes.speech import API, SQLITE_ONLY, answered, bearer, refused

BUS, TREE_CARE, HOME_ENERGY = 2, 23, 22
STATES = ("credited", "pending", "capped", "refused", "reversed")
DAY = 86_400


def listed(client: FlaskClient, path: str, who: str = "mei", **query: str) -> list[dict[str, Any]]:
    """All pages of a list, two rows a page."""
    rows: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        asked = {"limit": "2", **query, **cursor}
        shown = answered(client.get(f"{API}/member/{path}", query_string=asked, headers=bearer(who, language="en")))
        rows += shown["data"]
        if shown["next"] is None:
            return rows
        cursor = {"cursor": shown["next"]}


def of_scene(client: FlaskClient, slug: str, who: str = "mei") -> dict[str, Any]:
    shown = answered(client.get(f"{API}/member/scenes", headers=bearer(who)))["data"]
    return next(one for one in shown if one["id"] == slug)


def test_activities_by_state_are_the_whole_list_once(client: FlaskClient, stage: Stage) -> None:
    live(stage)
    stage.session.rollback()
    seen = set()
    for who in ("mei", "bo", "guest"):
        everything = listed(client, "activities", who)
        parted = {state: listed(client, "activities", who, state=state) for state in STATES}
        assert all(one["state"] == state for state, rows in parted.items() for one in rows)
        assert sorted(one["id"] for rows in parted.values() for one in rows) == sorted(one["id"] for one in everything)
        for state, rows in parted.items():
            assert rows == [one for one in everything if one["state"] == state], "in the same order"
            seen |= {state} if rows else set()
    assert seen == set(STATES)


def test_vouchers_that_can_be_used_and_those_that_ended_are_the_whole_list_once(
    client: FlaskClient, stage: Stage
) -> None:
    live(stage)
    stage.session.rollback()
    for who in ("mei", "bo"):
        everything = listed(client, "vouchers", who)
        usable, ended = (listed(client, "vouchers", who, standing=standing) for standing in ("usable", "ended"))
        assert usable == [one for one in everything if one["state"] == "issued"]
        assert ended == [one for one in everything if one["state"] != "issued"]


def test_a_voucher_past_its_day_has_ended_even_when_the_job_is_late(client: FlaskClient, stage: Stage) -> None:
    item = public_id(shop(stage, points=20))
    stage.scan("mei", stage.code(TREE_CARE, KIND_TICKET))
    body = {"item_id": item, "quantity": 1}
    answered(client.post(f"{API}/member/vouchers", json=body, headers=bearer("mei", key="k")), 201)
    assert len(listed(client, "vouchers", standing="usable")) == 1
    stage.clock.advance(30 * DAY)
    assert listed(client, "vouchers", standing="usable") == []
    assert [one["state"] for one in listed(client, "vouchers", standing="ended")] == ["expired"]
    assert stage.rows("SELECT state FROM vouchers") == [("issued",)]


def test_what_i_did_of_a_scene_in_its_period_is_counted(client: FlaskClient, stage: Stage) -> None:
    assert (of_scene(client, "island-bus")["done"], of_scene(client, "island-bus")["left_today"]) == ("0", "4")
    stage.scan("mei", stage.code(BUS))
    bus = of_scene(client, "island-bus")
    assert (bus["done"], bus["left_today"], bus["cap"]) == ("1", "3", {"amount": "4", "period": "day"})
    assert of_scene(client, "island-bus", "bo")["done"] == "0"
    stage.clock.advance(DAY)
    assert of_scene(client, "island-bus")["done"] == "0"


def test_each_scene_names_each_place_once_with_the_ways_there(client: FlaskClient, stage: Stage) -> None:
    [place] = of_scene(client, "island-bus")["places"]
    assert (place["id"], place["proofs"]) == ("island-pier", ["GK", "DK", "TK", "WT", "ST"])


def test_a_scene_for_others_says_so_beforehand_as_the_refusal_would(client: FlaskClient, stage: Stage) -> None:
    scene = of_scene(client, "home-energy")
    assert (scene["open"], scene["closed_reason"], scene["season"]) == (False, "audience", None)


def test_what_the_limit_of_each_person_leaves_is_said(client: FlaskClient, stage: Stage) -> None:
    item = public_id(shop(stage, points=10, limit=2))
    stage.scan("mei", stage.code(TREE_CARE, KIND_TICKET))

    def shelf() -> tuple[int | None, str | None]:
        [shown] = answered(client.get(f"{API}/member/items", headers=bearer("mei")))["data"]
        return shown["left_for_me"], shown["why_not"]

    for number, left in enumerate([(2, None), (1, None), (0, "limit_reached")]):
        assert shelf() == left
        body, headers = {"item_id": item, "quantity": 1}, bearer("mei", key=f"k-{number}")
        answer = client.post(f"{API}/member/vouchers", json=body, headers=headers)
        assert answer.status_code == (201 if left[0] else 409)


def test_all_points_are_shown_with_their_last_day(client: FlaskClient, stage: Stage) -> None:
    def me() -> dict[str, Any]:
        return dict(answered(client.get(f"{API}/member/me", headers=bearer("mei"))))

    assert (me()["lasting"], me()["new_points_until"]) == ([], "2027-12-31")
    stage.scan("mei", stage.code(TREE_CARE, KIND_TICKET))
    stage.clock.advance(45 * DAY)  # 6 January 2027
    stage.scan("mei", stage.code(BUS))
    assert me()["lasting"] == [{"points": 30, "on": "2027-12-31"}, {"points": 5, "on": "2028-12-31"}]
    assert me()["new_points_until"] == "2028-12-31"
    assert me()["balance"]["expiring"] == []
    assert stage.clock.now() == NOON + 45 * DAY


@SQLITE_ONLY
@pytest.mark.parametrize(
    ("path", "query"),
    [("activities", {"state": "all"}), ("vouchers", {"standing": "issued"}), ("vouchers", {"usable": "1"})],
)
def test_what_there_is_not_is_refused(client: FlaskClient, stage: Stage, path: str, query: dict[str, str]) -> None:
    refused(client.get(f"{API}/member/{path}", query_string=query, headers=bearer("mei")), 422, "invalid_fields")
