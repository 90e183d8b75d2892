"""Goods, stock and merchants change by versions."""

from __future__ import annotations

revision = "20261126_goods"
down_revision = "20261125_scene_versions"
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
