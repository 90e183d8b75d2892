"""Acts confirmed at a till or desk; which place a merchant's till is at."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from miniprogram_api.migrations.append_only import keep_append_only
from miniprogram_api.migrations.keys import BIG, names_entry, names_row

revision = "20261202_desks"
down_revision = "20261201_reviews"
branch_labels = None
depends_on = None

REVERSALS = ("act_id", "entry_id", "person_id", "reason", "reversed_at")
INDEXES = {"ix_reversals_reversed": ["reversed_at"], "ix_reversals_entry": ["entry_id"]}


def upgrade() -> None:
    venue = sa.ForeignKey("venues.id", name=op.f("fk_merchants_venue_id_venues"))
    op.add_column("merchants", sa.Column("venue_id", sa.String(64), venue, nullable=True), inline_references=True)
    _make_acts()
    _make_undos()
    _let_reversals_be_by(nobody_of_the_staff=True)


def _make_acts() -> None:
    op.create_table(
        "desk_acts",
        sa.Column("id", BIG, autoincrement=False, nullable=False),
        sa.Column("merchant_id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("reading_id", BIG, nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("lines", sa.Text(), nullable=False),
        sa.Column("created_at", BIG, nullable=False),
        names_row("desk_acts", "merchant_id", "merchants"),
        names_row("desk_acts", "person_id", "merchant_people"),
        names_row("desk_acts", "reading_id", "readings", late=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_acts")),
        sa.UniqueConstraint("person_id", "key", name="uq_desk_acts_key"),
        sa.UniqueConstraint("reading_id", name="uq_desk_acts_reading"),
    )
    op.create_index("ix_desk_acts_merchant", "desk_acts", ["merchant_id", "created_at", "id"])
    keep_append_only("desk_acts", [("id",)], [("person_id", "key"), ("reading_id",)])


def _make_undos() -> None:
    op.create_table(
        "desk_undos",
        sa.Column("desk_act_id", BIG, autoincrement=False, nullable=False),
        sa.Column("person_id", BIG, nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("undone_at", BIG, nullable=False),
        names_row("desk_undos", "desk_act_id", "desk_acts"),
        names_row("desk_undos", "person_id", "merchant_people"),
        sa.PrimaryKeyConstraint("desk_act_id", name=op.f("pk_desk_undos")),
        sa.UniqueConstraint("person_id", "key", name="uq_desk_undos_key"),
    )
    keep_append_only("desk_undos", [], [("desk_act_id",), ("person_id", "key")])


def _let_reversals_be_by(nobody_of_the_staff: bool) -> None:
    """What a till took back within its two minutes has no person of the staff. Going back refuses where there is one."""
    if op.get_bind().dialect.name != "sqlite":
        op.alter_column("reversals", "person_id", nullable=nobody_of_the_staff)
        return
    before = _count()
    for index in INDEXES:
        op.drop_index(index, "reversals")
    op.rename_table("reversals", "reversals_before")
    op.create_table(
        "reversals",
        sa.Column("act_id", BIG, autoincrement=False, nullable=False),
        sa.Column("entry_id", BIG, nullable=False),
        sa.Column("person_id", BIG, nullable=nobody_of_the_staff),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("reversed_at", BIG, nullable=False),
        names_row("reversals", "act_id", "acts"),
        names_row("reversals", "person_id", "people"),
        names_entry("reversals"),
        sa.PrimaryKeyConstraint("act_id", name=op.f("pk_reversals")),
    )
    columns = ", ".join(REVERSALS)
    op.execute(f"INSERT INTO reversals ({columns}) SELECT {columns} FROM reversals_before")
    op.drop_table("reversals_before")
    for index, on in INDEXES.items():
        op.create_index(index, "reversals", on)
    keep_append_only("reversals", [], [("act_id",)])
    assert _count() == before, "every reversal stays"


def _count() -> int:
    return int(op.get_bind().execute(sa.text("SELECT count(*) FROM reversals")).scalar_one())


def downgrade() -> None:
    _let_reversals_be_by(nobody_of_the_staff=False)
    op.drop_table("desk_undos")
    op.drop_table("desk_acts")
    op.drop_column("merchants", "venue_id")
