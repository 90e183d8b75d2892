"""What migrations say in every table: whole numbers, and keys that name a row of another table."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def names_row(table: str, column: str, of: str, late: bool = False) -> sa.ForeignKeyConstraint:
    """`column` of `table` holds the id of a row of the table `of`; `late`: looked at when the transaction ends."""
    when = {"deferrable": True, "initially": "DEFERRED"} if late else {}
    return sa.ForeignKeyConstraint([column], [f"{of}.id"], name=op.f(f"fk_{table}_{column}_{of}"), **when)


def names_entry(table: str) -> sa.ForeignKeyConstraint:
    """A batch is looked at after it was sent; a row that names an entry left out waits for the rollback."""
    return names_row(table, "entry_id", "entries", late=True)
