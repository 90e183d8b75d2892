"""When something in a journal happened: the corrected time (contract section 2), and what follows for codes without."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from miniprogram_api.books.journals import uses_of_counters
from miniprogram_api.clock import Clock
from miniprogram_api.db import DatabaseAway, end_reading
from miniprogram_api.services.island import Island
from miniprogram_api.services.reviews import Resolution, resolve_act
from scenes.wire.journal import ItemHead
from scenes.wire.kiosk_code import KioskCode

CLOCK_KNOWN = "clock_known"
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class BootClock:
    """What is known of the clock of one start: server time minus device time at its last heartbeat, that heartbeat's
    uptime and when it came in, and the last item by which staff set the clock (0: none)."""

    offset_seconds: int | None = None
    heartbeat_uptime_ms: int | None = None
    heartbeat_at: int | None = None
    set_seq: int = 0

    def corrected(self, head: ItemHead) -> int | None:
        """Unix seconds of ours, None without a heartbeat. What stands before a setting of the clock has nothing to do
        with the offset measured after it; the uptime went on."""
        if self.offset_seconds is None:
            return None
        if head.seq < self.set_seq and self.heartbeat_at is not None and self.heartbeat_uptime_ms is not None:
            return max(0, self.heartbeat_at - (self.heartbeat_uptime_ms - head.uptime_ms) // 1000)
        return max(0, head.claimed_at + self.offset_seconds)


@dataclass(frozen=True)
class Times:
    """What corrects the times of one upload: the start that sends it, its uptime then, and the clocks of all starts."""

    boot: str
    uptime_ms: int
    now: int
    clocks: dict[str, BootClock] = field(default_factory=dict)

    def corrected(self, head: ItemHead) -> int | None:
        """Unix seconds of ours, None where nothing tells."""
        if head.boot == self.boot:
            return self.now - max(0, self.uptime_ms - head.uptime_ms) // 1000
        measured = self.clocks.get(head.boot, BootClock()).corrected(head)
        if measured is not None:
            return measured
        return head.claimed_at if head.clock == "trusted" else None


@dataclass(frozen=True)
class TimedCode:
    """A code that was issued, with the corrected time of its journal item."""

    code: KioskCode
    corrected_at: int


def give_times(session: Session, kiosk: int, codes: Sequence[TimedCode], island: Island, clock: Clock) -> None:
    """Tickets issued at 0 that were handed in before: their acts wait for exactly this. Only after the items are
    committed, because a scan at the same moment relies on it (services.earning). Safe to repeat."""
    untimed = [each for each in codes if each.code.issued_at == 0]
    if not untimed:
        return
    found = uses_of_counters(session.connection(), kiosk, {_counter(each.code) for each in untimed})
    end_reading(session)
    for each in untimed:
        for use in found.get(_counter(each.code), ()):
            if use.waits_for_time and (use.kind, use.nonce) == (each.code.kind, each.code.nonce):
                give_time(session, use.act_id, each.corrected_at, island, clock)


def give_time(session: Session, act_id: int, moment: int, island: Island, clock: Clock) -> None:
    """Resolve an act that waits for its time. Whatever trips us here holds up neither journal nor scan: the act waits
    on, for a person then. Raises DatabaseAway."""
    try:
        resolve_act(session, Resolution(act_id, occurred_at=moment, code=CLOCK_KNOWN), island, clock)
    except DatabaseAway:
        raise
    except Exception:
        log.exception("the act %x got no time from the journal", act_id)


def _counter(code: KioskCode) -> tuple[int, int]:
    return (code.epoch, code.counter)
