"""Rules of the scenes come into force: the first catalogue, and what staff ask for and a second person approves."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from miniprogram_api.books.entries import Caller, Concerns, entry_row
from miniprogram_api.clock import Clock
from miniprogram_api.db import TryAgain, transaction, use_case
from miniprogram_api.domain.first_reasons import FIRST_CATALOGUE
from miniprogram_api.domain.refusals import NotFound
from miniprogram_api.domain.rules import factors_shown
from miniprogram_api.domain.versions import check_not_overtaken
from miniprogram_api.models import Approval, Entry, RuleVersion
from miniprogram_api.models.scenes import rule_versions
from miniprogram_api.services.approvals import APPROVED, payload_of
from miniprogram_api.services.audit import record_act
from miniprogram_api.services.people import actor_of
from miniprogram_api.services.rule_drafts import (
    RuleDraft,
    WantedRule,
    draft_of_new_scene,
    draft_of_version,
    stored_versions,
    take_turn,
)
from miniprogram_api.services.version_decisions import AskedVersion, Verdict, asked_version, settle, settle_alone
from scenes.catalogue import Catalogue

FIRST_VERSION = 1
FROM_THE_BEGINNING = 0  # an act of a kiosk whose clock was behind still finds its rule


@use_case
def publish_catalogue(session: Session, catalogue: Catalogue, clock: Clock) -> int:
    """Puts the first version of every scene in force that has none yet; answers how many were new."""
    with transaction(session) as connection:
        there = set(connection.execute(select(RuleVersion.scene)).scalars())
        rows = [_first_version(catalogue, number, clock.now()) for number in catalogue.documents if number not in there]
        if rows:
            connection.execute(insert(RuleVersion), rows)
    return len(rows)


def _first_version(catalogue: Catalogue, number: int, now: int) -> dict[str, Any]:
    scene = catalogue.scenes[number]
    factors = sorted({variant.factor for variant in scene.variants})
    return {
        "scene": number,
        "version": FIRST_VERSION,
        "slug": scene.slug,
        "starts_at": FROM_THE_BEGINNING,
        "document": json.dumps(catalogue.documents[number], ensure_ascii=False, sort_keys=True),
        "factors": json.dumps([asdict(catalogue.factors[name]) for name in factors], ensure_ascii=False),
        "reason": FIRST_CATALOGUE,
        "created_at": now,
    }


@use_case
def propose_version(session: Session, slug: str, wanted: WantedRule, by: int, clock: Clock) -> int:
    """Ask for the next version of a scene's rule; answers its number.

    It counts from its start on once a second person has approved it; what can't cost points counts without. Raises
    NotFound, InvalidFields, NotAllowed (why: version_waiting, start_passed).
    """
    with transaction(session) as connection:
        take_turn(connection)
        draft = draft_of_version(connection, slug, wanted, clock.now())
        _ask(connection, draft, wanted.reason, by, clock.now())
    return draft.version


@use_case
def propose_scene(session: Session, wanted: WantedRule, by: int, clock: Clock) -> str:
    """Ask for a scene that is new: it gets the next number. Answers its slug; raises as above."""
    with transaction(session) as connection:
        take_turn(connection)
        draft = draft_of_new_scene(connection, wanted, clock.now())
        _ask(connection, draft, wanted.reason, by, clock.now())
    return draft.slug


def _ask(connection: Connection, draft: RuleDraft, reason: str, by: int, now: int) -> None:
    row: dict[str, Any] = {
        "scene": draft.scene,
        "version": draft.version,
        "slug": draft.slug,
        "starts_at": draft.start(),
        "document": draft.written.document_json,
        "factors": draft.written.factors_json,
        "reason": reason,
        "created_at": now,
        "asked_by": by,
    }
    shown: dict[str, int | str] = {"scene": draft.scene, "rule": draft.version, "factor": factors_shown(row["factors"])}
    entry = entry_row("rule", Caller("staff", by), Concerns(now), now, shown)
    try:
        connection.execute(insert(Entry).values(**entry))
        connection.execute(insert(RuleVersion).values(**row, entry_id=entry["id"]))
    except IntegrityError as error:
        raise TryAgain from error  # somebody asked for this version a moment ago
    _record(connection, by, "rule_asked", draft.slug, {"version": draft.version}, now)
    if not draft.second_person:
        settle_alone(connection, _asked(row), now)
        _record(connection, by, "rule_approved", draft.slug, {"version": draft.version, "alone": True}, now)


@use_case
def decide_version(session: Session, slug: str, version: int, verdict: Verdict, clock: Clock) -> None:
    """Approve, reject or withdraw a version that waits. Raises NotFound, NotAllowed (why: version_overtaken) and
    the refusals of `settle`."""
    with transaction(session) as connection:
        row = _found(connection, slug, version)
        now = clock.now()
        if verdict.decision == APPROVED and row.decision is None:
            versions = stored_versions(connection, row.scene)
            check_not_overtaken(versions, next(one for one in versions if one.version == version))
        if settle(connection, _asked(row._mapping), verdict, now):
            _record(connection, verdict.by, f"rule_{verdict.decision}", slug, {"version": version}, now)


def rule_payload(row: Any) -> bytes:
    """SHA-256 of what a decision on this version decides: from when which rule with which factors."""
    return payload_of({name: row[name] for name in ("scene", "version", "starts_at", "document", "factors")})


def _found(connection: Connection, slug: str, version: int) -> Any:
    wanted = rule_versions(*RuleVersion.__table__.columns, Approval.decision, Approval.decided_by).where(
        RuleVersion.slug == slug, RuleVersion.version == version
    )
    row = connection.execute(wanted).one_or_none()
    if row is None:
        raise NotFound
    return row


def _asked(row: Any) -> AskedVersion:
    shown = {"scene": row["scene"], "rule": row["version"]}
    return asked_version("rule", row["scene"], row, rule_payload(row), row["starts_at"], shown)


def _record(connection: Connection, by: int, act: str, slug: str, detail: dict[str, Any], now: int) -> None:
    record_act(connection, actor_of(by), act, f"scene:{slug}", detail, now)
