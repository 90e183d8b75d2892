"""The limits in points that scenes share, version by version."""

from __future__ import annotations

from typing import Any, Literal

from miniprogram_api.db import db
from miniprogram_api.domain.group_changes import GroupExample
from miniprogram_api.domain.refusals import NotFound
from miniprogram_api.queries import groups
from miniprogram_api.queries.history import amount_text, in_language
from miniprogram_api.queries.sessions import StaffCaller
from miniprogram_api.routes.api import STAFF, Answer, Body, Calls, Moment, caller_language, surroundings
from miniprogram_api.routes.paging import Page
from miniprogram_api.routes.staff.decisions import declare_decisions
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
from miniprogram_api.services import group_drafts
from miniprogram_api.services.group_drafts import group_of
from miniprogram_api.services.group_versions import decide_group_version, group_payload, propose_group_version
from miniprogram_api.services.rule_documents import first_catalogue
from miniprogram_api.services.version_decisions import Verdict
from miniprogram_api.services.version_drafts import Wanted
from scenes.cap_group import CapGroup
from scenes.reduction import whole_unit

calls = Calls("staff", "groups")


class GroupDraftBody(Body):
    """`document`: {points}, at most so many per member and period; or `back_to` an earlier version."""

    document: Document | None = None
    back_to: Number | None = None
    starts_at: Start | None = None


class GroupVersionBody(GroupDraftBody):
    """Fewer points need no second person; then `starts_at` may be left out: it starts as soon as it can."""

    reason: Reason


class GroupScene(Answer):
    id: str
    number: int
    name: str
    icon: str


class GroupAnswer(Answer):
    """At most `points` per member and `period` from all these scenes together. `versions`: how many there are."""

    id: str
    points: int
    period: Literal["day", "night", "week", "month"]
    version: int
    starts_at: Moment
    versions: int
    scenes: list[GroupScene]
    waiting: WaitingVersion | None


class GroupList(Answer):
    data: list[GroupAnswer]
    next: str | None


class GroupVersionAnswer(VersionAnswer):
    group: str


class GroupVersions(Answer):
    data: list[GroupVersionAnswer]
    next: str | None


class GroupDay(Answer):
    """How much of a scene brings a member points in the period, in whole units, when they do nothing else of it."""

    scene: str
    name: str
    unit: str
    before: str
    after: str


class GroupPreview(PreviewAnswer):
    examples: list[GroupDay]


@calls.get("/staff/groups", caller=STAFF, answer=GroupList)
def list_groups(person: StaffCaller) -> dict[str, Any]:
    """Every limit that scenes share, as it is now"""
    return {"data": [_shown(group) for group in first_catalogue().cap_groups.values()], "next": None}


@calls.get("/staff/groups/<group_id>", caller=STAFF, answer=GroupAnswer)
def read_group(person: StaffCaller, group_id: str) -> dict[str, Any]:
    """One of them with its scenes"""
    return _shown(group_of(group_id))


def _shown(group: CapGroup) -> dict[str, Any]:
    here = surroundings()
    now = here.clock.now()
    return groups.shown_group(db.session(), group, here.island.directory.rules(now), caller_language(), now)


@calls.get("/staff/groups/<group_id>/versions", caller=STAFF, query=Page, answer=GroupVersions)
def list_group_versions(person: StaffCaller, group_id: str, query: Page) -> dict[str, Any]:
    """The versions of a shared limit, newest first, each with what it changed"""
    now = surroundings().clock.now()
    return groups.group_version_page(db.session(), group_of(group_id), group_payload, query.cursor, query.limit, now)


@calls.post("/staff/groups/<group_id>/versions/preview", caller=STAFF, body=GroupDraftBody, answer=GroupPreview)
def preview_group_version(person: StaffCaller, group_id: str, body: GroupDraftBody) -> dict[str, Any]:
    """What a new version would change, and what that means for a member's day"""
    here, language = surroundings(), caller_language()
    draft = group_drafts.preview_group_version(db.session(), group_id, _wanted(body), here.clock)
    shown = shown_preview(draft.changes, draft.second_person, draft.starts_at, draft.aside)
    return {**shown, "examples": [_day(one, language) for one in draft.examples(here.island)]}


def _day(example: GroupExample, language: str) -> dict[str, str]:
    whole = whole_unit(example.scene.unit)
    return {
        "scene": example.scene.slug,
        "name": in_language(example.scene, "name", language),
        "unit": example.scene.unit,
        "before": amount_text(example.before, whole),
        "after": amount_text(example.after, whole),
    }


@calls.post(
    "/staff/groups/<group_id>/versions",
    caller=STAFF,
    body=GroupVersionBody,
    answer=GroupVersionAnswer,
    status=201,
)
def create_group_version(person: StaffCaller, group_id: str, body: GroupVersionBody) -> dict[str, Any]:
    """Ask for a new version of the shared limit

    It counts once a second person has approved it; fewer points are approved by asking.
    """
    wanted, clock = _wanted(body, body.reason), surroundings().clock
    return _found(group_id, propose_group_version(db.session(), group_id, wanted, person.person_id, clock))


def _decided(verdict: Verdict, group_id: str, version: str) -> dict[str, Any]:
    number = version_number(version)
    decide_group_version(db.session(), group_id, number, verdict, surroundings().clock)
    return _found(group_id, number)


declare_decisions(
    calls,
    "/staff/groups/<group_id>/versions/<version>",
    "group_version",
    GroupVersionAnswer,
    _decided,
    (
        "Approve a version that somebody else asked for, at least five seconds before it starts",
        "Say no to a version that somebody else asked for",
        "Take back a version that I asked for",
    ),
)


def _found(group_id: str, number: int) -> dict[str, Any]:
    now = surroundings().clock.now()
    shown = groups.group_version(db.session(), group_of(group_id), number, group_payload, now)
    if shown is None:
        raise NotFound
    return shown


def _wanted(body: GroupDraftBody, reason: str = "") -> Wanted:
    return Wanted(body.document, body.back_to, body.starts_at, reason)
