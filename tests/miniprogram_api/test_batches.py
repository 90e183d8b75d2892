"""Batches of rows: arrays that PostgreSQL reads back as they were, rows one by one on SQLite, each counted."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from miniprogram_api.books.arrays import column_of
from miniprogram_api.books.ledger import insert_new
from miniprogram_api.books.notices import raise_notice
from miniprogram_api.books.prepared import Writes
from miniprogram_api.db import TryAgain
from tests.miniprogram_api.cast import Stage

COLUMNS: list[tuple[str, list[Any]]] = [
    ("bigint[]", [0, -1, 2**63 - 1, -(2**63)]),
    ("bigint[]", [None, 7, None]),
    ("text[]", ["", "灵山岛", 'a"b', "{,}", "NULL", "\\", " "]),
    ("varchar(64)[]", ["x", None]),
    ("bytea[]", [b"", b"\x00\xff", None]),
    ("bigint[]", []),
    ("text[]", [None, None]),
]


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
@pytest.mark.parametrize(("kind", "values"), COLUMNS)
def test_a_column_comes_back_as_it_went(stage: Stage, kind: str, values: list[Any]) -> None:
    with stage.engine.connect() as connection:
        raw: Any = connection.connection.driver_connection
        [back] = raw.execute(f"SELECT %s::{kind}", [column_of(values)]).fetchone()
    assert [value if value is None or isinstance(value, int | str) else bytes(value) for value in back] == values


def notice(number: int, digest: int) -> dict[str, Any]:
    said = {"kind": "test", "subject_kind": "kiosk", "subject_id": 1, "details": "{}", "raised_at": 1}
    later = dict.fromkeys(("seen_by", "seen_at", "answered_by", "answered_at", "note"))
    return {"id": number, **said, "digest": digest.to_bytes(32, "big"), **later}


@pytest.mark.parametrize("count", [1, 2, 9, 200])
def test_a_batch_of_any_size_is_written_as_a_whole(stage: Stage, count: int) -> None:
    rows = [notice(number, number) for number in range(1, count + 1)]
    with stage.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        writes = Writes(connection, batch=True)
        writes.insert(insert_new("notices", "id"), rows, TryAgain)
        raise_notice(writes, "clone", ("kiosk", 1), {"boot": "x"}, 5)
        raise_notice(writes, "clone", ("kiosk", 1), {"boot": "x"}, 6)
        writes.commit()
    assert stage.count("notices") == count + 1
    assert stage.rows("SELECT raised_at FROM notices WHERE kind = 'clone'") == [(5,)]


def test_a_batch_of_which_one_row_is_there_already_writes_nothing(stage: Stage) -> None:
    with stage.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        first = Writes(connection, batch=True)
        first.insert(insert_new("notices", "id"), [notice(1, 1)], TryAgain)
        first.commit()
        second = Writes(connection, batch=True)
        second.insert(insert_new("notices", "id"), [notice(2, 2), notice(3, 1), notice(4, 4)], TryAgain)
        with pytest.raises(TryAgain):
            second.commit()
        assert connection.execute(text("SELECT id FROM notices")).scalars().all() == [1]
