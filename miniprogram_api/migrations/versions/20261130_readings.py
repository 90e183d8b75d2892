"""Readings of member codes and cards, journals of kiosks, notices to staff."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from miniprogram_api.migrations.append_only import keep_append_only
from miniprogram_api.migrations.keys import BIG, names_row

revision = "20261130_readings"
down_revision = "20261129_passes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_readings()
    _make_boots()
    _make_items()
    _make_notices()


def _only(condition: str) -> dict[str, Any]:
    return {f"{dialect}_where": sa.text(condition) for dialect in ("sqlite", "postgresql")}


def _make_readings() -> None:
    op.create_table(
        "readings",
        sa.Column("id", BIG, autoincrement=False, nullable=False),
        sa.Column("kind", BIG, nullable=False),
        sa.Column("holder", sa.LargeBinary(), nullable=False),
        sa.Column("slot", BIG, nullable=True),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("kiosk_id", BIG, nullable=True),
        sa.Column("merchant_id", BIG, nullable=True),
        sa.Column("clerk", sa.String(64), nullable=True),
        sa.Column("boot", sa.String(64), nullable=True),
        sa.Column("seq", BIG, nullable=True),
        sa.Column("twin", BIG, nullable=False),
        sa.Column("claimed_at", BIG, nullable=False),
        sa.Column("occurred_at", BIG, nullable=False),
        sa.Column("recorded_at", BIG, nullable=False),
        sa.CheckConstraint("kind IN (20, 22)", name=op.f("ck_readings_kind_known")),
        sa.CheckConstraint("(kind = 22) = (slot IS NULL)", name=op.f("ck_readings_cards_show_no_slot")),
        sa.CheckConstraint("length(holder) = 8", name=op.f("ck_readings_holder_of_eight_bytes")),
        sa.CheckConstraint("twin IN (0, 1)", name=op.f("ck_readings_twin_is_a_flag")),
        sa.CheckConstraint("(boot IS NULL) = (seq IS NULL)", name=op.f("ck_readings_item_named_whole")),
        sa.CheckConstraint(
            "kiosk_id IS NOT NULL OR merchant_id IS NOT NULL", name=op.f("ck_readings_read_somewhere")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_readings")),
        sa.UniqueConstraint("kiosk_id", "boot", "seq", name="uq_readings_item"),
    )
    op.create_index(
        "uq_readings_slot", "readings", ["holder", "slot"], unique=True, **_only("slot IS NOT NULL AND twin = 0")
    )
    op.create_index("ix_readings_holder", "readings", ["holder", "slot"])
    op.create_index("ix_readings_member", "readings", ["member_id", "recorded_at"])
    keep_append_only("readings", [("id",)], [("kiosk_id", "boot", "seq")], [("holder", "slot", "twin")])


def _make_boots() -> None:
    op.create_table(
        "kiosk_boots",
        sa.Column("kiosk_id", BIG, autoincrement=False, nullable=False),
        sa.Column("boot", sa.String(64), nullable=False),
        sa.Column("epoch", BIG, nullable=False),
        sa.Column("begun", BIG, nullable=False),
        sa.Column("last_boot", sa.String(64), nullable=True),
        sa.Column("last_seq", BIG, nullable=True),
        sa.Column("last_hash", sa.String(64), nullable=True),
        sa.Column("newest_seq", BIG, nullable=False),
        sa.Column("contiguous", BIG, nullable=False),
        sa.Column("offset_seconds", BIG, nullable=True),
        sa.Column("heartbeat_uptime_ms", BIG, nullable=True),
        sa.Column("heartbeat_at", BIG, nullable=True),
        sa.Column("clock_set_seq", BIG, nullable=False),
        sa.Column("first_received_at", BIG, nullable=False),
        sa.Column("twin", BIG, nullable=False),
        sa.CheckConstraint("length(boot) = 16", name=op.f("ck_kiosk_boots_boot_of_sixteen_digits")),
        sa.CheckConstraint(
            "contiguous BETWEEN 0 AND newest_seq", name=op.f("ck_kiosk_boots_contiguous_up_to_the_newest")
        ),
        sa.CheckConstraint("begun IN (0, 1) AND twin IN (0, 1)", name=op.f("ck_kiosk_boots_flags")),
        sa.PrimaryKeyConstraint("kiosk_id", "boot", name=op.f("pk_kiosk_boots")),
    )
    op.create_index("ix_kiosk_boots_last", "kiosk_boots", ["kiosk_id", "last_boot"])


def _make_items() -> None:
    op.create_table(
        "journal_items",
        sa.Column("id", BIG, autoincrement=False, nullable=False),
        sa.Column("kiosk_id", BIG, nullable=False),
        sa.Column("boot", sa.String(64), nullable=False),
        sa.Column("seq", BIG, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("apart", BIG, nullable=False),
        sa.Column("epoch", BIG, nullable=True),
        sa.Column("counter", BIG, nullable=True),
        sa.Column("nonce", sa.LargeBinary(), nullable=True),
        sa.Column("claimed_at", BIG, nullable=False),
        sa.Column("corrected_at", BIG, nullable=True),
        sa.Column("received_at", BIG, nullable=False),
        sa.Column("result", sa.String(64), nullable=False),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.Column("worst", sa.String(64), nullable=False),
        sa.CheckConstraint(
            "kind IN ('boot', 'issued', 'read', 'clock', 'unreadable')", name=op.f("ck_journal_items_kind_known")
        ),
        sa.CheckConstraint("apart IN (0, 1)", name=op.f("ck_journal_items_apart_is_a_flag")),
        sa.CheckConstraint(
            "counter IS NULL OR (kind = 'issued' AND epoch IS NOT NULL AND nonce IS NOT NULL)",
            name=op.f("ck_journal_items_counter_of_a_code"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_journal_items")),
        sa.UniqueConstraint("kiosk_id", "boot", "seq", "hash", name="uq_journal_items_hash"),
    )
    op.create_index(
        "uq_journal_items_link", "journal_items", ["kiosk_id", "boot", "seq"], unique=True, **_only("apart = 0")
    )
    op.create_index(
        "ix_journal_items_counter", "journal_items", ["kiosk_id", "epoch", "counter"], **_only("counter IS NOT NULL")
    )
    op.create_index("ix_journal_items_kiosk", "journal_items", ["kiosk_id", "id"])
    op.create_index("ix_journal_items_worst", "journal_items", ["worst", "id"], **_only("worst <> 'credited'"))
    keep_append_only(
        "journal_items",
        [("id",)],
        [("kiosk_id", "boot", "seq", "hash")],
        [("kiosk_id", "boot", "seq", "apart")],
    )


def _make_notices() -> None:
    op.create_table(
        "notices",
        sa.Column("id", BIG, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("subject_kind", sa.String(64), nullable=False),
        sa.Column("subject_id", BIG, nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("raised_at", BIG, nullable=False),
        sa.Column("seen_by", BIG, nullable=True),
        sa.Column("seen_at", BIG, nullable=True),
        sa.CheckConstraint("(seen_by IS NULL) = (seen_at IS NULL)", name=op.f("ck_notices_seen_by_somebody")),
        names_row("notices", "seen_by", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("digest", name="uq_notices_digest"),
    )
    op.create_index("ix_notices_raised", "notices", ["raised_at", "id"])
    op.create_index("ix_notices_unseen", "notices", ["raised_at", "id"], **_only("seen_at IS NULL"))


def downgrade() -> None:
    for table in ("notices", "journal_items", "kiosk_boots", "readings"):
        op.drop_table(table)
