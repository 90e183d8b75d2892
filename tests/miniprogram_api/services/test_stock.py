"""Stock: every piece on a shelf was put there by a change, and what lies there is never less than none."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy.orm import Session

from miniprogram_api.domain.refusals import IdempotencyConflict, NotAllowed, NotFound, OutOfStock, Refusal
from miniprogram_api.services.approvals import APPROVED, REJECTED
from miniprogram_api.services.items import NewItem, offer_item
from miniprogram_api.services.stock import StockWish, change_stock, decide_stock
from miniprogram_api.services.version_decisions import Verdict
from miniprogram_api.services.vouchers import Wish, exchange_points
from tests.miniprogram_api.cast import Stage, shop, token_hash
from tests.miniprogram_api.services.test_reversals import whole
from tests.miniprogram_api.services.test_vouchers import exchange, rich


class Shelf:
    """Chen's bags at 350 fen each: 142 of them come to less than 50,000 fen, 143 to more."""

    def __init__(self, stage: Stage, stock: int = 10) -> None:
        self.stage, self.item = stage, shop(stage, stock=stock)
        self.lin, self.wen = stage.clerk("lin"), stage.clerk("wen")

    def change(self, pieces: int, key: str = "s1", item: int | None = None) -> int:
        wish = StockWish(item or self.item, pieces, "counted", self.lin, key)
        return change_stock(self.stage.session, wish, self.stage.island.limits, self.stage.clock)

    def decide(self, change: int, decision: str = APPROVED, by: int | None = None) -> None:
        verdict = Verdict(decision, by or self.wen, "so")
        decide_stock(self.stage.session, self.item, change, verdict, self.stage.clock)

    @property
    def pieces(self) -> tuple[object, ...]:
        return self.stage.rows("SELECT put_in, remaining FROM stock")[0]


@pytest.fixture
def shelf(stage: Stage) -> Shelf:
    return Shelf(stage)


def test_pieces_are_put_in_and_taken_out_with_a_reason(stage: Stage, shelf: Shelf) -> None:
    shelf.change(5)
    shelf.change(-3, "s2")
    assert shelf.pieces == (12, 12)
    assert stage.rows("SELECT pieces, reason FROM stock_changes WHERE asked_by IS NOT NULL ORDER BY pieces") == [
        (-3, "counted"),
        (5, "counted"),
    ]
    assert whole(stage)


def test_a_repeat_with_the_same_key_puts_in_once(stage: Stage, shelf: Shelf) -> None:
    assert shelf.change(5) == shelf.change(5)
    assert shelf.pieces == (15, 15)
    with pytest.raises(IdempotencyConflict):
        shelf.change(6)
    assert stage.count("stock_changes") == 2


def test_no_more_is_taken_out_than_lies_there(stage: Stage, shelf: Shelf) -> None:
    rich(stage)
    exchange(stage, shelf.item)
    with pytest.raises(OutOfStock) as refused:
        shelf.change(-10)
    assert refused.value.helps == {"stock": 9}
    assert (shelf.pieces, stage.count("stock_changes"), stage.count("approvals")) == ((10, 9), 1, 0)
    shelf.change(-9)
    assert shelf.pieces == (1, 0)
    with pytest.raises(NotFound):
        shelf.change(1, "s2", item=5)
    assert whole(stage)


def test_much_at_once_waits_for_a_second_person(stage: Stage, shelf: Shelf) -> None:
    shelf.change(142)
    assert shelf.pieces == (152, 152)
    much = shelf.change(143, "s2")
    assert shelf.pieces == (152, 152)
    assert whole(stage)
    with pytest.raises(NotAllowed) as own:
        shelf.decide(much, by=shelf.lin)
    assert own.value.helps["why"] == "own_request"
    shelf.decide(much)
    shelf.decide(much)
    assert shelf.pieces == (295, 295)
    refused = shelf.change(200, "s3")
    shelf.decide(refused, REJECTED)
    with pytest.raises(NotAllowed):
        shelf.decide(refused)
    assert shelf.pieces == (295, 295)
    assert whole(stage)


