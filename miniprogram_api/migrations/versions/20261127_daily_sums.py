"""Sums of the days that are over."""

from __future__ import annotations

revision = "20261127_daily_sums"
down_revision = "20261126_goods"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
