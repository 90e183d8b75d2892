"""What every engine of ours does, beside what the books and the outages show of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import ProgrammingError

from miniprogram_api.db import prepare_engine

READINGS = 8  # the driver prepares a statement when it comes for the sixth time


@pytest.fixture
def connection(postgresql_server: str) -> Iterator[Connection]:
    engine = create_engine(postgresql_server)
    prepare_engine(engine)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def _read_and_leave(connection: Connection) -> int:
    """The statements that PostgreSQL has prepared for us, counted in a transaction that is rolled back."""
    counted = connection.execute(text("SELECT count(*) FROM pg_prepared_statements")).scalar_one()
    connection.rollback()
    return counted


def test_what_was_prepared_stays_when_a_reading_call_ends(connection: Connection) -> None:
    found = [_read_and_leave(connection) for _ in range(READINGS)]

    assert found[0] == 0
    assert found[-1] == 1


def test_a_rollback_takes_back_what_was_written(connection: Connection) -> None:
    connection.execute(text("CREATE TEMPORARY TABLE slate (line int)"))
    connection.commit()
    connection.execute(text("INSERT INTO slate VALUES (1)"))
    connection.rollback()

    assert connection.execute(text("SELECT count(*) FROM slate")).scalar_one() == 0


def test_after_a_statement_that_failed_the_connection_goes_on(connection: Connection) -> None:
    with pytest.raises(ProgrammingError):
        connection.execute(text("SELECT nothing FROM nowhere"))
    connection.rollback()

    assert connection.execute(text("SELECT 1")).scalar_one() == 1
