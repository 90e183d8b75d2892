"""A code is handed in over HTTP: what is answered, in which language, and what is refused."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from scenes.wire.kinds import KIND_TICKET
from tests.miniprogram_api.cast import BASE_URL, NOON, Stage
from tests.miniprogram_api.routes.speech import API, SQLITE_ONLY, answered, bearer, refused

SCANS = f"{API}/member/scans"
CLEAN_PLATE = 6


def hand_in(client: FlaskClient, code: str, who: str = "mei", **body: object) -> TestResponse:
    headers = bearer(who, **({"key": str(body.pop("key"))} if "key" in body else {}))
    return client.post(SCANS, json={"code": code, **body}, headers=headers)


def test_a_credited_scan_answers_activity_points_grams_and_balance(client: FlaskClient, stage: Stage) -> None:
    answer = answered(hand_in(client, stage.code(CLEAN_PLATE)), 201)
    activity = answer["activity"]
    assert answer["points"] == activity["points"] > 0
    assert answer["reduction_grams"] == activity["reduction_grams"]
    assert answer["balance"]["available"] == answer["points"]
    assert activity["state"] == "credited"
    assert activity["place"] == "灵山岛码头"
    assert activity["leaf_index"] is None
    assert activity["occurred_at"] == "2026-11-22T12:00:00+08:00"
    own = answered(client.get(f"{API}/member/activities/{activity['id']}", headers=bearer("mei")))
    assert own == activity
    assert answered(client.get(f"{API}/member/activities", headers=bearer("mei"))) == {"data": [own], "next": None}


def test_names_come_in_the_callers_language(client: FlaskClient, stage: Stage) -> None:
    response = client.post(SCANS, json={"code": stage.code(CLEAN_PLATE)}, headers=bearer("mei", language="en"))
    assert answered(response, 201)["activity"]["place"] == "Island pier"


def test_the_link_is_as_good_as_the_bare_code(client: FlaskClient, stage: Stage) -> None:
    answered(hand_in(client, f" {BASE_URL}/S/{stage.code(CLEAN_PLATE)}".lower()), 201)


def test_a_repeat_with_the_same_key_answers_the_same_activity(client: FlaskClient, stage: Stage) -> None:
    code = stage.code(CLEAN_PLATE)
    first = answered(hand_in(client, code, key="k-1"), 201)
    second = answered(hand_in(client, code, key="k-1"), 201)
    assert second == first
    assert stage.count("acts") == 1


def test_a_ticket_without_a_trusted_time_is_taken_and_pending(client: FlaskClient, stage: Stage) -> None:
    answer = answered(hand_in(client, stage.code(CLEAN_PLATE, KIND_TICKET, issued_at=0)), 202)
    assert (answer["points"], answer["activity"]["state"]) == (0, "pending")
    assert stage.balance("mei") == (0, 0, 0)


@SQLITE_ONLY
@pytest.mark.parametrize(
    ("code", "status", "refusal"),
    [
        ("hello!", 400, "code_malformed"),
        ("HTTPS://EVIL.EXAMPLE/S/AAAA", 400, "code_malformed"),
        ("E" * 141, 426, "code_unknown_version"),
        ("CE" + "A" * 139, 422, "code_signature_invalid"),
    ],
)
def test_what_is_no_code_of_ours_is_refused(
    client: FlaskClient, stage: Stage, code: str, status: int, refusal: str
) -> None:
    refused(hand_in(client, code), status, refusal)
    assert stage.count("acts") == 0


def test_a_used_code_names_the_activity_to_its_own_member_only(client: FlaskClient, stage: Stage) -> None:
    code = stage.code(CLEAN_PLATE)
    activity = answered(hand_in(client, code, key="k-1"), 201)["activity"]
    assert refused(hand_in(client, code, key="k-2"), 409, "code_already_used")["activity"] == activity["id"]
    assert "activity" not in refused(hand_in(client, code, "bo"), 409, "code_already_used")
    assert stage.count("acts") == 1


def test_inside_the_cool_down_the_refusal_says_when_it_is_over(client: FlaskClient, stage: Stage) -> None:
    answered(hand_in(client, stage.code(CLEAN_PLATE)), 201)
    problem = refused(hand_in(client, stage.code(CLEAN_PLATE)), 409, "cool_down")
    assert problem["allowed_again_at"].startswith("2026-11-22T")
    assert problem["allowed_again_at"].endswith("+08:00")


def test_the_arrival_stamp_of_the_opened_link_keeps_a_newcomer_in_time(client: FlaskClient, stage: Stage) -> None:
    code = stage.code(CLEAN_PLATE)
    page = client.get(f"/S/{code}").text
    stamp = page.partition('<meta name="arrival" content="')[2].partition('"')[0]
    stage.clock.advance(300)
    refused(hand_in(client, code), 410, "code_expired")
    answered(hand_in(client, code, arrival=stamp), 201)


def test_a_companion_needs_a_ticket(client: FlaskClient, stage: Stage) -> None:
    refused(hand_in(client, stage.code(CLEAN_PLATE), companion=1), 403, "proof_not_allowed")
    answered(hand_in(client, stage.code(CLEAN_PLATE, KIND_TICKET), companion=1), 201)
    [act] = answered(client.get(f"{API}/member/activities", headers=bearer("mei")))["data"]
    assert act["companion"] == 1
    for companion in (0, 4):
        problem = refused(hand_in(client, "X", companion=companion), 422, "invalid_fields")
        assert problem["fields"][0]["field"] == "companion"


@SQLITE_ONLY
@pytest.mark.parametrize("key", ["a b", "x" * 65, "ключ".encode().decode("latin-1")])
def test_a_key_of_other_letters_is_refused(client: FlaskClient, stage: Stage, key: str) -> None:
    problem = refused(hand_in(client, stage.code(CLEAN_PLATE), key=key), 422, "invalid_fields")
    assert problem["fields"][0]["field"] == "idempotency_key"
    assert stage.count("acts") == 0


def test_nobody_scans_without_a_session_and_the_code_stays_unused(client: FlaskClient, stage: Stage) -> None:
    code = stage.code(CLEAN_PLATE)
    refused(client.post(SCANS, json={"code": code}), 401, "not_signed_in")
    refused(hand_in(client, code, "stranger"), 401, "not_signed_in")
    refused(hand_in(client, "hello", "stranger"), 401, "not_signed_in")
    assert stage.count("acts") == 0
    answered(hand_in(client, code), 201)


def test_another_members_activity_is_not_found(client: FlaskClient, stage: Stage) -> None:
    activity = answered(hand_in(client, stage.code(CLEAN_PLATE)), 201)["activity"]
    for wrong in (activity["id"], "0" * 16, "x", "f" * 16):
        refused(client.get(f"{API}/member/activities/{wrong}", headers=bearer("bo")), 404, "not_found")


def test_history_comes_in_pages_newest_first(client: FlaskClient, stage: Stage) -> None:
    for scene in (1, CLEAN_PLATE, 9):
        answered(hand_in(client, stage.code(scene)), 201)
        stage.clock.advance(60)
    first = answered(client.get(f"{API}/member/activities?limit=2", headers=bearer("mei")))
    rest = answered(client.get(f"{API}/member/activities?limit=2&cursor={first['next']}", headers=bearer("mei")))
    shown = [activity["occurred_at"] for activity in first["data"] + rest["data"]]
    assert len(shown) == 3
    assert shown == sorted(shown, reverse=True)
    assert rest["next"] is None
    assert stage.clock.now() == NOON + 180
