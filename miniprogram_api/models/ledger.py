"""The books: acts, entries and transfers (append-only), lots and caps (they change by design)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from miniprogram_api.db import BIG, Base
from miniprogram_api.models.columns import Bytes, Key, Moment, Number, Word, Words

# Writes are sent together and looked at afterwards: a key that was used before leaves its entry out, and the rows
# that name it have to wait for the rollback.
AT_COMMIT: dict[str, Any] = {"deferrable": True, "initially": "DEFERRED"}


class Act(Base):
    """One member doing one scene once. The row itself is the claim on the code.

    UNIQUE (kiosk, epoch, counter, claimant): `claimant` is 0 for whoever was first with a code, so that one code alone
    can be the first on its counter. The others who come with a group code are claimants by their member's id, and each
    member is one for it; a twin, another code on the counter of the first, has a negative number made of its nonce.
    """

    __tablename__ = "acts"
    __table_args__ = (
        UniqueConstraint("kiosk_id", "epoch", "counter", "claimant", name="uq_acts_code"),
        CheckConstraint("state IN ('credited', 'pending', 'capped')", name="state_known"),
        CheckConstraint("credited_quantity BETWEEN 0 AND quantity", name="credited_fits_quantity"),
        CheckConstraint("points >= 0 AND reduction_grams >= 0", name="award_not_negative"),
        CheckConstraint("state = 'credited' OR (points = 0 AND reduction_grams = 0)", name="only_credited_awards"),
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint("(state = 'pending') = (entry_id IS NULL)", name="entry_unless_pending"),
        Index(
            "uq_acts_group_code",
            "kiosk_id",
            "epoch",
            "counter",
            "member_id",
            unique=True,
            postgresql_where=text("kind = 18 AND claimant >= 0 AND claimant <> id"),
            sqlite_where=text("kind = 18 AND claimant >= 0 AND claimant <> id"),
        ),
        Index("ix_acts_member_occurred", "member_id", "occurred_at", "id"),
        Index("ix_acts_recorded", "recorded_at"),
        Index(
            "ix_acts_pending",
            "recorded_at",
            postgresql_where=text("state = 'pending'"),
            sqlite_where=text("state = 'pending'"),
        ),
        Index(
            "uq_acts_pending_key",
            "member_id",
            "pending_key",
            unique=True,
            postgresql_where=text("pending_key IS NOT NULL"),
            sqlite_where=text("pending_key IS NOT NULL"),
        ),
    )

    id: Mapped[Key]
    # No foreign keys to member and kiosk: their checks would lock both rows for every scan. A member's balance row has
    # to be written with the act, a code is only taken with the kiosk's key, and the database lets nobody remove either.
    member_id: Mapped[Number]
    companion: Mapped[Number]  # 0 the member, 1…3 a child whose ticket the member hands in
    kiosk_id: Mapped[Number]
    epoch: Mapped[Number]
    counter: Mapped[Number]
    claimant: Mapped[Number]
    nonce: Mapped[Bytes]
    kind: Mapped[Number]
    scene: Mapped[Number]
    variant: Mapped[Number]
    side: Mapped[Word | None]  # where the place lay then: mainland, sea, island
    room: Mapped[Number | None]  # the place's room, hashed, where the limit is the room's
    nights: Mapped[Words | None]  # the nights it took, as numbers of days with commas between
    rule_version: Mapped[Number]
    factor: Mapped[Word]  # id/version
    quantity: Mapped[Number]  # units of the code
    credited_quantity: Mapped[Number]
    points: Mapped[Number]
    reduction_grams: Mapped[Number]
    state: Mapped[Word]
    reason: Mapped[Word | None]
    claimed_at: Mapped[Moment]  # the device's time
    occurred_at: Mapped[Moment]  # corrected: rules and caps use it
    recorded_at: Mapped[Moment]  # ours
    pending_key: Mapped[Word | None]  # the request's key while no entry holds it
    entry_id: Mapped[Number | None]  # absent while pending


class Entry(Base):
    """Transfers that belong together, with the evidence leaf's exact bytes and the caller's key."""

    __tablename__ = "entries"
    __table_args__ = (
        UniqueConstraint("caller_kind", "caller", "key", name="uq_entries_key"),
        Index(
            "ix_entries_voucher",
            "voucher_id",
            postgresql_where=text("voucher_id IS NOT NULL"),
            sqlite_where=text("voucher_id IS NOT NULL"),
        ),
        # What ended without a voucher or an act to find it by.
        Index(
            "ix_entries_expiry",
            "member_id",
            postgresql_where=text("kind = 'expire'"),
            sqlite_where=text("kind = 'expire'"),
        ),
    )

    id: Mapped[Key]
    kind: Mapped[Word]
    caller_kind: Mapped[Word]
    caller: Mapped[Number]
    key: Mapped[Word | None]
    content: Mapped[Bytes | None]  # SHA-256 of the decoded fields that came with the key
    member_id: Mapped[Number | None]
    merchant_id: Mapped[Number | None]
    act_id: Mapped[Number | None]
    voucher_id: Mapped[Number | None]
    salt: Mapped[Bytes]
    leaf: Mapped[Bytes]
    occurred_at: Mapped[Moment]
    recorded_at: Mapped[Moment]


class TransferRow(Base):
    """One movement: debit, credit, unit, amount. An account is a kind and an owner (0: the programme)."""

    __tablename__ = "transfers"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("unit IN ('points', 'grams', 'fen')", name="unit_known"),
        CheckConstraint("debit <> credit OR debit_owner <> credit_owner", name="two_accounts"),
    )

    entry_id: Mapped[int] = mapped_column(
        BIG, ForeignKey("entries.id", **AT_COMMIT), primary_key=True, autoincrement=False
    )
    number: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    unit: Mapped[Word]
    debit: Mapped[Word]
    debit_owner: Mapped[Number]
    credit: Mapped[Word]
    credit_owner: Mapped[Number]
    amount: Mapped[Number]


class Lot(Base):
    """Points of one member that expire on one day; `graced` lots got their one-time 7 days."""

    __tablename__ = "lots"
    __table_args__ = (
        CheckConstraint("remaining BETWEEN 0 AND granted", name="remaining_fits_granted"),
        CheckConstraint("graced IN (0, 1)", name="graced_is_a_flag"),
        # Without `remaining`: a change of an indexed column would cost every scan.
        Index("ix_lots_expiry", "expires_on", "member_id"),
    )

    member_id: Mapped[int] = mapped_column(BIG, ForeignKey("members.id"), primary_key=True, autoincrement=False)
    expires_on: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)  # last day, as YYYYMMDD
    graced: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    granted: Mapped[Number]
    remaining: Mapped[Number]


class Cap(Base):
    """How much of a limit is used. `owner` is a member or a kiosk, `period` a day, a month, an hour… or 0.

    A row with `window_seconds` starts anew when its window is over (boarding seats).
    """

    __tablename__ = "caps"
    __table_args__ = (CheckConstraint("used BETWEEN 0 AND cap", name="used_fits_cap"),)

    owner: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    name: Mapped[Word] = mapped_column(primary_key=True)
    period: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    used: Mapped[Number]
    cap: Mapped[Number]
    window_start: Mapped[Moment]
    window_seconds: Mapped[Number]
