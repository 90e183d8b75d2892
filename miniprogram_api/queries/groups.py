"""The limits that scenes share, with what is in force, and their versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from miniprogram_api.domain.group_changes import group_changes
from miniprogram_api.domain.rules import Rule
from miniprogram_api.domain.versions import Version, in_force, replaced, versions_of
from miniprogram_api.models import GroupVersion
from miniprogram_api.models.groups import group_versions
from miniprogram_api.queries.history import in_language
from miniprogram_api.queries.versions import DECISION, Payload, names_of, page_of, shown_version, waiting_of
from scenes.cap_group import CapGroup


class _Row(NamedTuple):
    """A version with its decision; the first one is the group of scenes/data, which nobody asked for."""

    version: int
    starts_at: int
    points: int
    reason: str = ""
    asked_by: int | None = None
    created_at: int | None = None
    decision: str | None = None
    alone: int | None = None
    decided_by: int | None = None
    decided_at: int | None = None
    decision_reason: str | None = None

    @property
    def document(self) -> dict[str, Any]:
        return {"points": self.points}


_LATER = (
    *(GroupVersion.version, GroupVersion.starts_at, GroupVersion.points),
    *(GroupVersion.reason, GroupVersion.asked_by, GroupVersion.created_at),
)


def groups_in_force(session: Session, groups: dict[str, CapGroup], now: int) -> list[CapGroup]:
    """Each group with its points now."""
    return [replace(group, points=_in_force(_rows(session, group), now).points) for group in groups.values()]


def shown_group(session: Session, group: CapGroup, rules: Sequence[Rule], language: str, now: int) -> dict[str, Any]:
    """One group with the scenes that share it by the rules given."""
    rows = _rows(session, group)
    current = _in_force(rows, now)
    scenes = [rule.scene for rule in rules if rule.scene.cap_group == group.id]
    shown = [
        {"id": scene.slug, "number": scene.number, "name": in_language(scene, "name", language), "icon": scene.icon}
        for scene in scenes
    ]
    return {
        "id": group.id,
        "points": current.points,
        "period": group.period,
        "version": current.version,
        "starts_at": current.starts_at,
        "versions": len(rows),
        "scenes": shown,
        "waiting": waiting_of(versions_of(rows)),
    }


def group_version_page(
    session: Session, group: CapGroup, payload: Payload, cursor: str | None, limit: int, now: int
) -> dict[str, Any]:
    """Newest first: {data, next}."""
    rows = _rows(session, group)
    shown, following = page_of(versions_of(rows), cursor, limit)
    return {"data": _shown(session, group, rows, shown, payload, now), "next": following}


def group_version(session: Session, group: CapGroup, number: int, payload: Payload, now: int) -> dict[str, Any] | None:
    """One of them."""
    rows = _rows(session, group)
    wanted = [one for one in versions_of(rows) if one.version == number]
    return next(iter(_shown(session, group, rows, wanted, payload, now)), None)


def _rows(session: Session, group: CapGroup) -> list[_Row]:
    later = session.execute(group_versions(*_LATER, *DECISION).where(GroupVersion.group_id == group.id))
    return [_Row(1, 0, group.points), *(_Row(*row) for row in later)]


def _in_force(rows: list[_Row], now: int) -> _Row:
    current = in_force(versions_of(rows), now)
    assert current is not None, "the first version is there from the beginning"
    return next(row for row in rows if row.version == current.version)


def _shown(
    session: Session, group: CapGroup, rows: list[_Row], wanted: list[Version], payload: Payload, now: int
) -> list[dict[str, Any]]:
    by_number, versions, names = {row.version: row for row in rows}, versions_of(rows), names_of(session, rows)
    shown = []
    for one in wanted:
        row, base = by_number[one.version], replaced(versions, one.version, one.starts_at)
        changes = group_changes(by_number[base.version].document, row.document) if base else []
        more: dict[str, Any] = {"group": group.id, "payload": payload(row._asdict() | {"group_id": group.id}).hex()}
        more |= {"document": row.document, "factors": []}
        shown.append({**shown_version(row, versions, changes, names, now), **more})
    return shown
