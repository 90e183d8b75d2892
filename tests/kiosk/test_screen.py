"""The kiosk's own web server: what its page gets, and who else gets nothing."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.devices.simulated import SimulatedPrinter
from kiosk.machine import Machine
from kiosk.screen import create_screen
from scenes.wire.agreement import Revoked
from tests.kiosk.conftest import MovedClock
from tests.kiosk.office import KIOSK, Office
from tests.kiosk.test_issue import issued_items, read

TOKEN = "the-token-of-this-process"
OPERATOR = {"X-Kiosk-Control": TOKEN}


@pytest.fixture
def page(pier: Machine) -> Any:
    return create_screen(pier, TOKEN).test_client()


def codes(page: Any, body: Any, **more: Any) -> Any:
    return page.post("/api/codes", json=body, **more)


def test_the_page_learns_where_it_stands(page: Any, pier: Machine) -> None:
    pier.rounds.greet()
    state = page.get("/api/state").json
    assert state["kiosk"] == KIOSK
    assert state["venue"] == {"zh": "灵山岛码头", "en": "Lingshan Island pier"}
    assert (state["online"], state["issuing"], state["issuing_reason"], state["demonstration"]) == (
        True,
        True,
        None,
        True,
    )
    assert state["agreement"] == {"version": 1, "age_days": 0}
    assert state["clock"] == {"trusted": True}
    assert state["printer"] == {"state": "ready", "simulated": True}
    assert (state["queue"], state["now"]) == (1, "2026-11-18T19:06:40+08:00")
    assert state["last_sync"] == "2026-11-18T19:06:40+08:00"


def test_the_page_learns_what_can_be_done_by_a_touch(page: Any) -> None:
    scenes = {scene["number"]: scene for scene in page.get("/api/state").json["scenes"]}
    assert {number: scene["ways"] for number, scene in scenes.items()} == {
        1: {"single": False, "group": True, "ticket": True, "member": False},
        9: {"single": True, "group": False, "ticket": True, "member": False},
        15: {"single": True, "group": False, "ticket": True, "member": True},
        18: {"single": True, "group": False, "ticket": True, "member": False},
        24: {"single": False, "group": False, "ticket": True, "member": True},
    }
    assert {number: scene["weighed"] for number, scene in scenes.items() if scene["weighed"]} == {15: True}
    assert scenes[9]["name"] == {"zh": "自带水杯", "en": scenes[9]["name"]["en"]}
    assert scenes[9]["quantity"] == {"one": 1, "min": 1, "max": 1}
    assert scenes[18]["quantity"] == {"one": 1, "min": 1, "max": 15}
    assert [variant["number"] for variant in scenes[18]["variants"]] == [0, 1]
    assert (scenes[9]["points"], scenes[9]["unit"], scenes[9]["cap"], scenes[9]["period"]) == (2, "refill", "4", "day")


def test_a_touch_gives_a_picture_that_changes_and_ends(page: Any, pier: Machine, time_now: MovedClock) -> None:
    answer = codes(page, {"scene": 9, "way": "single"})
    assert answer.status_code == 201
    code = answer.json
    assert (code["way"], code["state"], code["picture"], code["seconds_left"]) == ("single", "showing", 1, 60)
    assert "code" not in code, "the bare code is for the operator's command"
    assert read(pier, code["link"]).scene == 9
    picture = page.get(code["qr"])
    assert (picture.mimetype, picture.data[:4]) == ("image/svg+xml", b"<svg")
    time_now.move(20)
    later = page.get(f"/api/codes/{code['id']}").json
    assert (later["picture"], later["link"] != code["link"], later["qr"] != code["qr"]) == (2, True, True)
    time_now.move(40)
    assert page.get(f"/api/codes/{code['id']}").json["state"] == "expired"
    assert page.get(later["qr"]).status_code == 404, "a code that has run out is not drawn"


def test_a_touch_takes_variant_and_quantity(page: Any, pier: Machine) -> None:
    answer = codes(page, {"scene": 18, "variant": 1, "quantity": 7, "way": "single"})
    assert (read(pier, answer.json["link"]).variant, read(pier, answer.json["link"]).quantity) == (1, 7)


def test_a_ticket_is_printed_and_previewed(page: Any, pier: Machine) -> None:
    ticket = codes(page, {"scene": 24, "way": "ticket"}).json
    assert (ticket["state"], ticket["printed"], ticket["printed_reason"]) == ("printed", True, None)
    assert ticket["ticket_number"] == "0004 0001 0000 0001"
    with page.get(ticket["preview"]) as picture:
        assert picture.data.startswith(b"\x89PNG")
    assert page.get(f"/api/codes/{ticket['id']}").json == ticket


def test_without_paper_the_ticket_stands_on_the_screen(page: Any, pier: Machine) -> None:
    assert isinstance(pier.printer, SimulatedPrinter)
    pier.printer.has_paper = False
    ticket = codes(page, {"scene": 24, "way": "ticket"}).json
    assert (ticket["state"], ticket["printed"], ticket["printed_reason"]) == ("showing", False, "paper_out")
    assert page.get(ticket["qr"]).data.startswith(b"<svg")
    assert page.get("/api/state").json["printer"]["state"] == "paper_out"


def test_a_second_ticket_has_to_wait(page: Any) -> None:
    codes(page, {"scene": 24, "way": "ticket"})
    refused = codes(page, {"scene": 24, "way": "ticket"}, headers={"Accept-Language": "en"})
    assert (refused.status_code, refused.mimetype) == (429, "application/problem+json")
    assert (refused.json["code"], refused.json["allowed_in_seconds"]) == ("too_many_tries", 5)
    assert refused.headers["Retry-After"] == "5"
    assert refused.json["detail"] == refused.json["sentences"]["en"] != refused.json["sentences"]["zh"]


def test_the_group_code_needs_a_line(page: Any, pier: Machine) -> None:
    refused = page.get("/api/group/1")
    assert (refused.status_code, refused.json["code"]) == (409, "offline")
    pier.rounds.greet()
    group = page.get("/api/group/1").json
    assert (read(pier, group["link"]).scene, group["seconds_left"]) == (1, 20)
    assert page.get(group["qr"]).data.startswith(b"<svg")
    assert page.get("/api/group/9").json["code"] == "proof_not_allowed"


@pytest.mark.parametrize(
    "body",
    [
        [],
        {},
        {"scene": 9},
        {"scene": "9", "way": "single"},
        {"scene": 9, "way": "group"},
        {"scene": True, "way": "single"},
        {"scene": 9, "way": "single", "quantity": 1.5},
        {"scene": 9, "way": "single", "quantity": 10**9},
        {"scene": 9, "way": "single", "variant": -1},
        {"scene": 9, "way": "single", "points": 500},
    ],
)
def test_a_body_that_is_not_as_agreed_is_refused_and_issues_nothing(page: Any, pier: Machine, body: Any) -> None:
    refused = codes(page, body)
    assert (refused.status_code, refused.json["code"]) == (422, "invalid_fields")
    assert refused.json["fields"]
    assert issued_items(pier.folder) == []


def test_a_kiosk_that_may_not_issue_says_why(page: Any, pier: Machine, office: Office, time_now: MovedClock) -> None:
    time_now.move(31 * 86_400)
    state = page.get("/api/state").json
    assert (state["issuing"], state["issuing_reason"], state["agreement"]["age_days"]) == (False, "agreement_old", 31)
    assert codes(page, {"scene": 9, "way": "single"}).json["code"] == "agreement_old"
    pier.keeper.take(office.sign_agreement(2, revoked=Revoked(kiosks=frozenset({KIOSK}))))
    assert codes(page, {"scene": 9, "way": "single"}).status_code == 403
    assert issued_items(pier.folder) == []


def test_the_operators_token_lifts_the_wait_and_shows_the_bare_code(page: Any, pier: Machine) -> None:
    for _ in range(3):
        answer = codes(page, {"scene": 24, "way": "ticket"}, headers=OPERATOR)
        assert read(pier, answer.json["code"]).scene == 24
    single = codes(page, {"scene": 15, "way": "single", "quantity": 120}, headers=OPERATOR)
    assert read(pier, single.json["code"]).quantity == 120
    first, second = (page.get("/api/group/1", headers=OPERATOR).json["code"] for _ in range(2))
    assert read(pier, first).counter != read(pier, second).counter


def test_a_wrong_token_is_refused_and_issues_nothing(page: Any, pier: Machine) -> None:
    refused = codes(page, {"scene": 24, "way": "ticket"}, headers={"X-Kiosk-Control": "guess"})
    assert (refused.status_code, refused.json["code"]) == (403, "not_allowed")
    assert issued_items(pier.folder) == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "kiosk.evil.example"},
        {"Host": "127.0.0.1.evil.example:8001"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Content-Type": "text/plain"},
    ],
)
def test_another_sites_page_can_make_no_code(page: Any, pier: Machine, headers: dict[str, str]) -> None:
    sent = {"Content-Type": "application/json"} | headers
    refused = page.post("/api/codes", data='{"scene": 9, "way": "single"}', headers=sent)
    assert (refused.status_code, refused.json["code"]) == (403, "not_allowed")
    assert issued_items(pier.folder) == []


def test_the_own_page_may(page: Any) -> None:
    headers = {"Host": "127.0.0.1:8001", "Origin": "http://127.0.0.1:8001", "Sec-Fetch-Site": "same-origin"}
    assert codes(page, {"scene": 9, "way": "single"}, headers=headers).status_code == 201


def test_every_answer_carries_the_strict_headers(page: Any) -> None:
    for path in ("/", "/api/state", "/api/codes/none", "/static/shared/img/mark.svg", "/nothing"):
        with page.get(path) as answer:
            headers = answer.headers
        assert headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'")
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
    assert page.get("/api/state").headers["Cache-Control"] == "no-store"


def test_what_is_not_there_is_said_as_a_problem(page: Any) -> None:
    for path in (
        "/nothing",
        "/api/codes/none",
        "/api/codes/none/1.svg",
        "/api/codes/none/ticket.png",
        "/static/../kiosk",
    ):
        answer = page.get(path)
        assert (answer.status_code, answer.json["code"]) == (404, "not_found"), path
    assert page.delete("/api/state", headers={"Content-Type": "application/json"}).status_code == 405
    assert codes(page, {"scene": 9, "way": "x" * 5_000}).status_code in (413, 422)


def test_a_fault_is_a_sentence_and_no_trace(page: Any, pier: Machine) -> None:
    pier.journal._file.close()
    answer = codes(page, {"scene": 9, "way": "single"})
    assert (answer.status_code, answer.json["code"]) == (500, "fault")
    assert "sqlite" not in answer.text.lower()
