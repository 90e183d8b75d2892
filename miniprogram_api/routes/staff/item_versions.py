"""An item, version by version: asked for by one person, approved by another where it costs."""

from __future__ import annotations

from typing import Any, Literal

from miniprogram_api.db import db
from miniprogram_api.domain.refusals import NotFound
from miniprogram_api.queries.item_versions import staff_item_version, staff_item_versions
from miniprogram_api.queries.sessions import StaffCaller
from miniprogram_api.routes.api import STAFF, Answer, Calls, Moment, surroundings
from miniprogram_api.routes.paging import Page
from miniprogram_api.routes.staff.decisions import declare_decisions
from miniprogram_api.routes.staff.items import ItemDraftBody, ItemVersionBody, ItemVersionDocument, number
from miniprogram_api.routes.staff.version_shapes import (
    Digest,
    FieldChange,
    NamedPerson,
    PlannedVersion,
    State,
    version_number,
)
from miniprogram_api.services.item_versions import (
    ask_for_version,
    decide_version,
    payload_of_version,
    preview_version,
)
from miniprogram_api.services.version_decisions import Verdict

calls = Calls("staff", "item_versions")


class ItemVersionAnswer(Answer):
    """`changes` against the version whose place it takes; `starts_at` null: as soon as it is decided; `payload` is the
    SHA-256 of what a decision decides."""

    version: int
    state: State
    starts_at: Moment | None
    ends_at: Moment | None
    reason: str
    asked_by: NamedPerson | None
    asked_at: Moment
    decided_by: NamedPerson | None
    decided_at: Moment | None
    decision_reason: str | None
    second_person: bool
    payload: Digest
    changes: list[FieldChange]
    document: ItemVersionDocument


class ItemVersions(Answer):
    data: list[ItemVersionAnswer]
    next: str | None


class ItemPreview(Answer):
    """What asking would do. `puts_aside`: planned versions that would never be in force then."""

    changes: list[FieldChange]
    second_person: bool
    starts_at: Moment | None
    puts_aside: list[PlannedVersion]
    valid: Literal[True]


@calls.get("/staff/items/<item_id>/versions", caller=STAFF, query=Page, answer=ItemVersions)
def list_item_versions(person: StaffCaller, item_id: str, query: Page) -> dict[str, Any]:
    """The versions of an item, newest first, each with what it changed"""
    now = surroundings().clock.now()
    page = staff_item_versions(db.session(), number(item_id), payload_of_version, now, query.cursor, query.limit)
    if page is None:
        raise NotFound
    return page


@calls.post("/staff/items/<item_id>/versions/preview", caller=STAFF, body=ItemDraftBody, answer=ItemPreview)
def preview_item_version(person: StaffCaller, item_id: str, body: ItemDraftBody) -> dict[str, Any]:
    """What a new version would change"""
    draft = preview_version(db.session(), number(item_id), body.draft(""), surroundings().clock)
    return {
        "changes": draft.changes,
        "second_person": draft.second_person,
        "starts_at": body.starts_at,
        "puts_aside": draft.aside,
        "valid": True,
    }


@calls.post("/staff/items/<item_id>/versions", caller=STAFF, body=ItemVersionBody, answer=ItemVersionAnswer, status=201)
def create_item_version(person: StaffCaller, item_id: str, body: ItemVersionBody) -> dict[str, Any]:
    """Ask for a new version

    What costs the programme nothing is approved by asking; all else counts once a second person has approved it.
    """
    item, draft = number(item_id), body.draft(body.reason)
    return _found(item, ask_for_version(db.session(), item, draft, person.person_id, surroundings().clock))


def _decided(verdict: Verdict, item_id: str, version: str) -> dict[str, Any]:
    item, which = number(item_id), version_number(version)
    decide_version(db.session(), item, which, verdict, surroundings().clock)
    return _found(item, which)


declare_decisions(
    calls,
    "/staff/items/<item_id>/versions/<version>",
    "item_version",
    ItemVersionAnswer,
    _decided,
    (
        "Approve a version that somebody else asked for",
        "Say no to a version that somebody else asked for",
        "Take back a version that I asked for",
    ),
)


def _found(item_id: int, version: int) -> dict[str, Any]:
    """The version as it is now."""
    now = surroundings().clock.now()
    shown = staff_item_version(db.session(), item_id, version, payload_of_version, now)
    if shown is None:
        raise NotFound
    return shown
