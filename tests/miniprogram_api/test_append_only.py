"""What was booked stays: no statement with the application's rights changes, removes or replaces it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, create_engine, inspect, text
from sqlalchemy.exc import DBAPIError

from miniprogram_api.clock import FixedClock
from miniprogram_api.db import Base, prepare_engine
from miniprogram_api.domain.refusals import CodeAlreadyUsed
from miniprogram_api.migrations import downgrade, upgrade
from miniprogram_api.migrations.application_role import ROLE
from miniprogram_api.services.undos import Undo, undo_redemption
from scenes.wire.kinds import KIND_TICKET
from tests.miniprogram_api.cast import Stage, keys_in, shop, staged
from tests.miniprogram_api.journals import Machine
from tests.miniprogram_api.lived_island import adjust, confirm, reverse, review, take_back_at_till
from tests.miniprogram_api.services.test_vouchers import exchange, live_code, redeem, rich

REFILL, TREE_CARE = 9, 23
BOOKED = {  # each table with a column that somebody might want to change
    "acts": "points",
    "entries": "occurred_at",
    "transfers": "amount",
    "redemptions": "settlement_fen",
    "redemption_undos": "undone_at",
    "rule_versions": "starts_at",
    "agreements": "issued_at",
    "audit_events": "at",
    "approvals": "decided_at",
    "reversals": "reversed_at",
    "adjustments": "expires_at",
    "lot_moves": "points",
    "venue_versions": "starts_at",
    "group_versions": "points",
    "item_versions": "points",
    "stock_changes": "pieces",
    "staff_keys": "used_at",
    "merchant_versions": "created_at",
    "kiosk_changes": "created_at",
    "kiosk_key_bars": "since",
    "reviews": "decided_at",
    "review_notes": "created_at",
    "desk_acts": "created_at",
    "desk_undos": "undone_at",
    "readings": "occurred_at",
    "journal_items": "received_at",
    "member_consents": "version",
    "forgotten_members": "points",
}
RECEIPT = {"sqlite": "x'01'", "postgresql": r"'\x01'"}


@pytest.fixture
def lived(database: str, tmp_path: Path, clock: FixedClock) -> Iterator[tuple[Stage, Engine]]:
    """An island on which something of everything is booked, and an engine with the application's rights."""
    with staged(database, keys_in(tmp_path), clock) as stage:
        _live(stage)
        application = application_engine(stage.engine)
        yield stage, application
        application.dispose()


def application_engine(engine: Engine) -> Engine:
    """On PostgreSQL the role of the server; SQLite knows no rights, there it is a connection of the plainest kind."""
    if engine.dialect.name == "postgresql":
        return create_engine(engine.url, connect_args={"options": f"-c role={ROLE}"})
    return create_engine(engine.url)  # foreign keys and recursive triggers are off


def _live(stage: Stage) -> None:
    item = shop(stage)
    rich(stage)
    issued = exchange(stage, item)
    undo = Undo(71, 73, redeem(stage, live_code(stage, issued)), "u1")
    undo_redemption(stage.session, undo, stage.island, stage.clock)
    lin, wen = stage.clerk("lin"), stage.clerk("wen")
    reverse(stage, stage.scan("bo", stage.code(REFILL)).act["id"], lin, key="r1")
    adjust(stage, "bo", 5, lin, wen, key="a1")
    stage.member("guest", "guest")
    review(stage, lin, wen)
    take_back_at_till(stage, confirm(stage, "bo", "d1"), "d2")
    kiosk = Machine(stage)
    kiosk.start()
    kiosk.read(stage.member_code("bo"), (TREE_CARE, 1))
    kiosk.upload()
    bo = stage.members["bo"]  # on the list of the forgotten: what the database lets be taken out of rows is bo's alone
    with stage.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO venue_versions (id, venue_id, version, starts_at, name_zh, name_en, profile, reason,"
                f" asked_by, created_at) VALUES (1, 'island-pier', 2, 1, '', '', '', '', {lin}, 1)"
            )
        )
        connection.execute(text(f"INSERT INTO group_versions VALUES (1, 'island-ride', 2, 1, 5, '', {lin}, 1)"))
        connection.execute(text("INSERT INTO kiosk_changes VALUES (1, 1, 'suspended', 1, NULL, '-', " + f"{lin}, 1)"))
        connection.execute(text("INSERT INTO kiosk_key_bars VALUES (1, 1, 'suspended', 1)"))
        connection.execute(text(f"INSERT INTO member_consents VALUES (1, {bo}, 'terms', 1, 'given', 'zh', 1)"))
        connection.execute(
            text(
                "INSERT INTO forgotten_members (member_id, forgotten_at, receipt, points, debt, vouchers, acts)"
                f" VALUES ({bo}, 1, {RECEIPT[stage.engine.dialect.name]}, 0, 0, 0, 0)"
            )
        )
        connection.execute(text("INSERT INTO agreements (kiosk_id, version, document, issued_at) VALUES (1, 1, '', 1)"))
        connection.execute(
            text(
                "INSERT INTO audit_events (at, actor_kind, actor, act, object, detail)"
                " VALUES (1, 'system', 'jobs', 'look', 'kiosk:1', '{}')"
            )
        )


