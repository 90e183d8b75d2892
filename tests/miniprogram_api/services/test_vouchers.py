"""Rules of exchange and redemption: points, held points, stock and fen move together or not at all."""

from __future__ import annotations

import json

import pytest

from miniprogram_api.domain.refusals import (
    CodeExpired,
    CodeMalformed,
    CodeSignatureInvalid,
    IdempotencyConflict,
    LimitReached,
    NotAllowed,
    NotFound,
    NotSignedIn,
    OutOfStock,
    PointsMissing,
    TooManyTries,
    VoucherAlreadyRedeemed,
    VoucherExpired,
    WrongMerchant,
)
from miniprogram_api.services.readable_codes import next_readable_code
from miniprogram_api.services.redemptions import Counter, look_up_voucher, redeem_voucher
from miniprogram_api.services.vouchers import Issued, Wish, exchange_points
from scenes.wire.code_text import code_text
from scenes.wire.kinds import KIND_TICKET
from scenes.wire.voucher_code import voucher_code
from tests.miniprogram_api.cast import Stage, shop, token_hash

TREE_CARE = 23  # thirty points


def rich(stage: Stage, who: str = "mei", times: int = 2) -> None:
    for _ in range(times):
        stage.scan(who, stage.code(TREE_CARE, KIND_TICKET))
        stage.clock.advance(86_400)


def exchange(stage: Stage, item: int, who: str = "mei", key: str = "e1", quantity: int = 1) -> Issued:
    return exchange_points(stage.session, Wish(token_hash(who), item, quantity, key), stage.island, stage.clock)


def redeem(stage: Stage, code: str, key: str = "r1", who: str = "chen") -> int:
    counter = Counter(token_hash(who), code, key)
    return redeem_voucher(stage.session, counter, stage.island, stage.clock).redemption_id


