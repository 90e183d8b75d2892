"""What kiosks sent, for the staff: what was refused and what waits stays listed here."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator

from miniprogram_api.db import db, number_of
from miniprogram_api.domain.refusals import NotFound
from miniprogram_api.queries.journal import JournalSearch, journal_item, journal_page
from miniprogram_api.queries.sessions import StaffCaller
from miniprogram_api.routes.api import (
    DIGITS,
    STAFF,
    Answer,
    Calls,
    Day,
    Moment,
    caller_language,
    surroundings,
    text,
    whole,
)
from miniprogram_api.routes.paging import Page
from scenes.wire.fields import UNSIGNED_32_MAX

calls = Calls("staff", "journal")
FIRST_DAY = date(1970, 1, 1)
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _is_day(value: str) -> str:
    if not DAY.fullmatch(value):
        raise ValueError("not written as 2026-11-22")
    date.fromisoformat(value)  # raises ValueError for 2026-02-30
    return value


class JournalPage(Page):
    """`kiosk`, `boot`: of this one alone. `result`: where the item or one of its lines was answered so. `day`: came in
    on that day of the island, as 2026-11-22."""

    kiosk: Annotated[int, whole(1, UNSIGNED_32_MAX), DIGITS] | None = None
    boot: Annotated[str, text(16, 16, pattern=r"^[0-9a-f]+$")] | None = None
    result: Literal["credited", "pending", "refused"] | None = None
    day: Annotated[Day, AfterValidator(_is_day)] | None = None


class JournalKiosk(Answer):
    id: str
    name: str


class JournalLine(Answer):
    """One act of a reading, `quantity` in code units; `room`: whether one was named."""

    scene: int
    variant: int
    quantity: int
    room: bool
    result: str


class JournalItemAnswer(Answer):
    """`claimed_at` is the kiosk's time, `corrected_at` ours, null while nobody knows it."""

    id: str
    kiosk: JournalKiosk
    boot: str
    seq: int
    hash: str
    kind: Literal["boot", "issued", "read", "clock", "unreadable"]
    claimed_at: Moment
    corrected_at: Moment | None
    received_at: Moment
    result: str
    clerk: str | None
    lines: list[JournalLine]


class JournalAct(Answer):
    """What came of a line or of a code that was issued; of whom is not said here."""

    id: str
    scene: str
    name: str
    state: str
    points: int
    reduction_grams: int
    reason_text: str | None
    occurred_at: Moment
    place: str


class JournalItemRead(JournalItemAnswer):
    """`epoch` and `counter` are those of a code that was issued."""

    epoch: int | None
    counter: int | None
    acts: list[JournalAct]


class JournalItems(Answer):
    data: list[JournalItemAnswer]
    next: str | None


@calls.get("/staff/journal", caller=STAFF, query=JournalPage, answer=JournalItems)
def list_journal(person: StaffCaller, query: JournalPage) -> dict[str, Any]:
    """Items that kiosks sent, newest first"""
    day = None if query.day is None else (date.fromisoformat(query.day) - FIRST_DAY).days
    search = JournalSearch(query.kiosk, query.boot, query.result, day, query.cursor, query.limit)
    return journal_page(db.session(), search)


@calls.get("/staff/journal/<item_id>", caller=STAFF, answer=JournalItemRead)
def read_journal_item(person: StaffCaller, item_id: str) -> dict[str, Any]:
    """One item, and what came of it"""
    number = number_of(item_id)
    rulebook = surroundings().island.directory
    shown = None if number is None else journal_item(db.session(), number, rulebook, caller_language())
    if shown is None:
        raise NotFound
    return shown
