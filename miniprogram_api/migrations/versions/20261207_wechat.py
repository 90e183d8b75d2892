"""WeChat: the token that all workers share, signs of places, and the messages that members asked for."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from miniprogram_api.migrations.keys import BIG, names_row

revision = "20261207_wechat"
down_revision = "20261206_answers"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _tokens()
    _place_signs()
    _message_consents()
    _messages()


def downgrade() -> None:
    op.drop_table("messages")
    op.drop_table("message_consents")
    op.drop_table("place_signs")
    op.drop_table("wechat_tokens")


def _tokens() -> None:
    op.create_table(
        "wechat_tokens",
        sa.Column("app_id", sa.String(64), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        *(_number(name) for name in ("expires_at", "renewing_until", "forced_at", "forced_on", "forced_count")),
        sa.CheckConstraint("forced_count BETWEEN 0 AND 20", name=op.f("ck_wechat_tokens_forced_within_allowance")),
        sa.PrimaryKeyConstraint("app_id", name=op.f("pk_wechat_tokens")),
    )


def _place_signs() -> None:
    op.create_table(
        "place_signs",
        sa.Column("id", BIG, autoincrement=False, nullable=False),
        sa.Column("venue_id", sa.String(64), nullable=False),
        sa.Column("made_at", BIG, nullable=False),
        sa.Column("app_id", sa.String(64), nullable=True),
        sa.Column("picture", sa.LargeBinary(), nullable=True),
        sa.Column("fetched_at", BIG, nullable=True),
        sa.CheckConstraint(
            "(picture IS NULL) = (app_id IS NULL) AND (picture IS NULL) = (fetched_at IS NULL)",
            name=op.f("ck_place_signs_picture_with_its_facts"),
        ),
        names_row("place_signs", "venue_id", "venues"),
        sa.UniqueConstraint("venue_id", name=op.f("uq_place_signs_venue_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_place_signs")),
    )


def _message_consents() -> None:
    op.create_table(
        "message_consents",
        sa.Column("member_id", BIG, autoincrement=False, nullable=False),
        sa.Column("occasion", sa.String(64), nullable=False),
        sa.Column("remaining", BIG, nullable=False),
        sa.Column("language", sa.String(64), nullable=False),
        sa.Column("given_at", BIG, nullable=False),
        sa.CheckConstraint(
            "occasion IN ('voucher_expires', 'points_expire')", name=op.f("ck_message_consents_occasion_known")
        ),
        sa.CheckConstraint("remaining BETWEEN 0 AND 20", name=op.f("ck_message_consents_remaining_bounded")),
        sa.CheckConstraint("language IN ('zh', 'en')", name=op.f("ck_message_consents_language_known")),
        names_row("message_consents", "member_id", "members"),
        sa.PrimaryKeyConstraint("member_id", "occasion", name=op.f("pk_message_consents")),
    )


def _messages() -> None:
    op.create_table(
        "messages",
        sa.Column("id", BIG, autoincrement=False, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("occasion", sa.String(64), nullable=False),
        sa.Column("subject", BIG, nullable=False),
        sa.Column("provider", sa.String(64), nullable=False),
        sa.Column("language", sa.String(64), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("state", sa.String(64), nullable=False),
        sa.Column("tries", BIG, nullable=False),
        sa.Column("answer", sa.String(64), nullable=True),
        sa.Column("begun_at", BIG, nullable=False),
        sa.Column("ended_at", BIG, nullable=True),
        sa.CheckConstraint("occasion IN ('voucher_expires', 'points_expire')", name=op.f("ck_messages_occasion_known")),
        sa.CheckConstraint("language IN ('zh', 'en')", name=op.f("ck_messages_language_known")),
        sa.CheckConstraint(
            "state IN ('sending', 'sent', 'refused', 'failed', 'unknown')", name=op.f("ck_messages_state_known")
        ),
        sa.CheckConstraint("(state = 'sending') = (ended_at IS NULL)", name=op.f("ck_messages_ended_unless_sending")),
        sa.CheckConstraint("tries >= 1", name=op.f("ck_messages_tries_positive")),
        names_row("messages", "member_id", "members"),
        sa.UniqueConstraint("member_id", "occasion", "subject", name="uq_messages_once"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
    )
    op.create_index("ix_messages_begun", "messages", ["begun_at", "id"])
    op.create_index("ix_messages_state", "messages", ["state", "begun_at", "id"])


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, BIG, nullable=False, server_default="0")
