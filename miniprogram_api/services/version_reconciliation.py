"""Versions read again: each was asked for with an entry of its own, and each decision is about exactly what stands."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Connection, and_, select

from miniprogram_api.db import public_id
from miniprogram_api.domain.changes import Change, needs_second_person
from miniprogram_api.domain.group_changes import group_changes
from miniprogram_api.domain.reconciliation import Difference
from miniprogram_api.domain.rule_changes import RuleText, rule_changes
from miniprogram_api.domain.venue_changes import venue_changes
from miniprogram_api.domain.versions import LEAD_SECONDS, Version, replaced, versions_of
from miniprogram_api.models import Approval, Entry, GroupVersion, RuleVersion, Venue, VenueVersion
from miniprogram_api.models.groups import GROUP_DECIDED, group_versions
from miniprogram_api.models.scenes import rule_versions
from miniprogram_api.models.venues import VENUE_DECIDED, venue_versions
from miniprogram_api.services.group_versions import group_payload
from miniprogram_api.services.rule_documents import first_catalogue
from miniprogram_api.services.rules import rule_payload
from miniprogram_api.services.venue_drafts import FIRST
from miniprogram_api.services.venue_versions import venue_payload

_DECISION = (
    Approval.id.label("approval"),
    Approval.decision,
    Approval.payload,
    Approval.alone,
    Approval.asked_by.label("approval_asked_by"),
    Approval.decided_at,
)
Compare = Callable[[Any, Any], list[Change]]


def version_differences(connection: Connection) -> Iterator[Difference]:
    """Rule versions without their entry, decisions that fit no version, versions that nobody approved like this."""
    yield from _entries(connection)
    yield from _strays(connection)
    for rows in _by(connection.execute(rule_versions(*RuleVersion.__table__.columns, *_DECISION)), "scene").values():
        lines = versions_of(rows)
        yield from _decisions(rows, lines, {row.version: row for row in rows}, rule_payload, _rule_changes)
    yield from _group_decisions(connection)
    first = {row.id: row for row in connection.execute(select(*Venue.__table__.columns))}
    later = connection.execute(venue_versions(*VenueVersion.__table__.columns, *_DECISION))
    for venue, rows in _by(later, "venue_id").items():
        known = {FIRST.version: first[venue], **{row.version: row for row in rows}}
        yield from _decisions(rows, [FIRST, *versions_of(rows)], known, venue_payload, _venue_changes)


def _group_decisions(connection: Connection) -> Iterator[Difference]:
    later = connection.execute(group_versions(*GroupVersion.__table__.columns, *_DECISION))
    groups = first_catalogue().cap_groups
    for group_id, rows in _by(later, "group_id").items():
        if group_id not in groups:
            yield Difference(f"group_versions {group_id}", "group", None, group_id)
            continue
        known = {FIRST.version: groups[group_id], **{row.version: row for row in rows}}
        yield from _decisions(rows, [FIRST, *versions_of(rows)], known, group_payload, _group_changes)


def _by(rows: Any, name: str) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = {}
    for row in rows:
        found.setdefault(getattr(row, name), []).append(row)
    return found


def _entries(connection: Connection) -> Iterator[Difference]:
    without = (
        select(RuleVersion.scene, RuleVersion.version, RuleVersion.entry_id)
        .outerjoin(Entry, and_(Entry.id == RuleVersion.entry_id, Entry.kind == "rule"))
        .where(RuleVersion.asked_by.is_not(None), Entry.id.is_(None))
    )
    for row in connection.execute(without):
        yield Difference(f"rule_versions {row.scene}/{row.version}", "entry", None, row.entry_id)


def _strays(connection: Connection) -> Iterator[Difference]:
    """Decisions about versions that are not there."""
    rules = and_(RuleVersion.scene == Approval.subject_id, RuleVersion.version == Approval.version)
    for subject, table, condition in (
        ("rule", RuleVersion, rules),
        ("group", GroupVersion, GROUP_DECIDED),
        ("venue", VenueVersion, VENUE_DECIDED),
    ):
        wanted = select(Approval.id, Approval.version).outerjoin(table, condition)
        for row in connection.execute(wanted.where(Approval.subject == subject, table.version.is_(None))):
            yield Difference(f"approvals {public_id(row.id)}", f"{subject} version", None, row.version)


def _decisions(
    rows: list[Any], versions: list[Version], known: dict[int, Any], payload: Callable[[Any], bytes], compare: Compare
) -> Iterator[Difference]:
    for row in rows:
        if row.approval is None:
            continue
        name = f"approvals {public_id(row.approval)}"
        expected = payload(row._mapping)
        if bytes(row.payload) != expected:
            yield Difference(name, "payload", bytes(row.payload).hex(), expected.hex())
        if row.approval_asked_by != row.asked_by:
            yield Difference(name, "asked_by", row.approval_asked_by, row.asked_by)
        if row.decision == "approved" and row.starts_at < row.decided_at + LEAD_SECONDS:
            yield Difference(name, "decided_at", row.decided_at, f"at most {row.starts_at - LEAD_SECONDS}")
        base = replaced(versions, row.version, row.starts_at)
        if row.decision == "approved" and row.alone and _costs(compare, known.get(base.version) if base else None, row):
            yield Difference(name, "alone", 1, 0)


def _costs(compare: Compare, before: Any, after: Any) -> bool:
    try:
        return needs_second_person(compare(before, after))
    except (ValueError, KeyError, TypeError, AttributeError):
        return True  # what can't be read can't have been harmless


def _rule_changes(before: Any, after: Any) -> list[Change]:
    return rule_changes(None if before is None else _text(before), _text(after))


def _text(row: Any) -> RuleText:
    return RuleText(json.loads(row.document), json.loads(row.factors))


def _group_changes(before: Any, after: Any) -> list[Change]:
    return group_changes({"points": before.points}, {"points": after.points})


def _venue_changes(before: Any, after: Any) -> list[Change]:
    return venue_changes(_document(before), _document(after))


def _document(row: Any) -> dict[str, Any]:
    return {"name_zh": row.name_zh, "name_en": row.name_en, "profile": json.loads(row.profile)}
