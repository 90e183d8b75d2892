"""Migrations with dated names, one folder for SQLite and PostgreSQL. Each adds before it removes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine

from miniprogram_api.migrations.application_role import grant_application_rights

FOLDER = Path(__file__).parent


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the database of this engine to the revision in one transaction, then give the application its rights."""
    _run(engine, lambda config: command.upgrade(config, revision))
    with engine.begin() as connection:
        grant_application_rights(connection)


def downgrade(engine: Engine, revision: str) -> None:
    """Take the database of this engine back to the revision, in one transaction."""
    _run(engine, lambda config: command.downgrade(config, revision))


def _run(engine: Engine, act: Callable[[Config], object]) -> None:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("path_separator", "os")
    writing = engine.connect().execution_options(writes=True)
    with writing as connection, _tables_made_anew(connection), connection.begin():
        config.attributes["connection"] = connection
        act(config)
        _check_foreign_keys(connection)


@contextmanager
def _tables_made_anew(connection: Connection) -> Iterator[None]:
    """SQLite changes some tables only by making them anew, and meanwhile their rows are away: foreign keys are
    checked at the end instead (https://www.sqlite.org/lang_altertable.html, section 7)."""
    if connection.dialect.name != "sqlite":
        yield
        return
    raw = connection.connection.driver_connection
    assert raw is not None
    raw.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        raw.execute("PRAGMA foreign_keys = ON")


def _check_foreign_keys(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        assert not broken, f"rows that name rows which aren't there: {broken[:5]}"
