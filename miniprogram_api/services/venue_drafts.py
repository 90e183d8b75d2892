"""A version of a place before anybody asks for it: checked, compared with what it takes the place of."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from miniprogram_api.clock import Clock
from miniprogram_api.domain.refusals import NotFound
from miniprogram_api.domain.venue_changes import venue_changes
from miniprogram_api.domain.versions import (
    Version,
    check_none_waits,
    next_number,
    put_aside,
    replaced,
    versions_of,
)
from miniprogram_api.models import Approval, RuleVersion, Venue, VenueVersion
from miniprogram_api.models.scenes import COUNTS, rule_versions
from miniprogram_api.models.venues import venue_versions
from miniprogram_api.services.rule_documents import invalid
from miniprogram_api.services.version_drafts import Draft, Wanted
from scenes.fields import NAME_MAX
from scenes.wire.errors import FieldsInvalid
from scenes.wire.fields import members, words
from scenes.wire.profile import parse_profile, profile_document

FIRST = Version(1, 0, seeded=True)  # the row of the venue itself


@dataclass(frozen=True)
class VenueDraft(Draft):
    """`document` is {name_zh, name_en, profile}."""

    document: dict[str, Any]


def preview_venue_version(session: Session, venue_id: str, wanted: Wanted, clock: Clock) -> VenueDraft:
    """What asking would do; nothing is written."""
    return draft_of_venue(session.connection(), venue_id, wanted, clock.now())


def draft_of_venue(connection: Connection, venue_id: str, wanted: Wanted, now: int) -> VenueDraft:
    """The next version of a place that is known. Raises NotFound, InvalidFields, NotAllowed."""
    versions = _versions(connection, venue_id)
    check_none_waits(versions)
    starts_at = wanted.start(now)
    number = next_number(versions)
    base = replaced(versions, number, starts_at)
    assert base is not None, "the first version is there from the beginning"
    document = _wanted(connection, venue_id, versions, wanted)
    changes = venue_changes(_document(connection, venue_id, base.version), document)
    wanted.check_changed(changes)
    chosen, aside = wanted.starts_at is not None, put_aside(versions, starts_at)
    return VenueDraft(number, starts_at, chosen, changes, aside, document)


def _versions(connection: Connection, venue_id: str) -> list[Version]:
    if connection.execute(select(Venue.id).where(Venue.id == venue_id)).scalar() is None:
        raise NotFound
    columns = (VenueVersion.version, VenueVersion.starts_at, VenueVersion.asked_by, Approval.decision)
    later = connection.execute(venue_versions(*columns).where(VenueVersion.venue_id == venue_id))
    return [FIRST, *versions_of(later)]


def _document(connection: Connection, venue_id: str, version: int) -> dict[str, Any]:
    source: Any = Venue if version == FIRST.version else VenueVersion
    wanted = select(source.name_zh, source.name_en, source.profile)
    if source is Venue:
        row = connection.execute(wanted.where(Venue.id == venue_id)).one()
    else:
        row = connection.execute(wanted.where(VenueVersion.venue_id == venue_id, VenueVersion.version == version)).one()
    return {"name_zh": row.name_zh, "name_en": row.name_en, "profile": json.loads(row.profile)}


def _wanted(connection: Connection, venue_id: str, versions: list[Version], wanted: Wanted) -> dict[str, Any]:
    source = wanted.source(versions)
    return _document(connection, venue_id, source) if isinstance(source, int) else checked_document(connection, source)


def checked_document(connection: Connection, document: dict[str, Any]) -> dict[str, Any]:
    """The document with its profile in its one spelling. Raises InvalidFields."""
    try:
        body = members(document, "", {"name_zh", "name_en", "profile"})
        names = {name: words(body[name], name, NAME_MAX).strip() for name in ("name_zh", "name_en")}
        profile = parse_profile(body["profile"], "profile")
    except FieldsInvalid as wrong:
        raise invalid(_printable(wrong.field), "malformed", sentence=wrong.reason) from wrong
    for name, text in names.items():
        if not text:
            raise invalid(name, "malformed")
    known = set(connection.execute(rule_versions(RuleVersion.scene).where(COUNTS)).scalars())
    for number in sorted(profile.scenes):
        if number not in known:
            raise invalid(f"profile.scenes.{number}", "unknown")
    return {**names, "profile": profile_document(profile)}


def _printable(field: str) -> str:
    return field.encode("ascii", "replace").decode()[:80]
