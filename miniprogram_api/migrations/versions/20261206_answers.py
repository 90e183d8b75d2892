"""Members' answers stand where they can be emptied; when anything of a kiosk's start last came in."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

from miniprogram_api.migrations.keys import BIG, names_row

revision = "20261206_answers"
down_revision = "20261205_notices"
branch_labels = None
depends_on = None

# An item is of the start that it names; a heartbeat says so too, and a start is known by nothing else.
HEARD = """
    UPDATE kiosk_boots SET heard_at = (
        SELECT MAX(moment) FROM (
            SELECT MAX(received_at) AS moment FROM journal_items
            WHERE journal_items.kiosk_id = kiosk_boots.kiosk_id AND journal_items.boot = kiosk_boots.boot
            UNION ALL SELECT kiosk_boots.heartbeat_at
            UNION ALL SELECT kiosk_boots.first_received_at
        ) AS heard
    )
"""


ANSWERS = sa.text("SELECT act_id, text FROM review_notes WHERE kind = 'answer'")
COMMIT = sa.text("UPDATE review_notes SET text = :text WHERE act_id = :act_id AND kind = 'answer'")
KEEP = sa.text("INSERT INTO review_answers (act_id, text, salt) VALUES (:act_id, :text, :salt)")
KEPT = sa.text("SELECT act_id, text FROM review_answers WHERE text IS NOT NULL")


def upgrade() -> None:
    op.add_column("kiosk_boots", sa.Column("heard_at", BIG, nullable=False, server_default="0"))
    op.execute(HEARD)
    op.create_table(
        "review_answers",
        sa.Column("act_id", BIG, autoincrement=False, nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("salt", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("(text IS NULL) = (salt IS NULL)", name=op.f("ck_review_answers_emptied_as_a_whole")),
        sa.CheckConstraint("text <> ''", name=op.f("ck_review_answers_says_something")),
        names_row("review_answers", "act_id", "acts"),
        sa.PrimaryKeyConstraint("act_id", name=op.f("pk_review_answers")),
    )
    connection = op.get_bind()
    with _notes_may_change():
        for act_id, words in connection.execute(ANSWERS).all():
            salt = secrets.token_bytes(16)
            connection.execute(KEEP, {"act_id": act_id, "text": words, "salt": salt})
            commitment = hmac.digest(salt, words.encode(), "sha256").hex()
            connection.execute(COMMIT, {"act_id": act_id, "text": commitment})


def downgrade() -> None:
    """Of an answer that was emptied nothing comes back but what committed to it."""
    connection = op.get_bind()
    with _notes_may_change():
        for act_id, words in connection.execute(KEPT).all():
            connection.execute(COMMIT, {"act_id": act_id, "text": words})
    op.drop_table("review_answers")
    op.drop_column("kiosk_boots", "heard_at")


@contextmanager
def _notes_may_change() -> Iterator[None]:
    """This once, by the owner of the tables: the words go where they can be emptied."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE review_notes DISABLE TRIGGER review_notes_append_only")
        yield
        op.execute("ALTER TABLE review_notes ENABLE TRIGGER review_notes_append_only")
        return
    op.execute("DROP TRIGGER review_notes_no_update")
    yield
    op.execute(
        "CREATE TRIGGER review_notes_no_update BEFORE UPDATE ON review_notes "
        "BEGIN SELECT RAISE(ABORT, 'review_notes is append-only'); END"
    )
