"""Sums of the days that are over, and indexes for what screens and jobs look for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from miniprogram_api.migrations.keys import BIG

revision = "20261127_daily_sums"
down_revision = "20261126_goods"
branch_labels = None
depends_on = None

INDEXES = {  # name: table and columns
    "ix_acts_recorded": ("acts", ["recorded_at"]),
    "ix_reversals_reversed": ("reversals", ["reversed_at"]),
    "ix_lots_expiry": ("lots", ["expires_on", "member_id"]),
    "ix_members_created": ("members", ["created_at", "id"]),
    "ix_vouchers_created": ("vouchers", ["created_at"]),
    "ix_redemptions_redeemed": ("redemptions", ["redeemed_at"]),
    # Where a row names an entry that comes after it, SQLite looks for such rows at each new entry.
    "ix_redemptions_entry": ("redemptions", ["entry_id"]),
    "ix_redemption_undos_entry": ("redemption_undos", ["entry_id"]),
    "ix_reversals_entry": ("reversals", ["entry_id"]),
    "ix_job_runs_started": ("job_runs", ["started_at", "id"]),
}
PENDING = sa.text("state = 'pending'")


def upgrade() -> None:
    op.create_table(
        "daily_sums",
        sa.Column("scene", BIG, autoincrement=False, nullable=False),
        sa.Column("day", BIG, autoincrement=False, nullable=False),
        sa.Column("acts", BIG, nullable=False),
        sa.Column("points", BIG, nullable=False),
        sa.Column("reduction_grams", BIG, nullable=False),
        sa.Column("members", BIG, nullable=False),
        sa.Column("reversed_acts", BIG, nullable=False),
        sa.Column("reversed_points", BIG, nullable=False),
        sa.Column("reversed_grams", BIG, nullable=False),
        sa.CheckConstraint(
            "acts >= 0 AND points >= 0 AND reduction_grams >= 0", name=op.f("ck_daily_sums_sums_not_negative")
        ),
        sa.CheckConstraint(
            "reversed_acts >= 0 AND reversed_points >= 0 AND reversed_grams >= 0",
            name=op.f("ck_daily_sums_reversed_not_negative"),
        ),
        sa.CheckConstraint("members BETWEEN 0 AND acts", name=op.f("ck_daily_sums_members_fit_acts")),
        sa.PrimaryKeyConstraint("scene", "day", name=op.f("pk_daily_sums")),
    )
    for name, (table, columns) in INDEXES.items():
        op.create_index(name, table, columns)
    # Few acts wait for a person; an index of those alone costs the others nothing.
    op.create_index("ix_acts_pending", "acts", ["recorded_at"], postgresql_where=PENDING, sqlite_where=PENDING)


def downgrade() -> None:
    op.drop_index("ix_acts_pending", "acts")
    for name, (table, _) in INDEXES.items():
        op.drop_index(name, table)
    op.drop_table("daily_sums")