def live_code(stage: Stage, issued: Issued) -> str:
    assert issued.key is not None
    voucher = issued.voucher_id.to_bytes(8, "big")
    return code_text(voucher_code(issued.key, issued.key_id, voucher, stage.clock.now() // 60))


def state(stage: Stage) -> tuple[object, ...]:
    """Everything that an exchange or a redemption could move."""
    return (
        stage.balance("mei"),
        stage.rows("SELECT remaining FROM stock"),
        stage.rows("SELECT SUM(remaining) FROM lots"),
        stage.rows("SELECT payable_fen FROM merchant_balances"),
        *(stage.count(table) for table in ("entries", "transfers", "vouchers", "redemptions")),
    )


def test_exchange_holds_points_and_takes_one_piece(stage: Stage) -> None:
    item = shop(stage)
    rich(stage)
    issued = exchange(stage, item)
    assert stage.balance("mei")[:2] == (25, 35)
    assert stage.rows("SELECT remaining, put_in FROM stock") == [(9, 10)]
    assert stage.rows("SELECT SUM(remaining) FROM lots") == [(25,)]
    assert stage.rows("SELECT SUM(points) FROM voucher_lots") == [(35,)]
    assert len(str(issued.readable_code)) == 14


def test_redeeming_uses_the_held_points_and_owes_the_merchant_its_fen(stage: Stage) -> None:
    item = shop(stage, fen=350)
    rich(stage)
    issued = exchange(stage, item)
    redeem(stage, live_code(stage, issued))
    assert stage.balance("mei")[:2] == (25, 0)
    assert stage.rows("SELECT payable_fen FROM merchant_balances") == [(350,)]
    assert stage.rows("SELECT state FROM vouchers") == [("redeemed",)]
    [(leaf,)] = stage.rows("SELECT leaf FROM entries WHERE kind = 'redeem'")
    fields = json.loads(bytes(leaf))
    assert (fields["points"], fields["fen"]) == (35, 350)
    assert "scene" not in fields


def test_a_second_redemption_is_refused_with_the_time_of_the_first(stage: Stage) -> None:
    item = shop(stage)
    rich(stage)
    issued = exchange(stage, item)
    redeem(stage, live_code(stage, issued))
    when, before = stage.clock.now(), state(stage)
    with pytest.raises(VoucherAlreadyRedeemed) as refused:
        redeem(stage, live_code(stage, issued), key="r2")
    assert refused.value.helps == {"redeemed_at": when}
    assert state(stage) == before


def test_a_repeat_with_the_same_key_answers_the_same_redemption_after_the_minute_is_over(stage: Stage) -> None:
    item = shop(stage)
    rich(stage, times=3)
    issued = exchange(stage, item)
    code = live_code(stage, issued)
    first = redeem(stage, code)
    before = state(stage)
    stage.clock.advance(600)
    assert redeem(stage, code) == first
    assert state(stage) == before
    other = exchange(stage, item, key="e2")
    with pytest.raises(IdempotencyConflict):
        redeem(stage, live_code(stage, other))


def test_a_repeat_of_an_exchange_answers_the_same_voucher(stage: Stage) -> None:
    item = shop(stage)
    rich(stage)
    first = exchange(stage, item)
    before = state(stage)
    assert exchange(stage, item) == first
    assert state(stage) == before
    with pytest.raises(IdempotencyConflict):
        exchange(stage, item, quantity=2)
    redeem(stage, live_code(stage, first))
    again = exchange(stage, item)
    assert (again.voucher_id, again.key, again.readable_code) == (first.voucher_id, None, None)


def test_what_is_missing_is_said_and_nothing_is_held(stage: Stage) -> None:
    item = shop(stage)
    rich(stage, times=1)
    before = state(stage)
    with pytest.raises(PointsMissing) as refused:
        exchange(stage, item)
    assert refused.value.helps == {"points_missing": 5}
    assert state(stage) == before


def test_the_last_piece_goes_once(stage: Stage) -> None:
    item = shop(stage, stock=1)
    rich(stage)
    rich(stage, "bo")
    exchange(stage, item)
    with pytest.raises(OutOfStock):
        exchange(stage, item, "bo")
    assert stage.balance("bo")[:2] == (60, 0)


def test_a_limit_for_each_person_holds(stage: Stage) -> None:
    item = shop(stage, points=10, limit=2)
    rich(stage)
    exchange(stage, item, quantity=2)
    with pytest.raises(LimitReached):
        exchange(stage, item, key="e2")
    assert stage.balance("mei")[:2] == (40, 20)


def test_guests_exchange_small_things_only(stage: Stage) -> None:
    item = shop(stage, points=61)
    stage.member("guest", "guest")
    with pytest.raises(NotAllowed):
        exchange(stage, item, "guest")


def test_an_expired_lot_cannot_be_spent_even_when_no_job_has_run(stage: Stage) -> None:
    item = shop(stage)
    rich(stage)
    with stage.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE lots SET expires_on = 20261121")
    with pytest.raises(PointsMissing):
        exchange(stage, item)
    assert stage.balance("mei")[:2] == (60, 0)


def test_a_readable_code_is_taken_in_any_spelling_and_lives_fifteen_minutes(stage: Stage) -> None:
    item = shop(stage)
    rich(stage)
    readable = str(exchange(stage, item).readable_code)
    stage.clock.advance(899)
    spelled = readable.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    look = Counter(token_hash("chen"), spelled)
    assert look_up_voucher(stage.session, look, stage.island, stage.clock)
    stage.clock.advance(1)
    with pytest.raises(CodeExpired):
        redeem(stage, readable)
    assert stage.balance("mei")[:2] == (25, 35)


def test_the_next_readable_code_ends_the_one_before(stage: Stage) -> None:
    item = shop(stage)
    rich(stage)
    issued = exchange(stage, item)
    mei = stage.members["mei"]
    following = next_readable_code(stage.session, mei, issued.voucher_id, stage.island, stage.clock)
    with pytest.raises(NotFound):
        redeem(stage, str(issued.readable_code))
    with pytest.raises(NotFound):  # another's voucher
        next_readable_code(stage.session, stage.members["bo"], issued.voucher_id, stage.island, stage.clock)
    assert redeem(stage, following.text)


def test_a_slip_of_the_pen_is_no_try_but_ten_unknown_codes_lock_the_counter_for_an_hour(stage: Stage) -> None:
    item = shop(stage)
    rich(stage)
    issued = exchange(stage, item)
    for _ in range(12):
        with pytest.raises(CodeMalformed):
            redeem(stage, "0123-4567-89AA")
    for _ in range(10):
        with pytest.raises(NotFound):
            redeem(stage, "0123-4567-89AK")
    with pytest.raises(TooManyTries) as refused:
        redeem(stage, live_code(stage, issued))
    assert refused.value.helps == {"retry_after": 3600}
    stage.clock.advance(3600)
    assert redeem(stage, live_code(stage, issued))


@pytest.mark.parametrize(("minutes", "good"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_a_live_code_is_good_for_its_minute_and_one_either_way(stage: Stage, minutes: int, good: bool) -> None:
    item = shop(stage)
    rich(stage)
    code = live_code(stage, exchange(stage, item))
    stage.clock.advance(60 * minutes)
    if good:
        assert redeem(stage, code)
    else:
        with pytest.raises(CodeExpired):
            redeem(stage, code)
        assert stage.count("redemptions") == 0


def test_another_shop_an_altered_code_a_late_voucher_and_a_stranger_are_refused(stage: Stage) -> None:
    item = shop(stage)
    rich(stage)
    issued = exchange(stage, item)
    before = state(stage)
    code = live_code(stage, issued)
    with pytest.raises(CodeSignatureInvalid):
        redeem(stage, ("A" if code[-1] != "A" else "B").join([code[:-1], ""]))
    with pytest.raises(NotSignedIn):
        redeem(stage, code, who="mei")
    with stage.engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO merchants (id, name_zh, name_en, place_zh, place_en, state, created_at)"
            " SELECT 99, name_zh, name_en, place_zh, place_en, state, created_at FROM merchants"
        )
        connection.exec_driver_sql("UPDATE merchant_sessions SET merchant_id = 99")
    with pytest.raises(WrongMerchant):
        redeem(stage, code)
    with stage.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE merchant_sessions SET merchant_id = 71")
    stage.clock.advance(30 * 86_400)
    with pytest.raises(VoucherExpired):
        redeem(stage, live_code(stage, issued))
    assert state(stage) == before