def rows(stage: Stage, table: str) -> list[tuple[object, ...]]:
    return sorted(stage.rows(f"SELECT * FROM {table}"), key=repr)


def refused_or_nothing(stage: Stage, engine: Engine, table: str, statement: str) -> None:
    """The statement is refused, or the table is afterwards as it was before."""
    before = rows(stage, table)
    assert before, "a test of an empty table shows nothing"
    try:
        with engine.begin() as connection:
            connection.exec_driver_sql(statement)
    except DBAPIError:
        pass
    assert rows(stage, table) == before


def columns_of(table: str) -> list[str]:
    return [column.name for column in Base.metadata.tables[table].columns]


@pytest.mark.parametrize("table", BOOKED)
def test_no_row_is_changed_or_removed(lived: tuple[Stage, Engine], table: str) -> None:
    stage, application = lived
    column = BOOKED[table]
    for statement in (
        f"UPDATE {table} SET {column} = {column} + 1",
        f"UPDATE {table} SET {column} = {column} + 1 WHERE 1 = 0 OR {column} >= 0",
        f"DELETE FROM {table}",
        f"TRUNCATE {table} CASCADE",
        f"WITH gone AS (DELETE FROM {table} RETURNING 1) SELECT * FROM gone",
    ):
        refused_or_nothing(stage, application, table, statement)


@pytest.mark.parametrize("table", BOOKED)
def test_no_row_takes_the_place_of_another(lived: tuple[Stage, Engine], table: str) -> None:
    stage, application = lived
    columns, column = columns_of(table), BOOKED[table]
    keys = [key.name for key in Base.metadata.tables[table].primary_key.columns]
    changed = ", ".join(f"{name} + 1" if name == column else name for name in columns)
    names = ", ".join(columns)
    for statement in (
        f"REPLACE INTO {table} ({names}) SELECT {changed} FROM {table}",
        f"INSERT OR REPLACE INTO {table} ({names}) SELECT {changed} FROM {table}",
        f"INSERT INTO {table} ({names}) SELECT {changed} FROM {table} WHERE true"
        f" ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {column} = excluded.{column}",
        f"UPDATE OR REPLACE {table} SET {column} = {column} + 1",
    ):
        refused_or_nothing(stage, application, table, statement)


@pytest.mark.parametrize(
    ("table", "key"),
    [("acts", "counter"), ("entries", "key"), ("redemptions", "voucher_id")],
)
def test_a_new_id_does_not_replace_the_row_that_holds_the_key(
    lived: tuple[Stage, Engine], table: str, key: str
) -> None:
    stage, application = lived
    assert key in columns_of(table)
    names = ", ".join(columns_of(table))
    changed = ", ".join("id + 1" if name == "id" else name for name in columns_of(table))
    where = " WHERE key IS NOT NULL" if table == "entries" else ""
    for insert in ("REPLACE", "INSERT OR REPLACE"):
        refused_or_nothing(
            stage, application, table, f"{insert} INTO {table} ({names}) SELECT {changed} FROM {table}{where}"
        )


