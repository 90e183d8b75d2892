"""Readings of member codes and residents' cards, at a kiosk or a till. Append-only."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped

from miniprogram_api.db import Base
from miniprogram_api.models.columns import Bytes, Key, Moment, Number, Word

# A code's minute counts once; what was read of it a second time is kept beside it.
_FIRST: dict[str, Any] = {
    f"{dialect}_where": text("slot IS NOT NULL AND twin = 0") for dialect in ("sqlite", "postgresql")
}


class Reading(Base):
    """One member code or card that was read, with at least one line that counts or waits.

    Its lines are acts: kiosk (0: a merchant's till), epoch 0, counter the line's number from 0, claimant this id, nonce
    the holder. `holder` is the pass's alias or the card; `slot` the minute shown, NULL for cards; `twin` 1 where this
    minute was read before; kiosk, boot and seq name the journal's item.
    """

    __tablename__ = "readings"
    __table_args__ = (
        UniqueConstraint("kiosk_id", "boot", "seq", name="uq_readings_item"),
        Index("uq_readings_slot", "holder", "slot", unique=True, **_FIRST),
        Index("ix_readings_holder", "holder", "slot"),
        Index("ix_readings_member", "member_id", "recorded_at"),
        CheckConstraint("kind IN (20, 22)", name="kind_known"),
        CheckConstraint("(kind = 22) = (slot IS NULL)", name="cards_show_no_slot"),
        CheckConstraint("length(holder) = 8", name="holder_of_eight_bytes"),
        CheckConstraint("twin IN (0, 1)", name="twin_is_a_flag"),
        CheckConstraint("(boot IS NULL) = (seq IS NULL)", name="item_named_whole"),
        CheckConstraint("kiosk_id IS NOT NULL OR merchant_id IS NOT NULL", name="read_somewhere"),
    )

    # No foreign keys: their checks would lock rows that every reading of a place or a member shares.
    id: Mapped[Key]
    kind: Mapped[Number]
    holder: Mapped[Bytes]
    slot: Mapped[Number | None]
    member_id: Mapped[Number]
    kiosk_id: Mapped[Number | None]
    merchant_id: Mapped[Number | None]
    clerk: Mapped[Word | None]
    boot: Mapped[Word | None]
    seq: Mapped[Number | None]
    twin: Mapped[Number]
    claimed_at: Mapped[Moment]  # the reader's time
    occurred_at: Mapped[Moment]  # corrected, or the best that can be said while nobody knows
    recorded_at: Mapped[Moment]  # ours