def test_what_one_person_puts_in_alone_is_counted_over_the_day(stage: Stage, shelf: Shelf) -> None:
    shelf.change(100)
    shelf.change(-50, "s2")
    shelf.change(42, "s3")
    assert shelf.pieces == (102, 102)
    one_more = shelf.change(1, "s4")
    assert shelf.pieces == (102, 102), "splitting doesn't pass the limit, nor does taking out in between"
    shelf.decide(one_more)
    shelf.change(-1, "s5")
    assert shelf.pieces == (102, 102), "taking out waits for nobody"
    other = StockWish(shelf.item, 142, "counted", shelf.wen, "w1")
    change_stock(stage.session, other, stage.island.limits, stage.clock)
    assert shelf.pieces == (244, 244), "each person has a limit of their own"
    stage.clock.advance(12 * 3600 - 1)
    shelf.change(1, "s6")
    assert shelf.pieces == (244, 244), "it is the same day until midnight on the island"
    stage.clock.advance(1)
    shelf.change(142, "s7")
    assert shelf.pieces == (386, 386)
    assert whole(stage)


def test_what_a_second_person_approved_counts_for_nobody_alone(stage: Stage, shelf: Shelf) -> None:
    shelf.decide(shelf.change(1000))
    shelf.change(142, "s2")
    assert shelf.pieces == (1152, 1152)
    assert whole(stage)


def test_another_item_has_a_limit_of_its_own(stage: Stage, shelf: Shelf) -> None:
    cup = NewItem(71, "杯子", "Cup", "-", "-", "cup", 20, 350, 10, None, 2)
    offer_item(stage.session, cup, "system:test", stage.clock)
    [(other,)] = stage.rows("SELECT item_id FROM item_versions WHERE name_en = 'Cup'")
    shelf.change(142)
    shelf.change(142, "s2", item=int(str(other)))
    assert stage.rows("SELECT put_in FROM stock ORDER BY put_in") == [(152,), (152,)]


def test_two_halves_at_one_moment_don_t_pass_the_limit(stage: Stage, shelf: Shelf) -> None:
    start = Barrier(2)

    def put_in(key: str) -> int:
        with Session(stage.engine) as session:
            start.wait()
            wish = StockWish(shelf.item, 142, "counted", shelf.lin, key)
            return change_stock(session, wish, stage.island.limits, stage.clock)

    with ThreadPoolExecutor(2) as both:
        assert len(set(both.map(put_in, ("s1", "s2")))) == 2
    assert shelf.pieces == (152, 152)
    assert stage.rows("SELECT COUNT(*) FROM approvals WHERE subject = 'stock' AND alone = 1") == [(1,)]
    assert whole(stage)


def test_of_two_approvers_at_one_moment_one_puts_the_pieces_in(stage: Stage, shelf: Shelf) -> None:
    much, other, start = shelf.change(200), stage.clerk("sun"), Barrier(2)

    def decide(by: int) -> str:
        with Session(stage.engine) as session:
            start.wait()
            try:
                decide_stock(session, shelf.item, much, Verdict(APPROVED, by), stage.clock)
            except NotAllowed as refusal:
                return str(refusal.helps["why"])
        return "done"

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(decide, (shelf.wen, other))) == ["already_decided", "done"]
    assert shelf.pieces == (210, 210)
    assert whole(stage)


def test_the_last_piece_is_exchanged_or_taken_out_and_never_both(stage: Stage) -> None:
    shelf = Shelf(stage, stock=1)
    rich(stage)
    start = Barrier(2)

    def outcome(who: str) -> str:
        with Session(stage.engine) as session:
            start.wait()
            try:
                if who == "mei":
                    exchange_points(session, Wish(token_hash("mei"), shelf.item, 1, "last"), stage.island, stage.clock)
                else:
                    wish = StockWish(shelf.item, -1, "broken", shelf.lin, "last")
                    change_stock(session, wish, stage.island.limits, stage.clock)
            except Refusal as refusal:
                return refusal.code
        return "done"

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(outcome, ("mei", "lin"))) == ["done", "out_of_stock"]
    assert stage.rows("SELECT remaining FROM stock") == [(0,)]
    assert whole(stage)
