"""What the staff should look at: copies, silences, codes read twice. A notice is seen, and answered with a note."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from miniprogram_api.db import db, number_of
from miniprogram_api.domain.refusals import NotFound
from miniprogram_api.queries.notices import NoticeSearch, notice_page, notice_read
from miniprogram_api.queries.sessions import StaffCaller
from miniprogram_api.routes.api import (
    DIGITS,
    STAFF,
    Answer,
    Body,
    Calls,
    Moment,
    PublicId,
    caller_language,
    surroundings,
    text,
    whole,
)
from miniprogram_api.routes.paging import Page
from miniprogram_api.routes.staff.journal import JournalAct
from miniprogram_api.services.notices import answer_notice as keep_answer
from miniprogram_api.services.notices import see_notice as keep_seen
from scenes.wire.fields import UNSIGNED_32_MAX

calls = Calls("staff", "notices")


class NoticesPage(Page):
    """`search`: words of the kiosk's name, its place, the details or the answer."""

    state: Literal["open", "seen", "answered"] | None = None
    kind: Literal["twin", "clone", "old_boot", "poison_item", "read_twice", "silent", "shared_phone"] | None = None
    kiosk: Annotated[int, whole(1, UNSIGNED_32_MAX), DIGITS] | None = None
    search: Annotated[str, text(64)] | None = None


class NoteBody(Body):
    """What was found and done."""

    note: Annotated[str, text(500)]


class NoticeKiosk(Answer):
    id: str
    name: str
    place: str


class NoticePlace(Answer):
    """Where a code was read: at a kiosk, by an item of its journal, or at a merchant's till."""

    kiosk: NoticeKiosk | None
    merchant: str | None
    boot: str | None
    seq: int | None


class NoticePerson(Answer):
    id: PublicId
    name: str


class NoticeSeen(Answer):
    by: NoticePerson
    at: Moment


class NoticeAnswered(Answer):
    """Without `by` the trouble ended by itself; `note` is then spoke_again or not_active."""

    by: NoticePerson | None
    at: Moment
    note: str


class NoticeAnswer(Answer):
    """`boots`, `seq`: starts and item of the kiosk's journal that it is about. `epoch`, `counter`: of the code that was
    there twice. `since`: the kiosk has been silent since then. `period`: the day or month in which many earned on one
    phone."""

    id: PublicId
    kind: str
    state: str
    raised_at: Moment
    kiosk: NoticeKiosk | None
    places: list[NoticePlace]
    boots: list[str]
    seq: int | None
    epoch: int | None
    counter: int | None
    result: str | None
    since: Moment | None
    period: str | None
    seen: NoticeSeen | None
    answered: NoticeAnswered | None


class NoticeItem(Answer):
    """An item of a journal that the notice is about."""

    id: str
    kiosk: str
    boot: str
    seq: int
    kind: str
    result: str


class NoticeMember(Answer):
    id: PublicId
    nickname: str
    kind: str


class NoticeRead(NoticeAnswer):
    """`members` earned on one phone, the last of them waits."""

    items: list[NoticeItem]
    members: list[NoticeMember]
    acts: list[JournalAct]


class Notices(Answer):
    """`open`: how many nobody has looked at yet; `unanswered`: these and those that were only seen."""

    data: list[NoticeAnswer]
    next: str | None
    open: int
    unanswered: int


@calls.get("/staff/notices", caller=STAFF, query=NoticesPage, answer=Notices)
def list_notices(person: StaffCaller, query: NoticesPage) -> dict[str, Any]:
    """Notices, newest first"""
    search = NoticeSearch(query.state, query.kind, query.kiosk, query.search, query.cursor, query.limit)
    return notice_page(db.session(), search, caller_language(), surroundings().clock.now())


@calls.get("/staff/notices/<notice_id>", caller=STAFF, answer=NoticeRead)
def read_notice(person: StaffCaller, notice_id: str) -> dict[str, Any]:
    """One notice, with the items and acts that it is about"""
    return _found(notice_id)


@calls.post("/staff/notices/<notice_id>/seen", caller=STAFF, answer=NoticeRead)
def see_notice(person: StaffCaller, notice_id: str) -> dict[str, Any]:
    """Say that somebody has looked at it; the first counts"""
    keep_seen(db.session(), _number(notice_id), person.person_id, surroundings().clock)
    return _found(notice_id)


@calls.post(
    "/staff/notices/<notice_id>/answer", caller=STAFF, body=NoteBody, answer=NoticeRead, refuses=("not_allowed",)
)
def answer_notice(person: StaffCaller, notice_id: str, body: NoteBody) -> dict[str, Any]:
    """Say what was found and done about it; one answer counts"""
    keep_answer(db.session(), _number(notice_id), person.person_id, body.note, surroundings().clock)
    return _found(notice_id)


def _number(notice_id: str) -> int:
    number = number_of(notice_id)
    if number is None:
        raise NotFound
    return number


def _found(notice_id: str) -> dict[str, Any]:
    here = surroundings()
    number, language = _number(notice_id), caller_language()
    shown = notice_read(db.session(), number, here.island.directory, language, here.clock.now())
    if shown is None:
        raise NotFound
    return shown
