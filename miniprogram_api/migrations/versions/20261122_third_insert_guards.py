"""On SQLite an INSERT can't take the place of what was booked either"""

from __future__ import annotations

from alembic import op

revision = "20261122_insert_guards"
down_revision = "20261122_append_only"
branch_labels = None
depends_on = None

IDENTITY = {
    "acts": ("id",),
    "entries": ("id",),
    "transfers": ("entry_id", "number"),
    "redemptions": ("id",),
    "rule_versions": ("scene", "version"),
    "agreements": ("kiosk_id", "version"),
    "audit_events": ("id",),
}
# Writers of these say ON CONFLICT DO NOTHING and look at what comes back: a row that meets such a key is left out.
LEFT_OUT = {
    "acts": (("kiosk_id", "epoch", "counter", "claimant"), ("member_id", "pending_key")),
    "entries": (("caller_kind", "caller", "key"),),
    "redemptions": (("voucher_id", "number"),),
    "redemption_undos": (("redemption_id",),),
}
TABLES = sorted({*IDENTITY, *LEFT_OUT})


def upgrade() -> None:
    """REPLACE removes rows without asking a DELETE trigger where a connection has recursive_triggers off; a BEFORE
    INSERT trigger is always asked. PostgreSQL knows no REPLACE, and its UPDATE trigger meets ON CONFLICT DO UPDATE."""
    if op.get_bind().dialect.name != "sqlite":
        return
    for table in TABLES:
        refused = [IDENTITY[table]] if table in IDENTITY else []
        lines = [_line(table, key, f"RAISE(ABORT, '{table} is append-only')") for key in refused]
        lines += [_line(table, key, "RAISE(IGNORE)") for key in LEFT_OUT.get(table, ())]
        op.execute(f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} BEGIN {' '.join(lines)} END")


def _line(table: str, key: tuple[str, ...], then: str) -> str:
    """A key with NULL in it meets nothing, as in a UNIQUE index."""
    same = " AND ".join(f"{column} = NEW.{column}" for column in key)
    return f"SELECT {then} WHERE EXISTS (SELECT 1 FROM {table} WHERE {same});"


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for table in TABLES:
            op.execute(f"DROP TRIGGER {table}_no_replace")
