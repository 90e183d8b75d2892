"""Vouchers that are cancelled, expire or are taken back at the counter: every point, piece and fen returns once."""

from __future__ import annotations

import pytest

from miniprogram_api.domain.refusals import (
    IdempotencyConflict,
    NotFound,
    UndoTooLate,
    VoucherAlreadyRedeemed,
    VoucherCancelled,
    VoucherExpired,
)
from miniprogram_api.services.expiry import expire_lots, members_with_expired_lots
from miniprogram_api.services.leases import Fence, LeaseLost, take_lease
from miniprogram_api.services.refunds import cancel_voucher, expire_voucher, overdue_vouchers
from miniprogram_api.services.undos import Undo, undo_redemption
from tests.miniprogram_api.cast import Stage, shop
from tests.miniprogram_api.services.test_vouchers import exchange, live_code, redeem, rich, state

DAY = 86_400
CHEN, SHOP = 73, 71


def cancel(stage: Stage, voucher: int, key: str = "c1", who: str = "mei") -> None:
    cancel_voucher(stage.session, stage.members[who], voucher, key, stage.island, stage.clock)


def undo(stage: Stage, redemption: int, key: str = "u1", merchant: int = SHOP) -> None:
    undo_redemption(stage.session, Undo(merchant, CHEN, redemption, key), stage.island, stage.clock)


def held_fence(stage: Stage) -> Fence:
    fence = take_lease(stage.session, "jobs-1", stage.clock)
    assert fence is not None
    return fence


def expire(stage: Stage, voucher: int) -> bool:
    return expire_voucher(stage.session, voucher, held_fence(stage), stage.clock)


def test_a_cancelled_voucher_gives_points_piece_and_limit_back(stage: Stage) -> None:
    item = shop(stage, limit=1)
    rich(stage)
    before = (
        stage.balance("mei"),
        stage.rows("SELECT SUM(remaining) FROM lots"),
        stage.rows("SELECT remaining FROM stock"),
    )
    cancel(stage, exchange(stage, item).voucher_id)
    after = (
        stage.balance("mei"),
        stage.rows("SELECT SUM(remaining) FROM lots"),
        stage.rows("SELECT remaining FROM stock"),
    )
    assert after == before
    assert exchange(stage, item, key="e2"), "the limit has room again"


def test_cancel_is_once_and_only_by_its_owner(stage: Stage) -> None:
    item = shop(stage)
    rich(stage)
    voucher = exchange(stage, item).voucher_id
    with pytest.raises(NotFound):
        cancel(stage, voucher, who="bo")
    cancel(stage, voucher)
    after = state(stage)
    cancel(stage, voucher)  # the same key: the answer was lost
    with pytest.raises(VoucherCancelled):
        cancel(stage, voucher, key="c2")
    other = exchange(stage, item, key="e2").voucher_id
    with pytest.raises(IdempotencyConflict):
        cancel(stage, other)
    cancel(stage, other, key="c3")
    assert state(stage)[:4] == after[:4]


def test_a_redeemed_voucher_can_not_be_cancelled_and_a_cancelled_one_not_redeemed(stage: Stage) -> None:
    item = shop(stage, points=20)
    rich(stage)
    first, second = exchange(stage, item), exchange(stage, item, key="e2")
    redeem(stage, live_code(stage, first))
    with pytest.raises(VoucherAlreadyRedeemed):
        cancel(stage, first.voucher_id)
    code = live_code(stage, second)
    cancel(stage, second.voucher_id, key="c2")
    with pytest.raises(VoucherCancelled):
        redeem(stage, code, key="r2")
    assert stage.balance("mei")[:2] == (40, 0)


def test_an_overdue_voucher_ends_once_and_gives_its_points_back(stage: Stage) -> None:
    item = shop(stage)
    rich(stage)
    voucher = exchange(stage, item).voucher_id
    assert not expire(stage, voucher), "not before its time"
    stage.clock.advance(30 * DAY)
    assert overdue_vouchers(stage.session, stage.clock.now()) == [voucher]
    with pytest.raises(VoucherExpired):
        cancel(stage, voucher)
    assert (expire(stage, voucher), expire(stage, voucher)) == (True, False)
    assert stage.balance("mei")[:2] == (60, 0)
    assert overdue_vouchers(stage.session, stage.clock.now()) == []


