"""What kiosks sent, for the staff: what was refused and what waits stays listed here."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from miniprogram_api.db import db
from miniprogram_api.queries.journal import journal_page
from miniprogram_api.queries.sessions import StaffCaller
from miniprogram_api.routes.api import DIGITS, STAFF, Answer, Calls, Moment, whole
from miniprogram_api.routes.paging import Page
from scenes.wire.fields import UNSIGNED_32_MAX

calls = Calls("staff", "journal")


class JournalPage(Page):
    """`kiosk`: of this one alone. `result`: where the item or one of its lines was answered so."""

    kiosk: Annotated[int, whole(1, UNSIGNED_32_MAX), DIGITS] | None = None
    result: Literal["credited", "pending", "refused"] | None = None


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


class JournalItems(Answer):
    data: list[JournalItemAnswer]
    next: str | None


@calls.get("/staff/journal", caller=STAFF, query=JournalPage, answer=JournalItems)
def list_journal(person: StaffCaller, query: JournalPage) -> dict[str, Any]:
    """Items that kiosks sent, newest first"""
    return journal_page(db.session(), query.kiosk, query.result, query.cursor, query.limit)
