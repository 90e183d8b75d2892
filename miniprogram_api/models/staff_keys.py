"""The keys that people of the staff sent with calls that move value. Append-only, for ever."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from miniprogram_api.db import BIG, Base
from miniprogram_api.models.columns import Bytes, Moment, Word


class StaffKey(Base):
    """For which call somebody used a key; every call adds its row in the transaction in which it does its work."""

    __tablename__ = "staff_keys"
    __table_args__ = (CheckConstraint("call IN ('adjustment', 'stock', 'reversal', 'voucher')", name="call_known"),)

    person_id: Mapped[int] = mapped_column(BIG, ForeignKey("people.id"), primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    call: Mapped[Word]
    content: Mapped[Bytes]  # SHA-256 of the decoded fields that came with the key
    used_at: Mapped[Moment]
