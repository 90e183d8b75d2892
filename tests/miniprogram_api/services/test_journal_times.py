"""Clocks that are wrong: the right day, nothing lost, nothing credited twice (R11)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from scenes.wire.kinds import KIND_TICKET
from tests.miniprogram_api.cast import NOON, Stage
from tests.miniprogram_api.journals import Machine, reasons
from tests.miniprogram_api.test_races import check_books

FERRY, CLEAN_PLATE, REFILL, TREE_CARE = 1, 6, 9, 23
DAY, HOUR = 86_400, 3600
LEAP_DAY_NOON = 1_835_409_600  # 2028-02-29 12:00 on the island


@pytest.fixture
def pier(stage: Stage) -> Iterator[Machine]:
    machine = Machine(stage)
    yield machine
    check_books(stage)


def moments(stage: Stage) -> list[object]:
    return [moment for (moment,) in stage.rows("SELECT occurred_at FROM acts ORDER BY occurred_at")]


@pytest.mark.parametrize("slow_by", [NOON, 3 * DAY, -3 * DAY, 8 * HOUR, -61])
@pytest.mark.parametrize("trusted", [True, False])
def test_the_start_that_uploads_is_corrected_by_its_uptime_whatever_its_clock_says(
    stage: Stage, pier: Machine, slow_by: int, trusted: bool
) -> None:
    pier.slow_by, pier.trusted = slow_by, trusted
    pier.start()
    stage.clock.advance(600)
    pier.read(stage.member_code("mei"), (REFILL, 1))
    stage.clock.advance(2 * DAY)
    assert pier.results() == ["credited", "credited"]
    assert moments(stage) == [NOON + 600]
    assert stage.rows("SELECT corrected_at, received_at FROM journal_items ORDER BY seq") == [
        (NOON, NOON + 600 + 2 * DAY),
        (NOON + 600, NOON + 600 + 2 * DAY),
    ]


@pytest.mark.parametrize("slow_by", [NOON - 100, 3 * DAY, -3 * DAY])
def test_an_earlier_start_is_corrected_by_its_last_heartbeat(stage: Stage, pier: Machine, slow_by: int) -> None:
    pier.slow_by, pier.trusted = slow_by, False
    pier.start()
    stage.clock.advance(60)
    pier.heartbeat()
    stage.clock.advance(600)
    pier.read(stage.member_code("mei"), (REFILL, 1))
    stage.clock.advance(HOUR)
    pier.slow_by = 0  # another clock battery
    pier.start()
    stage.clock.advance(HOUR)
    assert pier.results() == ["credited"] * 3
    assert moments(stage) == [NOON + 660]


def test_a_heartbeat_that_comes_again_later_moves_no_clock(stage: Stage, pier: Machine) -> None:
    pier.start()
    stage.clock.advance(60)
    pier.heartbeat()
    up, device = pier.uptime_ms, stage.clock.now()
    stage.clock.advance(5 * HOUR)
    pier.started_at, pier.slow_by = stage.clock.now() - up // 1000, stage.clock.now() - device
    pier.heartbeat()  # the same words, heard once more
    assert stage.rows("SELECT offset_seconds FROM kiosk_boots") == [(0,)]
    assert stage.rows("SELECT clock_offset_seconds FROM kiosks") == [(0,)]


def test_an_earlier_start_without_a_heartbeat_is_believed_if_its_clock_was_trusted(stage: Stage, pier: Machine) -> None:
    pier.start()
    stage.clock.advance(600)
    pier.read(stage.member_code("mei"), (REFILL, 1))
    stage.clock.advance(HOUR)
    pier.start()
    assert pier.results() == ["credited"] * 3
    assert moments(stage) == [NOON + 600]


def test_rebooted_at_sea_without_a_battery_the_acts_wait_and_nothing_is_lost(stage: Stage, pier: Machine) -> None:
    pier.slow_by, pier.trusted = NOON, False  # 1970
    pier.start()
    stage.clock.advance(600)
    pier.read(stage.member_code("mei"), (FERRY, 1))
    stage.clock.advance(600)
    pier.start()
    pier.read(stage.member_code("bo"), (FERRY, 1))
    stage.clock.advance(HOUR)
    assert pier.results() == ["credited", "pending", "credited", "credited"]
    assert (stage.balance("mei")[0], stage.balance("bo")[0]) == (0, 10)
    assert "clock_untrusted" in reasons(stage)
    [(estimated,)] = stage.rows("SELECT occurred_at FROM acts WHERE state = 'pending'")
    assert abs(int(str(estimated)) - NOON - 600) <= 60, "the minute that the phone showed"
    assert stage.rows("SELECT corrected_at FROM journal_items WHERE result = 'pending'") == [(None,)]


def test_a_clock_that_is_ahead_of_ours_makes_acts_wait_not_count_in_the_future(stage: Stage, pier: Machine) -> None:
    pier.slow_by = -DAY
    pier.start()
    pier.read(stage.member_code("mei"), (REFILL, 1))
    stage.clock.advance(60)
    pier.start()
    pier.upload()
    assert reasons(stage) == ["clock_untrusted"]
    assert all(int(str(moment)) <= stage.clock.now() for moment in moments(stage))


@pytest.mark.parametrize(("slow_by", "result"), [(90, "credited"), (-60, "credited"), (180, "pending")])
def test_the_minute_shown_is_held_against_the_corrected_time(
    stage: Stage, pier: Machine, slow_by: int, result: str
) -> None:
    stage.clock.set(NOON + 30)
    pier.slow_by = slow_by
    pier.start()
    stage.clock.advance(60)
    pier.read(stage.member_code("mei"), (REFILL, 1))
    stage.clock.advance(HOUR)
    pier.slow_by = 0
    pier.start()
    assert pier.results()[1] == result
    assert reasons(stage) == [None if result == "credited" else "slot_missed"]


def test_an_act_before_midnight_belongs_to_its_own_day_when_it_comes_in_after(stage: Stage, pier: Machine) -> None:
    stage.clock.set(NOON + 12 * HOUR - 60)  # 23:59
    pier.start()
    pier.read(stage.member_code("mei"), (FERRY, 1))
    stage.clock.advance(6 * HOUR + 60)
    stage.scan("mei", stage.code(FERRY))
    pier.upload()
    assert stage.balance("mei")[0] == 20
    days = [str(leaf) for (leaf,) in stage.rows("SELECT leaf FROM entries WHERE kind = 'earn' ORDER BY occurred_at")]
    assert "2026-11-22" in days[0]
    assert "2026-11-23" in days[1]


def test_a_leap_day_is_a_day(stage: Stage, pier: Machine) -> None:
    with stage.engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE member_sessions SET expires_at = {LEAP_DAY_NOON + 9 * DAY}")
    stage.clock.set(LEAP_DAY_NOON)
    pier.slow_by = 366 * DAY
    pier.start()
    pier.read(stage.member_code("mei"), (FERRY, 1))
    stage.clock.advance(DAY)
    pier.read(stage.member_code("mei"), (FERRY, 1))
    stage.clock.advance(DAY)
    assert pier.results() == ["credited"] * 3
    assert moments(stage) == [LEAP_DAY_NOON, LEAP_DAY_NOON + DAY]
    assert stage.balance("mei")[0] == 20
    [first, _] = [
        str(leaf) for (leaf,) in stage.rows("SELECT leaf FROM entries WHERE kind='earn' ORDER BY occurred_at")
    ]
    assert "2028-02-29" in first


def test_a_ticket_without_a_time_is_credited_once_its_journal_item_is_here(stage: Stage, pier: Machine) -> None:
    pier.slow_by, pier.trusted = NOON, False
    pier.start()
    code = stage.code(TREE_CARE, KIND_TICKET, issued_at=0)
    pier.issued(code)
    stage.clock.advance(HOUR)
    assert stage.scan("mei", code).act["state"] == "pending"
    pier.upload()
    assert stage.balance("mei")[0] == 30
    assert stage.rows("SELECT occurred_at FROM acts WHERE state = 'credited'") == [(NOON,)]
    pier.upload()
    assert stage.balance("mei")[0] == 30


def test_a_ticket_without_a_time_counts_at_once_where_the_journal_was_first(stage: Stage, pier: Machine) -> None:
    pier.slow_by, pier.trusted = NOON, False
    pier.start()
    code = stage.code(TREE_CARE, KIND_TICKET, issued_at=0)
    pier.issued(code)
    pier.upload()
    stage.clock.advance(13 * DAY)
    act = stage.scan("mei", code).act
    assert (act["state"], act["occurred_at"]) == ("credited", NOON)


def test_a_ticket_whose_journal_item_has_no_time_either_waits_on(stage: Stage, pier: Machine) -> None:
    pier.slow_by, pier.trusted = NOON, False
    pier.start()
    code = stage.code(TREE_CARE, KIND_TICKET, issued_at=0)
    pier.issued(code)
    pier.start()
    pier.upload()
    assert stage.scan("mei", code).act["reason"] == "clock_untrusted"
    pier.upload()
    assert stage.balance("mei")[0] == 0


def test_what_came_before_staff_set_the_clock_is_corrected_by_the_uptime(stage: Stage, pier: Machine) -> None:
    pier.slow_by, pier.trusted = NOON, False  # 1970, until somebody sets it
    pier.start()
    stage.clock.advance(600)
    pier.read(stage.member_code("mei"), (REFILL, 1))
    stage.clock.advance(600)
    pier.slow_by, pier.trusted = 20, True
    pier.set_clock(stage.clock.now() - 20)
    stage.clock.advance(600)
    pier.read(stage.member_code("mei"), (CLEAN_PLATE, 1))
    pier.heartbeat()
    stage.clock.advance(600)
    pier.start()
    assert pier.results() == ["credited"] * 5
    assert moments(stage) == [NOON + 600, NOON + 1800]
