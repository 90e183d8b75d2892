"""Sums of the island's days that are over, so that a screen need not add up every act there ever was."""

from __future__ import annotations

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from miniprogram_api.db import BIG, Base
from miniprogram_api.models.columns import Number


class DailySum(Base):
    """What was credited in one scene on one day, by the time it was recorded, and what was taken back on that day.

    Scene 0 is all scenes together; it stands for every day that was closed, also one without acts, and the newest of
    these says how far the sums reach. Made from the acts and never changed; a row that is lost is made again.
    """

    __tablename__ = "daily_sums"
    __table_args__ = (
        CheckConstraint("acts >= 0 AND points >= 0 AND reduction_grams >= 0", name="sums_not_negative"),
        CheckConstraint(
            "reversed_acts >= 0 AND reversed_points >= 0 AND reversed_grams >= 0", name="reversed_not_negative"
        ),
        CheckConstraint("members BETWEEN 0 AND acts", name="members_fit_acts"),
    )

    scene: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    day: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)  # the island's days since 1970-01-01
    acts: Mapped[Number]
    points: Mapped[Number]
    reduction_grams: Mapped[Number]
    members: Mapped[Number]  # different ones
    reversed_acts: Mapped[Number]  # whatever day they were recorded on
    reversed_points: Mapped[Number]
    reversed_grams: Mapped[Number]
