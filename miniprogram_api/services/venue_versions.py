"""A place changes by versions: what it offers and is called, asked for by one person, approved by another where more
can be earned than before."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from miniprogram_api.clock import Clock
from miniprogram_api.db import TryAgain, new_id, transaction, use_case
from miniprogram_api.domain.refusals import NotFound
from miniprogram_api.models import Approval, Venue, VenueVersion
from miniprogram_api.models.venues import venue_versions
from miniprogram_api.services.approvals import payload_of
from miniprogram_api.services.audit import record_act
from miniprogram_api.services.people import actor_of
from miniprogram_api.services.venue_drafts import VenueDraft, draft_of_venue
from miniprogram_api.services.version_decisions import AskedVersion, Verdict, asked_version, settle, settle_alone
from miniprogram_api.services.version_drafts import Wanted

KEPT = ("venue_id", "version", "starts_at", "name_zh", "name_en", "profile")


@use_case
def propose_venue_version(session: Session, venue_id: str, wanted: Wanted, by: int, clock: Clock) -> int:
    """Ask for the next version of a place; answers its number.

    It counts from its start on once a second person has approved it; what can't cost points counts without. Raises
    NotFound, InvalidFields, NotAllowed (why: version_waiting, start_passed).
    """
    with transaction(session) as connection:
        # One asks at a time for a place.
        connection.execute(select(Venue.id).where(Venue.id == venue_id).with_for_update())
        now = clock.now()
        draft = draft_of_venue(connection, venue_id, wanted, now)
        ask_for(connection, venue_id, draft, wanted.reason, by, now)
    return draft.version


@use_case
def decide_venue_version(session: Session, venue_id: str, version: int, verdict: Verdict, clock: Clock) -> None:
    """Approve, reject or withdraw a version that waits. Raises NotFound and the refusals of `settle`."""
    wanted = venue_versions(*VenueVersion.__table__.columns, Approval.decision, Approval.decided_by)
    with transaction(session) as connection:
        row = connection.execute(
            wanted.where(VenueVersion.venue_id == venue_id, VenueVersion.version == version)
        ).one_or_none()
        if row is None:
            raise NotFound
        now = clock.now()
        if settle(connection, _asked(row._mapping), verdict, now):
            _record(connection, verdict.by, f"venue_{verdict.decision}", venue_id, {"version": version}, now)


def venue_payload(row: Any) -> bytes:
    """SHA-256 of what a decision on this version decides."""
    return payload_of({name: row[name] for name in KEPT})


def ask_for(connection: Connection, venue_id: str, draft: VenueDraft, reason: str, by: int, now: int) -> None:
    """Note the version in the caller's transaction; approved at once where it needs nobody else."""
    row = {
        "id": new_id(),
        "venue_id": venue_id,
        "version": draft.version,
        "starts_at": draft.start(),
        "name_zh": draft.document["name_zh"],
        "name_en": draft.document["name_en"],
        "profile": json.dumps(draft.document["profile"], ensure_ascii=False),
        "reason": reason,
        "asked_by": by,
        "created_at": now,
    }
    try:
        connection.execute(insert(VenueVersion).values(**row))
    except IntegrityError as error:
        raise TryAgain from error  # somebody asked for this version a moment ago
    _record(connection, by, "venue_asked", venue_id, {"version": draft.version}, now)
    if not draft.second_person:
        settle_alone(connection, _asked(row), now)
        _record(connection, by, "venue_approved", venue_id, {"version": draft.version, "alone": True}, now)


def _asked(row: Any) -> AskedVersion:
    return asked_version("venue", row["id"], row, venue_payload(row), row["starts_at"])


def _record(connection: Connection, by: int, act: str, venue_id: str, detail: dict[str, Any], now: int) -> None:
    record_act(connection, actor_of(by), act, f"venue:{venue_id}", detail, now)
