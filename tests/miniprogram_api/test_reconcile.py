"""Reconciliation: whole books are found whole, and whatever an owner of the database edits is found and named."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, text

from miniprogram_api.commands.reconcile import differences, main, snapshot
from miniprogram_api.services.forgetting import forget_member
from tests.miniprogram_api.cast import Stage, token_hash
from tests.miniprogram_api.lived_island import into_debt, live, outlive_the_points
from tests.miniprogram_api.planted_edits import EDITS, OF_THE_LEAF


def found(engine: Engine) -> list[str]:
    """The sentences of a reconciliation."""
    with snapshot(engine) as connection:
        return [difference.sentence for difference in differences(connection)]


def test_a_life_of_acts_and_vouchers_reconciles(stage: Stage) -> None:
    live(stage)
    assert found(stage.engine) == []


def test_refunds_into_days_that_are_over_and_expiry_reconcile(stage: Stage) -> None:
    live(stage)
    outlive_the_points(stage)
    assert stage.rows("SELECT remaining FROM lots WHERE graced = 1") == [(20,)]
    assert len(stage.rows("SELECT 1 FROM transfers WHERE credit = 'points_expired'")) == 3
    assert found(stage.engine) == []


def test_a_forgotten_member_leaves_whole_books(stage: Stage) -> None:
    live(stage)
    asks, approves = stage.clerk("li"), stage.clerk("wu")
    for who in ("mei", "bo"):  # mei has points in a voucher, which pay; bo has none
        into_debt(stage, who, asks, approves)
    with stage.engine.begin() as connection:
        connection.execute(text("UPDATE member_sessions SET expires_at = 2000000000"))
    for name in stage.members:
        forget_member(stage.session, token_hash(name), "f", stage.island, stage.clock)
    assert stage.rows("SELECT SUM(available), SUM(held) FROM member_balances") == [(0, 0)]
    assert stage.rows("SELECT debt FROM forgotten_members ORDER BY debt") == [(0,), (0,), (10,)]
    assert found(stage.engine) == []


def test_a_guest_who_became_a_member_keeps_the_guest_limits_of_then(stage: Stage) -> None:
    live(stage)
    with stage.engine.begin() as connection:
        connection.execute(text("UPDATE members SET kind = 'visitor' WHERE kind = 'guest'"))
    assert found(stage.engine) == []


@contextmanager
def owner(engine: Engine) -> Iterator[Connection]:
    """A connection that no trigger and no foreign key stops; what it does is undone at the end."""
    connection = engine.connect()
    if engine.dialect.name == "sqlite":
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.exec_driver_sql("BEGIN")
        for name in connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
    else:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
    try:
        yield connection
    finally:
        connection.rollback()
        connection.close()


def names_of(stage: Stage) -> dict[str, int]:
    """What the planted edits call by name."""
    mei = stage.members["mei"]
    wanted = {
        "act": f"SELECT id FROM acts WHERE member_id = {mei} AND scene = 23 AND companion = 0",
        "entry": f"SELECT entry_id FROM acts WHERE member_id = {mei} AND scene = 23 AND companion = 0",
        "kept": f"SELECT id FROM vouchers WHERE member_id = {mei} AND state = 'issued'",
        "used": "SELECT id FROM vouchers WHERE state = 'redeemed'",
        "exchange": "SELECT e.id FROM entries e JOIN vouchers v ON v.id = e.voucher_id"
        " WHERE e.kind = 'exchange' AND v.state = 'issued'",
        "undone": "SELECT redemption_id FROM redemption_undos",
        "redemption": "SELECT id FROM redemptions WHERE number = 2",
    }
    reviews = (
        "SELECT act_id FROM reviews WHERE decision = '{}' AND decided_by IS {} NULL AND COALESCE(code, '') <> '{}'"
    )
    wanted["accepted"] = reviews.format("accepted", "NOT", "-")
    wanted["told"] = reviews.format("accepted", "", "trail_paired")
    wanted["refused"] = reviews.format("refused", "NOT", "-")
    wanted["resolved"] = "SELECT resolved_act_id FROM reviews WHERE decision = 'accepted' AND decided_by IS NOT NULL"
    wanted["wen"] = "SELECT id FROM people WHERE login = 'wen'"
    return {**stage.members, **{name: int(str(stage.rows(query)[0][0])) for name, query in wanted.items()}}


def leaf_edit(engine: Engine, old: str, new: str) -> str:
    if engine.dialect.name == "sqlite":
        changed = f"CAST(replace(CAST(leaf AS TEXT), '{old}', '{new}') AS BLOB)"
    else:
        changed = f"convert_to(replace(convert_from(leaf, 'UTF8'), '{old}', '{new}'), 'UTF8')"
    return f"UPDATE entries SET leaf = {changed} WHERE id = "


def missed(stage: Stage, word: str, statements: tuple[str, ...], names: dict[str, int]) -> str | None:
    """None when the edit was found by that word; else the edit and what was found instead."""
    with owner(stage.engine) as connection:
        for statement in statements:
            done = connection.exec_driver_sql(statement)
            assert done.rowcount, f"nothing was edited by {statement}"
        sentences = [difference.sentence for difference in differences(connection)]
    wanted = word.format(**names) if "{" in word else word
    return None if any(wanted in sentence for sentence in sentences) else f"{word}: {statements}: {sentences}"


def test_every_edit_of_an_owner_is_found_and_named(stage: Stage) -> None:
    live(stage)
    names = names_of(stage)
    leaves = [(word, (leaf_edit(stage.engine, *words) + str(names["entry"]),)) for word, words in OF_THE_LEAF.items()]
    edits = leaves + [(word, tuple(one.format(**names) for one in statements)) for word, statements in EDITS]
    assert len(edits) > 80
    assert [miss for word, statements in edits if (miss := missed(stage, word, statements, names))] == []
    assert found(stage.engine) == [], "the edits were undone again"


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_command_says_that_the_books_are_whole_or_names_what_is_not(
    stage: Stage, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    live(stage)
    stage.session.rollback()
    monkeypatch.setenv("DATABASE_URL", stage.engine.url.render_as_string(hide_password=False))
    asked = ["--data", str(tmp_path / "folder")]
    assert main(asked) == 0
    assert capsys.readouterr().out == "The books are whole.\n"
    with stage.engine.begin() as connection:
        connection.execute(text("UPDATE merchant_balances SET payable_fen = payable_fen + 1"))
    assert main(asked) == 1
    assert capsys.readouterr().out == ("merchant_balances 0000000000000047: payable_fen is 351, the books say 350\n")
    assert not (tmp_path / "folder").exists(), "reading makes nothing"


def test_where_no_island_was_ever_opened_the_command_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    assert main(["--data", str(tmp_path / "nowhere")]) == 2
    assert "There is no island in" in capsys.readouterr().out
    assert not (tmp_path / "nowhere").exists()
