"""Merchants, the people who stand at their counters, and their sessions."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from miniprogram_api.db import BIG, Base
from miniprogram_api.models.columns import Key, Moment, Number, Word, Words


class Merchant(Base):
    """`venue_id`: the place whose profile says what its till may confirm; None for those that confirm nothing."""

    __tablename__ = "merchants"
    __table_args__ = (CheckConstraint("state IN ('active', 'suspended')", name="state_known"),)

    id: Mapped[Key]
    name_zh: Mapped[Word]
    name_en: Mapped[Word]
    place_zh: Mapped[Word]
    place_en: Mapped[Word]
    state: Mapped[Word]
    created_at: Mapped[Moment]
    venue_id: Mapped[str | None] = mapped_column(String(64), ForeignKey("venues.id"))


class MerchantVersion(Base):
    """What a merchant was called and whether it worked, change by change. Append-only.

    `change`: admitted, named, suspended or resumed. A resumed one takes effect with its approval, the others at once;
    what nobody asked for is the system's and has none.
    """

    __tablename__ = "merchant_versions"
    __table_args__ = (
        CheckConstraint("version >= 1", name="version_positive"),
        CheckConstraint("change IN ('admitted', 'named', 'suspended', 'resumed')", name="change_known"),
        CheckConstraint("state IN ('active', 'suspended')", name="state_known"),
    )

    merchant_id: Mapped[int] = mapped_column(BIG, ForeignKey("merchants.id"), primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    change: Mapped[Word]
    name_zh: Mapped[Word]
    name_en: Mapped[Word]
    place_zh: Mapped[Word]
    place_en: Mapped[Word]
    state: Mapped[Word]
    reason: Mapped[Words]
    asked_by: Mapped[int | None] = mapped_column(BIG, ForeignKey("people.id"))
    created_at: Mapped[Moment]


class MerchantBalance(Base):
    """Fen owed to the merchant for redeemed vouchers and not yet settled."""

    __tablename__ = "merchant_balances"
    __table_args__ = (CheckConstraint("payable_fen >= 0", name="payable_not_negative"),)

    merchant_id: Mapped[int] = mapped_column(BIG, ForeignKey("merchants.id"), primary_key=True, autoincrement=False)
    payable_fen: Mapped[Number] = mapped_column(default=0)


class MerchantPerson(Base):
    """A sign-in at a merchant's counter: the owner or a cashier.

    `once_until`: the password is a one-time one, good until then; None for a person's own password.
    """

    __tablename__ = "merchant_people"
    __table_args__ = (CheckConstraint("role IN ('owner', 'cashier')", name="role_known"),)

    id: Mapped[Key]
    merchant_id: Mapped[int] = mapped_column(BIG, ForeignKey("merchants.id"), index=True)
    login: Mapped[Word] = mapped_column(unique=True)
    name: Mapped[Word]
    password_hash: Mapped[Words]  # Argon2id
    role: Mapped[Word]
    once_until: Mapped[Moment | None]
    blocked_at: Mapped[Moment | None]


class MerchantSession(Base):
    """`wrong_codes` counts readable codes with a right check symbol that no voucher has."""

    __tablename__ = "merchant_sessions"

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(BIG, ForeignKey("merchant_people.id"), index=True)
    merchant_id: Mapped[int] = mapped_column(BIG, ForeignKey("merchants.id"))
    created_at: Mapped[Moment]
    expires_at: Mapped[Moment]
    revoked_at: Mapped[Moment | None]
    wrong_codes: Mapped[Number] = mapped_column(default=0)
    locked_until: Mapped[Moment] = mapped_column(default=0)
