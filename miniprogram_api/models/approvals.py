"""What one person asked for and another decided. Append-only."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from miniprogram_api.db import BIG, Base
from miniprogram_api.models.columns import Bytes, Key, Moment, Number, Word, Words
from miniprogram_api.models.ledger import AT_COMMIT


class Approval(Base):
    """The decision on one version of a subject, bound to the SHA-256 of exactly what was decided (`payload`).

    `alone` is 1 where the change needed no second person. `booked_entry_id` is the entry that it set in motion.
    """

    __tablename__ = "approvals"
    __table_args__ = (
        UniqueConstraint("subject", "subject_id", "version", name="uq_approvals_subject"),
        CheckConstraint("decision IN ('approved', 'rejected', 'withdrawn')", name="decision_known"),
        CheckConstraint("alone IN (0, 1)", name="alone_is_a_flag"),
        CheckConstraint("decision <> 'approved' OR alone = 1 OR decided_by <> asked_by", name="second_person"),
    )

    id: Mapped[Key]
    subject: Mapped[Word]  # rule, group, venue, item, stock, merchant, kiosk, adjustment
    subject_id: Mapped[Number]
    version: Mapped[Number]
    payload: Mapped[Bytes]
    decision: Mapped[Word]
    alone: Mapped[Number]
    asked_by: Mapped[Number]
    decided_by: Mapped[Number]
    reason: Mapped[Words]
    decided_at: Mapped[Moment]
    entry_id: Mapped[int] = mapped_column(BIG, ForeignKey("entries.id", **AT_COMMIT))
    booked_entry_id: Mapped[Number | None]
