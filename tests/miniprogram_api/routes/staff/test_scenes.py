"""Scenes and places in the console's calls: lin asks, wen decides, everybody of the office reads."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from apiflask import APIFlask

from miniprogram_api.services.appointments import NewPerson, appoint_person
from tests.miniprogram_api.cast import NOON, Stage
from tests.miniprogram_api.routes.speech import SQLITE_ONLY, answered, refused
from tests.miniprogram_api.routes.staff.test_people import PASSWORD, Desk
from tests.miniprogram_api.rule_stories import cycling, document, venue_document

pytestmark = SQLITE_ONLY
VERSIONS = "scenes/refill-water/versions"


@pytest.fixture
def desks(app: APIFlask, stage: Stage) -> dict[str, Desk]:
    """lin is an operator, wen an approver, fan looks after the fleet."""
    found = {}
    for login, role in {"lin": "operator", "wen": "approver", "fan": "fleet"}.items():
        appoint_person(stage.session, NewPerson(login, login.title(), PASSWORD, role, None), "system:test", stage.clock)
        found[login] = Desk(app)
        answered(found[login].sign_in(login), 201)
    return found


def at(seconds: int) -> str:
    return (datetime.fromtimestamp(NOON, UTC) + timedelta(seconds=seconds)).isoformat()


def asked(desk: Desk, path: str = VERSIONS, **body: Any) -> dict[str, Any]:
    body = {"starts_at": at(60), "reason": "as agreed", **body}
    return dict(answered(desk("POST", path, body), 201))


def test_a_version_is_asked_for_shown_with_its_differences_and_approved_by_somebody_else(
    desks: dict[str, Desk], stage: Stage
) -> None:
    version = asked(desks["lin"], document=document(points=7, name_en="Refill"))
    assert (version["version"], version["state"], version["second_person"]) == (2, "asked", True)
    assert version["asked_by"]["name"] == "Lin"
    assert version["changes"] == [
        {"field": "name_en", "before": "Refill, no bottled water", "after": "Refill", "costs": False},
        {"field": "variants.0.points", "before": 2, "after": 7, "costs": True},
    ]
    [row] = [one for one in answered(desks["fan"]("GET", "scenes"))["data"] if one["id"] == "refill-water"]
    assert (row["version"], row["state"]) == (1, "in_force")
    assert row["waiting"] == {"version": 2, "starts_at": "2026-11-22T12:01:00+08:00", "state": "asked"}
    refused(desks["wen"]("POST", f"{VERSIONS}/2/approve", {"payload": "0" * 64}), 409, "idempotency_conflict")
    approved = answered(desks["wen"]("POST", f"{VERSIONS}/2/approve", {"payload": version["payload"]}))
    assert (approved["state"], approved["decided_by"]["name"]) == ("approved", "Wen")
    stage.clock.advance(60)
    newest, first = answered(desks["fan"]("GET", VERSIONS))["data"]
    assert (newest["state"], first["state"], first["asked_by"]) == ("in_force", "ended", None)
    assert first["ends_at"] == newest["starts_at"]
    assert newest["payload"] == version["payload"]


def test_who_may_ask_may_not_decide_and_who_may_decide_may_not_ask(desks: dict[str, Desk], stage: Stage) -> None:
    asked(desks["lin"], document=document(points=7))
    body = {"document": document(points=1), "starts_at": at(60), "reason": "-"}
    for desk, path, sent in (
        ("lin", f"{VERSIONS}/2/approve", {}),
        ("lin", f"{VERSIONS}/2/reject", {"reason": "-"}),
        ("wen", VERSIONS, body),
        ("wen", f"{VERSIONS}/2/withdraw", None),
        ("fan", f"{VERSIONS}/preview", {"document": document(points=1)}),
    ):
        assert refused(desks[desk]("POST", path, sent), 403, "not_allowed")["why"] == "role"
    assert stage.count("approvals") == 0


def test_a_preview_says_what_acts_would_earn_and_writes_nothing(desks: dict[str, Desk], stage: Stage) -> None:
    shown = answered(desks["lin"]("POST", f"{VERSIONS}/preview", {"document": document(points=7)}))
    assert (shown["valid"], shown["second_person"], shown["puts_aside"]) == (True, True, [])
    assert shown["examples"] == [
        {
            "variant": 0,
            "name": "接水一次",
            "quantity": "1",
            "points_before": 2,
            "points_after": 7,
            "grams_before": 57,
            "grams_after": 57,
        }
    ]
    assert (stage.count("rule_versions"), stage.count("entries")) == (24, 0)


def test_a_preview_warns_of_planned_versions_that_would_never_begin(desks: dict[str, Desk]) -> None:
    asked(desks["lin"], document=document(points=7), starts_at=at(86_400))
    answered(desks["wen"]("POST", f"{VERSIONS}/2/approve", {}))
    shown = answered(desks["lin"]("POST", f"{VERSIONS}/preview", {"document": document(active=False)}))
    assert shown["puts_aside"] == [{"version": 2, "starts_at": "2026-11-23T12:00:00+08:00"}]
    assert shown["second_person"] is False


def test_a_pause_starts_as_soon_as_it_can(desks: dict[str, Desk]) -> None:
    body = {"document": document(active=False), "reason": "the tap is broken"}
    version = answered(desks["lin"]("POST", VERSIONS, body), 201)
    assert (version["state"], version["starts_at"]) == ("approved", "2026-11-22T12:00:05+08:00")
    assert (version["second_person"], version["decided_by"]) == (False, version["asked_by"])


def test_versions_come_in_pages_newest_first(desks: dict[str, Desk]) -> None:
    for name in ("Tap", "Spring", "Well"):
        asked(desks["lin"], document=document(name_en=name))
    page = answered(desks["fan"]("GET", f"{VERSIONS}?limit=3"))
    assert [one["version"] for one in page["data"]] == [4, 3, 2]
    rest = answered(desks["fan"]("GET", f"{VERSIONS}?limit=3&cursor={page['next']}"))
    assert ([one["version"] for one in rest["data"]], rest["next"]) == ([1], None)


def test_one_scene_comes_with_its_document_and_factors(desks: dict[str, Desk]) -> None:
    found = answered(desks["fan"]("GET", "scenes/refill-water"))
    assert found["document"] == document()
    assert [factor["id"] for factor in found["factors"]] == ["water-refill"]
    assert (found["versions"], found["waiting"], found["rule"]["id"]) == (1, None, "refill-water")
    refused(desks["fan"]("GET", "scenes/nothing"), 404, "not_found")
    refused(desks["fan"]("GET", "scenes/nothing/versions"), 404, "not_found")


def test_a_new_scene_is_listed_while_it_waits_and_is_in_force_from_its_start(
    desks: dict[str, Desk], stage: Stage
) -> None:
    shown = answered(desks["lin"]("POST", "scenes/preview", {"document": cycling()}))
    assert [(one["quantity"], one["points_before"], one["points_after"]) for one in shown["examples"]] == [
        ("1", None, 2),
        ("10", None, 20),
    ]
    version = asked(desks["lin"], "scenes", document={**cycling(), "number": 99})
    assert (version["scene"], version["document"]["number"], version["second_person"]) == ("cycle", 25, True)
    row = answered(desks["wen"]("GET", "scenes"))["data"][-1]
    assert (row["number"], row["state"], row["waiting"]["version"]) == (25, "asked", 1)
    answered(desks["wen"]("POST", "scenes/cycle/versions/1/approve", {}))
    assert answered(desks["fan"]("GET", "scenes/cycle"))["rule"]["state"] == "approved"
    stage.clock.advance(60)
    assert answered(desks["fan"]("GET", "scenes/cycle"))["rule"]["state"] == "in_force"


@pytest.mark.parametrize(
    ("body", "field", "reason"),
    [
        ({"document": document(cap=0)}, "cap", "malformed"),
        ({"document": document(slug="other")}, "slug", "fixed"),
        ({"document": document(points=7), "starts_at": "tomorrow"}, "starts_at", "malformed"),
        ({"document": document(points=7), "starts_at": "2026-11-23T12:00:00"}, "starts_at", "malformed"),
        ({"document": document(points=7), "starts_at": None}, "starts_at", "missing"),
        ({"document": document(points=7), "starts_at": "2028-01-01T00:00:00Z"}, "starts_at", "too_far"),
        ({"back_to": 9}, "back_to", "unknown"),
        ({"document": []}, "document", "wrong_type"),
        ({"document": document(points=7), "reason": ""}, "reason", "too_short"),
    ],
)
def test_what_is_wrong_is_named_by_its_field(
    desks: dict[str, Desk], stage: Stage, body: dict[str, Any], field: str, reason: str
) -> None:
    body = {"starts_at": at(60), "reason": "as agreed", **body}
    problem = refused(desks["lin"]("POST", VERSIONS, body), 422, "invalid_fields")
    assert (problem["fields"][0]["field"], problem["fields"][0]["reason"]) == (field, reason)
    assert stage.count("rule_versions") == 24


def test_a_start_that_has_gone_by_and_a_second_version_are_refused_with_their_sentence(desks: dict[str, Desk]) -> None:
    body = {"document": document(points=7), "starts_at": at(1), "reason": "-"}
    assert refused(desks["lin"]("POST", VERSIONS, body), 403, "not_allowed")["why"] == "start_passed"
    asked(desks["lin"], document=document(points=7))
    body["starts_at"] = at(60)
    assert refused(desks["lin"]("POST", VERSIONS, body), 403, "not_allowed")["why"] == "version_waiting"
    withdrawn = answered(desks["lin"]("POST", f"{VERSIONS}/2/withdraw"))
    assert (withdrawn["state"], withdrawn["decided_by"]["name"]) == ("withdrawn", "Lin")
    version = asked(desks["lin"], document=document(points=8))["version"]
    no = answered(desks["wen"]("POST", f"{VERSIONS}/{version}/reject", {"reason": "too much"}))
    assert (no["state"], no["decision_reason"]) == ("rejected", "too much")
    refused(desks["wen"]("POST", f"{VERSIONS}/{version}/approve", {}), 403, "not_allowed")
    refused(desks["wen"]("POST", f"{VERSIONS}/x/approve", {}), 404, "not_found")


def test_a_place_is_shown_as_it_is_in_force_and_changes_by_versions(desks: dict[str, Desk], stage: Stage) -> None:
    [place] = answered(desks["fan"]("GET", "venues"))["data"]
    assert (place["id"], place["version"], place["kiosks"]) == (
        "island-pier",
        1,
        [{"id": "1", "name": "island-pier", "state": "active"}],
    )
    wanted = {**venue_document(stage), "name_en": "The pier", "name_zh": "大码头"}
    preview = answered(desks["lin"]("POST", "venues/island-pier/versions/preview", {"document": wanted}))
    assert preview["second_person"] is False
    version = asked(desks["lin"], "venues/island-pier/versions", document=wanted)
    assert (version["version"], version["state"], version["venue"]) == (2, "approved", "island-pier")
    wanted["profile"]["group"]["seats"] = 9
    more = asked(desks["lin"], "venues/island-pier/versions", document=wanted, starts_at=at(120))
    assert more["changes"] == [{"field": "profile.group.seats", "before": 5, "after": 9, "costs": True}]
    waiting = answered(desks["wen"]("GET", "venues/island-pier"))
    assert (waiting["versions"], waiting["waiting"]["version"]) == (3, 3)
    answered(desks["wen"]("POST", "venues/island-pier/versions/3/approve", {"payload": more["payload"]}))
    stage.clock.advance(120)
    found = answered(desks["fan"]("GET", "venues/island-pier"))
    assert (found["venue"]["name_en"], found["document"]["profile"]["group"]["seats"]) == ("The pier", 9)
    assert answered(desks["fan"]("GET", "kiosks"))["data"][0]["venue"] == "大码头"
    states = [one["state"] for one in answered(desks["fan"]("GET", "venues/island-pier/versions"))["data"]]
    assert states == ["in_force", "ended", "ended"]
    refused(desks["fan"]("GET", "venues/nowhere"), 404, "not_found")
    refused(desks["fan"]("GET", "venues/nowhere/versions"), 404, "not_found")


def test_the_factors_come_with_their_sources_and_the_scenes_that_book_them(desks: dict[str, Desk]) -> None:
    shown = answered(desks["fan"]("GET", "factors"))
    [water] = [one for one in shown["data"] if one["id"] == "water-refill"]
    assert (water["version"], water["value"], water["scenes"]) == (1, "57.96", ["refill-water"])
    assert "source" in water
    assert {one["id"] for one in shown["methodologies"]} >= {water["methodology"]}
    assert shown["cap_groups"] == [{"id": "island-ride", "points": 20, "period": "day"}]


RIDES = "groups/island-ride"


def test_a_shared_limit_is_shown_with_its_scenes_and_changes_by_versions(desks: dict[str, Desk], stage: Stage) -> None:
    [group] = answered(desks["fan"]("GET", "groups"))["data"]
    assert (group["id"], group["points"], group["period"], group["waiting"]) == ("island-ride", 20, "day", None)
    assert [scene["id"] for scene in group["scenes"]] == ["island-bus", "e-shuttle"]
    preview = answered(desks["lin"]("POST", f"{RIDES}/versions/preview", {"document": {"points": 10}}))
    assert (preview["second_person"], [one["after"] for one in preview["examples"]]) == (False, ["2", "2"])
    fewer = answered(desks["lin"]("POST", f"{RIDES}/versions", {"document": {"points": 10}, "reason": "-"}), 201)
    assert (fewer["version"], fewer["state"], fewer["group"]) == (2, "approved", "island-ride")
    stage.clock.advance(5)
    more = asked(desks["lin"], f"{RIDES}/versions", back_to=1, starts_at=at(120))
    assert more["changes"] == [{"field": "points", "before": 10, "after": 20, "costs": True}]
    assert answered(desks["wen"]("GET", RIDES))["waiting"]["version"] == 3
    refused(desks["wen"]("POST", f"{RIDES}/versions/3/approve", {"payload": "0" * 64}), 409, "idempotency_conflict")
    answered(desks["wen"]("POST", f"{RIDES}/versions/3/approve", {"payload": more["payload"]}))
    assert answered(desks["fan"]("GET", "factors"))["cap_groups"][0]["points"] == 10
    stage.clock.advance(120)
    assert answered(desks["fan"]("GET", RIDES))["points"] == 20
    states = [one["state"] for one in answered(desks["fan"]("GET", f"{RIDES}/versions"))["data"]]
    assert states == ["in_force", "ended", "ended"]


def test_a_shared_limit_that_nobody_knows_and_a_role_that_may_not_are_refused(desks: dict[str, Desk]) -> None:
    for path in ("groups/nothing", "groups/nothing/versions"):
        refused(desks["fan"]("GET", path), 404, "not_found")
    body = {"document": {"points": 10}, "reason": "-"}
    refused(desks["lin"]("POST", "groups/nothing/versions", body), 404, "not_found")
    refused(
        desks["lin"]("POST", f"{RIDES}/versions", {"document": {"points": 0}, "reason": "-"}), 422, "invalid_fields"
    )
    refused(desks["wen"]("POST", f"{RIDES}/versions", body), 403, "not_allowed")
    refused(desks["lin"]("POST", f"{RIDES}/versions/2/approve", {}), 403, "not_allowed")


def new_place(stage: Stage, **changes: Any) -> dict[str, Any]:
    wanted = {**venue_document(stage, scenes={"9": {"proofs": ["DK"], "max_quantity": 1}}), "name_en": "The new shop"}
    wanted["profile"]["scenes"] = {"9": wanted["profile"]["scenes"]["9"]}
    place = {"id": "new-shop", "side": "island", "map": {"x": 10, "y": 990}, "document": wanted, "starts_at": at(60)}
    return {**place, "reason": "a shop opens", **changes}


def test_a_new_place_is_asked_for_and_offers_nothing_before_somebody_else_agrees_and_it_starts(
    desks: dict[str, Desk], stage: Stage
) -> None:
    body = new_place(stage)
    preview = answered(desks["lin"]("POST", "venues/preview", {key: body[key] for key in body if key != "reason"}))
    assert (preview["second_person"], stage.count("venues")) == (True, 1)
    version = answered(desks["lin"]("POST", "venues", body), 201)
    assert (version["venue"], version["state"], version["reason"]) == ("new-shop", "asked", "a shop opens")
    assert {"field": "profile.scenes.9", "before": None, "after": body["document"]["profile"]["scenes"]["9"]} in [
        {name: one[name] for name in ("field", "before", "after")} for one in version["changes"]
    ]
    place = answered(desks["fan"]("GET", "venues/new-shop"))["venue"]
    assert (place["name_en"], place["side"], place["map"]) == ("The new shop", "island", {"x": 10, "y": 990})
    assert (place["profile"]["scenes"], place["kiosks"], place["waiting"]["version"]) == ({}, [], version["version"])
    path = f"venues/new-shop/versions/{version['version']}"
    refused(desks["lin"]("POST", f"{path}/approve", {}), 403, "not_allowed")
    answered(desks["wen"]("POST", f"{path}/approve", {"payload": version["payload"]}))
    assert answered(desks["fan"]("GET", "venues/new-shop"))["venue"]["profile"]["scenes"] == {}
    stage.clock.advance(60)
    assert list(answered(desks["fan"]("GET", "venues/new-shop"))["venue"]["profile"]["scenes"]) == ["9"]


def test_a_new_place_that_offers_nothing_needs_nobody_else(desks: dict[str, Desk], stage: Stage) -> None:
    body = new_place(stage)
    profile = {**body["document"]["profile"], "attended": False, "scenes": {}, "routes": []}
    profile |= {"group": {"per_code": 0, "seats": 0, "window_minutes": 30}, "ceilings": {"points_per_hour": 0}}
    del body["starts_at"]
    made = answered(desks["lin"]("POST", "venues", {**body, "document": {**body["document"], "profile": profile}}), 201)
    assert (made["state"], made["second_person"]) == ("approved", False)


def test_what_is_no_new_place_is_refused_and_nothing_is_there(desks: dict[str, Desk], stage: Stage) -> None:
    for changes, field in (
        ({"id": "island-pier"}, "id"),
        ({"id": "No place"}, "id"),
        ({"side": "moon"}, "side"),
        ({"map": {"x": 1001, "y": 0}}, "map.x"),
        ({"document": {"name_en": "x"}}, "name_zh"),
        ({"starts_at": None}, "starts_at"),
        ({"reason": ""}, "reason"),
    ):
        problem = refused(desks["lin"]("POST", "venues", new_place(stage, **changes)), 422, "invalid_fields")
        assert [one["field"] for one in problem["fields"]] == [field]
    refused(desks["wen"]("POST", "venues", new_place(stage)), 403, "not_allowed")
    assert (stage.count("venues"), stage.count("venue_versions")) == (1, 0)
