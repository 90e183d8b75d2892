"""The screen's calls about shown codes: strict bodies, kind refusals, and thanks only for what is on the disk."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.machine import Machine
from kiosk.screen import create_screen
from scenes.wire.agreement import Route
from tests.kiosk.conftest import MovedClock
from tests.kiosk.office import KIOSK, Office
from tests.kiosk.shown_codes import agree, card_text, phone
from tests.kiosk.test_intake import readings

OPERATOR = {"X-Kiosk-Control": "token"}


@pytest.fixture
def canteen(pier: Machine, office: Office) -> Machine:
    agree(pier, office, 2)
    return pier


@pytest.fixture
def page(canteen: Machine) -> Any:
    return create_screen(canteen, "token").test_client()


def shown(page: Any, code: str, *lines: dict[str, Any], **more: Any) -> Any:
    return page.post("/api/readings", json={"code": code, "lines": list(lines) or [{"scene": 6}]}, **more)


def test_the_page_thanks_for_what_is_on_the_disk(page: Any, canteen: Machine, time_now: MovedClock) -> None:
    answer = shown(page, phone(time_now).text(time_now.wall), {"scene": 6}, {"scene": 12, "room": "301", "quantity": 3})
    assert answer.status_code == 201
    assert answer.json == {
        "kind": "member",
        "clock_trusted": True,
        "lines": [
            {"scene": 6, "variant": 0, "quantity": 1, "points_up_to": 5},
            {"scene": 12, "variant": 0, "quantity": 3, "points_up_to": 12},
        ],
        "points_up_to": 17,
    }
    assert len(readings(canteen.folder)) == 1


def test_a_code_that_was_read_is_refused_kindly_in_both_languages(page: Any, time_now: MovedClock) -> None:
    text = phone(time_now).text(time_now.wall)
    shown(page, text)
    refused = shown(page, text, headers={"Accept-Language": "en"})
    assert (refused.status_code, refused.json["code"]) == (409, "code_already_used")
    assert "read already" in refused.json["detail"]
    assert "已经读过" in refused.json["sentences"]["zh"]


def test_a_card_is_read_by_the_page_too(page: Any, time_now: MovedClock) -> None:
    assert shown(page, card_text(time_now)).json["kind"] == "card"


def test_a_code_can_be_looked_at_before_the_acts_are_chosen(page: Any, canteen: Machine, time_now: MovedClock) -> None:
    text = phone(time_now).text(time_now.wall)
    assert page.post("/api/readings/check", json={"code": text}).status_code == 200
    assert page.post("/api/readings/check", json={"code": "你好"}).json["code"] == "code_malformed"
    assert readings(canteen.folder) == []
    assert shown(page, text).status_code == 201


@pytest.mark.parametrize(
    "body",
    [
        [],
        {},
        {"code": "A"},
        {"code": "A", "lines": []},
        {"code": "A", "lines": {}},
        {"code": 7, "lines": [{"scene": 6}]},
        {"code": "A", "lines": [{"scene": "6"}]},
        {"code": "A", "lines": [{"scene": 6}] * 9},
        {"code": "A", "lines": [{"scene": 6, "points": 500}]},
        {"code": "A", "lines": [{"scene": 6, "quantity": 1.5}]},
        {"code": "A", "lines": [{"scene": 12, "room": "1\n2"}]},
        {"code": "A", "lines": [{"scene": 15, "weighed": True}]},
        {"code": "A", "lines": [{"scene": 6}], "clerk": "somebody"},
        {"code": "A", "lines": [{"scene": 15, "weighing": "x" * 33}]},
    ],
)
def test_a_body_that_is_not_as_agreed_is_refused(page: Any, canteen: Machine, body: Any) -> None:
    refused = page.post("/api/readings", json=body)
    assert (refused.status_code, refused.json["code"]) == (422, "invalid_fields")
    assert readings(canteen.folder) == []


def test_a_weighing_of_another_scene_is_none_of_this_one(page: Any, canteen: Machine, time_now: MovedClock) -> None:
    text = phone(time_now).text(time_now.wall)
    assert shown(page, text, {"scene": 15, "weighing": "unknown"}).json["code"] == "not_found"
    assert readings(canteen.folder) == []


def test_the_page_learns_what_can_be_shown_here(page: Any, canteen: Machine, office: Office) -> None:
    agree(canteen, office, 3, routes=(Route(9, KIOSK, 32),))
    state = page.get("/api/state").json
    scenes = {scene["number"]: scene for scene in state["scenes"]}
    assert {number: scene["ways"]["member"] for number, scene in scenes.items()} == {
        4: True, 6: True, 9: False, 10: True, 12: True, 15: True, 24: True,
    }, "a weight without a scale and the committee's meter are not here"  # fmt: skip
    assert (scenes[4]["route"], scenes[12]["room"], scenes[15]["weighed"], scenes[24]["quiz"]) == (32, True, True, True)
    assert [number for number, scene in scenes.items() if scene["one_step"]] == [4, 6, 10]
    assert (state["attended"], state["clerk"], state["scanner"]["camera"]) == (True, None, True)


def test_the_simulated_scanner_hands_on_what_an_operator_holds_before_it(page: Any, time_now: MovedClock) -> None:
    assert page.get("/api/scans").json == {"newest": 0, "texts": []}
    text = phone(time_now).text(time_now.wall)
    assert page.post("/api/simulated/scanner", json={"code": text}).status_code == 403, "a page can't"
    assert page.post("/api/simulated/scanner", json={"code": text}, headers=OPERATOR).status_code == 201
    assert page.get("/api/scans?after=0").json == {"newest": 1, "texts": [text]}
    assert page.get("/api/scans?after=x").status_code == 422
