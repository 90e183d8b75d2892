"""Migrations with dated names, one folder for SQLite and PostgreSQL. Each adds before it removes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

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
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        config.attributes["connection"] = connection
        act(config)
