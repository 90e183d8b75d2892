"""Uploads a kiosk's journal until nothing waits, or says why not: through its process, or from a boot of its own."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kiosk.control import ask_process
from kiosk.folder import KioskBusy, KioskFolder, KioskLock

if TYPE_CHECKING:
    from kiosk.boot import Boot
    from kiosk.forwarder import Forwarder
    from kiosk.heartbeats import Heartbeats

TRIES_MAX = 5  # turns in a row that bring nothing; a lost answer is no reason to give up, a dead line is
LOOK_SECONDS = 0.3
SILENCE_SECONDS = 60.0  # one turn may take a slow line's time-outs; a process that does less is stuck

Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Drained:
    """What is left: items that wait, those of them put aside, and what stood in the way."""

    waiting: int
    aside: int
    trouble: str | None

    @property
    def is_empty(self) -> bool:
        return self.waiting == 0


def drain_kiosk(kiosk: KioskFolder, progress: Progress) -> Drained:
    """Uploads what waits; `progress` is told how many items are left. Raises NotProvisioned, ProcessSilent."""
    try:
        with KioskLock(kiosk):
            return _drained_by_own_boot(kiosk, progress)
    except KioskBusy:
        return _drained_by_process(kiosk, progress)


def _drained_by_own_boot(kiosk: KioskFolder, progress: Progress) -> Drained:
    from kiosk.boot import Boot
    from kiosk.forwarder import Forwarder
    from kiosk.greeting import greeted_boot

    boot = Boot(kiosk)
    try:
        with greeted_boot(boot) as (uplink, heartbeats):
            forwarder = Forwarder(uplink, boot.keeper, boot.journal, boot.clock, boot.identity.kiosk)
            forwarder.hurry()
            return _turns(boot, forwarder, heartbeats, progress)
    finally:
        boot.close()


def _turns(boot: Boot, forwarder: Forwarder, heartbeats: Heartbeats, progress: Progress) -> Drained:
    fruitless = 0
    while fruitless < TRIES_MAX:
        turn = forwarder.drain_once()
        if turn.is_empty:
            break
        fruitless = 0 if turn.done or turn.aside or turn.busy else fruitless + 1
        if fruitless or turn.busy:
            time.sleep(min(1.0, forwarder.pause_after(turn)))
            if heartbeats.beat() is not None:
                forwarder.hear_office()
        progress(boot.journal.queue_length())
    backlog = boot.journal.queue.backlog()
    return Drained(backlog.items, backlog.aside, forwarder.trouble if backlog.items else None)


def _drained_by_process(kiosk: KioskFolder, progress: Progress) -> Drained:
    seen = int(ask_process(kiosk, "POST", "/api/drain", {})["turns"])
    until, least, fruitless = time.monotonic() + SILENCE_SECONDS, None, 0
    while time.monotonic() < until and fruitless < TRIES_MAX:
        time.sleep(LOOK_SECONDS)
        state = ask_process(kiosk, "GET", "/api/state")
        forwarding = state["forwarding"]
        if forwarding["turns"] == seen:
            continue
        seen, until = forwarding["turns"], time.monotonic() + SILENCE_SECONDS
        if state["queue"] == 0:
            return _left(state)
        progress(state["queue"])
        fruitless = 0 if least is None or state["queue"] < least else fruitless + 1
        least = state["queue"] if least is None else min(least, state["queue"])
        if fruitless:
            ask_process(kiosk, "POST", "/api/drain", {})
    return _left(ask_process(kiosk, "GET", "/api/state"))


def _left(state: dict[str, Any]) -> Drained:
    waiting = int(state["queue"])
    return Drained(waiting, int(state["waiting"]["aside"] or 0), state["forwarding"]["trouble"] if waiting else None)


def kiosks_of(data: Path, name: str | None) -> list[KioskFolder]:
    """The kiosk of that name, or all provisioned kiosks of the data folder."""
    if name is not None:
        return [KioskFolder(data / "kiosks" / name)]
    return [KioskFolder(path.parent) for path in sorted(data.glob("kiosks/*/identity.json"))]
