"""What became of kiosks and by whom, keys that are no longer believed, a day of heartbeats."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from miniprogram_api.migrations.append_only import keep_append_only
from miniprogram_api.migrations.keys import BIG, names_row

revision = "20261204_fleet"
down_revision = "20261203_groups"
branch_labels = None
depends_on = None

CHANGES = "'invited', 'uninvited', 'suspended', 'resumed', 'lost', 'retired', 'rotated'"


def upgrade() -> None:
    _make_changes()
    _make_bars()
    _make_heartbeats()
    op.add_column("kiosk_invitations", sa.Column("version", BIG, nullable=True))
    op.add_column("kiosk_invitations", sa.Column("withdrawn_at", BIG, nullable=True))
    op.create_index("ix_audit_events_object", "audit_events", ["object", "id"])


def _make_changes() -> None:
    op.create_table(
        "kiosk_changes",
        sa.Column("kiosk_id", BIG, autoincrement=False, nullable=False),
        sa.Column("version", BIG, autoincrement=False, nullable=False),
        sa.Column("change", sa.String(64), nullable=False),
        sa.Column("epoch", BIG, nullable=False),
        sa.Column("since", BIG, nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by", BIG, nullable=False),
        sa.Column("created_at", BIG, nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_kiosk_changes_version_positive")),
        sa.CheckConstraint(f"change IN ({CHANGES})", name=op.f("ck_kiosk_changes_change_known")),
        sa.CheckConstraint("(change = 'lost') = (since IS NOT NULL)", name=op.f("ck_kiosk_changes_since_when_lost")),
        sa.CheckConstraint("reason <> ''", name=op.f("ck_kiosk_changes_says_why")),
        names_row("kiosk_changes", "kiosk_id", "kiosks"),
        names_row("kiosk_changes", "asked_by", "people"),
        sa.PrimaryKeyConstraint("kiosk_id", "version", name=op.f("pk_kiosk_changes")),
    )
    keep_append_only("kiosk_changes", [("kiosk_id", "version")])


def _make_bars() -> None:
    op.create_table(
        "kiosk_key_bars",
        sa.Column("kiosk_id", BIG, autoincrement=False, nullable=False),
        sa.Column("epoch", BIG, autoincrement=False, nullable=False),
        sa.Column("state", sa.String(64), nullable=False),
        sa.Column("since", BIG, nullable=False),
        sa.CheckConstraint("state IN ('suspended', 'lost')", name=op.f("ck_kiosk_key_bars_state_known")),
        sa.ForeignKeyConstraint(
            ["kiosk_id", "epoch"],
            ["kiosk_keys.kiosk_id", "kiosk_keys.epoch"],
            name=op.f("fk_kiosk_key_bars_kiosk_id_kiosk_keys"),
        ),
        sa.PrimaryKeyConstraint("kiosk_id", "epoch", name=op.f("pk_kiosk_key_bars")),
    )
    keep_append_only("kiosk_key_bars", [("kiosk_id", "epoch")])


def _make_heartbeats() -> None:
    op.create_table(
        "kiosk_heartbeats",
        sa.Column("kiosk_id", BIG, autoincrement=False, nullable=False),
        sa.Column("slot", BIG, autoincrement=False, nullable=False),
        sa.Column("received_at", BIG, nullable=False),
        sa.Column("boot", sa.String(64), nullable=False),
        sa.Column("clock_offset_seconds", BIG, nullable=False),
        sa.Column("queue", BIG, nullable=False),
        sa.Column("agreement_version", BIG, nullable=True),
        sa.Column("paper", sa.String(64), nullable=False),
        names_row("kiosk_heartbeats", "kiosk_id", "kiosks"),
        sa.PrimaryKeyConstraint("kiosk_id", "slot", name=op.f("pk_kiosk_heartbeats")),
    )


def downgrade() -> None:
    op.drop_index("ix_audit_events_object", "audit_events")
    op.drop_column("kiosk_invitations", "withdrawn_at")
    op.drop_column("kiosk_invitations", "version")
    for table in ("kiosk_heartbeats", "kiosk_key_bars", "kiosk_changes"):
        op.drop_table(table)
