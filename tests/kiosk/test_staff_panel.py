"""The staff's panel: a PIN in front, names of a shift, the act that is kept ready, and the clock without a network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kiosk.clock_setting import read_island_time
from kiosk.duty import Duty
from kiosk.folder import KioskFolder
from kiosk.machine import Machine
from kiosk.refusals import FieldsNotValid
from kiosk.screen import create_screen
from kiosk.staff_pin import PinInvalid, set_pin
from scenes.wire.journal import ClockSet, CodeRead
from tests.kiosk.conftest import MovedClock
from tests.kiosk.office import Office
from tests.kiosk.shown_codes import agree, phone
from tests.kiosk.test_intake import readings
from tests.kiosk.test_journal import items

PIN = "204518"
OPERATOR = {"X-Kiosk-Control": "token"}


@pytest.fixture
def canteen(pier: Machine, office: Office) -> Machine:
    agree(pier, office, 2)
    set_pin(pier.folder.staff_pin, PIN)
    return pier


@pytest.fixture
def page(canteen: Machine) -> Any:
    return create_screen(canteen, "token").test_client()


@pytest.fixture
def staff(page: Any) -> dict[str, str]:
    """The header of an open panel."""
    return {"X-Staff-Panel": page.post("/api/staff/panel", json={"pin": PIN}).json["token"]}


def test_the_pin_is_kept_as_a_hash_for_the_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "staff-pin.json"
    set_pin(path, PIN)
    assert PIN not in path.read_text()
    assert path.stat().st_mode & 0o777 == 0o600
    for wrong in ("12345", "1" * 13, "12345a", "１２３４５６", ""):
        with pytest.raises(PinInvalid):
            set_pin(path, wrong)


def test_without_a_pin_nobody_gets_in(pier: Machine) -> None:
    page = create_screen(pier, "token").test_client()
    refused = page.post("/api/staff/panel", json={"pin": PIN})
    assert (refused.status_code, refused.json["code"]) == (409, "pin_not_set")


def test_five_wrong_tries_lock_the_panel_for_five_minutes(page: Any, time_now: MovedClock) -> None:
    for _ in range(5):
        assert page.post("/api/staff/panel", json={"pin": "000000"}).status_code == 403
    refused = page.post("/api/staff/panel", json={"pin": PIN})
    assert (refused.status_code, refused.json["allowed_in_seconds"]) == (429, 300)
    time_now.move(300)
    assert page.post("/api/staff/panel", json={"pin": PIN}).status_code == 201


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("duty", {"clerk": "林"}),
        ("ready", {"scene": 6}),
        ("clock", {"set_to": "2026-11-18 20:00"}),
        ("panel/close", {}),
    ],
)
def test_nothing_of_the_panel_works_without_it(
    page: Any, canteen: Machine, time_now: MovedClock, staff: dict[str, str], path: str, body: Any
) -> None:
    for headers in ({}, {"X-Staff-Panel": "guessed"}):
        assert page.post(f"/api/staff/{path}", json=body, headers=headers).status_code == 403
    time_now.move(301)  # nobody touched it
    assert page.post(f"/api/staff/{path}", json=body, headers=staff).status_code == 403
    assert (canteen.duty.clerk, canteen.duty.ready_scene, len(items(canteen.folder))) == (None, None, 1)


def test_who_is_on_duty_stands_in_the_readings_of_the_shift(
    page: Any, canteen: Machine, time_now: MovedClock, staff: dict[str, str]
) -> None:
    answer = page.post("/api/staff/duty", json={"clerk": " 林 "}, headers=staff).json
    assert (answer["clerk"], answer["names"]) == ("林", ["林"])

    def read_one() -> None:
        body = {"code": phone(time_now).text(time_now.wall), "lines": [{"scene": 6}]}
        assert page.post("/api/readings", json=body).status_code == 201

    read_one()
    time_now.move(12 * 3_600)
    read_one()
    assert [item.content.clerk for item in readings(canteen.folder) if isinstance(item.content, CodeRead)] == [
        "林",
        None,
    ]
    for wrong in ("", " ", "x" * 65, 7, "a\nb"):
        with pytest.raises(FieldsNotValid):
            canteen.duty.sign_in(wrong)


def test_names_are_known_after_a_start_and_nobody_is_on_duty(tmp_path: Path) -> None:
    path = tmp_path / "duty.json"
    duty = Duty(path, lambda: 0.0)
    for name in ("林", "chen", "林"):
        duty.sign_in(name)
    duty.keep_ready(6)
    again = Duty(path, lambda: 0.0)
    assert (again.names, again.clerk, again.ready_scene) == (("林", "chen"), None, 6)
    path.write_text("half a fi")
    assert Duty(path, lambda: 0.0).names == ()


def test_one_act_can_be_kept_ready_if_it_is_read_in_one_step(
    page: Any, canteen: Machine, staff: dict[str, str]
) -> None:
    assert page.get("/api/state").json["ready"] is None
    panel = page.post("/api/staff/ready", json={"scene": 6}, headers=staff).json
    assert (panel["ready"], panel["ready_choices"]) == (6, [6, 10])
    assert page.get("/api/state").json["ready"] == 6
    for scene in (12, 15, 24, 9, 99):  # a room, a weight, the quiz, DK alone, none of this place
        assert page.post("/api/staff/ready", json={"scene": scene}, headers=staff).status_code in (404, 422)
    assert page.get("/api/state").json["ready"] == 6
    page.post("/api/staff/ready", json={"scene": None}, headers=staff)
    assert page.get("/api/state").json["ready"] is None


# The clock


@pytest.fixture
def without_battery(folder: KioskFolder, office: Office, time_now: MovedClock) -> Any:
    """A kiosk without a battery clock that woke up in 1970."""
    folder.settings.write_text("battery_clock = false\n")
    right = time_now.wall
    time_now.wall = 1_000.0
    machine = Machine(folder, wall=lambda: time_now.wall, uptime=lambda: time_now.up)
    agreement = office.sign_agreement(2, issued_at=int(right) - 3_600)
    machine.keeper.take(agreement)
    yield machine
    machine.close()


def test_staff_set_the_clock_and_it_is_trusted_from_then_on(without_battery: Machine, time_now: MovedClock) -> None:
    page = create_screen(without_battery, "token").test_client()
    assert page.post("/api/codes", json={"scene": 9, "way": "single"}).json["code"] == "clock_not_trusted"
    time_now.move(100)
    answer = page.post("/api/staff/clock", json={"set_to": "2026-11-18 19:06", "by": "operator lin"}, headers=OPERATOR)
    assert answer.json["clock"] == {"trusted": True, "by_office": False, "now": "2026-11-18T19:06:00+08:00"}
    time_now.move(7)
    assert page.post("/api/codes", json={"scene": 9, "way": "single"}).status_code == 201
    boot, clock, issued = items(without_battery.folder)
    set_to = read_island_time("2026-11-18 19:06")
    assert clock.content == ClockSet(set_to, "operator lin")
    assert [(item.head.clock, item.head.claimed_at, item.head.uptime_ms) for item in (boot, clock, issued)] == [
        ("untrusted", 1_000, 0),
        ("trusted", set_to, 100_000),
        ("trusted", set_to + 7, 107_000),
    ]


def test_a_clock_that_could_not_be_written_down_stays_as_it_was(without_battery: Machine) -> None:
    with without_battery.journal._file.reading() as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")  # the disk is full soon
    page = create_screen(without_battery, "token").test_client()
    for minute in range(60):
        body = {"set_to": f"2026-11-18 19:{minute:02}", "by": "n" * 64}
        before = (without_battery.clock.now(), without_battery.clock.trusted)
        if page.post("/api/staff/clock", json=body, headers=OPERATOR).status_code == 503:
            break
    else:
        pytest.fail("the disk never became full")
    assert (without_battery.clock.now(), without_battery.clock.trusted) == before
    assert len(items(without_battery.folder)) == minute + 1


def test_the_office_knows_better_than_a_finger(pier: Machine) -> None:
    pier.heartbeats.beat()
    page = create_screen(pier, "token").test_client()
    refused = page.post("/api/staff/clock", json={"set_to": "2026-11-18 19:30"}, headers=OPERATOR)
    assert (refused.status_code, refused.json["code"]) == (409, "clock_trusted")
    assert len(items(pier.folder)) == 1


@pytest.mark.parametrize(
    "written",
    [
        "2026-11-18 18:00",
        "2027-12-01 10:00",
        "2026-13-01 10:00",
        "2026-11-18",
        "19:06",
        "2026-11-18 25:00",
        5,
        None,
        "",
    ],
)
def test_a_time_that_can_not_be_is_refused(pier: Machine, written: Any) -> None:
    page = create_screen(pier, "token").test_client()
    refused = page.post("/api/staff/clock", json={"set_to": written}, headers=OPERATOR)
    assert (refused.status_code, refused.json["code"]) == (422, "invalid_fields")
    assert len(items(pier.folder)) == 1


def test_a_clock_set_right_heals_a_kiosk_that_stood_in_another_year(
    folder: KioskFolder, office: Office, time_now: MovedClock
) -> None:
    right = time_now.wall
    time_now.wall = right + 20 * 365 * 86_400
    Machine(folder, wall=lambda: time_now.wall, uptime=lambda: time_now.up).close()
    time_now.wall = right
    machine = Machine(folder, wall=lambda: time_now.wall, uptime=lambda: time_now.up)
    try:
        machine.keeper.take(office.sign_agreement(2, issued_at=int(right) - 60))
        page = create_screen(machine, "token").test_client()
        assert page.get("/api/state").json["issuing_reason"] == "agreement_old"
        body = {"set_to": "2026-11-18 19:07"}
        assert page.post("/api/staff/clock", json=body, headers=OPERATOR).status_code == 200
        assert page.get("/api/state").json["issuing"] is True
    finally:
        machine.close()
