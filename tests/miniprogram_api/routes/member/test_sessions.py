"""A phone signs in: as a guest, with a recovery code, through WeChat, and what becomes of a guest then."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.miniprogram_api.cast import Stage
from tests.miniprogram_api.routes.speech import API, SQLITE_ONLY, answered, bearer, refused

SESSIONS = f"{API}/member/sessions"
ME = f"{API}/member/me"


def sign_in(client: FlaskClient, token: str | None = None, **body: object) -> Any:
    return answered(client.post(SESSIONS, json=body, headers=bearer(token) if token else {}), 201)


def who(client: FlaskClient, token: str) -> Any:
    return answered(client.get(ME, headers=bearer(token)))


def test_a_guest_gets_a_token_and_a_recovery_code_that_are_kept_as_hashes_only(
    client: FlaskClient, stage: Stage
) -> None:
    session = sign_in(client, guest=True, device="phone-1")
    assert session["member"]["kind"] == "guest"
    assert len(session["token"]) == 43
    assert len(session["recovery_code"]) == 19
    stored = str(
        stage.rows("SELECT token_hash, device FROM member_sessions") + stage.rows("SELECT recovery_hash FROM members")
    )
    assert session["token"] not in stored
    assert session["recovery_code"] not in stored
    assert "phone-1" not in stored
    me = who(client, session["token"])
    assert me["balance"] == {"available": 0, "held": 0, "debt": 0, "expiring": []}
    assert me["reduction_grams"] == 0
    assert me["ceilings"] == {"today_left": 60, "total_left": 120}


def test_a_recovery_code_opens_one_more_session_of_the_same_guest(client: FlaskClient) -> None:
    first = sign_in(client, guest=True)
    typed = first["recovery_code"].replace("-", " ").lower()
    second = sign_in(client, recovery_code=typed)
    assert second["member"] == first["member"]
    assert second["token"] != first["token"]
    assert "recovery_code" not in second
    assert who(client, first["token"])["id"] == first["member"]["id"]


def test_a_wrong_recovery_code_signs_nobody_in(client: FlaskClient, stage: Stage) -> None:
    sign_in(client, guest=True)
    before = stage.count("member_sessions")
    refused(client.post(SESSIONS, json={"recovery_code": "0000-0000-0000-0000"}), 401, "not_signed_in")
    assert stage.count("member_sessions") == before


@pytest.mark.parametrize(("name", "kind"), [("sim:mei", "visitor"), ("sim:resident-mei", "resident")])
def test_a_stand_in_is_the_same_member_each_time(client: FlaskClient, stage: Stage, name: str, kind: str) -> None:
    before = stage.count("members")
    first, second = sign_in(client, code=name), sign_in(client, oauth_code=name)
    assert first["member"] == second["member"]
    assert first["member"]["kind"] == kind
    assert "recovery_code" not in first
    assert stage.count("members") == before + 1
    assert who(client, first["token"])["ceilings"] is None


@SQLITE_ONLY
@pytest.mark.parametrize("code", ["mei", "sim:", "sim:a b", "SIM:mei", "sim:mei/../bo"])
def test_a_code_that_wechat_does_not_know_makes_no_member(client: FlaskClient, stage: Stage, code: str) -> None:
    before = stage.count("members")
    refused(client.post(SESSIONS, json={"code": code}), 401, "not_signed_in")
    assert stage.count("members") == before


def test_a_guest_who_signs_in_with_wechat_keeps_row_points_and_history(client: FlaskClient, stage: Stage) -> None:
    guest = sign_in(client, guest=True)
    scan = client.post(f"{API}/member/scans", json={"code": stage.code(1)}, headers=bearer(guest["token"]))
    points = answered(scan, 201)["points"]
    member = sign_in(client, guest["token"], code="sim:mei")
    assert member["member"] == {"id": guest["member"]["id"], "nickname": "mei", "kind": "visitor"}
    assert who(client, member["token"])["balance"]["available"] == points > 0
    [(actor, act)] = stage.rows("SELECT actor, act FROM audit_events WHERE actor_kind = 'member'")
    assert (actor, act) == (f"member:{guest['member']['id']}", "identity_attached")
    assert sign_in(client, code="sim:mei")["member"]["id"] == guest["member"]["id"]
    refused(client.post(SESSIONS, json={"recovery_code": guest["recovery_code"]}), 401, "not_signed_in")


def test_a_guests_row_is_not_joined_to_who_is_a_member_already(client: FlaskClient, stage: Stage) -> None:
    mei = sign_in(client, code="sim:mei")
    guest = sign_in(client, guest=True)
    again = sign_in(client, guest["token"], code="sim:mei")
    assert again["member"] == mei["member"]
    assert who(client, guest["token"])["kind"] == "guest"
    assert stage.rows("SELECT count(*) FROM audit_events WHERE actor_kind = 'member'") == [(0,)]


def test_a_members_own_token_attaches_nothing(client: FlaskClient, stage: Stage) -> None:
    mei = sign_in(client, code="sim:mei")
    bo = sign_in(client, mei["token"], code="sim:bo")
    assert bo["member"]["id"] != mei["member"]["id"]
    assert stage.rows("SELECT count(*) FROM member_identities") == [(2,)]


def test_signing_out_ends_this_session_and_no_other(client: FlaskClient) -> None:
    first, second = sign_in(client, code="sim:mei"), sign_in(client, code="sim:mei")
    assert client.delete(f"{SESSIONS}/current", headers=bearer(first["token"])).status_code == 204
    refused(client.get(ME, headers=bearer(first["token"])), 401, "not_signed_in")
    assert who(client, second["token"])["nickname"] == "mei"


def test_a_session_ends_by_its_age(client: FlaskClient, stage: Stage) -> None:
    session = sign_in(client, guest=True)
    stage.clock.advance(180 * 86_400 - 1)
    who(client, session["token"])
    stage.clock.advance(1)
    refused(client.get(ME, headers=bearer(session["token"])), 401, "not_signed_in")


@SQLITE_ONLY
@pytest.mark.parametrize("header", ["", "mei", "Basic mei", "Bearer", "Bearer ", "Bearer " + "x" * 200, "Bearer 梅"])
def test_what_is_no_token_is_not_signed_in(client: FlaskClient, header: str) -> None:
    raw = {"Authorization": header.encode().decode("latin-1")}
    refused(client.get(ME, headers=raw), 401, "not_signed_in")


PHONES = {
    "first": "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Safari/604.1",
    "second": "Mozilla/5.0 (Linux; Android 14) Chrome/126 Mobile MicroMessenger/8.0",
    "third": "curl/8",
}


def three_phones(client: FlaskClient) -> dict[str, str]:
    """The token of each, signed in one after the other."""
    return {
        name: answered(client.post(SESSIONS, json={"code": "sim:lan"}, headers={"User-Agent": browser}), 201)["token"]
        for name, browser in PHONES.items()
    }


def test_my_sessions_are_listed_with_this_one_first_and_the_kind_of_phone_only(
    client: FlaskClient, stage: Stage
) -> None:
    phones = three_phones(client)
    stage.clock.advance(86_400)
    answered(client.get(ME, headers=bearer(phones["second"])))
    listed = answered(client.get(SESSIONS, headers=bearer(phones["first"])))["data"]
    assert [session["current"] for session in listed] == [True, False, False]
    assert listed[0]["device"] == "Safari · iPhone"
    used = {session["device"]: session["last_used_on"] for session in listed}
    assert used == {"Safari · iPhone": "2026-11-23", "WeChat · Android": "2026-11-23", None: "2026-11-22"}
    assert all(token not in str(listed) for token in phones.values())
    assert len(answered(client.get(SESSIONS, headers=bearer("mei")))["data"]) == 1


def test_one_session_is_ended_and_its_member_codes_with_it(client: FlaskClient, stage: Stage) -> None:
    phones = three_phones(client)
    answered(client.get(f"{API}/member/pass", headers=bearer(phones["second"])))
    listed = answered(client.get(SESSIONS, headers=bearer(phones["first"])))["data"]
    named = next(session["id"] for session in listed if session["device"] == "WeChat · Android")
    assert client.delete(f"{SESSIONS}/{named}", headers=bearer(phones["first"])).status_code == 204
    refused(client.get(ME, headers=bearer(phones["second"])), 401, "not_signed_in")
    who(client, phones["third"])
    assert stage.rows("SELECT count(*) FROM member_passes WHERE revoked_at IS NULL") == [(0,)]
    refused(client.delete(f"{SESSIONS}/{named}", headers=bearer(phones["first"])), 404, "not_found")


def test_nobody_ends_a_session_of_somebody_else(client: FlaskClient) -> None:
    phones = three_phones(client)
    [mine, *_] = answered(client.get(SESSIONS, headers=bearer(phones["first"])))["data"]
    refused(client.delete(f"{SESSIONS}/{mine['id']}", headers=bearer("mei")), 404, "not_found")
    who(client, phones["first"])


def test_all_others_end_at_once_and_this_one_goes_on(client: FlaskClient) -> None:
    phones = three_phones(client)
    for _ in range(2):
        assert client.delete(f"{SESSIONS}/others", headers=bearer(phones["third"])).status_code == 204
    who(client, phones["third"])
    for ended in ("first", "second"):
        refused(client.get(ME, headers=bearer(phones[ended])), 401, "not_signed_in")
    assert len(answered(client.get(SESSIONS, headers=bearer(phones["third"])))["data"]) == 1
