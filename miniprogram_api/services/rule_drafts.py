"""A version of a rule before anybody asks for it: checked, compared with what it takes the place of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select, text
from sqlalchemy.orm import Session

from miniprogram_api.clock import Clock
from miniprogram_api.domain.changes import needs_second_person
from miniprogram_api.domain.refusals import NotFound
from miniprogram_api.domain.rule_changes import Example, examples, rule_changes
from miniprogram_api.domain.versions import (
    Version,
    check_none_waits,
    next_number,
    put_aside,
    replaced,
    versions_of,
)
from miniprogram_api.models import Approval, RuleVersion
from miniprogram_api.models.scenes import rule_versions
from miniprogram_api.services.rule_documents import Written, factors_for, invalid, stored, write
from miniprogram_api.services.version_drafts import Draft, Wanted
from scenes.fields import BYTE_MAX
from scenes.reduction import whole_unit

_TURN = 0x7275_6C65  # any number that no other advisory lock of ours has
FIXED = ("number", "slug")


@dataclass(frozen=True)
class WantedRule(Wanted):
    """`factors` None: those that are known."""

    factors: list[Any] | None = None


@dataclass(frozen=True)
class RuleDraft(Draft):
    """`before` is the version in force at the start, None for a new scene."""

    scene: int
    slug: str
    written: Written
    before: Written | None

    def examples(self) -> list[Example]:
        """What acts earn before and after."""
        before = self.before.judged if self.before else None
        return examples(before, self.written.judged, whole_unit(self.written.judged.scene.unit))


def take_turn(connection: Connection) -> None:
    """One asks at a time: two scenes must not name one version of a factor with two contents. SQLite has one writer."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": _TURN})


def draft_of_version(connection: Connection, slug: str, wanted: WantedRule, now: int) -> RuleDraft:
    """The next version of a scene that is known. Raises NotFound, InvalidFields, NotAllowed."""
    scene = connection.execute(select(RuleVersion.scene).where(RuleVersion.slug == slug).limit(1)).scalar()
    if scene is None:
        raise NotFound
    versions = stored_versions(connection, scene)
    starts_at = wanted.start(now)
    number = next_number(versions)
    base = replaced(versions, number, starts_at)
    before = stored(_row(connection, scene, base.version)) if base else None
    written = _wanted(connection, scene, versions, wanted, before, slug)
    if before is not None and written.judged.scene.unit != before.judged.scene.unit:
        raise invalid("variants[0].unit", "fixed")
    changes = rule_changes(before.text if before else None, written.text)
    wanted.check_changed(changes)
    if needs_second_person(changes):
        check_none_waits(versions)  # what costs nothing, a pause above all, never waits for somebody's decision
    chosen, aside = wanted.starts_at is not None, put_aside(versions, starts_at)
    return RuleDraft(number, starts_at, chosen, changes, aside, scene, slug, written, before)


def draft_of_new_scene(connection: Connection, wanted: WantedRule, now: int) -> RuleDraft:
    """The first version of a scene that is new, with the next number. Raises InvalidFields, NotAllowed."""
    if wanted.document is None:
        raise invalid("document", "missing")
    scene = (connection.execute(select(func.max(RuleVersion.scene))).scalar() or 0) + 1
    if scene > BYTE_MAX:
        raise invalid("number", "none_left")  # a code has one byte for it
    written = write(wanted.document | {"number": scene}, factors_for(connection, wanted.factors, None))
    slug = written.judged.scene.slug
    if connection.execute(select(RuleVersion.scene).where(RuleVersion.slug == slug).limit(1)).scalar():
        raise invalid("slug", "taken")
    starts_at = wanted.start(now)
    changes = rule_changes(None, written.text)
    return RuleDraft(1, starts_at, wanted.starts_at is not None, changes, [], scene, slug, written, None)


def preview_version(session: Session, slug: str, wanted: WantedRule, clock: Clock) -> RuleDraft:
    """What asking would do; nothing is written."""
    return draft_of_version(session.connection(), slug, wanted, clock.now())


def preview_scene(session: Session, wanted: WantedRule, clock: Clock) -> RuleDraft:
    """The same for a scene that is new."""
    return draft_of_new_scene(session.connection(), wanted, clock.now())


def stored_versions(connection: Connection, scene: int) -> list[Version]:
    """All versions of a scene with what was decided."""
    columns = (RuleVersion.version, RuleVersion.starts_at, RuleVersion.asked_by, Approval.decision)
    return versions_of(connection.execute(rule_versions(*columns).where(RuleVersion.scene == scene)))


def _row(connection: Connection, scene: int, version: int) -> Any:
    wanted = select(RuleVersion.document, RuleVersion.factors)
    return connection.execute(wanted.where(RuleVersion.scene == scene, RuleVersion.version == version)).one()


def _wanted(
    connection: Connection, scene: int, versions: list[Version], wanted: WantedRule, before: Written | None, slug: str
) -> Written:
    """What was written, or the earlier version that is wanted back; number, slug and unit are a scene's for ever."""
    source = wanted.source(versions)
    if isinstance(source, int):
        return stored(_row(connection, scene, source))
    same = {"number": scene, "slug": slug}
    for field in FIXED:
        if source.get(field, same[field]) != same[field]:
            raise invalid(field, "fixed")
    return write(source | same, factors_for(connection, wanted.factors, before))
