"""Approvals by a second person, acts reversed, points adjusted; rooms and nights of an act."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from miniprogram_api.migrations.append_only import keep_append_only
from miniprogram_api.migrations.keys import BIG, names_entry, names_row

revision = "20261124_corrections"
down_revision = "20261123_people"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("acts", sa.Column("side", sa.String(64), nullable=True))
    op.add_column("acts", sa.Column("room", BIG, nullable=True))
    op.add_column("acts", sa.Column("nights", sa.Text(), nullable=True))
    _make_approvals()
    _make_reversals()
    _make_adjustments()
    _make_lot_moves()
    op.create_table(
        "person_members",
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("declared_at", BIG, nullable=False),
        names_row("person_members", "person_id", "people"),
        names_row("person_members", "member_id", "members"),
        sa.PrimaryKeyConstraint("person_id", "member_id", name=op.f("pk_person_members")),
    )


def _make_approvals() -> None:
    op.create_table(
        "approvals",
        sa.Column("id", BIG, autoincrement=False, nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("subject_id", BIG, nullable=False),
        sa.Column("version", BIG, nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False),
        sa.Column("decision", sa.String(64), nullable=False),
        sa.Column("alone", BIG, nullable=False),
        sa.Column("asked_by", BIG, nullable=False),
        sa.Column("decided_by", BIG, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_at", BIG, nullable=False),
        sa.Column("entry_id", BIG, nullable=False),
        sa.Column("booked_entry_id", BIG, nullable=True),
        sa.CheckConstraint(
            "decision IN ('approved', 'rejected', 'withdrawn')", name=op.f("ck_approvals_decision_known")
        ),
        sa.CheckConstraint("alone IN (0, 1)", name=op.f("ck_approvals_alone_is_a_flag")),
        sa.CheckConstraint(
            "decision <> 'approved' OR alone = 1 OR decided_by <> asked_by", name=op.f("ck_approvals_second_person")
        ),
        names_entry("approvals"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approvals")),
        sa.UniqueConstraint("subject", "subject_id", "version", name="uq_approvals_subject"),
    )
    keep_append_only("approvals", [("id",)], [("subject", "subject_id", "version")])


def _make_reversals() -> None:
    op.create_table(
        "reversals",
        sa.Column("act_id", BIG, autoincrement=False, nullable=False),
        sa.Column("entry_id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("reversed_at", BIG, nullable=False),
        names_row("reversals", "act_id", "acts"),
        names_row("reversals", "person_id", "people"),
        names_entry("reversals"),
        sa.PrimaryKeyConstraint("act_id", name=op.f("pk_reversals")),
    )
    keep_append_only("reversals", [], [("act_id",)])


def _make_adjustments() -> None:
    op.create_table(
        "adjustments",
        sa.Column("id", BIG, autoincrement=False, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("points", BIG, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by", BIG, nullable=False),
        sa.Column("asked_at", BIG, nullable=False),
        sa.Column("expires_at", BIG, nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("points <> 0", name=op.f("ck_adjustments_points_not_zero")),
        names_row("adjustments", "member_id", "members"),
        names_row("adjustments", "asked_by", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adjustments")),
        sa.UniqueConstraint("asked_by", "key", name="uq_adjustments_key"),
    )
    op.create_index("ix_adjustments_asked", "adjustments", ["asked_at", "id"])
    op.create_index("ix_adjustments_member", "adjustments", ["member_id", "asked_at"])
    keep_append_only("adjustments", [("id",)], [("asked_by", "key")])


def _make_lot_moves() -> None:
    op.create_table(
        "lot_moves",
        sa.Column("entry_id", BIG, autoincrement=False, nullable=False),
        sa.Column("expires_on", BIG, autoincrement=False, nullable=False),
        sa.Column("graced", BIG, autoincrement=False, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("points", BIG, nullable=False),
        sa.CheckConstraint("points <> 0", name=op.f("ck_lot_moves_points_not_zero")),
        names_entry("lot_moves"),
        sa.PrimaryKeyConstraint("entry_id", "expires_on", "graced", name=op.f("pk_lot_moves")),
    )
    op.create_index(op.f("ix_lot_moves_member_id"), "lot_moves", ["member_id"])
    keep_append_only("lot_moves", [("entry_id", "expires_on", "graced")])


def downgrade() -> None:
    for table in ("person_members", "lot_moves", "adjustments", "reversals", "approvals"):
        op.drop_table(table)
    op.drop_column("acts", "nights")
    op.drop_column("acts", "room")
    op.drop_column("acts", "side")
