"""What the staff should look at: a copied kiosk, a silent one, a code read at two places."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from miniprogram_api.db import BIG, Base
from miniprogram_api.models.columns import Bytes, Key, Moment, Number, Word, Words


class Notice(Base):
    """One notice, until it is answered. `digest` is SHA-256 of what it says, so that it is raised once.

    `note` is what somebody wrote who answered it; where nobody did (`answered_by` NULL) it is the system's word for how
    the trouble ended (domain.notices).
    """

    __tablename__ = "notices"
    __table_args__ = (
        UniqueConstraint("digest", name="uq_notices_digest"),
        CheckConstraint("(seen_by IS NULL) = (seen_at IS NULL)", name="seen_by_somebody"),
        CheckConstraint("answered_by IS NULL OR answered_at IS NOT NULL", name="answered_at_some_time"),
        CheckConstraint("(note IS NULL) = (answered_at IS NULL)", name="answered_with_a_note"),
        Index("ix_notices_raised", "raised_at", "id"),
        Index(
            "ix_notices_open",
            "raised_at",
            "id",
            sqlite_where=text("answered_at IS NULL"),
            postgresql_where=text("answered_at IS NULL"),
        ),
    )

    id: Mapped[Key]
    kind: Mapped[Word]
    subject_kind: Mapped[Word]  # kiosk, member, reading
    subject_id: Mapped[Number]
    details: Mapped[Words]  # JSON
    digest: Mapped[Bytes]
    raised_at: Mapped[Moment]
    seen_by: Mapped[int | None] = mapped_column(BIG, ForeignKey("people.id"))
    seen_at: Mapped[Moment | None]
    answered_at: Mapped[Moment | None]
    answered_by: Mapped[int | None] = mapped_column(BIG, ForeignKey("people.id"))
    note: Mapped[Words | None]
