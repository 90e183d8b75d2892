"""Scenes and places change by versions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from miniprogram_api.migrations.append_only import keep_append_only
from miniprogram_api.migrations.keys import BIG, names_row

revision = "20261125_scene_versions"
down_revision = "20261124_corrections"
branch_labels = None
depends_on = None

NUMBER = {"sqlite": "INTEGER", "postgresql": "BIGINT"}
# Said as SQL: SQLite takes constraints of a new column with the column and never afterwards.
ASKED_BY = (
    "ALTER TABLE rule_versions ADD COLUMN asked_by {}"
    " CONSTRAINT fk_rule_versions_asked_by_people REFERENCES people (id)"
    " CONSTRAINT ck_rule_versions_later_ones_are_asked_for CHECK (asked_by IS NOT NULL OR version = 1)"
)
ENTRY_ID = (
    "ALTER TABLE rule_versions ADD COLUMN entry_id {}"
    " CONSTRAINT fk_rule_versions_entry_id_entries REFERENCES entries (id)"
    " CONSTRAINT ck_rule_versions_entry_if_asked_for CHECK ((entry_id IS NULL) = (asked_by IS NULL))"
)


def upgrade() -> None:
    for column in (ASKED_BY, ENTRY_ID):
        op.execute(column.format(NUMBER[op.get_bind().dialect.name]))
    op.create_table(
        "venue_versions",
        sa.Column("id", BIG, autoincrement=False, nullable=False),
        sa.Column("venue_id", sa.String(64), nullable=False),
        sa.Column("version", BIG, nullable=False),
        sa.Column("starts_at", BIG, nullable=False),
        sa.Column("name_zh", sa.String(64), nullable=False),
        sa.Column("name_en", sa.String(64), nullable=False),
        sa.Column("profile", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by", BIG, nullable=False),
        sa.Column("created_at", BIG, nullable=False),
        sa.CheckConstraint("version >= 2", name=op.f("ck_venue_versions_version_after_the_first")),
        names_row("venue_versions", "venue_id", "venues"),
        names_row("venue_versions", "asked_by", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_venue_versions")),
        sa.UniqueConstraint("venue_id", "version", name="uq_venue_versions_version"),
    )
    keep_append_only("venue_versions", [("id",), ("venue_id", "version")])


def downgrade() -> None:
    op.drop_table("venue_versions")
    for column in ("entry_id", "asked_by"):
        op.drop_column("rule_versions", column)
