"""Items: who gives them, and everything about them that may change, version by version. Append-only."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Select, and_, exists, or_, select
from sqlalchemy.orm import Mapped, aliased, mapped_column

from miniprogram_api.db import BIG, Base
from miniprogram_api.models.approvals import Approval
from miniprogram_api.models.columns import Key, Moment, Number, Word, Words


class Item(Base):
    """What points are exchanged for."""

    __tablename__ = "items"

    id: Mapped[Key]
    merchant_id: Mapped[int] = mapped_column(BIG, ForeignKey("merchants.id"), index=True)


class ItemVersion(Base):
    """`settlement_fen` is owed to the merchant for each piece redeemed. `starts_at` 0: as soon as it is decided.

    A first version that nobody asked for is the system's and stands by itself; every other one needs its approval.
    """

    __tablename__ = "item_versions"
    __table_args__ = (
        CheckConstraint("version >= 1", name="version_positive"),
        CheckConstraint("points > 0", name="points_positive"),
        CheckConstraint("settlement_fen >= 0", name="settlement_not_negative"),
        CheckConstraint("limit_per_person > 0", name="limit_positive"),
        CheckConstraint("position >= 0", name="position_not_negative"),
        CheckConstraint("asked_by IS NOT NULL OR version = 1", name="later_ones_are_asked_for"),
    )

    item_id: Mapped[int] = mapped_column(BIG, ForeignKey("items.id"), primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    starts_at: Mapped[Moment]
    name_zh: Mapped[Word]
    name_en: Mapped[Word]
    description_zh: Mapped[Words]
    description_en: Mapped[Words]
    icon: Mapped[Word]
    points: Mapped[Number]
    settlement_fen: Mapped[Number]
    limit_per_person: Mapped[Number | None]
    active: Mapped[bool]
    position: Mapped[Number]
    reason: Mapped[Words]
    asked_by: Mapped[int | None] = mapped_column(BIG, ForeignKey("people.id"))
    created_at: Mapped[Moment]


def approved(version: Any) -> Any:
    """Whether an item's version (ItemVersion or an alias) stands: approved, or one of the system's own."""
    yes = exists().where(
        Approval.subject == "item",
        Approval.subject_id == version.item_id,
        Approval.version == version.version,
        Approval.decision == "approved",
    )
    return or_(version.asked_by.is_(None), yes)


def version_in_force(moment: Any) -> Any:
    """The number of the version of an `Item` row that is in force at `moment`: of those that stand and have begun the
    newest, so that a later version also puts an earlier one aside that would only begin after it."""
    begun = aliased(ItemVersion)
    newest = select(begun.version).where(begun.item_id == Item.id, begun.starts_at <= moment, approved(begun))
    return newest.order_by(begun.version.desc()).limit(1).correlate(Item).scalar_subquery()


_DECIDED = and_(
    Approval.subject == "item", Approval.subject_id == ItemVersion.item_id, Approval.version == ItemVersion.version
)


def item_versions(*columns: Any) -> Select[Any]:
    """These columns of every version with its decision, if there is one, by item and version."""
    versions = select(*columns).select_from(ItemVersion).outerjoin(Approval, _DECIDED)
    return versions.order_by(ItemVersion.item_id, ItemVersion.version)
