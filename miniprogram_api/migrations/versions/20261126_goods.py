"""Goods, stock and merchants change by versions."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from miniprogram_api.migrations.append_only import keep_append_only
from miniprogram_api.migrations.keys import BIG, names_row

revision = "20261126_goods"
down_revision = "20261125_scene_versions"
branch_labels = None
depends_on = None

REASON = "原有"
NAMES = ("name_zh", "name_en", "place_zh", "place_en")
# What an item was until now, and is in its versions from now on.
WORDS = ("name_zh", "name_en", "description_zh", "description_en", "icon")
AMOUNTS = ("points", "settlement_fen", "limit_per_person", "active", "position")
MOVED = ", ".join((*WORDS, *AMOUNTS))


def upgrade() -> None:
    _make_item_versions()
    _make_stock_changes()
    _make_merchant_versions()
    op.add_column("vouchers", sa.Column("item_version", BIG, nullable=False, server_default="1"))
    for column in ("once_until", "blocked_at"):
        op.add_column("merchant_people", sa.Column(column, BIG, nullable=True))
    before = _items_as_they_are("items", "id", "1 = 1")
    _copy_what_is_there()
    assert _items_as_they_are("item_versions", "item_id", "version = 1") == before, "every item became a version"
    assert (
        _count(
            "stock WHERE put_in <> (SELECT COALESCE(SUM(pieces), 0) FROM stock_changes c"
            " WHERE c.item_id = stock.item_id)"
        )
        == 0
    ), "what was put in is the sum of its changes"
    assert _count("merchants") == _count("merchant_versions"), "every merchant has its first version"
    _leave_identity()
    _guard()


def _make_item_versions() -> None:
    op.create_table(
        "item_versions",
        sa.Column("item_id", BIG, autoincrement=False, nullable=False),
        sa.Column("version", BIG, autoincrement=False, nullable=False),
        sa.Column("starts_at", BIG, nullable=False),
        *_terms(),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by", BIG, nullable=True),
        sa.Column("created_at", BIG, nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_item_versions_version_positive")),
        *_term_checks("item_versions"),
        sa.CheckConstraint("position >= 0", name=op.f("ck_item_versions_position_not_negative")),
        sa.CheckConstraint(
            "asked_by IS NOT NULL OR version = 1", name=op.f("ck_item_versions_later_ones_are_asked_for")
        ),
        names_row("item_versions", "asked_by", "people"),
        names_row("item_versions", "item_id", "items"),
        sa.PrimaryKeyConstraint("item_id", "version", name=op.f("pk_item_versions")),
    )


def _terms() -> list[sa.Column]:
    return [
        sa.Column("name_zh", sa.String(64), nullable=False),
        sa.Column("name_en", sa.String(64), nullable=False),
        sa.Column("description_zh", sa.Text(), nullable=False),
        sa.Column("description_en", sa.Text(), nullable=False),
        sa.Column("icon", sa.String(64), nullable=False),
        sa.Column("points", BIG, nullable=False),
        sa.Column("settlement_fen", BIG, nullable=False),
        sa.Column("limit_per_person", BIG, nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("position", BIG, nullable=False),
    ]


def _term_checks(table: str) -> list[sa.CheckConstraint]:
    return [
        sa.CheckConstraint("points > 0", name=op.f(f"ck_{table}_points_positive")),
        sa.CheckConstraint("settlement_fen >= 0", name=op.f(f"ck_{table}_settlement_not_negative")),
        sa.CheckConstraint("limit_per_person > 0", name=op.f(f"ck_{table}_limit_positive")),
    ]


def _make_stock_changes() -> None:
    op.create_table(
        "stock_changes",
        sa.Column("id", BIG, autoincrement=False, nullable=False),
        sa.Column("item_id", BIG, nullable=False),
        sa.Column("pieces", BIG, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by", BIG, nullable=True),
        sa.Column("asked_at", BIG, nullable=False),
        sa.Column("key", sa.String(64), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("pieces <> 0", name=op.f("ck_stock_changes_pieces_not_zero")),
        names_row("stock_changes", "item_id", "items"),
        names_row("stock_changes", "asked_by", "people"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_changes")),
        sa.UniqueConstraint("asked_by", "key", name="uq_stock_changes_key"),
    )
    op.create_index("ix_stock_changes_item", "stock_changes", ["item_id", "asked_at", "id"])


def _make_merchant_versions() -> None:
    op.create_table(
        "merchant_versions",
        sa.Column("merchant_id", BIG, autoincrement=False, nullable=False),
        sa.Column("version", BIG, autoincrement=False, nullable=False),
        sa.Column("change", sa.String(64), nullable=False),
        *(sa.Column(name, sa.String(64), nullable=False) for name in NAMES),
        sa.Column("state", sa.String(64), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by", BIG, nullable=True),
        sa.Column("created_at", BIG, nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_merchant_versions_version_positive")),
        sa.CheckConstraint(
            "change IN ('admitted', 'named', 'suspended', 'resumed')", name=op.f("ck_merchant_versions_change_known")
        ),
        sa.CheckConstraint("state IN ('active', 'suspended')", name=op.f("ck_merchant_versions_state_known")),
        names_row("merchant_versions", "merchant_id", "merchants"),
        names_row("merchant_versions", "asked_by", "people"),
        sa.PrimaryKeyConstraint("merchant_id", "version", name=op.f("pk_merchant_versions")),
    )


def _copy_what_is_there() -> None:
    """The system's own first versions, which need no approval; the opening change of a shelf has its item's id."""
    asked = f"'{REASON}', NULL"
    op.execute(
        f"INSERT INTO item_versions (item_id, version, starts_at, {MOVED}, reason, asked_by, created_at)"
        f" SELECT id, 1, 0, {MOVED}, {asked}, 0 FROM items"
    )
    op.execute(
        "INSERT INTO stock_changes (id, item_id, pieces, reason, asked_by, asked_at)"
        f" SELECT item_id, item_id, put_in, {asked}, 0 FROM stock WHERE put_in <> 0"
    )
    names = ", ".join(NAMES)
    op.execute(
        f"INSERT INTO merchant_versions (merchant_id, version, change, {names}, state, reason, asked_by, created_at)"
        f" SELECT id, 1, 'admitted', {names}, state, {asked}, created_at FROM merchants"
    )


def _items_as_they_are(table: str, key: str, which: str) -> list[tuple[object, ...]]:
    rows = op.get_bind().execute(sa.text(f"SELECT {key}, {MOVED} FROM {table} WHERE {which} ORDER BY {key}"))
    return [tuple(row) for row in rows]


def _count(rows: str) -> int:
    return int(op.get_bind().execute(sa.text(f"SELECT count(*) FROM {rows}")).scalar_one())


def _leave_identity() -> None:
    """Only who gives it stays with the item. SQLite drops no column that a CHECK names, so the table is made anew."""
    if op.get_bind().dialect.name != "sqlite":
        for column in (*WORDS, *AMOUNTS):
            op.drop_column("items", column)
        return
    _make_items_anew([], "id, merchant_id", "FROM items")


def _make_items_anew(more: list[sa.schema.SchemaItem], columns: str, rows: str) -> None:
    op.create_table(
        "items_anew",
        sa.Column("id", BIG, autoincrement=False, nullable=False),
        sa.Column("merchant_id", BIG, nullable=False),
        *more,
        names_row("items", "merchant_id", "merchants"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_items")),
    )
    op.execute(f"INSERT INTO items_anew ({columns}) SELECT {columns} {rows}")
    op.drop_table("items")
    op.rename_table("items_anew", "items")
    op.create_index(op.f("ix_items_merchant_id"), "items", ["merchant_id"])


def _guard() -> None:
    keep_append_only("item_versions", [("item_id", "version")])
    keep_append_only("stock_changes", [("id",)], [("asked_by", "key")])
    keep_append_only("merchant_versions", [("merchant_id", "version")])


def downgrade() -> None:
    """Items become what their newest version says."""
    _give_items_their_terms()
    for column in ("blocked_at", "once_until"):
        op.drop_column("merchant_people", column)
    op.drop_column("vouchers", "item_version")
    for table in ("merchant_versions", "stock_changes", "item_versions"):
        op.drop_table(table)


def _give_items_their_terms() -> None:
    newest = (
        "FROM item_versions v WHERE v.item_id = items.id"
        " AND v.version = (SELECT MAX(w.version) FROM item_versions w WHERE w.item_id = items.id)"
    )
    if op.get_bind().dialect.name == "sqlite":
        terms = [*_terms(), *_term_checks("items")]
        rows = f"FROM (SELECT items.id, items.merchant_id, {MOVED} FROM items, item_versions v WHERE {newest.partition('WHERE ')[2]})"
        _make_items_anew(terms, f"id, merchant_id, {MOVED}", rows)
        return
    for column in _terms():
        column.nullable = True
        op.add_column("items", column)
    op.execute("UPDATE items SET " + ", ".join(f"{name} = v.{name}" for name in (*WORDS, *AMOUNTS)) + f" {newest}")
    for column in _terms():
        if not column.nullable:
            op.alter_column("items", column.name, nullable=False)
    for check in _term_checks("items"):
        op.create_check_constraint(check.name, "items", str(check.sqltext))
