"""Weighing: a bag lies still, is tipped, and the scale is empty before the next; the page never says a weight."""

from __future__ import annotations

from typing import Any

import pytest

from kiosk.devices.scales import Sample, SimulatedScale
from kiosk.issue import CodeRequest, issue_kiosk_code
from kiosk.machine import Machine
from kiosk.refusals import ProofNotAllowed
from kiosk.screen import create_screen
from kiosk.weighing import Weighing
from scenes.wire.journal import CodeRead
from tests.kiosk.conftest import MovedClock
from tests.kiosk.office import Office
from tests.kiosk.shown_codes import agree, phone
from tests.kiosk.test_intake import readings
from tests.kiosk.test_issue import issued_items, read

STABLE, SWINGING = True, False
# Seconds, grams (None: out of range), whether the scale calls it stable; what the weighing says then.
STORY = (
    (0.0, 700, STABLE, "empty_first"),  # somebody's bag from before counts for nobody
    (0.5, None, SWINGING, "empty_first"),
    (1.0, 700, STABLE, "empty_first"),
    (3.5, 700, STABLE, "empty_first"),
    (4.0, 20, SWINGING, "empty_first"),
    (4.2, 0, STABLE, "ready"),
    (5.0, 400, SWINGING, "settling"),
    (5.2, 1_240, STABLE, "settling"),
    (6.0, 1_240, STABLE, "settling"),
    (7.0, 1_250, STABLE, "settling"),  # ten grams either way are one bag
    (7.2, 1_245, STABLE, "tip"),
    (8.0, 4_000, STABLE, "tip"),  # a second bag on top of the first counts for nothing
    (9.0, 50, STABLE, "tip"),
    (9.2, 49, SWINGING, "ready"),
    (10.0, 650, STABLE, "settling"),
    (11.9, 650, STABLE, "settling"),
    (12.0, 650, STABLE, "settling"),  # the scale was silent for longer than a second
    (12.9, 650, STABLE, "settling"),
    (13.9, 650, STABLE, "tip"),
    (14.0, -30, STABLE, "ready"),
    (15.0, 190, STABLE, "settling"),
    (16.0, 190, STABLE, "settling"),
    (17.0, 195, STABLE, "too_light"),
    (17.5, 0, STABLE, "ready"),
    (18.0, 10_100, STABLE, "settling"),
    (19.0, 10_100, STABLE, "settling"),
    (20.0, 10_100, STABLE, "too_heavy"),
    (20.5, 0, STABLE, "ready"),
    (21.0, None, SWINGING, "too_heavy"),
    (21.5, 0, STABLE, "ready"),
)


def test_the_bags_of_one_person_are_weighed_tipped_and_added_up() -> None:
    weighing = Weighing()
    said = []
    for seconds, grams, stable, _ in STORY:
        weighing.take(Sample(grams, stable), seconds)
        said.append((seconds, weighing.state))
    assert said == [(seconds, state) for seconds, _, _, state in STORY]
    assert (weighing.bags, weighing.total_grams, weighing.quantity) == ([1_240, 650], 1_890, 189)


def test_ten_grams_are_rounded_down_once_for_all_bags() -> None:
    weighing = Weighing()
    now = 0.0
    for _ in range(3):
        for grams in (0, 0, 207, 207, 207, 0):
            weighing.take(Sample(grams, STABLE), now)
            now += 1.0
    assert (weighing.bags, weighing.quantity) == ([207] * 3, 62), "3 × 207 g are 621 g"


def test_a_weight_that_never_stands_still_never_counts() -> None:
    weighing = Weighing()
    for tenth in range(100):
        weighing.take(Sample(0 if tenth == 0 else 1_000 + tenth % 2 * 11, STABLE), tenth / 10)
    assert (weighing.state, weighing.bags, weighing.held) == ("settling", [], None)


# At the kiosk


class Hand:
    """Puts bags on the simulated scale and takes them off; the scale says so several times a second."""

    def __init__(self, machine: Machine, time_now: MovedClock) -> None:
        assert isinstance(machine.scale, SimulatedScale)
        self._scale, self._time = machine.scale, time_now

    def rest(self, seconds: float) -> None:
        for _ in range(int(seconds / 0.5)):
            self._time.move(0.5)
            self._scale.beat()

    def weigh(self, *bags: int) -> None:
        self.rest(1)
        for grams in bags:
            self._scale.load(grams)
            self.rest(3)
            self._scale.load(0)
            self.rest(1)

    def load(self, grams: int) -> None:
        self._scale.load(grams)
        self.rest(3)


