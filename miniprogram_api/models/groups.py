"""How many points the scenes of a group share, version by version. Append-only.

The group in scenes/data is its first version, from the beginning, with its period for ever; later ones stand here.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Select, UniqueConstraint, and_, select
from sqlalchemy.orm import Mapped, mapped_column

from miniprogram_api.db import BIG, Base
from miniprogram_api.models.approvals import Approval
from miniprogram_api.models.columns import Key, Moment, Number, Word, Words


class GroupVersion(Base):
    """At most `points` per member and period. It counts once its approval, which names it by `id`, is there."""

    __tablename__ = "group_versions"
    __table_args__ = (
        UniqueConstraint("group_id", "version", name="uq_group_versions_version"),
        CheckConstraint("version >= 2", name="version_after_the_first"),
        CheckConstraint("points >= 1", name="points_positive"),
    )

    id: Mapped[Key]
    group_id: Mapped[Word]
    version: Mapped[Number]
    starts_at: Mapped[Moment]
    points: Mapped[Number]
    reason: Mapped[Words]
    asked_by: Mapped[int] = mapped_column(BIG, ForeignKey("people.id"))
    created_at: Mapped[Moment]


GROUP_DECIDED = and_(
    Approval.subject == "group",
    Approval.subject_id == GroupVersion.id,
    Approval.version == GroupVersion.version,
)


def group_versions(*columns: Any) -> Select[Any]:
    """These columns of every version with its decision, by group and version."""
    versions = select(*columns).select_from(GroupVersion).outerjoin(Approval, GROUP_DECIDED)
    return versions.order_by(GroupVersion.group_id, GroupVersion.version)
