"""The versions of a scene's rule, each with what it changed; and the scenes that have no rule in force."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from miniprogram_api.domain.rule_changes import RuleText, rule_changes
from miniprogram_api.domain.rules import Rule, read_rule
from miniprogram_api.domain.versions import Version, in_force, replaced, state_of, versions_of
from miniprogram_api.models import Approval, RuleVersion
from miniprogram_api.models.scenes import rule_versions
from miniprogram_api.queries.versions import DECISION, Payload, names_of, page_of, shown_version
from scenes.cap_group import CapGroup

_LINE = (RuleVersion.scene, RuleVersion.version, RuleVersion.starts_at, RuleVersion.asked_by, Approval.decision)


def versions_of_scenes(session: Session) -> dict[int, list[Version]]:
    """Every version of every scene, without its document."""
    found: dict[int, list[Any]] = {}
    for row in session.execute(rule_versions(*_LINE)):
        found.setdefault(row.scene, []).append(row)
    return {scene: versions_of(rows) for scene, rows in found.items()}


def versions_of_scene(session: Session, slug: str) -> list[Version]:
    """Empty for a scene that nobody knows."""
    return versions_of(session.execute(rule_versions(*_LINE).where(RuleVersion.slug == slug)))


def rule_version_page(
    session: Session, slug: str, payload: Payload, cursor: str | None, limit: int, now: int
) -> dict[str, Any] | None:
    """Newest first: {data, next}; None for a scene that nobody knows."""
    versions = versions_of_scene(session, slug)
    shown, following = page_of(versions, cursor, limit)
    data = _shown(session, slug, versions, shown, payload, now)
    return {"data": data, "next": following} if versions else None


def rule_version(session: Session, slug: str, number: int, payload: Payload, now: int) -> dict[str, Any] | None:
    """One of them."""
    versions = versions_of_scene(session, slug)
    wanted = [one for one in versions if one.version == number]
    return next(iter(_shown(session, slug, versions, wanted, payload, now)), None)


def current_text(session: Session, slug: str, versions: Iterable[Version], now: int) -> RuleText:
    """The document and factors of the version in force, of the newest where none is."""
    one = in_force(versions, now) or max(versions, key=lambda version: version.version)
    return _texts(session, slug, {one.version})[one.version]


def other_rules(
    session: Session, versions: dict[int, list[Version]], known: set[int], cap_groups: dict[str, CapGroup], now: int
) -> list[tuple[Rule, str]]:
    """The newest version of each scene beside the known ones, with its state: scenes without a rule in force."""
    found = []
    for scene, lines in sorted(versions.items()):
        if scene not in known:
            newest = max(lines, key=lambda one: one.version)
            row = session.execute(
                select(*RuleVersion.__table__.columns).where(
                    RuleVersion.scene == scene, RuleVersion.version == newest.version
                )
            ).one()
            found.append((read_rule(row, cap_groups), state_of(lines, newest, now)))
    return found


def _shown(
    session: Session, slug: str, versions: list[Version], wanted: list[Version], payload: Payload, now: int
) -> list[dict[str, Any]]:
    rows = session.execute(
        rule_versions(*RuleVersion.__table__.columns, *DECISION).where(
            RuleVersion.slug == slug, RuleVersion.version.in_([one.version for one in wanted])
        )
    ).all()
    bases = {one.version: replaced(versions, one.version, one.starts_at) for one in wanted}
    texts = {row.version: RuleText(json.loads(row.document), json.loads(row.factors)) for row in rows}
    before = texts | _texts(session, slug, {base.version for base in bases.values() if base} - set(texts))
    names, shown = names_of(session, rows), []
    for row in sorted(rows, key=lambda row: -row.version):
        base, text = bases[row.version], texts[row.version]
        changes = [] if row.asked_by is None else rule_changes(before[base.version] if base else None, text)
        version = shown_version(row, versions, changes, names, now)
        more = {"scene": slug, "payload": payload(row._mapping).hex()}
        shown.append({**version, **more, "document": text.document, "factors": text.factors})
    return shown


def _texts(session: Session, slug: str, numbers: set[int]) -> dict[int, RuleText]:
    rows = session.execute(
        select(RuleVersion.version, RuleVersion.document, RuleVersion.factors).where(
            RuleVersion.slug == slug, RuleVersion.version.in_(numbers)
        )
    )
    return {row.version: RuleText(json.loads(row.document), json.loads(row.factors)) for row in rows}
