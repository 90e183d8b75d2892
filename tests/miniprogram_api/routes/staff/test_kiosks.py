"""The fleet at the console: invited by two people, the code shown once they agreed, each state with its history."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from apiflask import APIFlask

from kiosk.invitation import read_invitation
from miniprogram_api.services.kiosk_invitations import INVITATION_SECONDS
from miniprogram_api.services.kiosks import provision_kiosk
from scenes.wire.signing import generate_private_key, public_key_of
from tests.miniprogram_api.cast import Stage
from tests.miniprogram_api.journals import Machine
from tests.miniprogram_api.routes.speech import SQLITE_ONLY, answered, refused
from tests.miniprogram_api.routes.staff.test_items import desk_of
from tests.miniprogram_api.routes.staff.test_people import Desk

pytestmark = SQLITE_ONLY
PIER = "kiosks/1"
BECAUSE = {"reason": "seen on the round"}
NEW = {"venue": "island-pier", "name": "pier-2", **BECAUSE}


@pytest.fixture
def lin(app: APIFlask, stage: Stage) -> Desk:
    return desk_of(app, stage, "lin", "fleet")


@pytest.fixture
def wen(app: APIFlask, stage: Stage) -> Desk:
    return desk_of(app, stage, "wen", "fleet")


def agree(asks: Desk, agrees: Desk, kiosk: str = PIER) -> None:
    asked = answered(asks("POST", f"{kiosk}/invitation", BECAUSE), 201)
    answered(agrees("POST", f"{kiosk}/versions/{asked['version']}/approve", {"payload": asked["payload"]}))


def test_one_more_kiosk_from_the_wish_to_the_machine(lin: Desk, wen: Desk, stage: Stage) -> None:
    made = answered(lin("POST", "kiosks", NEW), 201)
    kiosk = f"kiosks/{made['id']}"
    assert (made["state"], made["version_waits"], made["name"]) == ("invited", True, "pier-2")
    refused(lin("POST", f"{kiosk}/invitation/code"), 403, "not_allowed")
    [asked] = answered(wen("GET", f"{kiosk}/versions"))["data"]
    assert (asked["change"], asked["state"], asked["second_person"]) == ("invited", "asked", True)
    refused(lin("POST", f"{kiosk}/versions/1/approve", {}), 403, "not_allowed")
    refused(wen("POST", f"{kiosk}/versions/1/approve", {"payload": "0" * 64}), 409, "idempotency_conflict")
    answered(wen("POST", f"{kiosk}/versions/1/approve", {"payload": asked["payload"]}))
    answer = lin("POST", f"{kiosk}/invitation/code")
    shown = answered(answer, 201)
    assert answer.headers["Cache-Control"] == "no-store"
    server, code, office_key = read_invitation(shown["text"])
    assert (server, code, office_key) == ("http://127.0.0.1:8000", shown["code"], shown["office_key_sha256"])
    provision_kiosk(stage.session, code, public_key_of(generate_private_key()), stage.island, stage.clock)
    found = answered(lin("GET", kiosk))
    assert (found["kiosk"]["state"], found["kiosk"]["epoch"]) == ("active", 1)
    assert (found["invitation"]["state"], found["invitable_until"]) == ("used", None)
    assert shown["code"] not in str(found), "a code is shown once"


def test_the_console_says_what_became_of_a_code(lin: Desk, wen: Desk, stage: Stage) -> None:
    def state() -> str | None:
        said = answered(lin("GET", PIER))["invitation"]
        return said and said["state"]

    assert state() is None
    agree(lin, wen)
    answered(lin("POST", f"{PIER}/invitation/code"), 201)
    assert state() == "open"
    stage.clock.advance(INVITATION_SECONDS)
    assert state() == "expired"
    answered(lin("POST", f"{PIER}/invitation/code"), 201)
    answered(wen("POST", f"{PIER}/invitation/end", BECAUSE))
    assert (state(), answered(lin("GET", PIER))["invitable_until"]) == ("withdrawn", None)


def test_each_change_asks_for_a_reason_and_stands_in_the_history(lin: Desk, wen: Desk, stage: Stage) -> None:
    refused(lin("POST", f"{PIER}/suspend", {"reason": ""}), 422, "invalid_fields")
    answered(lin("POST", f"{PIER}/rotate", BECAUSE))
    assert answered(lin("GET", "kiosks"))["data"][0]["rotation_waits"] is True
    answered(lin("POST", f"{PIER}/suspend", BECAUSE))
    asked = answered(lin("POST", f"{PIER}/resume", BECAUSE), 201)
    answered(wen("POST", f"{PIER}/versions/{asked['version']}/approve", {}))
    since = stage.clock.now() - 3_600
    answered(lin("POST", f"{PIER}/lose", {**BECAUSE, "since": datetime.fromtimestamp(since, UTC).isoformat()}))
    answered(lin("POST", f"{PIER}/retire", BECAUSE))
    found = answered(lin("GET", PIER))
    said = [(one["change"], one["state"]) for one in found["versions"]]
    assert said == [
        ("retired", "in_force"),
        ("lost", "ended"),
        ("resumed", "ended"),
        ("suspended", "ended"),
        ("rotated", "ended"),
    ]
    acts = [line["act"] for line in found["events"] if line["actor"].startswith("staff:")]
    assert acts == [
        "kiosk_retired",
        "kiosk_lost",
        "kiosk_resumed",
        "kiosk_resume_asked",
        "kiosk_suspended",
        "kiosk_rotation_asked",
    ]
    assert found["events"][0]["actor_name"] == "Lin"
    assert found["kiosk"]["rotation_waits"] is False, "a retired kiosk makes no key"


def test_a_kiosks_page_shows_the_last_heartbeat_of_each_five_minutes_for_a_day(lin: Desk, stage: Stage) -> None:
    machine = Machine(stage)
    machine.start()
    for _ in range(3):
        machine.heartbeat()
        stage.clock.advance(20)
    machine.slow_by = 7
    stage.clock.advance(300)
    machine.heartbeat()
    beats = answered(lin("GET", PIER))["heartbeats"]
    assert [beat["clock_offset_seconds"] for beat in beats] == [7, 0]
    stage.clock.advance(25 * 3_600)
    machine.heartbeat()
    assert stage.count("kiosk_heartbeats") == 1


@pytest.mark.parametrize("path", ["kiosks/99", "kiosks/x", "kiosks/99/versions", "kiosks/00000000000000000001"])
def test_a_kiosk_that_is_none_is_not_found(lin: Desk, path: str) -> None:
    refused(lin("GET", path), 404, "not_found")


@pytest.mark.parametrize(
    "since", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59Z", "yesterday", 5, "1969-07-20T20:17:00Z"]
)
def test_a_kiosk_is_lost_at_a_time_that_was(lin: Desk, stage: Stage, since: object) -> None:
    refused(lin("POST", f"{PIER}/lose", {**BECAUSE, "since": since}), 422, "invalid_fields")
    assert stage.count("kiosk_changes") == 0


@pytest.mark.parametrize("body", [{"name": "Pier 2"}, {"name": "-"}, {"venue": "nowhere"}, {"reason": ""}])
def test_a_kiosk_with_odd_fields_is_not_asked_for(lin: Desk, stage: Stage, body: dict[str, str]) -> None:
    refused(lin("POST", "kiosks", {**NEW, **body}), 422, "invalid_fields")
    assert stage.count("kiosks") == 1
