"""The rule of a scene, version by version: asked for by one person, approved by another."""

from __future__ import annotations

from typing import Any

from miniprogram_api.db import db
from miniprogram_api.domain.refusals import NotFound
from miniprogram_api.domain.rule_changes import Example
from miniprogram_api.queries import rule_versions
from miniprogram_api.queries.history import amount_text, in_language
from miniprogram_api.queries.sessions import StaffCaller
from miniprogram_api.routes.api import STAFF, Answer, Body, Calls, caller_language, surroundings
from miniprogram_api.routes.paging import Page
from miniprogram_api.routes.staff.decisions import declare_decisions
from miniprogram_api.routes.staff.version_shapes import (
    Document,
    Documents,
    Number,
    PreviewAnswer,
    Reason,
    Start,
    VersionAnswer,
    shown_preview,
    version_number,
)
from miniprogram_api.services.rule_drafts import RuleDraft, WantedRule, preview_version
from miniprogram_api.services.rules import decide_version, propose_version, rule_payload
from miniprogram_api.services.version_decisions import Verdict
from scenes.reduction import whole_unit

calls = Calls("staff", "rule_versions")


class RuleDraftBody(Body):
    """`document` as scenes/data has it, or `back_to` an earlier version. Factors that are left out stay as they are."""

    document: Document | None = None
    back_to: Number | None = None
    factors: Documents | None = None
    starts_at: Start | None = None


class RuleVersionBody(RuleDraftBody):
    """What needs no second person may leave `starts_at` out: it starts as soon as it can."""

    reason: Reason


class RuleVersionAnswer(VersionAnswer):
    scene: str


class RuleVersions(Answer):
    data: list[RuleVersionAnswer]
    next: str | None


class RuleExample(Answer):
    """One act before and after; null where there is no such act. `quantity` in whole units."""

    variant: int
    name: str
    quantity: str
    points_before: int | None
    points_after: int | None
    grams_before: int | None
    grams_after: int | None


class RulePreview(PreviewAnswer):
    examples: list[RuleExample]


@calls.get("/staff/scenes/<scene_id>/versions", caller=STAFF, query=Page, answer=RuleVersions)
def list_rule_versions(person: StaffCaller, scene_id: str, query: Page) -> dict[str, Any]:
    """The versions of a scene's rule, newest first, each with what it changed"""
    now = surroundings().clock.now()
    page = rule_versions.rule_version_page(db.session(), scene_id, rule_payload, query.cursor, query.limit, now)
    if page is None:
        raise NotFound
    return page


@calls.post(
    "/staff/scenes/<scene_id>/versions/preview",
    caller=STAFF,
    body=RuleDraftBody,
    answer=RulePreview,
)
def preview_rule_version(person: StaffCaller, scene_id: str, body: RuleDraftBody) -> dict[str, Any]:
    """What a new version would change, and what acts would earn by it"""
    return shown_draft(preview_version(db.session(), scene_id, wanted(body), surroundings().clock))


@calls.post(
    "/staff/scenes/<scene_id>/versions",
    caller=STAFF,
    body=RuleVersionBody,
    answer=RuleVersionAnswer,
    status=201,
)
def create_rule_version(person: StaffCaller, scene_id: str, body: RuleVersionBody) -> dict[str, Any]:
    """Ask for a new version

    It counts once a second person has approved it; what can't cost points is approved by asking.
    """
    asked = wanted(body, body.reason)
    return found(scene_id, propose_version(db.session(), scene_id, asked, person.person_id, surroundings().clock))


def _decided(verdict: Verdict, scene_id: str, version: str) -> dict[str, Any]:
    number = version_number(version)
    decide_version(db.session(), scene_id, number, verdict, surroundings().clock)
    return found(scene_id, number)


declare_decisions(
    calls,
    "/staff/scenes/<scene_id>/versions/<version>",
    "rule_version",
    RuleVersionAnswer,
    _decided,
    (
        "Approve a version that somebody else asked for, at least five seconds before it starts",
        "Say no to a version that somebody else asked for",
        "Take back a version that I asked for",
    ),
)


def found(scene_id: str, number: int) -> dict[str, Any]:
    """The version as it is now."""
    now = surroundings().clock.now()
    shown = rule_versions.rule_version(db.session(), scene_id, number, rule_payload, now)
    if shown is None:
        raise NotFound
    return shown


def wanted(body: RuleDraftBody, reason: str = "") -> WantedRule:
    return WantedRule(body.document, body.back_to, body.starts_at, reason, body.factors)


def shown_draft(draft: RuleDraft) -> dict[str, Any]:
    """The preview of a version that nobody has asked for yet."""
    shown = shown_preview(draft.changes, draft.second_person, draft.starts_at, draft.aside)
    return {**shown, "examples": [_example(one) for one in draft.examples()]}


def _example(example: Example) -> dict[str, Any]:
    before, after = example.before or (None, None), example.after or (None, None)
    return {
        "variant": example.variant.number,
        "name": in_language(example.variant, "name", caller_language()),
        "quantity": amount_text(example.quantity, whole_unit(example.variant.unit)),
        "points_before": before[0],
        "points_after": after[0],
        "grams_before": before[1],
        "grams_after": after[1],
    }
