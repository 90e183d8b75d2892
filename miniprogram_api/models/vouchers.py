"""Vouchers and redemptions."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, and_
from sqlalchemy.orm import Mapped, mapped_column

from miniprogram_api.db import BIG, Base
from miniprogram_api.models.columns import Key, Moment, Number, Word
from miniprogram_api.models.items import ItemVersion
from miniprogram_api.models.ledger import AT_COMMIT


class Voucher(Base):
    """Points held for an item until it is redeemed, cancelled or expires: exactly one of the three."""

    __tablename__ = "vouchers"
    __table_args__ = (
        CheckConstraint("state IN ('issued', 'redeemed', 'cancelled', 'expired')", name="state_known"),
        CheckConstraint("(state = 'issued') = (ended_at IS NULL)", name="ended_when_not_issued"),
        CheckConstraint("quantity > 0 AND points > 0 AND settlement_fen >= 0", name="amounts_positive"),
        Index("ix_vouchers_member", "member_id", "created_at", "id"),
        Index("ix_vouchers_expiry", "state", "expires_at"),
        Index("ix_vouchers_created", "created_at"),
    )

    id: Mapped[Key]
    member_id: Mapped[int] = mapped_column(BIG, ForeignKey("members.id"))
    item_id: Mapped[int] = mapped_column(BIG, ForeignKey("items.id"))
    merchant_id: Mapped[int] = mapped_column(BIG, ForeignKey("merchants.id"))
    quantity: Mapped[Number]
    points: Mapped[Number]
    settlement_fen: Mapped[Number]
    state: Mapped[Word]
    key_id: Mapped[Number]
    readable_number: Mapped[Number]  # r of the readable code that is in force
    readable_hash: Mapped[bytes] = mapped_column(unique=True)
    readable_expires_at: Mapped[Moment]
    created_at: Mapped[Moment]
    expires_at: Mapped[Moment]
    ended_at: Mapped[Moment | None]
    redemptions: Mapped[Number] = mapped_column(default=0)  # how often it was redeemed, undone ones included
    item_version: Mapped[Number]  # the item as it was when the points were exchanged


def of_voucher() -> Any:
    """The join from a voucher to the item as it was when the points were exchanged."""
    return and_(ItemVersion.item_id == Voucher.item_id, ItemVersion.version == Voucher.item_version)


class VoucherLot(Base):
    """Which lots a voucher's held points came from, so that a refund gives them their dates back."""

    __tablename__ = "voucher_lots"
    __table_args__ = (CheckConstraint("points > 0", name="points_positive"),)

    voucher_id: Mapped[int] = mapped_column(BIG, ForeignKey("vouchers.id"), primary_key=True, autoincrement=False)
    expires_on: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    graced: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    points: Mapped[Number]


class Redemption(Base):
    """A voucher taken at a counter. Append-only; a second one of a voucher only after the first was undone."""

    __tablename__ = "redemptions"
    __table_args__ = (
        UniqueConstraint("voucher_id", "number"),
        CheckConstraint("number >= 1", name="number_positive"),
        Index("ix_redemptions_merchant", "merchant_id", "redeemed_at", "id"),
        Index("ix_redemptions_redeemed", "redeemed_at"),
        Index("ix_redemptions_entry", "entry_id"),
    )

    id: Mapped[Key]
    voucher_id: Mapped[int] = mapped_column(BIG, ForeignKey("vouchers.id"))
    number: Mapped[Number]  # 1, and one more after each undo
    merchant_id: Mapped[int] = mapped_column(BIG, ForeignKey("merchants.id"))
    person_id: Mapped[int] = mapped_column(BIG, ForeignKey("merchant_people.id"))
    entry_id: Mapped[int] = mapped_column(BIG, ForeignKey("entries.id", **AT_COMMIT))
    settlement_fen: Mapped[Number]
    redeemed_at: Mapped[Moment]


class RedemptionUndo(Base):
    """A redemption taken back at the counter within two minutes. Append-only."""

    __tablename__ = "redemption_undos"
    __table_args__ = (Index("ix_redemption_undos_entry", "entry_id"),)

    redemption_id: Mapped[int] = mapped_column(BIG, ForeignKey("redemptions.id"), primary_key=True, autoincrement=False)
    person_id: Mapped[int] = mapped_column(BIG, ForeignKey("merchant_people.id"))
    entry_id: Mapped[int] = mapped_column(BIG, ForeignKey("entries.id", **AT_COMMIT))
    undone_at: Mapped[Moment]
