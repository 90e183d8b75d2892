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
