"""Passes of members' phones and residents' cards."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261129_passes"
down_revision = "20261128_keys"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
REVOKED, NOT_REVOKED = sa.text("revoked_at IS NOT NULL"), sa.text("revoked_at IS NULL")


def upgrade() -> None:
    _make_passes()
    _make_cards()


def _make_passes() -> None:
    op.create_table(
        "member_passes",
        sa.Column("alias", sa.LargeBinary(), nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("session", sa.LargeBinary(), nullable=False),
        sa.Column("number", BIG, nullable=False),
        sa.Column("key_id", BIG, nullable=False),
        sa.Column("not_before", BIG, nullable=False),
        sa.Column("slots", BIG, nullable=False),
        sa.Column("created_at", BIG, nullable=False),
        sa.Column("revoked_at", BIG, nullable=True),
        sa.CheckConstraint("length(alias) = 8", name=op.f("ck_member_passes_alias_of_eight_bytes")),
        sa.CheckConstraint("key_id BETWEEN 0 AND 255", name=op.f("ck_member_passes_key_id_fits_one_byte")),
        sa.CheckConstraint("not_before % 60 = 0", name=op.f("ck_member_passes_begins_with_a_minute")),
        sa.CheckConstraint("slots BETWEEN 1 AND 1440", name=op.f("ck_member_passes_slots_of_a_day_at_most")),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_member_passes_member_id_members")),
        sa.ForeignKeyConstraint(
            ["session"], ["member_sessions.token_hash"], name=op.f("fk_member_passes_session_member_sessions")
        ),
        sa.PrimaryKeyConstraint("alias", name=op.f("pk_member_passes")),
        sa.UniqueConstraint("session", "number", name=op.f("uq_member_passes_session_number")),
    )
    op.create_index(op.f("ix_member_passes_member_id"), "member_passes", ["member_id"])
    op.create_index(
        "ix_member_passes_revoked", "member_passes", ["not_before"], sqlite_where=REVOKED, postgresql_where=REVOKED
    )


def _make_cards() -> None:
    op.create_table(
        "resident_cards",
        sa.Column("card", sa.LargeBinary(), nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("key_id", BIG, nullable=False),
        sa.Column("valid_from", BIG, nullable=False),
        sa.Column("days", BIG, nullable=False),
        sa.Column("created_by", BIG, nullable=False),
        sa.Column("created_at", BIG, nullable=False),
        sa.Column("revoked_at", BIG, nullable=True),
        sa.Column("revoked_by", BIG, nullable=True),
        sa.CheckConstraint("length(card) = 8", name=op.f("ck_resident_cards_number_of_eight_bytes")),
        sa.CheckConstraint("key_id BETWEEN 0 AND 255", name=op.f("ck_resident_cards_key_id_fits_one_byte")),
        sa.CheckConstraint("days BETWEEN 1 AND 65535", name=op.f("ck_resident_cards_days_fit_two_bytes")),
        sa.CheckConstraint(
            "revoked_at IS NOT NULL OR revoked_by IS NULL",
            name=op.f("ck_resident_cards_revoked_by_somebody_at_some_time"),
        ),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_resident_cards_member_id_members")),
        sa.ForeignKeyConstraint(["created_by"], ["people.id"], name=op.f("fk_resident_cards_created_by_people")),
        sa.ForeignKeyConstraint(["revoked_by"], ["people.id"], name=op.f("fk_resident_cards_revoked_by_people")),
        sa.PrimaryKeyConstraint("card", name=op.f("pk_resident_cards")),
    )
    op.create_index(op.f("ix_resident_cards_member_id"), "resident_cards", ["member_id"])
    op.create_index("ix_resident_cards_created", "resident_cards", ["created_at"])
    op.create_index(
        "uq_resident_cards_one_at_a_time",
        "resident_cards",
        ["member_id"],
        unique=True,
        sqlite_where=NOT_REVOKED,
        postgresql_where=NOT_REVOKED,
    )


def downgrade() -> None:
    op.drop_table("resident_cards")
    op.drop_table("member_passes")
