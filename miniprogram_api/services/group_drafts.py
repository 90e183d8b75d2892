"""A version of a shared limit before anybody asks for it: checked, compared with what it takes the place of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from miniprogram_api.clock import Clock
from miniprogram_api.domain.group_changes import GroupExample, group_changes, group_examples
from miniprogram_api.domain.refusals import NotFound
from miniprogram_api.domain.versions import (
    Version,
    check_none_waits,
    next_number,
    put_aside,
    replaced,
    versions_of,
)
from miniprogram_api.models import Approval, GroupVersion
from miniprogram_api.models.groups import group_versions
from miniprogram_api.services.island import Island
from miniprogram_api.services.rule_documents import first_catalogue, invalid
from miniprogram_api.services.version_drafts import Draft, Wanted
from scenes.cap_group import CapGroup
from scenes.fields import POINTS_MAX

FIRST = Version(1, 0, seeded=True)  # the group as scenes/data has it


@dataclass(frozen=True)
class GroupDraft(Draft):
    """`document` is {points}; `before` the points of the version whose place it takes."""

    group: CapGroup
    document: dict[str, Any]
    before: int

    def examples(self, island: Island) -> list[GroupExample]:
        """What it changes for a member by the rules in force at its start."""
        rules = island.directory.rules(self.starts_at)
        scenes = [rule.scene for rule in rules if rule.scene.cap_group == self.group.id]
        return group_examples(scenes, self.before, self.document["points"])


def group_of(group_id: str) -> CapGroup:
    """The group as it was first. Raises NotFound."""
    group = first_catalogue().cap_groups.get(group_id)
    if group is None:
        raise NotFound
    return group


def preview_group_version(session: Session, group_id: str, wanted: Wanted, clock: Clock) -> GroupDraft:
    """What asking would do; nothing is written."""
    return draft_of_group(session.connection(), group_id, wanted, clock.now())


def draft_of_group(connection: Connection, group_id: str, wanted: Wanted, now: int) -> GroupDraft:
    """The next version of a group that is known. Raises NotFound, InvalidFields, NotAllowed."""
    group = group_of(group_id)
    columns = (GroupVersion.version, GroupVersion.starts_at, GroupVersion.asked_by, Approval.decision)
    later = connection.execute(group_versions(*columns).where(GroupVersion.group_id == group_id))
    versions = [FIRST, *versions_of(later)]
    check_none_waits(versions)
    starts_at = wanted.start(now)
    number = next_number(versions)
    base = replaced(versions, number, starts_at)
    assert base is not None, "the first version is there from the beginning"
    source = wanted.source(versions)
    document = _document(connection, group, source) if isinstance(source, int) else _checked(source)
    before = _document(connection, group, base.version)
    changes = group_changes(before, document)
    wanted.check_changed(changes)
    chosen, aside = wanted.starts_at is not None, put_aside(versions, starts_at)
    return GroupDraft(number, starts_at, chosen, changes, aside, group, document, before["points"])


def _document(connection: Connection, group: CapGroup, version: int) -> dict[str, Any]:
    if version == FIRST.version:
        return {"points": group.points}
    points = select(GroupVersion.points).where(GroupVersion.group_id == group.id, GroupVersion.version == version)
    return {"points": int(connection.execute(points).scalar_one())}


def _checked(document: dict[str, Any]) -> dict[str, Any]:
    """Raises InvalidFields."""
    for name in sorted({*document, "points"}):
        if name != "points":
            raise invalid(name.encode("ascii", "replace").decode()[:80], "unknown")
    points = document.get("points")
    if not isinstance(points, int) or isinstance(points, bool):
        raise invalid("points", "malformed" if "points" in document else "missing")
    if not 1 <= points <= POINTS_MAX:
        raise invalid("points", f"1…{POINTS_MAX}")
    return {"points": points}