def test_points_that_died_while_they_were_held_get_seven_days_once_in_their_life(stage: Stage) -> None:
    item = shop(stage)
    rich(stage)
    voucher = exchange(stage, item).voucher_id
    with stage.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE lots SET expires_on = 20261124")
        connection.exec_driver_sql("UPDATE voucher_lots SET expires_on = 20261124")
    stage.clock.advance(2 * DAY)
    cancel(stage, voucher)
    assert stage.rows("SELECT expires_on, remaining FROM lots WHERE graced = 1") == [(20261203, 35)]
    again = exchange(stage, item, key="e2").voucher_id
    stage.clock.advance(8 * DAY)
    cancel(stage, again, key="c2")
    assert stage.rows("SELECT remaining FROM lots WHERE graced = 1") == [(0,)]
    assert stage.balance("mei")[:2] == (25, 0), "no second grace: the 35 are gone, the 25 wait for their job"
    assert stage.rows("SELECT SUM(amount) FROM transfers WHERE credit = 'points_expired'") == [(35,)]


def test_expired_points_leave_the_balance_however_late_or_often_the_job_runs(stage: Stage) -> None:
    rich(stage)
    with stage.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE lots SET expires_on = 20261121")
    stage.clock.advance(10 * DAY)
    mei = stage.members["mei"]
    assert members_with_expired_lots(stage.session, stage.clock.now()) == [mei]
    fence = held_fence(stage)
    assert [expire_lots(stage.session, mei, fence, stage.clock) for _ in range(2)] == [60, 0]
    assert stage.balance("mei")[0] == 0
    assert members_with_expired_lots(stage.session, stage.clock.now()) == []


def test_a_redemption_is_taken_back_within_two_minutes_and_the_voucher_is_good_again(stage: Stage) -> None:
    item = shop(stage)
    rich(stage)
    issued = exchange(stage, item)
    first = redeem(stage, live_code(stage, issued))
    stage.clock.advance(120)
    undo(stage, first)
    assert stage.balance("mei")[:2] == (25, 35)
    assert stage.rows("SELECT payable_fen FROM merchant_balances") == [(0,)]
    undo(stage, first)  # the same key: the answer was lost
    with pytest.raises(UndoTooLate):
        undo(stage, first, key="u2")
    redeem(stage, live_code(stage, issued), key="r2")
    assert stage.balance("mei")[:2] == (25, 0)
    assert stage.rows("SELECT payable_fen FROM merchant_balances") == [(350,)]


def test_after_two_minutes_or_at_another_shop_nothing_is_taken_back(stage: Stage) -> None:
    item = shop(stage)
    rich(stage)
    redemption = redeem(stage, live_code(stage, exchange(stage, item)))
    before = state(stage)
    with pytest.raises(NotFound):
        undo(stage, redemption, merchant=99)
    stage.clock.advance(121)
    with pytest.raises(UndoTooLate):
        undo(stage, redemption)
    assert state(stage) == before


def test_one_process_holds_the_lease_and_an_old_fence_writes_nothing(stage: Stage) -> None:
    item = shop(stage)
    rich(stage)
    voucher = exchange(stage, item).voucher_id
    stage.clock.advance(30 * DAY)
    old = held_fence(stage)
    assert take_lease(stage.session, "jobs-2", stage.clock) is None
    stage.clock.advance(91)
    new = take_lease(stage.session, "jobs-2", stage.clock)
    assert new is not None
    assert new.number == old.number + 1
    before = state(stage)
    with pytest.raises(LeaseLost):
        expire_voucher(stage.session, voucher, old, stage.clock)
    assert state(stage) == before
    assert expire_voucher(stage.session, voucher, new, stage.clock)
