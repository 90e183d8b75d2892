"""Rule versions of scenes: which rule, with which factor, is in force from when. Append-only."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Select, and_, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from miniprogram_api.db import BIG, Base
from miniprogram_api.models.approvals import Approval
from miniprogram_api.models.columns import Moment, Word, Words


class RuleVersion(Base):
    """`document` is the scene and `factors` the factor documents it uses, both JSON as in scenes/data.

    Nobody asked for a scene's seeded first version, and it stands by itself; every other one needs its approval.
    """

    __tablename__ = "rule_versions"
    __table_args__ = (
        CheckConstraint("scene BETWEEN 1 AND 255", name="scene_fits_one_byte"),
        CheckConstraint("version >= 1", name="version_positive"),
        CheckConstraint("asked_by IS NOT NULL OR version = 1", name="later_ones_are_asked_for"),
        CheckConstraint("(entry_id IS NULL) = (asked_by IS NULL)", name="entry_if_asked_for"),
    )

    scene: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    slug: Mapped[Word]
    starts_at: Mapped[Moment]
    document: Mapped[Words]
    factors: Mapped[Words]
    reason: Mapped[Words]
    created_at: Mapped[Moment]
    asked_by: Mapped[int | None] = mapped_column(BIG, ForeignKey("people.id"))
    entry_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("entries.id"))


# The decision on a version, and whether the version counts.
DECIDED = and_(
    Approval.subject == "rule", Approval.subject_id == RuleVersion.scene, Approval.version == RuleVersion.version
)
COUNTS = or_(RuleVersion.asked_by.is_(None), Approval.decision == "approved")


def rule_versions(*columns: Any) -> Select[Any]:
    """These columns of every version with its decision, by scene and version."""
    versions = select(*columns).select_from(RuleVersion).outerjoin(Approval, DECIDED)
    return versions.order_by(RuleVersion.scene, RuleVersion.version)
