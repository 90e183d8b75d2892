"""What a member is known by at a reader: passes of the phone, and cards printed for residents."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from miniprogram_api.db import BIG, Base
from miniprogram_api.models.columns import Moment, Number


class MemberPass(Base):
    """One day (at most 1,440 minutes) of a phone's member codes, under an alias of its own. `number` counts the passes
    of one session from 0, so that two calls at once make the same pass and not two."""

    __tablename__ = "member_passes"
    __table_args__ = (
        CheckConstraint("length(alias) = 8", name="alias_of_eight_bytes"),
        CheckConstraint("key_id BETWEEN 0 AND 255", name="key_id_fits_one_byte"),
        CheckConstraint("not_before % 60 = 0", name="begins_with_a_minute"),
        CheckConstraint("slots BETWEEN 1 AND 1440", name="slots_of_a_day_at_most"),
        UniqueConstraint("session", "number"),
        Index(
            "ix_member_passes_revoked",
            "not_before",
            sqlite_where=text("revoked_at IS NOT NULL"),
            postgresql_where=text("revoked_at IS NOT NULL"),
        ),
    )

    alias: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    member_id: Mapped[int] = mapped_column(BIG, ForeignKey("members.id"), index=True)
    session: Mapped[bytes] = mapped_column(LargeBinary, ForeignKey("member_sessions.token_hash"))
    number: Mapped[Number]
    key_id: Mapped[Number]
    not_before: Mapped[Moment]
    slots: Mapped[Number]
    created_at: Mapped[Moment]
    revoked_at: Mapped[Moment | None]


class ResidentCard(Base):
    """A printed card; a member has one at a time that isn't revoked. `revoked_by` is None where the system did it."""

    __tablename__ = "resident_cards"
    __table_args__ = (
        CheckConstraint("length(card) = 8", name="number_of_eight_bytes"),
        CheckConstraint("key_id BETWEEN 0 AND 255", name="key_id_fits_one_byte"),
        CheckConstraint("days BETWEEN 1 AND 65535", name="days_fit_two_bytes"),
        CheckConstraint("revoked_at IS NOT NULL OR revoked_by IS NULL", name="revoked_by_somebody_at_some_time"),
        Index(
            "uq_resident_cards_one_at_a_time",
            "member_id",
            unique=True,
            sqlite_where=text("revoked_at IS NULL"),
            postgresql_where=text("revoked_at IS NULL"),
        ),
        Index("ix_resident_cards_created", "created_at"),
    )

    card: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    member_id: Mapped[int] = mapped_column(BIG, ForeignKey("members.id"), index=True)
    key_id: Mapped[Number]
    valid_from: Mapped[Moment]
    days: Mapped[Number]
    created_by: Mapped[int] = mapped_column(BIG, ForeignKey("people.id"))
    created_at: Mapped[Moment]
    revoked_at: Mapped[Moment | None]
    revoked_by: Mapped[int | None] = mapped_column(BIG, ForeignKey("people.id"))
