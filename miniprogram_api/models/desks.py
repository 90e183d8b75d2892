"""Acts that somebody confirmed at a merchant's till or desk, and those taken back there. Append-only."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from miniprogram_api.db import BIG, Base
from miniprogram_api.models.columns import Bytes, Key, Moment, Word, Words
from miniprogram_api.models.ledger import AT_COMMIT


class DeskAct(Base):
    """One reading at a till: who was signed in, and what they chose.

    `lines` is JSON, one for each act that was asked for: {scene: number or null, slug, line: the number in the reading,
    or code: why it was refused, record?}. `content` is SHA-256 of the decoded fields that came with the key.
    """

    __tablename__ = "desk_acts"
    __table_args__ = (
        UniqueConstraint("person_id", "key", name="uq_desk_acts_key"),
        UniqueConstraint("reading_id", name="uq_desk_acts_reading"),
        Index("ix_desk_acts_merchant", "merchant_id", "created_at", "id"),
    )

    id: Mapped[Key]
    merchant_id: Mapped[int] = mapped_column(BIG, ForeignKey("merchants.id"))
    person_id: Mapped[int] = mapped_column(BIG, ForeignKey("merchant_people.id"))
    reading_id: Mapped[int] = mapped_column(BIG, ForeignKey("readings.id", **AT_COMMIT))
    key: Mapped[Word]
    content: Mapped[Bytes]
    lines: Mapped[Words]
    created_at: Mapped[Moment]


class DeskUndo(Base):
    """A reading taken back at the till that made it, once and within two minutes."""

    __tablename__ = "desk_undos"
    __table_args__ = (UniqueConstraint("person_id", "key", name="uq_desk_undos_key"),)

    desk_act_id: Mapped[int] = mapped_column(BIG, ForeignKey("desk_acts.id"), primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(BIG, ForeignKey("merchant_people.id"))
    key: Mapped[Word]
    undone_at: Mapped[Moment]
