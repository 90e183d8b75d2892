"""Venues and their kiosks: keys by epoch, invitations, what became of them, agreements, and what heartbeats said."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from miniprogram_api.db import BIG, Base
from miniprogram_api.models.columns import Moment, Number, Word, Words


class Venue(Base):
    """`profile` is JSON: ways of proof per scene, limits, seats (contract section 2)."""

    __tablename__ = "venues"
    __table_args__ = (CheckConstraint("side IN ('mainland', 'sea', 'island')", name="side_known"),)

    id: Mapped[Word] = mapped_column(primary_key=True)
    name_zh: Mapped[Word]
    name_en: Mapped[Word]
    side: Mapped[Word]
    map_x: Mapped[Number]  # thousandths of the schematic map's width and height
    map_y: Mapped[Number]
    profile: Mapped[Words]
    version: Mapped[Number] = mapped_column(default=1)


class Kiosk(Base):
    __tablename__ = "kiosks"
    __table_args__ = (
        CheckConstraint("state IN ('invited', 'active', 'suspended', 'lost', 'retired')", name="state_known"),
        CheckConstraint("id BETWEEN 1 AND 4294967295", name="id_fits_four_bytes"),
    )

    id: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    name: Mapped[Word] = mapped_column(unique=True)
    venue_id: Mapped[str] = mapped_column(ForeignKey("venues.id"), index=True)
    state: Mapped[Word]
    state_since: Mapped[Moment]
    epoch: Mapped[Number] = mapped_column(default=0)
    boot: Mapped[Word | None]
    last_heartbeat_at: Mapped[Moment | None]
    clock_offset_seconds: Mapped[Number] = mapped_column(default=0)  # server time minus device time
    queue: Mapped[Number | None]
    agreement_version: Mapped[Number | None]
    versions: Mapped[Words | None]  # JSON
    paper: Mapped[Word | None]
    last_sync_at: Mapped[Moment | None]


class KioskKey(Base):
    """The public key of one epoch (1…255) of a kiosk."""

    __tablename__ = "kiosk_keys"
    __table_args__ = (
        CheckConstraint("epoch BETWEEN 1 AND 255", name="epoch_fits_one_byte"),
        UniqueConstraint("public_key"),
    )

    kiosk_id: Mapped[int] = mapped_column(BIG, ForeignKey("kiosks.id"), primary_key=True, autoincrement=False)
    epoch: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    public_key: Mapped[bytes]
    created_at: Mapped[Moment]


class KioskInvitation(Base):
    """A short code that was shown. `version` is the change that two people agreed on; None: made on the machine itself,
    by the operator's command line."""

    __tablename__ = "kiosk_invitations"

    code_hash: Mapped[bytes] = mapped_column(primary_key=True)
    kiosk_id: Mapped[int] = mapped_column(BIG, ForeignKey("kiosks.id"), index=True)
    expires_at: Mapped[Moment]
    used_at: Mapped[Moment | None]
    version: Mapped[Number | None]
    withdrawn_at: Mapped[Moment | None]


class KioskChange(Base):
    """What staff made of a kiosk, change by change. Append-only.

    An invitation and a resumption take effect with their approval, the others at once. `epoch` was in force then: a
    rotation is waited for as long as it still is. `since` is from when a kiosk is lost.
    """

    __tablename__ = "kiosk_changes"
    __table_args__ = (
        CheckConstraint("version >= 1", name="version_positive"),
        CheckConstraint(
            "change IN ('invited', 'uninvited', 'suspended', 'resumed', 'lost', 'retired', 'rotated')",
            name="change_known",
        ),
        CheckConstraint("(change = 'lost') = (since IS NOT NULL)", name="since_when_lost"),
        CheckConstraint("reason <> ''", name="says_why"),
    )

    kiosk_id: Mapped[int] = mapped_column(BIG, ForeignKey("kiosks.id"), primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    change: Mapped[Word]
    epoch: Mapped[Number]
    since: Mapped[Moment | None]
    reason: Mapped[Words]
    asked_by: Mapped[int] = mapped_column(BIG, ForeignKey("people.id"))
    created_at: Mapped[Moment]


class KioskKeyBar(Base):
    """A key that is no longer believed from `since` on, whatever becomes of its kiosk. Append-only."""

    __tablename__ = "kiosk_key_bars"
    __table_args__ = (
        CheckConstraint("state IN ('suspended', 'lost')", name="state_known"),
        ForeignKeyConstraint(["kiosk_id", "epoch"], ["kiosk_keys.kiosk_id", "kiosk_keys.epoch"]),
    )

    kiosk_id: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    epoch: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    state: Mapped[Word]
    since: Mapped[Moment]


class KioskHeartbeat(Base):
    """The last heartbeat of each five minutes (`slot`), for a day."""

    __tablename__ = "kiosk_heartbeats"

    kiosk_id: Mapped[int] = mapped_column(BIG, ForeignKey("kiosks.id"), primary_key=True, autoincrement=False)
    slot: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    received_at: Mapped[Moment]
    boot: Mapped[Word]
    clock_offset_seconds: Mapped[Number]
    queue: Mapped[Number]
    agreement_version: Mapped[Number | None]
    paper: Mapped[Word]


class AgreementDocument(Base):
    """A signed agreement as the exact text that was signed; versions only rise."""

    __tablename__ = "agreements"

    kiosk_id: Mapped[int] = mapped_column(BIG, ForeignKey("kiosks.id"), primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    document: Mapped[Words]
    issued_at: Mapped[Moment]
