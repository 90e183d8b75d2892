"""R12: a member is forgotten. No trace of what names them is left anywhere, and books and proofs are whole."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from miniprogram_api.books.forgetting import GONE
from miniprogram_api.db import Base
from miniprogram_api.domain.refusals import NotAllowed
from miniprogram_api.domain.reviews import Decider
from miniprogram_api.migrations.application_role import FORGETTABLE
from miniprogram_api.services.adjustment_approvals import approve_adjustment
from miniprogram_api.services.adjustments import AdjustmentWish, ask_adjustment
from miniprogram_api.services.cards import issue_card
from miniprogram_api.services.interests import declare_interest
from miniprogram_api.services.reviews import Resolution, resolve_act
from miniprogram_api.services.undos import Undo, undo_redemption
from tests.miniprogram_api.cast import Stage
from tests.miniprogram_api.lived_island import CHEN, REFILL, SHOP, reverse
from tests.miniprogram_api.routes.conftest import app, client  # noqa: F401  the server's fixtures
from tests.miniprogram_api.routes.speech import API, answered, bearer, refused
from tests.miniprogram_api.test_append_only import application_engine
from tests.miniprogram_api.test_reconcile import found
from tests.miniprogram_api.traces import OPENID, Planted, plant, traces_in_files, traces_in_tables

FORGET = f"{API}/member/forget"


@pytest.fixture
def mei(stage: Stage, client: FlaskClient) -> Planted:  # noqa: F811  the fixture above
    return plant(stage, client)


def forget(mei: Planted, key: str = "forget-1") -> dict[str, object]:
    return dict(answered(mei.client.post(FORGET, json={"confirm": True}, headers=bearer(mei.token, key=key))))


def test_every_trace_is_planted_and_none_is_left(
    mei: Planted, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    planted = {place.partition(" ")[0] for place in traces_in_tables(mei)}
    # What only the phone has: its token, and what its browser says of itself.
    assert set(mei.traces) - planted == {"token", "device"}
    assert len(planted) >= 12
    with caplog.at_level(logging.DEBUG):
        forget(mei)
    assert traces_in_tables(mei) == set()
    (tmp_path / "server.log").write_text(caplog.text)
    assert traces_in_files(mei, tmp_path) == set()
    assert found(mei.stage.engine) == []


def test_points_vouchers_and_acts_that_wait_end_as_it_was_said_before(mei: Planted) -> None:
    stage = mei.stage
    said = answered(mei.client.get(FORGET, headers=mei.headers))
    before = stage.balance(mei.token)
    assert said == {
        "points": before[0] + before[1],
        "debt": 0,
        "reduction_grams": before[2],
        "vouchers": 1,
        "acts_waiting": 1,
        "cards": 1,
        "sessions": 1,
    }
    ended = forget(mei)
    assert {name: ended[name] for name in ("points", "vouchers", "acts", "debt")} == {
        "points": said["points"],
        "vouchers": said["vouchers"],
        "acts": said["acts_waiting"],
        "debt": 0,
    }
    assert stage.balance(mei.token) == (0, 0, before[2])
    member = mei.member_id
    assert stage.rows(f"SELECT state FROM vouchers WHERE member_id = {member} ORDER BY state") == [
        ("cancelled",),
        ("redeemed",),
    ]
    assert stage.rows(f"SELECT SUM(remaining) FROM lots WHERE member_id = {member}") == [(0,)]
    assert stage.rows("SELECT remaining FROM stock") == [(9,)]
    waited = f"SELECT r.decision, r.code FROM reviews r JOIN acts a ON a.id = r.act_id WHERE a.member_id = {member}"
    assert stage.rows(waited) == [("refused", "member_forgotten")]


def test_every_token_is_refused_and_the_same_person_comes_back_as_somebody_new(mei: Planted) -> None:
    again = {"code": f"sim:resident-{OPENID}"}
    other = answered(mei.client.post(f"{API}/member/sessions", json=again), 201)
    assert int(other["member"]["id"], 16) == mei.member_id
    forget(mei)
    for token in (mei.token, other["token"]):
        refused(mei.client.get(f"{API}/member/me", headers=bearer(token)), 401, "not_signed_in")
    fresh = answered(mei.client.post(f"{API}/member/sessions", json=again), 201)
    assert int(fresh["member"]["id"], 16) != mei.member_id
    me = answered(mei.client.get(f"{API}/member/me", headers=bearer(fresh["token"])))
    assert me["balance"] == {"available": 0, "held": 0, "debt": 0, "expiring": []}
    assert found(mei.stage.engine) == []


def test_a_repeat_is_answered_the_same_and_another_key_is_nobodys(mei: Planted) -> None:
    first = forget(mei)
    assert forget(mei) == first
    refused(
        mei.client.post(FORGET, json={"confirm": True}, headers=bearer(mei.token, key="other")), 401, "not_signed_in"
    )
    assert mei.stage.count("forgotten_members") == 1


@pytest.mark.parametrize("body", [{}, {"confirm": False}, {"confirm": 1}, {"confirm": True, "member": "1"}])
def test_without_a_plain_yes_nobody_is_forgotten(mei: Planted, body: dict[str, object]) -> None:
    refused(mei.client.post(FORGET, json=body, headers=bearer(mei.token, key="k")), 422, "invalid_fields")
    no_key = mei.client.post(FORGET, json={"confirm": True}, headers=mei.headers)
    refused(no_key, 400, "idempotency_key_missing")
    assert mei.stage.count("forgotten_members") == 0
    answered(mei.client.get(f"{API}/member/me", headers=mei.headers))


def test_what_a_kiosk_still_holds_of_them_is_refused_and_brings_nobody_back(mei: Planted) -> None:
    kiosk = mei.kiosk
    assert kiosk
    known = kiosk.results()
    forget(mei)
    acts, members = mei.stage.count("acts"), mei.stage.count("members")
    kiosk.read(mei.code, (REFILL, 1))
    results = kiosk.results()
    assert results[:-1] == known, "what it sent before is answered as before"
    assert results[-1] == "refused:code_expired"
    assert (mei.stage.count("acts"), mei.stage.count("members")) == (acts, members)
    assert found(mei.stage.engine) == []


def test_nothing_is_given_to_somebody_forgotten_any_more(mei: Planted) -> None:
    stage, lin, wen = mei.stage, mei.lin, mei.stage.clerk("wen")
    wish = AdjustmentWish(mei.member_id, 5, "the scanner was broken", lin, "a1")
    asked_before = ask_adjustment(stage.session, wish, stage.island, stage.clock)
    [(redemption,)] = stage.rows("SELECT id FROM redemptions")
    [(act,)] = stage.rows(f"SELECT id FROM acts WHERE member_id = {mei.member_id} AND state = 'pending'")
    forget(mei)
    asked_after = AdjustmentWish(mei.member_id, 5, "the scanner was broken", lin, "a2")
    undo = Undo(SHOP, CHEN, int(str(redemption)), "u1")
    accept = Resolution(int(str(act)), None, Decider(wen), "believed")
    attempts: dict[str, Callable[[], object]] = {
        "approve": lambda: approve_adjustment(stage.session, asked_before, wen, None, stage.clock),
        "ask": lambda: ask_adjustment(stage.session, asked_after, stage.island, stage.clock),
        "card": lambda: issue_card(stage.session, mei.member_id, lin, stage.island, stage.clock),
        "interest": lambda: declare_interest(stage.session, lin, mei.member_id, stage.clock),
        "undo": lambda: undo_redemption(stage.session, undo, stage.island, stage.clock),
        "accept": lambda: resolve_act(stage.session, accept, stage.island, stage.clock),
    }
    refusals = {}
    for name, attempt in attempts.items():
        with pytest.raises(NotAllowed) as refusal:
            attempt()
        refusals[name] = refusal.value.helps["why"]
    assert set(refusals.values()) == {"member_forgotten", "act_decided"}
    assert stage.balance(mei.token)[:2] == (0, 0)
    assert found(stage.engine) == []


def test_an_act_of_somebody_forgotten_can_still_be_reversed_and_its_leaf_says_nothing_of_whose_it_was(
    mei: Planted,
) -> None:
    stage, lin = mei.stage, mei.lin
    [(act,), *_] = stage.rows(f"SELECT id FROM acts WHERE member_id = {mei.member_id} AND points > 0 ORDER BY id")
    forget(mei)
    reverse(stage, int(str(act)), lin, key="r9")
    [(leaf,)] = stage.rows("SELECT leaf FROM entries WHERE kind = 'reverse' AND caller_kind = 'staff'")
    assert "member" not in json.loads(bytes(leaf))  # type: ignore[call-overload]  # bytes of either driver
    assert found(stage.engine) == []


OTHER_VALUES: dict[type, object] = {int: 1, str: "x", bytes: b"87654321"}


@pytest.mark.parametrize("table", FORGETTABLE)
def test_in_the_rows_of_the_forgotten_nothing_else_can_be_changed(mei: Planted, table: str) -> None:
    """Each other column, and those columns too where they would say something else than what forgetting says."""
    forget(mei)
    engine, whole = application_engine(mei.stage.engine), f'SELECT * FROM "{table}" ORDER BY 1'
    before = mei.stage.rows(whole)
    others = {"acts": ("pending_key",), "entries": FORGETTABLE["entries"], "journal_items": ("body",)}
    for column in Base.metadata.tables[table].columns:
        if column.name in FORGETTABLE[table] and column.name not in others.get(table, ()):
            continue
        value = {"value": OTHER_VALUES[column.type.python_type]}
        with suppress(DBAPIError), engine.begin() as connection:
            connection.execute(text(f'UPDATE "{table}" SET "{column.name}" = :value'), value)
        assert mei.stage.rows(whole) == before, column.name
    engine.dispose()


def test_what_may_be_taken_out_of_rows_stays_in_those_of_everybody_else(mei: Planted) -> None:
    stage = mei.stage
    engine = application_engine(stage.engine)
    for table, statement in (
        ("acts", "UPDATE acts SET pending_key = NULL"),
        ("acts", "UPDATE acts SET nonce = :eight WHERE kind = 20"),
        ("entries", "UPDATE entries SET key = NULL, content = NULL"),
        ("readings", "UPDATE readings SET holder = :eight WHERE twin = 0"),
        ("journal_items", "UPDATE journal_items SET body = ''"),
        ("desk_acts", "UPDATE desk_acts SET lines = '[]'"),
        ("audit_events", "UPDATE audit_events SET object = 'card:', detail = '{}'"),
        ("audit_events", "UPDATE audit_events SET detail = '{}'"),
    ):
        before = stage.rows(f'SELECT * FROM "{table}" ORDER BY 1')
        with pytest.raises(DBAPIError), engine.begin() as connection:
            connection.execute(text(statement), {"eight": b"87654321"} if ":eight" in statement else {})
        assert stage.rows(f'SELECT * FROM "{table}" ORDER BY 1') == before
    engine.dispose()


NAMED_BY_A_RANDOM_ID = {
    "acts",
    "adjustments",
    "entries",
    "forgotten_members",
    "lot_moves",
    "lots",
    "member_balances",
    "member_consents",
    "readings",
    "vouchers",
}


def test_of_every_table_that_names_members_it_is_said_what_forgetting_does() -> None:
    """A new one is either emptied or holds nothing but the random id."""
    naming = {name for name, table in Base.metadata.tables.items() if "member_id" in table.columns}
    assert naming == NAMED_BY_A_RANDOM_ID | {table.__tablename__ for table in GONE}
