"""A machine becomes a kiosk, gets its agreement, hears of uses and says how it is; all signed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import update

from kiosk.uplink import KioskRevoked, Uplink, UplinkRefused
from miniprogram_api.domain.refusals import NotAllowed, NotFound
from miniprogram_api.models import Kiosk, Venue
from miniprogram_api.services.kiosks import invite_kiosk
from scenes.wire.agreement import open_agreement
from scenes.wire.binary_text import binary_text
from scenes.wire.json_text import json_text
from scenes.wire.kinds import KIND_GROUP
from scenes.wire.signing import generate_private_key, public_key_of
from scenes.wire.upload import Heartbeat, heartbeat_text
from scenes.wire.verdict import open_verdict
from tests.miniprogram_api.cast import BASE_URL, NOON, PIER, Stage

Line = Callable[..., Uplink]


def office_key(stage: Stage) -> Callable[[str], bytes | None]:
    return {stage.island.keys.office_id: public_key_of(stage.island.keys.office_private)}.get


def set_state(stage: Stage, state: str) -> None:
    with stage.engine.begin() as connection:
        connection.execute(update(Kiosk).values(state=state, state_since=stage.clock.now()))


def introduce(line: Line, invitation: str, private: bytes, named: bytes | None = None) -> dict:
    public = binary_text(public_key_of(named or private))
    own = binary_text(public_key_of(private))
    answer = line(own, private).post("/kiosk/provisioning", json_text({"invitation": invitation, "public_key": public}))
    assert answer.status == 201
    assert answer.body is not None
    return answer.body


def beat(clock_now: int, **changes: object) -> str:
    facts = {
        "boot": "0" * 15 + "1",
        "uptime_ms": 5_000,
        "device_time": clock_now,
        "queue": 3,
        "versions": {"kiosk": "0.1.0"},
        "paper": "ready",
        "agreement": 1,
        "last_sync": None,
    }
    return heartbeat_text(Heartbeat(**{**facts, **changes}))  # type: ignore[arg-type]  # by name


def test_an_invited_machine_becomes_the_kiosk_with_the_next_epoch(stage: Stage, line: Line) -> None:
    invitation, private = invite_kiosk(stage.session, PIER, "staff:lin", stage.clock), generate_private_key()
    body = introduce(line, invitation.lower().replace("-", " "), private)
    assert (body["kiosk"], body["epoch"], body["code_base_url"]) == (PIER, 2, BASE_URL)
    assert set(body) == {"kiosk", "epoch", "office_keys", "code_base_url"}
    assert line(f"{PIER}.2", private).get("/kiosk/uses").status == 200
    with pytest.raises(UplinkRefused, match="401"):
        line().get("/kiosk/uses")  # the epoch before signs no more requests
    assert invitation not in str(stage.rows("SELECT code_hash FROM kiosk_invitations"))
    acts = [act for (act,) in stage.rows("SELECT act FROM audit_events ORDER BY id")]
    assert acts[-2:] == ["kiosk_invited", "kiosk_provisioned"]


def test_a_lost_answer_may_be_asked_for_again_by_the_same_key(stage: Stage, line: Line) -> None:
    invitation, private = invite_kiosk(stage.session, PIER, "staff:lin", stage.clock), generate_private_key()
    assert introduce(line, invitation, private) == introduce(line, invitation, private)
    assert stage.count("kiosk_keys") == 2


def test_an_invitation_is_good_once_and_for_half_an_hour(stage: Stage, line: Line) -> None:
    used = invite_kiosk(stage.session, PIER, "staff:lin", stage.clock)
    introduce(line, used, generate_private_key())
    with pytest.raises(UplinkRefused, match="code_already_used"):
        introduce(line, used, generate_private_key())
    late = invite_kiosk(stage.session, PIER, "staff:lin", stage.clock)
    stage.clock.advance(30 * 60)
    with pytest.raises(UplinkRefused, match="code_expired"):
        introduce(line, late, generate_private_key())
    with pytest.raises(UplinkRefused, match="not_found"):
        introduce(line, "AAAAA-AAAAA", generate_private_key())
    assert stage.count("kiosk_keys") == 2


def test_who_names_another_key_than_the_signing_one_is_refused(stage: Stage, line: Line) -> None:
    invitation = invite_kiosk(stage.session, PIER, "staff:lin", stage.clock)
    with pytest.raises(UplinkRefused, match="invalid_fields"):
        introduce(line, invitation, generate_private_key(), named=generate_private_key())
    with pytest.raises(UplinkRefused, match="invalid_fields"):
        introduce(line, invitation, stage.kiosk_key)  # a key that a kiosk has already
    introduce(line, invitation, generate_private_key())


def test_only_a_known_and_not_retired_kiosk_is_invited(stage: Stage) -> None:
    with pytest.raises(NotFound):
        invite_kiosk(stage.session, 99, "staff:lin", stage.clock)
    set_state(stage, "retired")
    with pytest.raises(NotAllowed):
        invite_kiosk(stage.session, PIER, "staff:lin", stage.clock)
    assert stage.count("kiosk_invitations") == 0


def test_the_agreement_is_signed_and_holds_the_places_scenes(stage: Stage, line: Line) -> None:
    document = line().get("/kiosk/agreement", {"since": "0"}).body
    agreement = open_agreement(document, office_key(stage), PIER)
    assert (agreement.version, agreement.issued_at) == (1, NOON)
    assert [scene["number"] for scene in agreement.scenes] == [1, 6, 9]
    assert agreement.texts["venue"] == {"zh": "灵山岛码头", "en": "Island pier"}
    assert {"island_name", "help", "demonstration"} < set(agreement.texts)
    assert not agreement.revoked.kiosks


def test_the_version_rises_only_when_something_changed(stage: Stage, line: Line) -> None:
    first = line().get("/kiosk/agreement", {"since": "0"}).body
    stage.clock.advance(3_600)
    assert line().get("/kiosk/agreement", {"since": "0"}).body == first
    assert line().get("/kiosk/agreement", {"since": "1"}).status == 204
    with stage.engine.begin() as connection:
        connection.execute(update(Venue).values(name_en="North pier"))
    changed = open_agreement(line().get("/kiosk/agreement", {"since": "1"}).body, office_key(stage), PIER)
    assert (changed.version, changed.texts["venue"]["en"]) == (2, "North pier")
    assert stage.count("agreements") == 2


def test_a_kiosk_that_was_stopped_reads_so_in_its_agreement(stage: Stage, line: Line) -> None:
    for state in ("suspended", "lost", "retired"):
        set_state(stage, state)
        document = line().get("/kiosk/agreement").body
        assert open_agreement(document, office_key(stage), PIER).revoked.kiosks == {PIER}


def test_a_heartbeat_is_kept_and_answered_by_a_verdict_on_exactly_that_request(stage: Stage, line: Line) -> None:
    text = beat(NOON - 90)
    answer = line().post("/kiosk/heartbeats", text)
    verdict = open_verdict(answer.body, office_key(stage), PIER, text.encode())
    assert (verdict.server_time, verdict.items) == (NOON, ())
    row = stage.rows(
        "SELECT boot, queue, paper, clock_offset_seconds, last_heartbeat_at, agreement_version FROM kiosks"
    )
    assert row == [("0" * 15 + "1", 3, "ready", 90, NOON, 1)]


def test_a_clock_years_off_never_refuses_a_heartbeat(stage: Stage, line: Line) -> None:
    for device_time in (0, 2**32 - 1):
        assert line().post("/kiosk/heartbeats", beat(device_time)).status == 200


def test_a_suspended_kiosk_is_seen_by_staff_and_told(stage: Stage, line: Line) -> None:
    set_state(stage, "suspended")
    with pytest.raises(KioskRevoked):
        line().post("/kiosk/heartbeats", beat(NOON, queue=7))
    assert stage.rows("SELECT queue, state FROM kiosks") == [(7, "suspended")]


def test_a_heartbeat_with_other_fields_is_refused_and_not_kept(stage: Stage, line: Line) -> None:
    for text in (beat(NOON).replace('"queue":3', '"queue":-1'), beat(NOON).replace("queue", "queued"), "{}"):
        with pytest.raises(UplinkRefused, match="invalid_fields"):
            line().post("/kiosk/heartbeats", text)
    assert stage.rows("SELECT last_heartbeat_at FROM kiosks") == [(None,)]


def uses(line: Line, since: int = 0) -> dict:
    body = line().get("/kiosk/uses", {"since": str(since)}).body
    assert body is not None
    return body


def test_a_kiosk_hears_of_its_own_personal_codes_and_not_twice_forever(stage: Stage, line: Line) -> None:
    assert uses(line) == {"data": [], "next": "0"}
    stage.scan("mei", stage.code(6))
    stage.scan("bo", stage.code(1, KIND_GROUP))
    assert uses(line)["data"] == [{"epoch": 1, "counter": 1, "used_at": "2026-11-22T12:00:00+08:00"}]
    stage.clock.advance(60)
    stage.scan("bo", stage.code(6))
    assert [use["counter"] for use in uses(line, NOON + 1)["data"]] == [3]
    assert uses(line, NOON + 120) == {"data": [], "next": str(NOON + 120)}
