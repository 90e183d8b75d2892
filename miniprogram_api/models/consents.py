"""What members agreed to, and what they took back. Append-only."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from miniprogram_api.db import BIG, Base
from miniprogram_api.models.columns import Key, Moment, Number, Word


class MemberConsent(Base):
    """One notice in one version, agreed to or taken back. Ids rise with time: the newest of a notice is what stands.

    `language` is that of the words the person had in front of them.
    """

    __tablename__ = "member_consents"
    __table_args__ = (
        CheckConstraint("notice IN ('terms', 'privacy')", name="notice_known"),
        CheckConstraint("version >= 1", name="version_positive"),
        CheckConstraint("deed IN ('given', 'withdrawn')", name="deed_known"),
        CheckConstraint("language IN ('zh', 'en')", name="language_known"),
        Index("ix_member_consents_member", "member_id", "id"),
    )

    id: Mapped[Key]
    member_id: Mapped[int] = mapped_column(BIG, ForeignKey("members.id"))
    notice: Mapped[Word]
    version: Mapped[Number]
    deed: Mapped[Word]
    language: Mapped[Word]
    at: Mapped[Moment]
