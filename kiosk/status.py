"""How a kiosk is: what its process says, or what stands on disk when none runs."""

from __future__ import annotations

import time
from typing import Any

from kiosk.agreement import AgreementKeeper
from kiosk.control import ProcessSilent, ask_process, read_control
from kiosk.counters import none_given, stop_on_disk
from kiosk.folder import KioskBusy, KioskFolder, KioskLock
from kiosk.identity import Identity, read_identity
from kiosk.island_time import written_time
from kiosk.journal_file import kept_aside
from kiosk.journal_reader import JournalUnreadable, summary_of


def is_running(kiosk: KioskFolder) -> bool:
    """True when another process holds the kiosk."""
    try:
        with KioskLock(kiosk):
            return False
    except KioskBusy:
        return True


def kiosk_status(kiosk: KioskFolder) -> dict[str, Any]:
    """State, queue, oldest waiting item, last sync, age of the agreement, clock and paper; raises NotProvisioned."""
    identity = read_identity(kiosk)
    if not is_running(kiosk):
        return {"running": False} | _on_disk(kiosk, identity)
    control = read_control(kiosk)
    told = {"running": True, "epoch": identity.epoch, "server": identity.server, "port": control and control.port}
    try:
        state = ask_process(kiosk, "GET", "/api/state")
    except ProcessSilent as silent:
        return told | {"trouble": str(silent)} | _on_disk(kiosk, identity)
    return told | {name: value for name, value in state.items() if name != "scenes"}


def _on_disk(kiosk: KioskFolder, identity: Identity) -> dict[str, Any]:
    keeper = AgreementKeeper(kiosk, identity)
    known: dict[str, Any] = {
        "kiosk": identity.kiosk,
        "epoch": identity.epoch,
        "server": identity.server,
        "cut": kiosk.cut.exists(),
        "issuing_reason": _why_not_issuing(kiosk, keeper),
        "kept_aside": [path.name for path in kept_aside(kiosk.path)],
    }
    if not kiosk.journal.exists() and none_given(kiosk.counters):
        return known | {"never_ran": True, "queue": 0, "agreement": _agreement(keeper, int(time.time()))}
    try:
        journal = summary_of(kiosk.journal)
    except JournalUnreadable as reason:
        return known | {"queue": None, "journal": str(reason), "agreement": _agreement(keeper, int(time.time()))}
    backlog = journal.backlog
    now = max(int(time.time()), journal.last_item_at or 0)
    return known | {
        "queue": backlog.items,
        "waiting": {"since": _written(backlog.since), "aside": backlog.aside},
        "last_sync": _written(journal.last_sync),
        "agreement": _agreement(keeper, now),
    }


def _agreement(keeper: AgreementKeeper, now: int) -> dict[str, int | None]:
    return {"version": keeper.version, "age_days": keeper.age_days(now)}


def _why_not_issuing(kiosk: KioskFolder, keeper: AgreementKeeper) -> str | None:
    if keeper.current is None:
        return "not_provisioned"
    return "kiosk_suspended" if keeper.suspends_this_kiosk else stop_on_disk(kiosk.counters)


def _written(moment: int | None) -> str | None:
    return None if moment is None else written_time(moment)
