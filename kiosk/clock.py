"""The kiosk's clock: its own time, fixed at the start and carried on by the machine's uptime, and whether to trust it.

The time of day is read once, at the start. A correction by the system in between does not move it: one boot has one
offset to the server's time, which every heartbeat measures again, so that all items of the boot are corrected by the
same number (contract section 2, corrected time). Codes and items carry this clock's time; people see `shown_time`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

CLOCK_CHIPS = Path("/sys/class/rtc")


def system_uptime() -> float:
    """Seconds that go on through sleep and are never set, on Linux; elsewhere the monotonic clock."""
    boot_time = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if boot_time is None else time.clock_gettime(boot_time)


def has_battery_clock() -> bool:
    """False where Linux knows of no clock chip, as on a bare Raspberry Pi; True where it can't tell."""
    return not CLOCK_CHIPS.is_dir() or any(CLOCK_CHIPS.iterdir())


class KioskClock:
    """Device time in Unix seconds. Trusted by a battery clock that is not behind the last item, by a heartbeat, or when
    staff set it."""

    def __init__(
        self, wall: Callable[[], float] = time.time, uptime: Callable[[], float] = system_uptime, *, battery: bool
    ) -> None:
        self._uptime = uptime
        self._started_at = wall()
        self._started_up = uptime()
        self._battery = battery
        self._offset: int | None = None
        self._last_item_at = 0
        self.trusted = False

    def now(self) -> int:
        """Unix seconds as this device believes; what codes and items carry."""
        return int(self._started_at + self.uptime())

    def uptime(self) -> float:
        """Seconds since this start of the kiosk; never jumps."""
        return self._uptime() - self._started_up

    def uptime_ms(self) -> int:
        return int(self.uptime() * 1000)

    def start_after(self, last_item_at: int | None) -> None:
        """At the start: a battery clock is trusted unless it stands before the last item of the journal."""
        self._last_item_at = last_item_at or 0
        self.trusted = self._battery and self.now() >= self._last_item_at

    def answered(self, server_time: int, device_time: int) -> None:
        """A verified heartbeat: the offset of this boot, and from now on the clock is trusted."""
        self._offset = server_time - device_time
        self.trusted = True

    def set_to(self, moment: int) -> tuple[float, bool]:
        """Staff set it to these Unix seconds: it goes on from there and is trusted. Answers what `put_back` takes."""
        before = (self._started_at, self.trusted)
        # The millisecond keeps the sum of two floats from falling just short of the second.
        self._started_at, self.trusted = moment + 0.001 - self.uptime(), True
        return before

    def put_back(self, before: tuple[float, bool]) -> None:
        """As it was before `set_to`, which could not be written down."""
        self._started_at, self.trusted = before

    @property
    def offset(self) -> int | None:
        """Server time minus device time, as the last verified heartbeat of this start had it."""
        return self._offset

    def shown_time(self) -> int:
        """The best Unix seconds to show to people: device time put right by the last heartbeat."""
        return self.now() + (self._offset or 0)

    def earliest_time(self) -> int:
        """No earlier than this is it now: also an untrusted clock knows that the last item came before.

        A trusted clock knows better than an item of an earlier start, whose clock may have stood in another year.
        """
        return self.shown_time() if self.trusted else max(self.shown_time(), self._last_item_at)
