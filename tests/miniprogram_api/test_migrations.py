"""Migrations: one folder for both databases, there and back, and the books they make can't be changed."""

from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect
from sqlalchemy.exc import DBAPIError

from miniprogram_api.db import Base, prepare_engine
from miniprogram_api.migrations import downgrade, upgrade
from tests.miniprogram_api.cast import Stage

REFILL = 9


def test_the_migrations_make_exactly_the_tables_of_the_models(database: str) -> None:
    engine = create_engine(database)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
    engine.dispose()


def test_the_migrations_go_back_to_nothing_and_forward_again(database: str) -> None:
    engine = create_engine(database)
    prepare_engine(engine)
    downgrade(engine, "base")
    assert set(inspect(engine).get_table_names()) <= {"alembic_version"}
    upgrade(engine)
    assert "entries" in inspect(engine).get_table_names()
    engine.dispose()


def test_items_merchants_and_shelves_of_before_become_first_versions_and_come_back(database: str) -> None:
    engine = create_engine(database)
    prepare_engine(engine)
    downgrade(engine, "20261125_scene_versions")
    item = "72, 71, '帆布袋', 'Canvas bag', '-', '-', 'shopping-bag', 35, 350, 2, {active}, 3"
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO merchants VALUES (71, '店', 'Shop', '码头', 'Pier', 'suspended', 5)")
        active = "1" if engine.dialect.name == "sqlite" else "true"
        names = "name_zh, name_en, description_zh, description_en, icon, points, settlement_fen"
        more = "limit_per_person, active, position"
        connection.exec_driver_sql(
            f"INSERT INTO items (id, merchant_id, {names}, {more}) VALUES ({item.format(active=active)})"
        )
        connection.exec_driver_sql("INSERT INTO stock (item_id, put_in, remaining) VALUES (72, 10, 4)")
        before = connection.exec_driver_sql(f"SELECT id, merchant_id, {names}, {more} FROM items").all()
    upgrade(engine)
    with engine.begin() as connection:
        version = connection.exec_driver_sql(f"SELECT item_id, {names}, {more}, version, asked_by FROM item_versions")
        assert [tuple(row) for row in version] == [(72, *before[0][2:], 1, None)]
        assert connection.exec_driver_sql("SELECT item_id, pieces, asked_by FROM stock_changes").all() == [
            (72, 10, None)
        ]
        assert connection.exec_driver_sql("SELECT state, change FROM merchant_versions").all() == [
            ("suspended", "admitted")
        ]
        assert connection.exec_driver_sql("SELECT * FROM items").all() == [(72, 71)]
    downgrade(engine, "20261125_scene_versions")
    with engine.connect() as connection:
        assert connection.exec_driver_sql(f"SELECT id, merchant_id, {names}, {more} FROM items").all() == before
    upgrade(engine)
    engine.dispose()


@pytest.mark.parametrize("table", ["acts", "entries", "transfers", "rule_versions"])
@pytest.mark.parametrize("change", ["DELETE FROM {}", "UPDATE {} SET rowid = rowid", "UPDATE {} SET {} = {}"])
def test_the_database_refuses_to_change_or_remove_what_was_booked(stage: Stage, table: str, change: str) -> None:
    stage.scan("mei", stage.code(REFILL))
    before = stage.count(table)
    column = {"acts": "points", "entries": "kind", "transfers": "amount", "rule_versions": "reason"}[table]
    if "rowid" in change and stage.engine.dialect.name != "sqlite":
        change = "TRUNCATE {} CASCADE"
    with pytest.raises(DBAPIError, match="append-only"), stage.engine.begin() as connection:
        connection.exec_driver_sql(change.format(table, column, column))
    assert stage.count(table) == before
