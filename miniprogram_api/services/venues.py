"""Venues open, each with its kiosk."""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from miniprogram_api.clock import Clock
from miniprogram_api.db import transaction, use_case
from miniprogram_api.models import Kiosk, Venue
from miniprogram_api.services.audit import record_act
from scenes.wire.profile import Profile, profile_document


@dataclass(frozen=True)
class NewVenue:
    """`map_x` and `map_y` are thousandths of the schematic map; `kiosk` is the number of the machine there."""

    id: str
    name_zh: str
    name_en: str
    side: str
    map_x: int
    map_y: int
    profile: Profile
    kiosk: int


@use_case
def open_venue(session: Session, venue: NewVenue, actor: str, clock: Clock) -> bool:
    """Adds the venue and its kiosk, which waits to be invited; False when a venue of that id is there already."""
    now = clock.now()
    with transaction(session) as connection:
        if connection.execute(select(Venue.id).where(Venue.id == venue.id)).scalar() is not None:
            return False
        connection.execute(
            insert(Venue).values(
                id=venue.id,
                name_zh=venue.name_zh,
                name_en=venue.name_en,
                side=venue.side,
                map_x=venue.map_x,
                map_y=venue.map_y,
                profile=json.dumps(profile_document(venue.profile)),
            )
        )
        connection.execute(
            insert(Kiosk).values(id=venue.kiosk, name=venue.id, venue_id=venue.id, state="invited", state_since=now)
        )
        record_act(connection, actor, "venue_opened", f"venue:{venue.id}", {"kiosk": venue.kiosk}, now)
    return True
