"""The clock: one offset for one start, trusted by a battery or by the office, never moved by the system."""

from __future__ import annotations

from pathlib import Path

import pytest

from kiosk import clock as clock_room
from kiosk.clock import KioskClock, has_battery_clock
from kiosk.machine import Machine
from tests.kiosk.conftest import MovedClock


def clock_of(time_now: MovedClock, *, battery: bool = True) -> KioskClock:
    return KioskClock(lambda: time_now.wall, lambda: time_now.up, battery=battery)


def test_a_correction_of_the_system_does_not_move_the_time_of_this_start() -> None:
    time_now = MovedClock()
    clock = clock_of(time_now)
    began = clock.now()
    time_now.wall += 86_400
    time_now.up += 10
    assert clock.now() == began + 10
    assert clock.uptime_ms() == 10_000


def test_a_verified_heartbeat_makes_the_clock_trusted_and_people_see_the_offices_time() -> None:
    time_now = MovedClock(wall=100.0)  # 1970: no battery, nobody set it
    clock = clock_of(time_now, battery=False)
    clock.start_after(None)
    assert not clock.trusted
    clock.answered(server_time=1_795_000_000, device_time=clock.now())
    assert clock.trusted
    assert clock.shown_time() == 1_795_000_000
    assert clock.now() == 100, "codes and items keep the device's own time"


def test_it_is_never_earlier_than_the_last_item() -> None:
    clock = clock_of(MovedClock(wall=100.0))
    clock.start_after(1_795_000_000)
    assert clock.earliest_time() == 1_795_000_000


@pytest.mark.parametrize(("chips", "battery"), [(["rtc0"], True), ([], False), (None, True)])
def test_a_battery_clock_is_what_linux_knows_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, chips: list[str] | None, battery: bool
) -> None:
    folder = tmp_path / "rtc"
    for chip in chips or []:
        (folder / chip).mkdir(parents=True)
    if chips is not None:
        folder.mkdir(exist_ok=True)
    monkeypatch.setattr(clock_room, "CLOCK_CHIPS", folder)
    assert has_battery_clock() is battery


def test_the_offset_of_a_start_is_kept_beside_its_items(pier: Machine, time_now: MovedClock) -> None:
    time_now.wall += 42  # the office's clock goes 42 s ahead of the kiosk's
    assert pier.rounds.greet()
    with pier.journal._file.reading() as connection:
        assert connection.execute("SELECT boot, offset_seconds FROM offsets").fetchall() == [(pier.journal.boot, 42)]
