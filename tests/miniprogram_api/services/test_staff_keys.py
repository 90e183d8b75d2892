"""A key of somebody of the staff is good for one call for ever: adjustment, stock, reversal or voucher at a desk."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import partial
from itertools import combinations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from miniprogram_api.books.prepared import Writes
from miniprogram_api.db import TryAgain
from miniprogram_api.domain.refusals import IdempotencyConflict, NotFound
from miniprogram_api.migrations import downgrade, upgrade
from miniprogram_api.services.adjustments import AdjustmentWish, ask_adjustment
from miniprogram_api.services.desk_vouchers import DeskWish, issue_desk_voucher
from miniprogram_api.services.reversals import ReversalWish, reverse_act
from miniprogram_api.services.staff_keys import STOCK, StaffCall, claim_key
from miniprogram_api.services.stock import StockWish, change_stock
from miniprogram_api.services.vouchers import AtDesk
from scenes.wire.kinds import KIND_TICKET
from tests.miniprogram_api.cast import Stage, shop
from tests.miniprogram_api.services.test_correction_races import at_once
from tests.miniprogram_api.services.test_reversals import whole
from tests.miniprogram_api.services.test_vouchers import rich

TREE_CARE = 23
CALLS = ("adjustment", "stock", "reversal", "voucher")
Deed = Callable[[Session], object]


class Desk:
    """Lin's console, chen's shelf, and points of mei's."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.item, self.lin = stage, shop(stage, points=30), stage.clerk("lin")
        rich(stage, times=4)

    def deed(self, call: str, key: str, who: str = "mei", reason: str = "counted") -> Deed:
        """One call of that kind; of a reversal each time of another act."""
        stage = self.stage
        member, island, clock = stage.members[who], stage.island, stage.clock
        if call == "adjustment":
            return partial(
                ask_adjustment, wish=AdjustmentWish(member, 5, reason, self.lin, key), island=island, clock=clock
            )
        if call == "stock":
            wish = StockWish(self.item, 2, reason, self.lin, key)
            return partial(change_stock, wish=wish, limits=island.limits, clock=clock)
        if call == "voucher":
            desk = DeskWish(AtDesk(member, self.lin, "known"), self.item, 1, key)
            return partial(issue_desk_voucher, wish=desk, island=island, clock=clock)
        clock.advance(86_400)  # past the cool-down
        act = stage.scan("bo", stage.code(TREE_CARE, KIND_TICKET)).act["id"]
        return partial(reverse_act, wish=ReversalWish(act, self.lin, reason, key), island=island, clock=clock)

    def books(self) -> tuple[object, ...]:
        tables = ("adjustments", "stock_changes", "reversals", "vouchers", "entries", "transfers", "audit_events")
        figures = tuple(self.stage.count(table) for table in (*tables, "staff_keys"))
        return (*figures, *self.stage.rows("SELECT * FROM stock"), self.stage.balance("mei"), self.stage.balance("bo"))


@pytest.fixture
def desk(stage: Stage) -> Desk:
    return Desk(stage)


@pytest.mark.parametrize("first", CALLS)
def test_a_key_that_one_call_used_is_a_conflict_in_every_other_and_nothing_moves(desk: Desk, first: str) -> None:
    session = desk.stage.session
    done = desk.deed(first, "k")
    done(session)
    others = [desk.deed(call, "k") for call in CALLS if call != first]
    before = desk.books()
    for other in others:
        with pytest.raises(IdempotencyConflict):
            other(session)
    done(session)  # a repeat does nothing more
    assert desk.books() == before
    assert whole(desk.stage)


@pytest.mark.parametrize("call", CALLS)
def test_a_key_is_a_conflict_with_another_content_of_the_same_call(desk: Desk, call: str) -> None:
    session = desk.stage.session
    desk.deed(call, "k")(session)
    other = desk.deed(call, "k", who="bo", reason="for another reason")
    before = desk.books()
    with pytest.raises(IdempotencyConflict):
        other(session)
    assert desk.books() == before


