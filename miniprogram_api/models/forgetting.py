"""Who was forgotten: the list that a restored copy of the books is gone through with once more. Append-only."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from miniprogram_api.db import Base
from miniprogram_api.models.columns import Bytes, Key, Moment, Number


class ForgottenMember(Base):
    """A member's random id and what forgetting did. Nothing here tells who it was.

    No foreign key: the list outlives the books that a backup brings back. `receipt` is SHA-256 over the session's token
    hash and the call's key, so that a phone whose answer was lost is answered again.
    """

    __tablename__ = "forgotten_members"
    __table_args__ = (
        UniqueConstraint("receipt", name="uq_forgotten_members_receipt"),
        CheckConstraint("points >= 0 AND debt >= 0 AND vouchers >= 0 AND acts >= 0", name="counts_not_negative"),
    )

    member_id: Mapped[Key]
    forgotten_at: Mapped[Moment]
    receipt: Mapped[Bytes]
    points: Mapped[Number]  # that ended with it
    debt: Mapped[Number]  # that stays unpaid
    vouchers: Mapped[Number]  # given back
    acts: Mapped[Number]  # that waited and are refused
