"""Which place a sign names."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from miniprogram_api.models import PlaceSign
from miniprogram_api.queries.venues import venue


def place_of_sign(session: Session, sign: int, language: str, now: int) -> dict[str, Any] | None:
    """{id, name} of the place; None for a sign that nobody printed."""
    venue_id = session.execute(select(PlaceSign.venue_id).where(PlaceSign.id == sign)).scalar()
    found = venue(session, venue_id, language, now) if venue_id else None
    return {"id": found["venue"]["id"], "name": found["venue"]["name"]} if found else None
