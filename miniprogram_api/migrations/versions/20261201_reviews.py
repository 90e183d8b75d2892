"""What became of acts that waited for a person."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from miniprogram_api.migrations.append_only import keep_append_only
from miniprogram_api.migrations.keys import BIG, names_row

revision = "20261201_reviews"
down_revision = "20261130_readings"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reviews",
        sa.Column("act_id", BIG, autoincrement=False, nullable=False),
        sa.Column("decision", sa.String(64), nullable=False),
        sa.Column("resolved_act_id", BIG, nullable=True),
        sa.Column("decided_by", BIG, nullable=True),
        sa.Column("code", sa.String(64), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_at", BIG, nullable=False),
        sa.CheckConstraint("decision IN ('accepted', 'refused', 'joined')", name=op.f("ck_reviews_decision_known")),
        sa.CheckConstraint(
            "(decision = 'refused') = (resolved_act_id IS NULL)", name=op.f("ck_reviews_resolved_unless_refused")
        ),
        sa.CheckConstraint("resolved_act_id <> act_id", name=op.f("ck_reviews_resolved_by_another_act")),
        sa.CheckConstraint(
            "decided_by IS NOT NULL OR code IS NOT NULL", name=op.f("ck_reviews_somebody_or_something_decided")
        ),
        names_row("reviews", "act_id", "acts"),
        names_row("reviews", "resolved_act_id", "acts", late=True),
        names_row("reviews", "decided_by", "people"),
        sa.PrimaryKeyConstraint("act_id", name=op.f("pk_reviews")),
        sa.UniqueConstraint("resolved_act_id", "decision", name="uq_reviews_resolved"),
    )
    op.create_index("ix_reviews_decided", "reviews", ["decided_at", "act_id"])
    keep_append_only("reviews", [("resolved_act_id", "decision")], [("act_id",)])
    op.create_table(
        "review_notes",
        sa.Column("act_id", BIG, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("person_id", BIG, nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", BIG, nullable=False),
        sa.CheckConstraint("kind IN ('question', 'answer', 'waits')", name=op.f("ck_review_notes_kind_known")),
        sa.CheckConstraint(
            "(kind = 'question') = (person_id IS NOT NULL)", name=op.f("ck_review_notes_staff_ask_and_nobody_else")
        ),
        sa.CheckConstraint("text <> ''", name=op.f("ck_review_notes_says_something")),
        names_row("review_notes", "act_id", "acts"),
        names_row("review_notes", "person_id", "people"),
        sa.PrimaryKeyConstraint("act_id", "kind", name=op.f("pk_review_notes")),
    )
    keep_append_only("review_notes", [], [("act_id", "kind")])


def downgrade() -> None:
    op.drop_table("review_notes")
    op.drop_table("reviews")
