"""The places with what is in force there, and their versions."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from miniprogram_api.domain.venue_changes import venue_changes
from miniprogram_api.domain.versions import Version, in_force, replaced, versions_of
from miniprogram_api.models import Kiosk, Venue, VenueVersion
from miniprogram_api.models.venues import venue_versions
from miniprogram_api.queries.versions import DECISION, Payload, names_of, page_of, shown_version, waiting_of


class _Row(NamedTuple):
    """A version with its decision; the first one is the row of the venue itself, which nobody asked for."""

    version: int
    starts_at: int
    name_zh: str
    name_en: str
    profile: str
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
        return {"name_zh": self.name_zh, "name_en": self.name_en, "profile": json.loads(self.profile)}


_LATER = (
    *(VenueVersion.version, VenueVersion.starts_at, VenueVersion.name_zh, VenueVersion.name_en, VenueVersion.profile),
    *(VenueVersion.reason, VenueVersion.asked_by, VenueVersion.created_at),
)


def venues(session: Session, language: str, now: int) -> list[dict[str, Any]]:
    """All places; an island has tens of them, so the list has one page."""
    found = session.execute(select(Venue).order_by(Venue.id)).scalars().all()
    return [_shown_venue(session, venue, language, now) for venue in found]


def venue(session: Session, venue_id: str, language: str, now: int) -> dict[str, Any] | None:
    """One place with its document: {venue, document, versions, waiting}."""
    found = session.get(Venue, venue_id)
    if found is None:
        return None
    rows, shown = _rows(session, found), _shown_venue(session, found, language, now)
    current = _in_force(rows, now)
    return {"venue": shown, "document": current.document, "versions": len(rows), "waiting": shown["waiting"]}


def venue_version_page(
    session: Session, venue_id: str, payload: Payload, cursor: str | None, limit: int, now: int
) -> dict[str, Any] | None:
    """Newest first: {data, next}; None for a place that nobody knows."""
    found = session.get(Venue, venue_id)
    if found is None:
        return None
    rows = _rows(session, found)
    shown, following = page_of(versions_of(rows), cursor, limit)
    return {"data": _shown(session, venue_id, rows, shown, payload, now), "next": following}


def venue_version(session: Session, venue_id: str, number: int, payload: Payload, now: int) -> dict[str, Any] | None:
    """One of them."""
    found = session.get(Venue, venue_id)
    rows = _rows(session, found) if found else []
    wanted = [one for one in versions_of(rows) if one.version == number]
    return next(iter(_shown(session, venue_id, rows, wanted, payload, now)), None)


def _rows(session: Session, found: Venue) -> list[_Row]:
    later = session.execute(venue_versions(*_LATER, *DECISION).where(VenueVersion.venue_id == found.id))
    first = _Row(1, 0, found.name_zh, found.name_en, found.profile)
    return [first, *(_Row(*row) for row in later)]


def _in_force(rows: list[_Row], now: int) -> _Row:
    current = in_force(versions_of(rows), now)
    assert current is not None, "the first version is there from the beginning"
    return next(row for row in rows if row.version == current.version)


def _shown_venue(session: Session, found: Venue, language: str, now: int) -> dict[str, Any]:
    rows = _rows(session, found)
    current = _in_force(rows, now)
    kiosks = session.execute(
        select(Kiosk.id, Kiosk.name, Kiosk.state).where(Kiosk.venue_id == found.id).order_by(Kiosk.id)
    )
    return {
        **current.document,
        "id": found.id,
        "name": {"zh": current.name_zh, "en": current.name_en}[language],
        "side": found.side,
        "map": {"x": found.map_x, "y": found.map_y},
        "version": current.version,
        "starts_at": current.starts_at,
        "kiosks": [{"id": str(row.id), "name": row.name, "state": row.state} for row in kiosks],
        "waiting": waiting_of(versions_of(rows)),
    }


def _shown(
    session: Session, venue_id: str, rows: list[_Row], wanted: list[Version], payload: Payload, now: int
) -> list[dict[str, Any]]:
    by_number, versions = {row.version: row for row in rows}, versions_of(rows)
    names = names_of(session, rows)
    return [_shown_one(venue_id, by_number[one.version], by_number, versions, names, payload, now) for one in wanted]


def _shown_one(
    venue_id: str,
    row: _Row,
    rows: dict[int, _Row],
    versions: list[Version],
    names: dict[int, str],
    payload: Payload,
    now: int,
) -> dict[str, Any]:
    base = replaced(versions, row.version, row.starts_at)
    changes = venue_changes(rows[base.version].document, row.document) if base else []
    return {
        **shown_version(row, versions, changes, names, now),
        "venue": venue_id,
        "payload": payload(row._asdict() | {"venue_id": venue_id}).hex(),
        "document": row.document,
        "factors": [],
    }
