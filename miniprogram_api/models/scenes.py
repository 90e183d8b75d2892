"""Rule versions of scenes: which rule, with which factor, is in force from when. Append-only."""

from __future__ import annotations

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from miniprogram_api.db import BIG, Base
from miniprogram_api.models.columns import Moment, Word, Words


class RuleVersion(Base):
    """`document` is the scene and `factors` the factor documents it uses, both JSON as in scenes/data."""

    __tablename__ = "rule_versions"
    __table_args__ = (
        CheckConstraint("scene BETWEEN 1 AND 255", name="scene_fits_one_byte"),
        CheckConstraint("version >= 1", name="version_positive"),
    )

    scene: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    slug: Mapped[Word]
    starts_at: Mapped[Moment]
    document: Mapped[Words]
    factors: Mapped[Words]
    reason: Mapped[Words]
    created_at: Mapped[Moment]
