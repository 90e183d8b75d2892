"""A notice is answered: by somebody of the staff with a note, or by the system once its trouble is over."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261205_notices"
down_revision = "20261204_fleet"
branch_labels = None
depends_on = None

# The conditions stand in the columns themselves: SQLite can't add one to a table that is there.
COLUMNS = (
    "answered_at {big}",
    "answered_by {big} CONSTRAINT fk_notices_answered_by_people REFERENCES people (id)"
    " CONSTRAINT ck_notices_answered_at_some_time CHECK (answered_by IS NULL OR answered_at IS NOT NULL)",
    "note TEXT CONSTRAINT ck_notices_answered_with_a_note CHECK ((note IS NULL) = (answered_at IS NULL))",
)


def upgrade() -> None:
    big = "INTEGER" if op.get_bind().dialect.name == "sqlite" else "BIGINT"
    for column in COLUMNS:
        op.execute(f"ALTER TABLE notices ADD COLUMN {column.format(big=big)}")
    op.drop_index("ix_notices_unseen", "notices")
    op.create_index("ix_notices_open", "notices", ["raised_at", "id"], **_only("answered_at IS NULL"))


def downgrade() -> None:
    op.drop_index("ix_notices_open", "notices")
    for column in ("note", "answered_by", "answered_at"):
        op.execute(f"ALTER TABLE notices DROP COLUMN {column}")
    op.create_index("ix_notices_unseen", "notices", ["raised_at", "id"], **_only("seen_at IS NULL"))


def _only(condition: str) -> dict[str, sa.TextClause]:
    return {f"{dialect}_where": sa.text(condition) for dialect in ("sqlite", "postgresql")}
