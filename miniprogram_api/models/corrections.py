"""Corrections of what was booked: acts reversed, points adjusted by two people. Append-only."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from miniprogram_api.db import BIG, Base
from miniprogram_api.models.columns import Bytes, Key, Moment, Number, Word, Words
from miniprogram_api.models.ledger import AT_COMMIT


class Reversal(Base):
    """An act that counts no more. One for each act, at most. `person_id` is None where the till took it back itself
    (`desk_undos` say who)."""

    __tablename__ = "reversals"
    __table_args__ = (Index("ix_reversals_reversed", "reversed_at"), Index("ix_reversals_entry", "entry_id"))

    act_id: Mapped[int] = mapped_column(BIG, ForeignKey("acts.id"), primary_key=True, autoincrement=False)
    entry_id: Mapped[int] = mapped_column(BIG, ForeignKey("entries.id", **AT_COMMIT))
    person_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("people.id"))
    reason: Mapped[Words]
    reversed_at: Mapped[Moment]


class Adjustment(Base):
    """Points that one person of the staff asks to add (or to take: negative); the approval decides, once."""

    __tablename__ = "adjustments"
    __table_args__ = (
        UniqueConstraint("asked_by", "key", name="uq_adjustments_key"),
        CheckConstraint("points <> 0", name="points_not_zero"),
        Index("ix_adjustments_asked", "asked_at", "id"),
        Index("ix_adjustments_member", "member_id", "asked_at"),
    )

    id: Mapped[Key]
    member_id: Mapped[int] = mapped_column(BIG, ForeignKey("members.id"))
    points: Mapped[Number]
    reason: Mapped[Words]
    asked_by: Mapped[int] = mapped_column(BIG, ForeignKey("people.id"))
    asked_at: Mapped[Moment]
    expires_at: Mapped[Moment]
    key: Mapped[Word]
    content: Mapped[Bytes]  # SHA-256 of the decoded fields that came with the key


class LotMove(Base):
    """Points that an entry took out of a lot, where neither an act nor a voucher says so: reversals, adjustments, and
    debts paid. Negative: out of the lot; positive: into it, by an adjustment."""

    __tablename__ = "lot_moves"
    __table_args__ = (CheckConstraint("points <> 0", name="points_not_zero"),)

    entry_id: Mapped[int] = mapped_column(
        BIG, ForeignKey("entries.id", **AT_COMMIT), primary_key=True, autoincrement=False
    )
    expires_on: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    graced: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    member_id: Mapped[Number] = mapped_column(index=True)
    points: Mapped[Number]


class PersonMember(Base):
    """A member account that a person of the staff has an interest in: their own or their family's."""

    __tablename__ = "person_members"

    person_id: Mapped[int] = mapped_column(BIG, ForeignKey("people.id"), primary_key=True, autoincrement=False)
    member_id: Mapped[int] = mapped_column(BIG, ForeignKey("members.id"), primary_key=True, autoincrement=False)
    declared_at: Mapped[Moment]
