"""A till takes a reading back within two minutes; the books stay right, and what somebody edits is found."""

from __future__ import annotations

import pytest
from sqlalchemy import create_engine, insert

from miniprogram_api.models import Merchant, MerchantPerson, MerchantSession
from miniprogram_api.queries.reconciliation import book_differences
from miniprogram_api.services.reconciliation import entry_differences
from tests.miniprogram_api.cast import NOON, Stage, token_hash
from tests.miniprogram_api.lived_island import adjust
from tests.miniprogram_api.routes.merchant.till import (
    ACTS,
    LINEN,
    MEALS,
    PLATE,
    TABLEWARE,
    Counter,
    books_are_right,
    profile,
    states,
)
from tests.miniprogram_api.routes.speech import API, answered, bearer, refused
from tests.miniprogram_api.services.test_vouchers import exchange


def test_an_undo_within_two_minutes_takes_everything_back_but_the_codes_minute(stage: Stage, chen: Counter) -> None:
    code = stage.member_code("mei")
    made = answered(chen.confirm(code, PLATE, TABLEWARE, {**LINEN, "room": "7"}), 201)
    stage.clock.advance(120)
    undone = answered(chen.undo(made["id"]), 201)
    assert {state for _, state, _, _ in states(undone)} == {"reversed"}
    assert undone["undone_at"]
    assert (stage.balance("mei"), stage.debt("mei")) == ((0, 0, 0), 0)
    assert answered(chen.undo(made["id"]), 201) == undone
    refused(chen.undo(made["id"], key="u2"), 409, "undo_too_late")
    assert stage.count("desk_undos") == 1
    again = answered(chen.confirm(stage.member_code("mei"), PLATE, {**LINEN, "room": "7"}), 201)
    assert {state for _, state, _, _ in states(again)} == {"credited"}, "limits and cool-down are free again"
    books_are_right(stage)


def test_after_two_minutes_the_till_takes_nothing_back(stage: Stage, chen: Counter) -> None:
    made = answered(chen.confirm(stage.member_code("mei"), PLATE), 201)
    stage.clock.advance(121)
    refused(chen.undo(made["id"]), 409, "undo_too_late")
    assert (stage.balance("mei")[0], stage.count("reversals")) == (MEALS, 0)


def test_what_waits_is_refused_by_the_undo(stage: Stage, chen: Counter) -> None:
    profile(stage, ceilings={"points_per_hour": 1})
    made = answered(chen.confirm(stage.member_code("mei"), PLATE), 201)
    undone = answered(chen.undo(made["id"]), 201)
    assert states(undone)[0][:2] == ("clean-plate", "refused")
    mine = answered(chen.client.get(f"{API}/member/activities", headers=bearer("mei")))["data"]
    assert [(act["state"], act["reason"]) for act in mine] == [("refused", "undone_at_till")]
    books_are_right(stage)


def test_points_that_were_spent_meanwhile_become_a_debt(stage: Stage, chen: Counter) -> None:
    made = answered(chen.confirm(stage.member_code("mei"), PLATE), 201)
    adjust(stage, "mei", 30, stage.clerk("li"), stage.clerk("sun"), key="more")
    exchange(stage, 72)  # the bag costs 35
    answered(chen.undo(made["id"]), 201)
    assert (stage.balance("mei")[:2], stage.debt("mei")) == ((0, 35), MEALS)
    books_are_right(stage)


def test_another_merchant_neither_sees_nor_takes_back_what_was_confirmed(stage: Stage, chen: Counter) -> None:
    made = answered(chen.confirm(stage.member_code("mei"), PLATE), 201)
    names = {"name_zh": "食堂", "name_en": "Canteen", "place_zh": "-", "place_en": "-"}
    with stage.engine.begin() as connection:
        connection.execute(insert(Merchant).values(id=81, **names, state="active", created_at=NOON))
        person = {"merchant_id": 81, "login": "wu", "name": "吴", "password_hash": "-", "role": "owner"}
        connection.execute(insert(MerchantPerson).values(id=83, **person))
        signed_in = {"token_hash": token_hash("wu"), "person_id": 83, "merchant_id": 81}
        connection.execute(insert(MerchantSession).values(**signed_in, created_at=NOON, expires_at=NOON + 86_400))
    wu = Counter(stage, chen.client, "wu")
    refused(wu.undo(made["id"]), 404, "not_found")
    assert answered(chen.client.get(ACTS, headers=bearer("wu")))["data"] == []
    listed = answered(chen.client.get(ACTS, headers=bearer("chen")))["data"]
    assert [each["id"] for each in listed] == [made["id"]]
    assert stage.balance("mei")[0] == MEALS


@pytest.mark.parametrize(
    ("edit", "named"),
    [
        ("UPDATE caps SET used = used - 1 WHERE name = 'clerk:day'", "clerk:day"),
        ("DELETE FROM caps WHERE name = 'clerk:day'", "clerk:day"),
        ("UPDATE caps SET used = used + 1 WHERE name = 'desk:hour'", "desk:hour"),
        ("DELETE FROM desk_undos", "caller"),
        ("UPDATE desk_undos SET person_id = 74", "caller"),
        ("UPDATE desk_acts SET merchant_id = 81", "reading of this merchant"),
        ("UPDATE readings SET merchant_id = 81", "reading of this merchant"),
        ("DELETE FROM desk_acts", "person at the till"),
        ("DELETE FROM reversals", "acts that still count"),
    ],
)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_somebody_edits_behind_a_till_is_found_and_named(
    stage: Stage, chen: Counter, edit: str, named: str
) -> None:
    answered(chen.confirm(stage.member_code("bo"), PLATE), 201)
    made = answered(chen.confirm(stage.member_code("mei"), PLATE), 201)
    answered(chen.undo(made["id"]), 201)
    books_are_right(stage)
    plain = create_engine(stage.engine.url)  # foreign keys are off
    with plain.begin() as connection:
        triggers = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars().all()
        for trigger in triggers:
            connection.exec_driver_sql(f"DROP TRIGGER {trigger}")
        assert connection.exec_driver_sql(edit).rowcount > 0, "the edit touches something"
        found = [*book_differences(connection, lambda _: None), *entry_differences(connection, lambda _: None)]
    plain.dispose()
    assert any(named in f"{each.row} {each.field}" for each in found), found