def test_a_row_of_many_that_meets_a_key_is_left_out_and_the_others_are_answered(stage: Stage) -> None:
    stage.scan("mei", stage.code(REFILL))
    there = "SELECT {} FROM acts"
    names = ", ".join(columns_of("acts"))
    fresh = {"id": "id + 1", "counter": "counter + 1"}
    again = ", ".join({"id": "id + 2"}.get(name, name) for name in columns_of("acts"))
    other = ", ".join(fresh.get(name, name) for name in columns_of("acts"))
    with stage.engine.begin() as connection:
        answered = connection.exec_driver_sql(
            f"INSERT INTO acts ({names}) SELECT * FROM"
            f" (SELECT {again} FROM acts UNION ALL {there.format(other)}) AS many WHERE true"
            " ON CONFLICT DO NOTHING RETURNING id"
        ).all()
        first = connection.scalar(text("SELECT MIN(id) FROM acts"))
    assert [row[0] for row in answered] == [first + 1]
    assert stage.count("acts") == 2


def test_a_scan_and_a_redemption_need_no_more_than_the_application_may(
    database: str, tmp_path: Path, clock: FixedClock
) -> None:
    with staged(database, keys_in(tmp_path), clock) as owner:
        item = shop(owner)
        application = application_engine(owner.engine)
        prepare_engine(application)
        owner.session.bind = application
        rich(owner)
        redeem(owner, live_code(owner, exchange(owner, item)))
        code = owner.code(REFILL)
        owner.scan("bo", code)
        with pytest.raises(CodeAlreadyUsed):
            owner.scan("mei", code)
        assert owner.balance("mei")[:2] == (25, 0)
        owner.session.rollback()
        application.dispose()


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_the_application_may_change_what_changes_by_design_and_nothing_else(stage: Stage) -> None:
    changing, adding = _rights(stage.engine, "UPDATE"), _rights(stage.engine, "INSERT")
    kept = _rights(stage.engine, "DELETE")
    assert _rights(stage.engine, "TRUNCATE") == set()
    assert adding == set(Base.metadata.tables)
    assert changing == set(Base.metadata.tables) - set(BOOKED)
    assert kept == changing - {"members", "kiosks"}


def _rights(engine: Engine, right: str) -> set[str]:
    with engine.connect() as connection:
        return {
            table
            for table in inspect(engine).get_table_names()
            if connection.scalar(
                text("SELECT has_table_privilege(:role, :table, :right)"),
                {"role": ROLE, "table": table, "right": right},
            )
        }


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_without_the_guards_a_plain_connection_could_replace_what_was_booked(lived: tuple[Stage, Engine]) -> None:
    stage, application = lived
    with stage.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER acts_no_replace")
    names = ", ".join(columns_of("acts"))
    with application.begin() as connection:
        connection.exec_driver_sql(
            f"REPLACE INTO acts ({names}) SELECT {names.replace('points', '1')} FROM acts WHERE state = 'credited'"
        )
    assert stage.rows("SELECT DISTINCT points FROM acts WHERE state = 'credited'") == [(1,)], (
        "this is what the tests above try"
    )


def triggers(connection: Connection) -> set[str]:
    if connection.dialect.name == "sqlite":
        return set(connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")))
    return set(connection.scalars(text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")))


def test_the_guards_go_with_their_migration_and_come_back(database: str) -> None:
    engine = create_engine(database)
    prepare_engine(engine)
    with engine.connect() as connection:
        newest = triggers(connection)
    downgrade(engine, "20261122_insert_guards")
    booked_then = set(inspect(engine).get_table_names()) & set(BOOKED)
    with engine.connect() as connection:
        before = triggers(connection)
    downgrade(engine, "20261122_append_only")
    with engine.connect() as connection:
        between = triggers(connection)
    upgrade(engine)
    with engine.connect() as connection:
        assert triggers(connection) == newest
    guards = {f"{table}_no_replace" for table in booked_then} if engine.dialect.name == "sqlite" else set()
    assert before - between == guards
    engine.dispose()


def test_a_ticket_is_still_credited_once(stage: Stage) -> None:
    code = stage.code(TREE_CARE, KIND_TICKET)
    stage.scan("mei", code)
    with pytest.raises(CodeAlreadyUsed):
        stage.scan("bo", code)
    assert (stage.count("acts"), stage.count("entries")) == (1, 1)
