"""What a place offers and is called, version by version. Append-only.

The row of `venues` is a place's first version, from the beginning; the later ones stand here.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Select, UniqueConstraint, and_, select
from sqlalchemy.orm import Mapped, mapped_column

from miniprogram_api.db import BIG, Base
from miniprogram_api.models.approvals import Approval
from miniprogram_api.models.columns import Key, Moment, Number, Word, Words


class VenueVersion(Base):
    """`profile` is JSON as in `venues`. A version counts once its approval, which names it by `id`, is there."""

    __tablename__ = "venue_versions"
    __table_args__ = (
        UniqueConstraint("venue_id", "version", name="uq_venue_versions_version"),
        CheckConstraint("version >= 2", name="version_after_the_first"),
    )

    id: Mapped[Key]
    venue_id: Mapped[str] = mapped_column(ForeignKey("venues.id"))
    version: Mapped[Number]
    starts_at: Mapped[Moment]
    name_zh: Mapped[Word]
    name_en: Mapped[Word]
    profile: Mapped[Words]
    reason: Mapped[Words]
    asked_by: Mapped[int] = mapped_column(BIG, ForeignKey("people.id"))
    created_at: Mapped[Moment]


VENUE_DECIDED = and_(
    Approval.subject == "venue",
    Approval.subject_id == VenueVersion.id,
    Approval.version == VenueVersion.version,
)


def venue_versions(*columns: Any) -> Select[Any]:
    """These columns of every version with its decision, by venue and version."""
    versions = select(*columns).select_from(VenueVersion).outerjoin(Approval, VENUE_DECIDED)
    return versions.order_by(VenueVersion.venue_id, VenueVersion.version)
