"""Shared limits of scenes change by versions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from miniprogram_api.migrations.append_only import keep_append_only
from miniprogram_api.migrations.keys import BIG, names_row

revision = "20261203_groups"
down_revision = "20261203_claims"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "group_versions",
        sa.Column("id", BIG, autoincrement=False, nullable=False),
        sa.Column("group_id", sa.String(64), nullable=False),
        sa.Column("version", BIG, nullable=False),
        sa.Column("starts_at", BIG, nullable=False),
        sa.Column("points", BIG, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by", BIG, nullable=False),
        sa.Column("created_at", BIG, nullable=False),
        sa.CheckConstraint("version >= 2", name=op.f("ck_group_versions_version_after_the_first")),
        sa.CheckConstraint("points >= 1", name=op.f("ck_group_versions_points_positive")),
        names_row("group_versions", "asked_by", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_group_versions")),
        sa.UniqueConstraint("group_id", "version", name="uq_group_versions_version"),
    )
    keep_append_only("group_versions", [("id",), ("group_id", "version")])


def downgrade() -> None:
    op.drop_table("group_versions")