@pytest.fixture
def station(pier: Machine, office: Office) -> Machine:
    agree(pier, office, 2)
    return pier


@pytest.fixture
def hand(station: Machine, time_now: MovedClock) -> Hand:
    return Hand(station, time_now)


@pytest.fixture
def page(station: Machine) -> Any:
    return create_screen(station, "token").test_client()


def begun(page: Any, scene: int = 15) -> str:
    answer = page.post("/api/weighings", json={"scene": scene})
    assert answer.status_code == 201
    return str(answer.json["id"])


def finished(page: Any, hand: Hand, *bags: int) -> str:
    weighing = begun(page)
    hand.weigh(*bags)
    assert page.post(f"/api/weighings/{weighing}/done", json={}).json["state"] == "done"
    return weighing


def test_the_page_sees_the_live_weight_and_the_promise_stops_at_the_cap(page: Any, hand: Hand) -> None:
    weighing = begun(page)
    seen = []
    hand.rest(1)
    for bag in (1_250, 900, 1_600):
        hand.load(bag)
        shown = page.get(f"/api/weighings/{weighing}").json
        seen.append((shown["state"], shown["grams"], shown["total_grams"], shown["points_up_to"]))
        hand.load(0)
    shown = page.get(f"/api/weighings/{weighing}").json
    seen.append((shown["state"], shown["grams"], shown["total_grams"], shown["points_up_to"]))
    assert seen == [("tip", 1_250, 0, 12), ("tip", 900, 1_250, 21), ("tip", 1_600, 2_150, 30), ("ready", 0, 3_750, 30)]


def test_the_code_after_a_weighing_has_the_scales_quantity(page: Any, hand: Hand, station: Machine) -> None:
    weighing = finished(page, hand, 1_250, 640)
    answer = page.post("/api/codes", json={"scene": 15, "way": "single", "weighing": weighing, "quantity": 500})
    assert read(station, answer.json["link"]).quantity == 189, "whatever the page says beside it"
    assert len(issued_items(station.folder)) == 1


def test_a_weighing_is_handed_in_once(page: Any, hand: Hand, station: Machine, time_now: MovedClock) -> None:
    weighing = finished(page, hand, 1_250)
    text = phone(time_now).text(time_now.wall)
    refused = page.post("/api/readings", json={"code": "NOCODE", "lines": [{"scene": 15, "weighing": weighing}]})
    assert refused.status_code in (400, 426), "a slip at the reader leaves the weighing as it was"
    kept = page.post("/api/readings", json={"code": text, "lines": [{"scene": 15, "weighing": weighing}]})
    assert kept.json["lines"] == [{"scene": 15, "variant": 0, "quantity": 125, "points_up_to": 12}]
    again = page.post("/api/codes", json={"scene": 15, "way": "ticket", "weighing": weighing})
    assert (again.status_code, again.json["code"]) == (409, "code_already_used")
    time_now.move(60)
    other = phone(time_now).text(time_now.wall)
    assert (
        page.post("/api/readings", json={"code": other, "lines": [{"scene": 15, "weighing": weighing}]}).status_code
        == 409
    )
    [item] = readings(station.folder)
    assert isinstance(item.content, CodeRead)
    assert item.content.lines[0].quantity == 125
    assert issued_items(station.folder) == []


def test_a_code_of_a_weighing_can_be_shown_again_and_is_the_same_code(
    page: Any, hand: Hand, station: Machine, time_now: MovedClock
) -> None:
    weighing = finished(page, hand, 1_250)
    code = page.post("/api/codes", json={"scene": 15, "way": "single", "weighing": weighing}).json
    time_now.move(61)
    assert page.get(f"/api/codes/{code['id']}").json["state"] == "expired"
    renewed = page.post(f"/api/codes/{code['id']}/renewals", json={}).json
    first, second = read(station, code["link"]), read(station, renewed["link"])
    assert (renewed["state"], renewed["seconds_left"]) == ("showing", 60)
    assert (second.counter, second.nonce, second.quantity) == (first.counter, first.nonce, 125)
    assert second.issued_at == int(time_now.wall)
    station.touches.used(first.epoch, first.counter)
    assert page.post(f"/api/codes/{code['id']}/renewals", json={}).status_code == 404
    assert len(issued_items(station.folder)) == 1


