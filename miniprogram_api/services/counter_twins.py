"""Two codes on one counter, of which a journal tells: two machines have one key, whichever way we hear of them."""

from __future__ import annotations

import json
from collections.abc import Iterable

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from miniprogram_api.books.journals import nonces_of_counters
from miniprogram_api.books.kiosks import suspend_kiosk
from miniprogram_api.books.notices import raise_notice
from miniprogram_api.books.prepared import Writes
from miniprogram_api.db import standing_alone, use_case
from miniprogram_api.models import Notice
from scenes.wire.kiosk_code import KioskCode

TWIN = "twin"
Counter = tuple[int, int]  # epoch and counter


@use_case
def look_for_twins(session: Session, kiosk: int, codes: Iterable[KioskCode], now: int) -> None:
    """Tell the staff of each counter of these codes that another code has too, once, and suspend the kiosk.

    Only after the codes' items are committed: of two uploads at one moment each commits and then looks, so the one
    that commits last sees both. Safe to repeat: after a break-off the kiosk sends the items again, and what the staff
    were told of before changes nothing, for they may have let the kiosk go on.
    """
    counters = {(code.epoch, code.counter) for code in codes}
    if not counters:
        return
    with standing_alone(session) as connection:
        known = nonces_of_counters(connection, kiosk, counters)
        twins = {counter for counter, nonces in known.items() if len(nonces) > 1}
        for counter in sorted(twins - _told(connection, kiosk)) if twins else ():
            _alarm(connection, kiosk, counter, now)


def _told(connection: Connection, kiosk: int) -> set[Counter]:
    of_kiosk = (Notice.kind == TWIN, Notice.subject_kind == "kiosk", Notice.subject_id == kiosk)
    found = [json.loads(details) for details in connection.execute(select(Notice.details).where(*of_kiosk)).scalars()]
    return {(details["epoch"], details["counter"]) for details in found}


def _alarm(connection: Connection, kiosk: int, counter: Counter, now: int) -> None:
    epoch, number = counter
    writes = Writes(connection)
    suspend_kiosk(writes, kiosk, epoch, number, now)
    raise_notice(writes, TWIN, ("kiosk", kiosk), {"epoch": epoch, "counter": number}, now)
    writes.commit()
