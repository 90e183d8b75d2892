"""Stock: pieces on the shelf, and every change of what was put there (append-only)."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from miniprogram_api.db import BIG, Base
from miniprogram_api.models.columns import Bytes, Key, Moment, Number, Word, Words


class Stock(Base):
    """Pieces left of an item: put in minus held or redeemed."""

    __tablename__ = "stock"
    __table_args__ = (CheckConstraint("remaining BETWEEN 0 AND put_in", name="remaining_fits_put_in"),)

    item_id: Mapped[int] = mapped_column(BIG, ForeignKey("items.id"), primary_key=True, autoincrement=False)
    put_in: Mapped[Number]
    remaining: Mapped[Number]


class StockChange(Base):
    """Pieces put in, or taken out where negative. What nobody asked for is the system's and stands by itself, all else
    counts once its approval, which names it by `id`, is there: `stock.put_in` is the sum of those."""

    __tablename__ = "stock_changes"
    __table_args__ = (
        UniqueConstraint("asked_by", "key", name="uq_stock_changes_key"),
        CheckConstraint("pieces <> 0", name="pieces_not_zero"),
        Index("ix_stock_changes_item", "item_id", "asked_at", "id"),
    )

    id: Mapped[Key]
    item_id: Mapped[int] = mapped_column(BIG, ForeignKey("items.id"))
    pieces: Mapped[Number]
    reason: Mapped[Words]
    asked_by: Mapped[int | None] = mapped_column(BIG, ForeignKey("people.id"))
    asked_at: Mapped[Moment]
    key: Mapped[Word | None]
    content: Mapped[Bytes | None]  # SHA-256 of the decoded fields that came with the key