def test_nobody_is_done_with_a_bag_on_the_scale_or_with_none_weighed(page: Any, hand: Hand) -> None:
    weighing = begun(page)
    for _ in range(2):
        refused = page.post(f"/api/weighings/{weighing}/done", json={})
        assert (refused.status_code, refused.json["code"]) == (409, "weighing_not_done")
        hand.rest(1)
        hand.load(1_250)
    hand.load(0)
    assert page.post(f"/api/weighings/{weighing}/done", json={}).status_code == 200


def test_the_next_person_waits_half_a_minute(page: Any, hand: Hand, time_now: MovedClock) -> None:
    finished(page, hand, 1_250)
    following = begun(page)
    shown = page.get(f"/api/weighings/{following}").json
    assert (shown["state"], shown["seconds_left"]) == ("pause", 30)
    hand.weigh(5_000)  # too early: nobody looks at the scale
    hand.rest(30)
    shown = page.get(f"/api/weighings/{following}").json
    assert (shown["state"], shown["total_grams"]) == ("ready", 0)
    hand.weigh(700)
    assert page.get(f"/api/weighings/{following}").json["total_grams"] == 700


def test_a_weighing_that_ends_the_one_before_takes_nothing_of_it(page: Any, hand: Hand) -> None:
    before = begun(page)
    hand.weigh(1_250)
    following = begun(page)
    assert page.get(f"/api/weighings/{before}").status_code == 404
    assert page.get(f"/api/weighings/{following}").json["state"] == "pause", "who left without a word gets time to go"
    page.post(f"/api/weighings/{following}/end", json={})
    assert page.post(f"/api/weighings/{following}/done", json={}).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {"scene": 15, "way": "single"},
        {"scene": 15, "way": "ticket", "quantity": 300},
        {"scene": 16, "way": "ticket", "quantity": 300},  # the place gives tickets for it, and no scale
        {"scene": 4, "way": "ticket", "quantity": 100},
        {"scene": 22, "way": "ticket", "quantity": 100},
    ],
)
def test_no_touch_types_in_what_is_measured(page: Any, station: Machine, body: dict[str, Any]) -> None:
    refused = page.post("/api/codes", json=body)
    assert (refused.status_code, refused.json["code"]) == (403, "proof_not_allowed")
    assert issued_items(station.folder) == []


def test_an_operator_may_still_have_a_ticket_for_a_weight(page: Any, station: Machine) -> None:
    for scene in (15, 16, 4, 22):
        issued = issue_kiosk_code(station.mint, CodeRequest(scene, 0, 120, "ticket"), by_touch=False)
        assert read(station, issued.text).quantity == 120
    with pytest.raises(ProofNotAllowed):
        issue_kiosk_code(station.mint, CodeRequest(15, 0, 120, "ticket"), by_touch=True)


def test_without_a_scale_that_answers_there_is_no_weighing(page: Any, station: Machine, office: Office) -> None:
    assert page.get("/api/state").json["scale"] == {"state": "ready", "simulated": True}
    texts = {"venue": {"zh": "码头", "en": "Pier"}}  # no word of a demonstration
    current = station.keeper.current
    assert current is not None
    real = office.sign_agreement(
        3, texts=texts, scenes=current.agreement.scenes, profile=current.agreement.profile,
        issued_at=station.clock.now(),
    )  # fmt: skip
    station.keeper.take(real)
    assert page.get("/api/state").json["scale"]["state"] == "absent"
    refused = page.post("/api/weighings", json={"scene": 15})
    assert (refused.status_code, refused.json["code"]) == (409, "no_scale")
    loaded = page.post("/api/simulated/scale", json={"grams": 1_000})
    assert (loaded.status_code, loaded.json["code"]) == (403, "not_allowed")


@pytest.mark.parametrize("scene", [6, 16, 99])
def test_what_is_not_weighed_here_begins_no_weighing(page: Any, scene: int) -> None:
    assert page.post("/api/weighings", json={"scene": scene}).status_code in (403, 404)
