"""Consents, sessions that a member can tell apart, and the forgetting of a member."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from miniprogram_api.migrations.append_only import keep_append_only, let_forget, let_forget_no_more
from miniprogram_api.migrations.application_role import FORGETTABLE
from miniprogram_api.migrations.keys import BIG, names_row

revision = "20261208_privacy"
down_revision = "20261207_wechat"
branch_labels = None
depends_on = None

FORGOTTEN = "EXISTS (SELECT 1 FROM forgotten_members f WHERE f.member_id = {member})"
# Of a reading nothing but a random stand-in for the pass or card is left, and no other reading's place is taken.
STAND_IN = (
    "length(NEW.holder) = 8 AND NOT EXISTS (SELECT 1 FROM readings r WHERE r.holder = NEW.holder AND r.slot = NEW.slot"
    " AND r.twin = 0 AND NEW.twin = 0 AND r.id <> OLD.id)"
)
OTHERS_READING = (
    "EXISTS (SELECT 1 FROM readings r LEFT JOIN forgotten_members f ON f.member_id = r.member_id"
    " WHERE r.kiosk_id = OLD.kiosk_id AND r.boot = OLD.boot AND r.seq = OLD.seq AND f.member_id IS NULL)"
)
CARD = "EXISTS (SELECT 1 FROM resident_cards c JOIN forgotten_members f ON f.member_id = c.member_id WHERE {named})"
DECLARED = "EXISTS (SELECT 1 FROM forgotten_members f WHERE {named})"
SQLITE = {
    "card": "OLD.object = 'card:' || lower(hex(c.card))",
    "member": "instr(OLD.detail, printf('%016x', f.member_id)) > 0",
}
POSTGRESQL = {
    "card": "OLD.object = 'card:' || encode(c.card, 'hex')",
    "member": "strpos(OLD.detail, lpad(to_hex(f.member_id), 16, '0')) > 0",
}


def upgrade() -> None:
    op.add_column("member_sessions", sa.Column("label", sa.String(64), nullable=True))
    op.add_column("member_sessions", sa.Column("used_on", BIG, nullable=False, server_default="0"))
    op.execute("UPDATE member_sessions SET used_on = (created_at + 28800) / 86400")  # the island's day, UTC+8
    op.create_index("ix_entries_expiry", "entries", ["member_id"], **_only("kind = 'expire'"))
    _consents()
    _forgotten_members()
    for table, allowed in _allowed().items():
        let_forget(table, FORGETTABLE[table], allowed)


def downgrade() -> None:
    for table in _allowed():
        let_forget_no_more(table)
    op.drop_table("forgotten_members")
    op.drop_table("member_consents")
    op.drop_index("ix_entries_expiry", "entries")
    op.drop_column("member_sessions", "used_on")
    op.drop_column("member_sessions", "label")


def _only(condition: str) -> dict[str, sa.TextClause]:
    return {f"{dialect}_where": sa.text(condition) for dialect in ("sqlite", "postgresql")}


def _consents() -> None:
    op.create_table(
        "member_consents",
        sa.Column("id", BIG, autoincrement=False, nullable=False),
        sa.Column("member_id", BIG, nullable=False),
        sa.Column("notice", sa.String(64), nullable=False),
        sa.Column("version", BIG, nullable=False),
        sa.Column("deed", sa.String(64), nullable=False),
        sa.Column("language", sa.String(64), nullable=False),
        sa.Column("at", BIG, nullable=False),
        sa.CheckConstraint("notice IN ('terms', 'privacy')", name=op.f("ck_member_consents_notice_known")),
        sa.CheckConstraint("version >= 1", name=op.f("ck_member_consents_version_positive")),
        sa.CheckConstraint("deed IN ('given', 'withdrawn')", name=op.f("ck_member_consents_deed_known")),
        sa.CheckConstraint("language IN ('zh', 'en')", name=op.f("ck_member_consents_language_known")),
        names_row("member_consents", "member_id", "members"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_consents")),
    )
    op.create_index("ix_member_consents_member", "member_consents", ["member_id", "id"])
    keep_append_only("member_consents", [("id",)])


def _forgotten_members() -> None:
    numbers = ("forgotten_at", "points", "debt", "vouchers", "acts")
    op.create_table(
        "forgotten_members",
        sa.Column("member_id", BIG, autoincrement=False, nullable=False),
        sa.Column("receipt", sa.LargeBinary(), nullable=False),
        *(sa.Column(name, BIG, nullable=False) for name in numbers),
        sa.CheckConstraint(
            "points >= 0 AND debt >= 0 AND vouchers >= 0 AND acts >= 0",
            name=op.f("ck_forgotten_members_counts_not_negative"),
        ),
        sa.UniqueConstraint("receipt", name="uq_forgotten_members_receipt"),
        sa.PrimaryKeyConstraint("member_id", name=op.f("pk_forgotten_members")),
    )
    keep_append_only("forgotten_members", [("member_id",), ("receipt",)])


def _allowed() -> dict[str, str]:
    """For each table what may be done to a row of somebody who was forgotten."""
    named = SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL
    mine = FORGOTTEN.format(member="OLD.member_id")
    return {
        "acts": f"{mine} AND (NEW.pending_key IS NULL OR NEW.pending_key = OLD.pending_key)"
        " AND (NEW.nonce = OLD.nonce OR (OLD.kind IN (20, 22) AND length(NEW.nonce) = 8))",
        "entries": "OLD.caller_kind = 'member' AND NEW.key IS NULL AND NEW.content IS NULL AND "
        + FORGOTTEN.format(member="OLD.caller"),
        "readings": f"{mine} AND {STAND_IN}",
        "journal_items": f"OLD.kind = 'read' AND NEW.body = '' AND NOT {OTHERS_READING}"
        " AND EXISTS (SELECT 1 FROM forgotten_members)",
        "desk_acts": "EXISTS (SELECT 1 FROM readings r JOIN forgotten_members f ON f.member_id = r.member_id"
        " WHERE r.id = OLD.reading_id)",
        "audit_events": "NEW.detail = '{}' AND ("
        f"(NEW.object = 'card:' AND {CARD.format(named=named['card'])})"
        " OR (NEW.object = OLD.object AND OLD.act = 'interest_declared' AND"
        f" {DECLARED.format(named=named['member'])}))",
    }
