"""Journals of kiosks as they came in: the starts of each kiosk, and every item with what became of it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from miniprogram_api.db import BIG, Base
from miniprogram_api.models.columns import Bytes, Key, Moment, Number, Word, Words


def _only(condition: str) -> dict[str, Any]:
    return {f"{dialect}_where": text(condition) for dialect in ("sqlite", "postgresql")}


class KioskBoot(Base):
    """One start of a kiosk. A heartbeat may be its first sign; `begun` is 1 once its first item is here, which names
    the last item known before (`last_…`). `twin` is 1 where two machines are at work with one key."""

    __tablename__ = "kiosk_boots"
    __table_args__ = (
        CheckConstraint("length(boot) = 16", name="boot_of_sixteen_digits"),
        CheckConstraint("contiguous BETWEEN 0 AND newest_seq", name="contiguous_up_to_the_newest"),
        CheckConstraint("begun IN (0, 1) AND twin IN (0, 1)", name="flags"),
        Index("ix_kiosk_boots_last", "kiosk_id", "last_boot"),
    )

    kiosk_id: Mapped[int] = mapped_column(BIG, primary_key=True, autoincrement=False)
    boot: Mapped[Word] = mapped_column(primary_key=True)
    epoch: Mapped[Number]
    begun: Mapped[Number]
    last_boot: Mapped[Word | None]
    last_seq: Mapped[Number | None]
    last_hash: Mapped[Word | None]
    newest_seq: Mapped[Number]  # the largest that came in
    contiguous: Mapped[Number]  # every item up to this one is here; may lag behind
    offset_seconds: Mapped[Number | None]  # server time minus device time at the last heartbeat
    heartbeat_uptime_ms: Mapped[Number | None]  # of that heartbeat; an older one sent again changes nothing
    heartbeat_at: Mapped[Moment | None]  # when it came in
    clock_set_seq: Mapped[Number]  # the last item by which its clock was set, 0: none
    first_received_at: Mapped[Moment]
    heard_at: Mapped[Moment]  # when anything of it last came in, to the day
    twin: Mapped[Number]


class JournalItem(Base):
    """One item, as the exact text that was signed, and what it was answered. Append-only.

    `apart` is 1 for what is no link of its chain: a second item of the same number, or one that can't be read. Of an
    issued code `epoch`, `counter` and `nonce` are its own. `lines` is a JSON list of results.
    """

    __tablename__ = "journal_items"
    __table_args__ = (
        UniqueConstraint("kiosk_id", "boot", "seq", "hash", name="uq_journal_items_hash"),
        Index("uq_journal_items_link", "kiosk_id", "boot", "seq", unique=True, **_only("apart = 0")),
        Index("ix_journal_items_counter", "kiosk_id", "epoch", "counter", **_only("counter IS NOT NULL")),
        Index("ix_journal_items_kiosk", "kiosk_id", "id"),
        Index("ix_journal_items_worst", "worst", "id", **_only("worst <> 'credited'")),
        CheckConstraint("kind IN ('boot', 'issued', 'read', 'clock', 'unreadable')", name="kind_known"),
        CheckConstraint("apart IN (0, 1)", name="apart_is_a_flag"),
        CheckConstraint(
            "counter IS NULL OR (kind = 'issued' AND epoch IS NOT NULL AND nonce IS NOT NULL)", name="counter_of_a_code"
        ),
    )

    id: Mapped[Key]
    kiosk_id: Mapped[Number]
    boot: Mapped[Word]
    seq: Mapped[Number]
    hash: Mapped[Word]  # 64 hexadecimal digits
    kind: Mapped[Word]
    body: Mapped[Words]
    apart: Mapped[Number]
    epoch: Mapped[Number | None]
    counter: Mapped[Number | None]
    nonce: Mapped[Bytes | None]
    claimed_at: Mapped[Moment]  # the device's time
    corrected_at: Mapped[Moment | None]  # NULL where the clock was not trusted and nothing tells
    received_at: Mapped[Moment]  # ours
    result: Mapped[Word]
    lines: Mapped[Words]
    worst: Mapped[Word]  # credited, pending, duplicate or refused: of the item and its lines
