"""The places: what they offer, version by version."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from miniprogram_api.db import db
from miniprogram_api.domain.refusals import NotFound
from miniprogram_api.queries import venues
from miniprogram_api.queries.sessions import StaffCaller
from miniprogram_api.routes.api import (
    STAFF,
    Answer,
    Body,
    Calls,
    Moment,
    caller_language,
    surroundings,
    text,
    whole,
)
from miniprogram_api.routes.paging import Page
from miniprogram_api.routes.staff.decisions import declare_decisions
from miniprogram_api.routes.staff.kiosks import MapPoint
from miniprogram_api.routes.staff.version_shapes import (
    Document,
    Number,
    PreviewAnswer,
    Reason,
    Start,
    VersionAnswer,
    WaitingVersion,
    shown_preview,
    version_number,
)
from miniprogram_api.services import new_venues, venue_drafts
from miniprogram_api.services.new_venues import NewPlace
from miniprogram_api.services.venue_versions import decide_venue_version, propose_venue_version, venue_payload
from miniprogram_api.services.version_decisions import Verdict
from miniprogram_api.services.version_drafts import Wanted

calls = Calls("staff", "venues")


class VenueDraftBody(Body):
    """`document`: {name_zh, name_en, profile}, the profile as agreements carry it; or `back_to` an earlier version."""

    document: Document | None = None
    back_to: Number | None = None
    starts_at: Start | None = None


class VenueVersionBody(VenueDraftBody):
    """What needs no second person may leave `starts_at` out: it starts as soon as it can."""

    reason: Reason


class NewPoint(Body):
    x: Annotated[int, whole(0, 1000)]
    y: Annotated[int, whole(0, 1000)]


class NewVenueDraftBody(Body):
    """What a place is for ever, and the `document` of what it is to offer; `map` in thousandths of the drawn map."""

    id: Annotated[str, text(48, pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    side: Literal["mainland", "sea", "island"]
    map: NewPoint
    document: Document
    starts_at: Start | None = None


class NewVenueBody(NewVenueDraftBody):
    """A place that offers nothing yet needs no second person and may leave `starts_at` out."""

    reason: Reason


class VenueKiosk(Answer):
    id: str
    name: str
    state: Literal["invited", "active", "suspended", "lost", "retired"]


class VenueAnswer(Answer):
    """Names and profile as they are in force now."""

    id: str
    name: str
    name_zh: str
    name_en: str
    side: Literal["mainland", "sea", "island"]
    map: MapPoint
    profile: dict[str, Any]
    version: int
    starts_at: Moment
    kiosks: list[VenueKiosk]
    waiting: WaitingVersion | None


class VenueList(Answer):
    data: list[VenueAnswer]
    next: str | None


class VenueFound(Answer):
    """`versions`: how many there are."""

    venue: VenueAnswer
    document: dict[str, Any]
    versions: int
    waiting: WaitingVersion | None


class VenueVersionAnswer(VersionAnswer):
    venue: str


class VenueVersions(Answer):
    data: list[VenueVersionAnswer]
    next: str | None


class VenuePreview(PreviewAnswer):
    """A place gives no example of its own: acts earn by the rules of the scenes."""

    examples: list[Any]


@calls.get("/staff/venues", caller=STAFF, answer=VenueList)
def list_venues(person: StaffCaller) -> dict[str, Any]:
    """Every place with what it offers now"""
    return {"data": venues.venues(db.session(), caller_language(), surroundings().clock.now()), "next": None}


@calls.post("/staff/venues/preview", caller=STAFF, body=NewVenueDraftBody, answer=VenuePreview)
def preview_venue(person: StaffCaller, body: NewVenueDraftBody) -> dict[str, Any]:
    """What opening a new place would bring"""
    draft = new_venues.preview_venue(db.session(), _place(body), _opening(body), surroundings().clock)
    return {**shown_preview(draft.changes, draft.second_person, draft.starts_at, draft.aside), "examples": []}


@calls.post("/staff/venues", caller=STAFF, body=NewVenueBody, answer=VenueVersionAnswer, status=201)
def create_venue(person: StaffCaller, body: NewVenueBody) -> dict[str, Any]:
    """Open a place, and ask for what it is to offer

    It is empty until that begins, which a second person has to approve where points can be earned there.
    """
    wanted, clock = _opening(body, body.reason), surroundings().clock
    return _found(body.id, new_venues.propose_venue(db.session(), _place(body), wanted, person.person_id, clock))


def _place(body: NewVenueDraftBody) -> NewPlace:
    return NewPlace(body.id, body.side, body.map.x, body.map.y)


def _opening(body: NewVenueDraftBody, reason: str = "") -> Wanted:
    return Wanted(body.document, None, body.starts_at, reason)


@calls.get("/staff/venues/<venue_id>", caller=STAFF, answer=VenueFound)
def read_venue(person: StaffCaller, venue_id: str) -> dict[str, Any]:
    """One place with the document in force"""
    shown = venues.venue(db.session(), venue_id, caller_language(), surroundings().clock.now())
    if shown is None:
        raise NotFound
    return shown


@calls.get("/staff/venues/<venue_id>/versions", caller=STAFF, query=Page, answer=VenueVersions)
def list_venue_versions(person: StaffCaller, venue_id: str, query: Page) -> dict[str, Any]:
    """The versions of a place, newest first, each with what it changed"""
    now = surroundings().clock.now()
    page = venues.venue_version_page(db.session(), venue_id, venue_payload, query.cursor, query.limit, now)
    if page is None:
        raise NotFound
    return page


@calls.post("/staff/venues/<venue_id>/versions/preview", caller=STAFF, body=VenueDraftBody, answer=VenuePreview)
def preview_venue_version(person: StaffCaller, venue_id: str, body: VenueDraftBody) -> dict[str, Any]:
    """What a new version of the place would change"""
    draft = venue_drafts.preview_venue_version(db.session(), venue_id, _wanted(body), surroundings().clock)
    return {**shown_preview(draft.changes, draft.second_person, draft.starts_at, draft.aside), "examples": []}


@calls.post(
    "/staff/venues/<venue_id>/versions",
    caller=STAFF,
    body=VenueVersionBody,
    answer=VenueVersionAnswer,
    status=201,
)
def create_venue_version(person: StaffCaller, venue_id: str, body: VenueVersionBody) -> dict[str, Any]:
    """Ask for a new version of the place

    It counts once a second person has approved it; what can't cost points is approved by asking.
    """
    wanted, clock = _wanted(body, body.reason), surroundings().clock
    return _found(venue_id, propose_venue_version(db.session(), venue_id, wanted, person.person_id, clock))


def _decided(verdict: Verdict, venue_id: str, version: str) -> dict[str, Any]:
    number = version_number(version)
    decide_venue_version(db.session(), venue_id, number, verdict, surroundings().clock)
    return _found(venue_id, number)


declare_decisions(
    calls,
    "/staff/venues/<venue_id>/versions/<version>",
    "venue_version",
    VenueVersionAnswer,
    _decided,
    (
        "Approve a version that somebody else asked for, at least five seconds before it starts",
        "Say no to a version that somebody else asked for",
        "Take back a version that I asked for",
    ),
)


def _found(venue_id: str, number: int) -> dict[str, Any]:
    now = surroundings().clock.now()
    shown = venues.venue_version(db.session(), venue_id, number, venue_payload, now)
    if shown is None:
        raise NotFound
    return shown


def _wanted(body: VenueDraftBody, reason: str = "") -> Wanted:
    return Wanted(body.document, body.back_to, body.starts_at, reason)