def test_a_key_belongs_to_its_person(desk: Desk) -> None:
    desk.deed("adjustment", "k")(desk.stage.session)
    desk.lin = desk.stage.clerk("wen")
    desk.deed("stock", "k")(desk.stage.session)
    assert desk.stage.count("staff_keys") == 2
    assert whole(desk.stage)


def test_what_was_refused_leaves_its_key_free(desk: Desk) -> None:
    session = desk.stage.session
    wish = ReversalWish(5, desk.lin, "counted", "k")
    with pytest.raises(NotFound):
        reverse_act(session, wish, desk.stage.island, desk.stage.clock)
    assert desk.stage.count("staff_keys") == 0
    desk.deed("stock", "k")(session)
    with pytest.raises(IdempotencyConflict):
        reverse_act(session, wish, desk.stage.island, desk.stage.clock)


def test_of_two_calls_at_once_with_one_key_one_is_done(desk: Desk) -> None:
    pairs = list(combinations(CALLS, 2))
    for one, two in pairs:
        key = f"{one}-{two}"
        deeds = [desk.deed(one, key), desk.deed(two, key)]
        assert at_once(desk.stage, deeds) == {"done": 1, "idempotency_conflict": 1}
    assert desk.stage.count("staff_keys") == len(pairs)
    assert whole(desk.stage)


@pytest.mark.parametrize("call", CALLS)
def test_one_call_sent_many_times_at_once_is_done_once(desk: Desk, call: str) -> None:
    deed = desk.deed(call, "k")
    assert at_once(desk.stage, [deed] * 4) == {"done": 4}
    assert desk.stage.count("staff_keys") == 1
    assert whole(desk.stage)


@pytest.mark.parametrize("call", ["reversal", "voucher"])
def test_a_call_that_read_before_another_took_its_key_is_a_conflict(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    late, between = desk.deed(call, "k"), [desk.deed("stock", "k")]
    write = Writes.commit

    def commit(writes: Writes) -> None:
        if between:
            with Session(desk.stage.engine) as session:
                between.pop()(session)
        write(writes)

    monkeypatch.setattr(Writes, "commit", commit)
    with pytest.raises(IdempotencyConflict):
        late(desk.stage.session)
    assert (desk.stage.count("reversals"), desk.stage.count("vouchers")) == (0, 0)
    assert whole(desk.stage)


def test_the_database_keeps_a_key_once(desk: Desk) -> None:
    desk.deed("adjustment", "k")(desk.stage.session)
    again = StaffCall(desk.lin, "k", STOCK, hashlib.sha256(b"other").digest())
    with pytest.raises(TryAgain), desk.stage.engine.begin() as connection:
        claim_key(connection, again, desk.stage.clock.now())
    assert desk.stage.rows("SELECT call FROM staff_keys") == [("adjustment",)]
    with pytest.raises(DBAPIError), desk.stage.engine.begin() as connection:
        connection.execute(
            text(f"INSERT INTO staff_keys VALUES ({desk.lin}, 'other', 'payout', :content, 1)"), {"content": b"x"}
        )


def test_keys_of_before_are_kept_and_one_that_two_calls_used_is_the_first_ones(desk: Desk) -> None:
    stage = desk.stage
    for call in ("adjustment", "stock", "reversal"):
        desk.deed(call, call)(stage.session)
    before = stage.rows("SELECT person_id, key, call, content FROM staff_keys ORDER BY key")
    stage.session.rollback()
    downgrade(stage.engine, "20261202_desks")
    columns = "member_id, points, reason, asked_by, asked_at + 9999999, expires_at + 9999999, 'stock', content"
    with stage.engine.begin() as connection:  # as it could be before
        connection.exec_driver_sql(f"INSERT INTO adjustments SELECT id - 1, {columns} FROM adjustments")
    upgrade(stage.engine)
    assert stage.rows("SELECT person_id, key, call, content FROM staff_keys ORDER BY key") == before
    assert not whole(stage)  # `reconcile` names the second use
