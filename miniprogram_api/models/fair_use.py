"""What fair use counts in the database: used allowances of phones and addresses, and the members of each phone.

Both are kept for as long as they say something, under keyed hashes; services/fair_use.py removes what is older.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from miniprogram_api.db import BIG, Base
from miniprogram_api.models.columns import Moment, Number, Word


class UsedAllowance(Base):
    """A store that isn't full (domain/fair_use.py): when it will be, in Unix milliseconds."""

    __tablename__ = "used_allowances"
    __table_args__ = (
        CheckConstraint("length(mark) = 16", name="mark_of_sixteen_bytes"),
        Index("ix_used_allowances_full", "full_at_ms"),
    )

    mark: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    full_at_ms: Mapped[Number]


class PhoneMember(Base):
    """A member who earned on a phone in a period: a day, for guests also a month (domain/phones.py).

    Each takes the next free number, so that of two at one moment one finds it taken and looks again; a phone never has
    more members than numbers.
    """

    __tablename__ = "phone_members"
    __table_args__ = (
        UniqueConstraint("phone", "period", "member_id", name="uq_phone_members_once"),
        CheckConstraint("number >= 1", name="number_positive"),
        Index("ix_phone_members_created", "created_at"),
    )

    phone: Mapped[Word] = mapped_column(primary_key=True)  # as in member_sessions.device
    period: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    member_id: Mapped[int] = mapped_column(BIG, ForeignKey("members.id"), index=True)
    created_at: Mapped[Moment]
