"""What of a kiosk's journal is here: a kiosk that hears of less than it once did sends again what was lost, and all of
a start that isn't named any more."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy.orm import Session

from miniprogram_api.books.journals import contiguous_of, hold_contiguous
from miniprogram_api.db import transaction, use_case
from scenes.wire.resident_card import DAY_SECONDS

BOOTS_DAYS = 60  # a kiosk keeps what is done for 40, and misses no start that it last sent longer ago


@use_case
def what_is_here(session: Session, kiosk: int, boots: Collection[str], now: int) -> dict[str, int]:
    """For each start of the kiosk that was heard of in these weeks, up to which number every item is here."""
    with transaction(session) as connection:
        hold_contiguous(connection, kiosk, sorted(boots), now)
        return contiguous_of(connection, kiosk, now - BOOTS_DAYS * DAY_SECONDS, sorted(boots))
