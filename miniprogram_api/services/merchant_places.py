"""Which place a merchant's till stands at: its profile says what may be confirmed there."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from miniprogram_api.clock import Clock
from miniprogram_api.db import public_id, transaction, use_case
from miniprogram_api.domain.refusals import InvalidFields, NotFound
from miniprogram_api.models import Merchant, Venue
from miniprogram_api.services.audit import record_act
from miniprogram_api.services.people import actor_of


@use_case
def place_merchant(
    session: Session, merchant_id: int, venue_id: str | None, reason: str, by: int, clock: Clock
) -> None:
    """From the next reading on; None: nothing is confirmed at this till. A second time changes nothing.

    Raises NotFound, InvalidFields (venue_id).
    """
    now = clock.now()
    with transaction(session) as connection:
        found = select(Merchant.venue_id).where(Merchant.id == merchant_id)
        row = connection.execute(found.with_for_update(key_share=True)).one_or_none()
        if row is None:
            raise NotFound
        if venue_id is not None and connection.execute(select(Venue.id).where(Venue.id == venue_id)).first() is None:
            raise InvalidFields(fields=[{"field": "venue_id", "reason": "unknown"}])
        if row.venue_id == venue_id:
            return
        connection.execute(update(Merchant).where(Merchant.id == merchant_id).values(venue_id=venue_id))
        detail = {"venue": venue_id, "before": row.venue_id, "reason": reason}
        record_act(connection, actor_of(by), "merchant_placed", f"merchant:{public_id(merchant_id)}", detail, now)
