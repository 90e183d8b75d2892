"""People of the staff: a second factor that can't be replayed, recovery codes, one-time passwords, blocks and locks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from miniprogram_api.migrations.keys import BIG, names_row

revision = "20261123_people"
down_revision = "20261122_insert_guards"
branch_labels = None
depends_on = None

COUNTED_ON = ("people", "merchant_people")  # wrong tries were kept here; they belong to a login, whoever has it


def upgrade() -> None:
    op.create_table(
        "recovery_codes",
        sa.Column("code_hash", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("used_at", BIG, nullable=True),
        names_row("recovery_codes", "person_id", "people"),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_recovery_codes")),
    )
    op.create_index(op.f("ix_recovery_codes_person_id"), "recovery_codes", ["person_id"])
    op.create_table(
        "sign_in_tries",
        sa.Column("login_hash", sa.LargeBinary(), nullable=False),
        sa.Column("wrong_tries", BIG, nullable=False),
        sa.Column("locked_until", BIG, nullable=False),
        sa.Column("changed_at", BIG, nullable=False),
        sa.CheckConstraint("wrong_tries >= 0", name=op.f("ck_sign_in_tries_wrong_tries_not_negative")),
        sa.PrimaryKeyConstraint("login_hash", name=op.f("pk_sign_in_tries")),
    )
    op.create_index(op.f("ix_sign_in_tries_changed_at"), "sign_in_tries", ["changed_at"])
    op.add_column("people", sa.Column("once_until", BIG, nullable=True))
    op.add_column("people", sa.Column("totp_waiting", sa.String(64), nullable=True))
    op.add_column("people", sa.Column("totp_last_step", BIG, nullable=False, server_default="0"))
    op.add_column("people", sa.Column("blocked_at", BIG, nullable=True))
    op.add_column("staff_sessions", sa.Column("device", sa.String(64), nullable=True))
    for table in COUNTED_ON:
        op.drop_column(table, "wrong_tries")
        op.drop_column(table, "locked_until")


def downgrade() -> None:
    for table in COUNTED_ON:
        op.add_column(table, sa.Column("wrong_tries", BIG, nullable=False, server_default="0"))
        op.add_column(table, sa.Column("locked_until", BIG, nullable=False, server_default="0"))
    op.drop_column("staff_sessions", "device")
    for column in ("blocked_at", "totp_last_step", "totp_waiting", "once_until"):
        op.drop_column("people", column)
    op.drop_table("sign_in_tries")
    op.drop_table("recovery_codes")
