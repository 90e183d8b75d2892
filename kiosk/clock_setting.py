"""Staff set the kiosk's clock where no server can: one item in the journal, and the clock is trusted from then on."""

from __future__ import annotations

import logging
import re
from datetime import datetime

from kiosk.boot import Boot
from kiosk.island_time import ISLAND_ZONE
from kiosk.refusals import FieldsNotValid, NotProvisioned
from kiosk.staff_refusals import ClockSetByOffice, TimeNotPlausible
from scenes.wire.errors import FieldsInvalid
from scenes.wire.fields import words
from scenes.wire.journal_content import PERSON_CHARACTERS_MAX

log = logging.getLogger(__name__)

# A year's slip of a finger is caught; a kiosk that stood in a shed for a winter is not.
LATER_SECONDS_MAX = 366 * 86_400
_WRITTEN = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2})?", re.ASCII)


def read_island_time(text: object) -> int:
    """Unix seconds of `2026-11-23 10:15` (or with T, or with seconds) on the island's clock; raises FieldsNotValid."""
    if not isinstance(text, str) or not _WRITTEN.fullmatch(text.strip()):
        raise FieldsNotValid("set_to", "not YYYY-MM-DD HH:MM")
    try:
        return int(datetime.fromisoformat(text.strip()).replace(tzinfo=ISLAND_ZONE).timestamp())
    except ValueError as reason:
        raise FieldsNotValid("set_to", "no such day or hour") from reason


def set_clock(boot: Boot, moment: int, by: object) -> None:
    """Sets the clock to these Unix seconds; the item is on the disk when this returns.

    Raises ClockSetByOffice once a heartbeat was answered in this start (one start has one offset, and that is it),
    TimeNotPlausible, FieldsNotValid for a name that is none, NotProvisioned, JournalNotWritten.
    """
    if boot.clock.offset is not None:
        raise ClockSetByOffice
    kept = boot.keeper.current
    if kept is None:
        raise NotProvisioned
    # The office was there at that moment, so it is later now.
    if not kept.confirmed_at <= moment <= kept.confirmed_at + LATER_SECONDS_MAX:
        raise TimeNotPlausible
    try:
        name = words(by, "by", PERSON_CHARACTERS_MAX)
    except FieldsInvalid as reason:
        raise FieldsNotValid(reason.field, reason.reason) from reason
    boot.journal.keep_clock_set(moment, name)
    log.warning("the clock was set to %d by %s", moment, name)
