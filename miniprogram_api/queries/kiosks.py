"""Kiosks as the server knows them: who signed a request, which codes were used, how the fleet is."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from miniprogram_api.domain.kiosk_changes import ACTIVE, NEEDS_TWO, ROTATED
from miniprogram_api.models import (
    Act,
    AgreementDocument,
    Approval,
    Kiosk,
    KioskChange,
    KioskKey,
    Venue,
    VenueVersion,
)
from miniprogram_api.models.venues import venue_versions
from scenes.wire.kinds import KIND_GROUP

USES_MAX = 200
COUNTERS_LOOKED_AT = 500  # a screen code lives a minute; a kiosk makes no more in days
OVERLAP_SECONDS = 5  # a scan may become visible a little after the second it was recorded in


@dataclass(frozen=True)
class KioskCaller:
    kiosk_id: int
    epoch: int
    state: str
    public_key: bytes


def kiosk_caller(session: Session, kiosk_id: int, epoch: int) -> KioskCaller | None:
    """The kiosk with its public key of this epoch, None unless that is the epoch in force."""
    row = session.execute(
        select(Kiosk.id, Kiosk.epoch, Kiosk.state, KioskKey.public_key)
        .join(KioskKey, (KioskKey.kiosk_id == Kiosk.id) & (KioskKey.epoch == Kiosk.epoch))
        .where(Kiosk.id == kiosk_id, Kiosk.epoch == epoch)
    ).one_or_none()
    return row and KioskCaller(row.id, row.epoch, row.state, bytes(row.public_key))


def uses_since(session: Session, kiosk_id: int, epoch: int, since: int) -> dict[str, Any]:
    """Which of the kiosk's latest personal codes and tickets were handed in since that second; `next` is the cursor.

    A use may come twice, because the cursor reaches back a few seconds; a kiosk takes it as the same use.
    """
    mine = (Act.kiosk_id == kiosk_id, Act.epoch == epoch)
    newest = select(func.max(Act.counter)).where(*mine).scalar_subquery()
    rows = session.execute(
        select(Act.counter, Act.recorded_at)
        .where(*mine, Act.counter > newest - COUNTERS_LOOKED_AT, Act.kind != KIND_GROUP, Act.recorded_at >= since)
        .order_by(Act.recorded_at, Act.counter)
        .limit(USES_MAX)
    ).all()
    latest = rows[-1].recorded_at if rows else since
    back = 0 if len(rows) == USES_MAX else OVERLAP_SECONDS  # a full page has to move on
    return {
        "data": [{"epoch": epoch, "counter": row.counter, "used_at": row.recorded_at} for row in rows],
        "next": str(max(since, latest - back)),
    }


def fleet(session: Session, language: str, now: int, kiosk_id: int | None = None) -> list[dict[str, Any]]:
    """Every kiosk as the console lists it, by number, or this one; its place is called as it is now."""
    every = (
        select(
            Kiosk,
            Venue.name_zh,
            Venue.name_en,
            Venue.map_x,
            Venue.map_y,
            _has_change(KioskChange.change.in_(NEEDS_TWO), Approval.version.is_(None)).label("waits"),
            _has_change(KioskChange.change == ROTATED, KioskChange.epoch == Kiosk.epoch).label("rotates"),
            _issued().label("agreement_issued_at"),
        )
        .join(Venue, Venue.id == Kiosk.venue_id)
        .order_by(Kiosk.id)
    )
    rows = session.execute(every if kiosk_id is None else every.where(Kiosk.id == kiosk_id)).all()
    later, place = venue_names(session, now), {"zh": 0, "en": 1}[language]
    return [_listed(row, later.get(row.Kiosk.venue_id, (row.name_zh, row.name_en))[place]) for row in rows]


def _has_change(*which: Any) -> Any:
    decided = and_(
        Approval.subject == "kiosk",
        Approval.subject_id == KioskChange.kiosk_id,
        Approval.version == KioskChange.version,
    )
    found = select(KioskChange.version).outerjoin(Approval, decided).where(KioskChange.kiosk_id == Kiosk.id, *which)
    return found.correlate(Kiosk).exists()


def _issued() -> Any:
    """When the agreement was signed that the kiosk says it runs on."""
    mine = (AgreementDocument.kiosk_id == Kiosk.id, AgreementDocument.version == Kiosk.agreement_version)
    return select(AgreementDocument.issued_at).where(*mine).correlate(Kiosk).scalar_subquery()


def venue_names(session: Session, now: int) -> dict[str, tuple[str, str]]:
    """Chinese and English name, by venue, of those that a later version in force names."""
    columns = (VenueVersion.venue_id, VenueVersion.name_zh, VenueVersion.name_en)
    begun = venue_versions(*columns).where(VenueVersion.starts_at <= now, Approval.decision == "approved")
    return {row.venue_id: (row.name_zh, row.name_en) for row in session.execute(begun)}  # the newest stays


def _listed(row: Any, venue: str) -> dict[str, Any]:
    kiosk = row.Kiosk
    return {
        "id": str(kiosk.id),
        "name": kiosk.name,
        "venue": venue,
        "venue_id": kiosk.venue_id,
        "epoch": kiosk.epoch,
        "state": kiosk.state,
        "state_since": kiosk.state_since,
        "last_heartbeat_at": kiosk.last_heartbeat_at,
        "last_sync_at": kiosk.last_sync_at,
        "clock_offset_seconds": kiosk.clock_offset_seconds,
        "queue": kiosk.queue,
        "software": json.loads(kiosk.versions) if kiosk.versions else None,
        "agreement": kiosk.agreement_version,
        "paper": kiosk.paper,
        "agreement_issued_at": row.agreement_issued_at,
        "map": {"x": row.map_x, "y": row.map_y},
        "version_waits": bool(row.waits),
        "rotation_waits": bool(row.rotates) and kiosk.state == ACTIVE,
    }
