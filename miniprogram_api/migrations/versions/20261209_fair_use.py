"""Used allowances of phones and addresses, and the members of each phone."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from miniprogram_api.migrations.keys import BIG, names_row

revision = "20261209_fair_use"
down_revision = "20261208_privacy"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What a browser said of itself at sign-in was kept as it came; from now on it is a keyed hash, which nobody can
    make of it afterwards. Sessions of before are of no phone."""
    op.execute("UPDATE member_sessions SET device = NULL")
    op.create_table(
        "used_allowances",
        sa.Column("mark", sa.LargeBinary(), nullable=False),
        sa.Column("full_at_ms", BIG, nullable=False),
        sa.CheckConstraint("length(mark) = 16", name=op.f("ck_used_allowances_mark_of_sixteen_bytes")),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_used_allowances")),
    )
    op.create_index("ix_used_allowances_full", "used_allowances", ["full_at_ms"])
    op.create_table(
        "phone_members",
        sa.Column("phone", sa.String(length=64), nullable=False),
        sa.Column("period", BIG, autoincrement=False, nullable=False),
        sa.Column("number", BIG, autoincrement=False, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("created_at", BIG, nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_phone_members_number_positive")),
        names_row("phone_members", "member_id", "members"),
        sa.PrimaryKeyConstraint("phone", "period", "number", name=op.f("pk_phone_members")),
        sa.UniqueConstraint("phone", "period", "member_id", name="uq_phone_members_once"),
    )
    op.create_index("ix_phone_members_created", "phone_members", ["created_at"])
    op.create_index(op.f("ix_phone_members_member_id"), "phone_members", ["member_id"])


def downgrade() -> None:
    op.drop_table("phone_members")
    op.drop_table("used_allowances")
