"""A key of somebody of the staff is good for one call, whichever it is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from miniprogram_api.migrations.append_only import keep_append_only
from miniprogram_api.migrations.keys import BIG, names_row

revision = "20261203_call_keys"
down_revision = "20261202_desks"
branch_labels = None
depends_on = None

# Every call that kept its keys by itself. Of a voucher given at a desk the person's own key was never kept.
USED = """
    SELECT asked_by AS person_id, key, 'adjustment' AS call, content, asked_at AS used_at FROM adjustments
    UNION ALL
    SELECT asked_by, key, 'stock', content, asked_at FROM stock_changes WHERE asked_by IS NOT NULL AND key IS NOT NULL
    UNION ALL
    SELECT caller, key, 'reversal', content, recorded_at FROM entries WHERE caller_kind = 'staff' AND key IS NOT NULL
"""
FIRST_USES = f"""
    INSERT INTO staff_keys (person_id, key, call, content, used_at)
    SELECT person_id, key, call, content, used_at FROM (
        SELECT used.*, ROW_NUMBER() OVER (PARTITION BY person_id, key ORDER BY used_at, call) AS place
        FROM ({USED}) AS used
    ) AS ordered WHERE place = 1
"""


def upgrade() -> None:
    """A key that was used for two calls stays the first one's; `reconcile` names the other."""
    op.create_table(
        "staff_keys",
        sa.Column("person_id", BIG, autoincrement=False, nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("call", sa.String(64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("used_at", BIG, nullable=False),
        sa.CheckConstraint(
            "call IN ('adjustment', 'stock', 'reversal', 'voucher')", name=op.f("ck_staff_keys_call_known")
        ),
        names_row("staff_keys", "person_id", "people"),
        sa.PrimaryKeyConstraint("person_id", "key", name=op.f("pk_staff_keys")),
    )
    op.execute(FIRST_USES)
    counted = f"SELECT count(*) FROM (SELECT DISTINCT person_id, key FROM ({USED}) AS used) AS keys"
    assert _count("SELECT count(*) FROM staff_keys") == _count(counted), "every key that was used is there once"
    keep_append_only("staff_keys", [], [("person_id", "key")])


def downgrade() -> None:
    op.drop_table("staff_keys")


def _count(statement: str) -> int:
    return int(op.get_bind().execute(sa.text(statement)).scalar_one())
