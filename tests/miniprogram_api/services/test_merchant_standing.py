"""Merchants: suspended at once by one person, at work again by two, and a one-time password opens nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy.orm import Session

from miniprogram_api.domain.refusals import (
    InvalidFields,
    MerchantSuspended,
    NotAllowed,
    NotFound,
    NotSignedIn,
    Refusal,
)
from miniprogram_api.services.approvals import APPROVED, REJECTED
from miniprogram_api.services.counter_people import (
    CounterAccount,
    Keeper,
    add_cashier,
    change_cashier,
    change_counter_password,
    reset_counter_password,
)
from miniprogram_api.services.merchant_standing import (
    Admission,
    admit,
    ask_to_resume,
    decide_merchant,
    name_merchant,
    suspend_merchant,
)
from miniprogram_api.services.merchants import sign_in_merchant
from miniprogram_api.services.redemptions import Counter, redeem_voucher
from miniprogram_api.services.staffing import ONCE_SECONDS
from miniprogram_api.services.tokens import token_hash as hash_of
from miniprogram_api.services.undos import Undo, undo_redemption
from miniprogram_api.services.version_decisions import Verdict
from tests.miniprogram_api.cast import Stage, shop, token_hash
from tests.miniprogram_api.services.test_reversals import whole
from tests.miniprogram_api.services.test_vouchers import exchange, live_code, redeem, rich

SHOP, CHEN = 71, 73
OWN = "correct horse battery"
TEAHOUSE = Admission("茶馆", "Teahouse", "后街", "Back street", "zhou", "周", "a new one")


def suspend(stage: Stage, by: int) -> None:
    suspend_merchant(stage.session, SHOP, "complaints", by, stage.clock)


def state(stage: Stage) -> list[tuple[object, ...]]:
    return stage.rows("SELECT state FROM merchants ORDER BY id")


def test_a_suspension_stops_exchange_and_redemption_at_once_and_an_undo_still_works(stage: Stage) -> None:
    item, lin = shop(stage), stage.clerk("lin")
    rich(stage, times=3)
    held, used = exchange(stage, item), exchange(stage, item, key="e2")
    redeemed = redeem(stage, live_code(stage, used))
    suspend(stage, lin)
    with pytest.raises(MerchantSuspended):
        exchange(stage, item, key="e3")
    with pytest.raises(MerchantSuspended):
        redeem(stage, live_code(stage, held), key="r2")
    undo_redemption(stage.session, Undo(SHOP, CHEN, redeemed, "u1"), stage.island, stage.clock)
    assert stage.rows("SELECT payable_fen FROM merchant_balances") == [(0,)]
    assert whole(stage)


def test_it_works_again_when_a_second_person_agrees(stage: Stage) -> None:
    item, lin, wen = shop(stage), stage.clerk("lin"), stage.clerk("wen")
    rich(stage)
    with pytest.raises(NotAllowed) as at_work:
        ask_to_resume(stage.session, SHOP, "it is well", lin, stage.clock)
    assert at_work.value.helps["why"] == "not_suspended"
    suspend(stage, lin)
    with pytest.raises(NotAllowed):
        suspend(stage, wen)
    first = ask_to_resume(stage.session, SHOP, "it is well", lin, stage.clock)
    with pytest.raises(NotAllowed) as twice:
        ask_to_resume(stage.session, SHOP, "please", wen, stage.clock)
    assert twice.value.helps["why"] == "version_waiting"
    with pytest.raises(NotAllowed) as own:
        decide_merchant(stage.session, SHOP, first, Verdict(APPROVED, lin), stage.clock)
    assert own.value.helps["why"] == "own_request"
    decide_merchant(stage.session, SHOP, first, Verdict(REJECTED, wen, "not yet"), stage.clock)
    assert state(stage) == [("suspended",)]
    second = ask_to_resume(stage.session, SHOP, "now it is", lin, stage.clock)
    name_merchant(stage.session, SHOP, {"name_en": "Green shop"}, "a new sign", lin, stage.clock)
    decide_merchant(stage.session, SHOP, second, Verdict(APPROVED, wen), stage.clock)
    assert stage.rows("SELECT state, name_en FROM merchants") == [("active", "Green shop")]
    exchange(stage, item)
    assert whole(stage)


def test_names_change_at_once_and_history_stays(stage: Stage) -> None:
    shop(stage)
    lin = stage.clerk("lin")
    name_merchant(stage.session, SHOP, {"place_en": "Old pier"}, "moved", lin, stage.clock)
    assert stage.rows("SELECT place_en FROM merchants") == [("Old pier",)]
    with pytest.raises(InvalidFields):
        name_merchant(stage.session, SHOP, {"place_en": "Old pier"}, "again", lin, stage.clock)
    with pytest.raises(NotFound):
        name_merchant(stage.session, 99, {"place_en": "Old pier"}, "nobody", lin, stage.clock)
    assert stage.rows("SELECT version, place_en FROM merchant_versions ORDER BY version") == [
        (1, "Pier"),
        (2, "Old pier"),
    ]


def test_a_suspension_against_a_redemption_leaves_one_outcome_and_whole_books(stage: Stage) -> None:
    item, lin = shop(stage), stage.clerk("lin")
    rich(stage)
    code, start = live_code(stage, exchange(stage, item)), Barrier(2)

    def outcome(who: str) -> str:
        with Session(stage.engine) as session:
            start.wait()
            try:
                if who == "lin":
                    suspend_merchant(session, SHOP, "complaints", lin, stage.clock)
                else:
                    redeem_voucher(session, Counter(token_hash("chen"), code, "r"), stage.island, stage.clock)
            except Refusal as refusal:
                return refusal.code
        return "done"

    with ThreadPoolExecutor(2) as both:
        suspended, redeemed = both.map(outcome, ("lin", "chen"))
    assert suspended == "done"
    assert redeemed in ("done", "merchant_suspended")
    assert stage.count("redemptions") == (1 if redeemed == "done" else 0)
    with pytest.raises(Refusal):
        redeem(stage, code, key="after")
    assert stage.count("redemptions") == (1 if redeemed == "done" else 0)
    assert whole(stage)


def test_a_new_merchants_owner_changes_the_one_time_password_first(stage: Stage) -> None:
    lin = stage.clerk("lin")
    made = admit(stage.session, TEAHOUSE, lin, stage.clock)
    with pytest.raises(NotAllowed) as taken:
        admit(stage.session, TEAHOUSE, lin, stage.clock)
    assert taken.value.helps["why"] == "login_taken"
    session = sign_in_merchant(stage.session, "zhou", made.password, stage.clock)
    assert (session.must_change_password, session.role) == (True, "owner")
    hashed = hash_of(session.token)
    with pytest.raises(NotAllowed) as early:
        redeem_voucher(stage.session, Counter(hashed, "0123-4567-89AK", "r"), stage.island, stage.clock)
    assert early.value.helps["why"] == "password_change"
    account = CounterAccount(session.person_id, hashed)
    for current, fresh, reason in ((OWN, OWN, "password"), (made.password, made.password, "same_password")):
        with pytest.raises(NotAllowed) as refused:
            change_counter_password(stage.session, account, current, fresh, stage.clock)
        assert refused.value.helps["why"] == reason
    change_counter_password(stage.session, account, made.password, OWN, stage.clock)
    with pytest.raises(NotFound):
        redeem_voucher(stage.session, Counter(hashed, "0123-4567-89AK", "r"), stage.island, stage.clock)
    assert not sign_in_merchant(stage.session, "zhou", OWN, stage.clock).must_change_password
    assert made.password not in str(
        stage.rows("SELECT * FROM merchant_people") + stage.rows("SELECT * FROM audit_events")
    )
    assert whole(stage)


def test_an_owners_cashier_is_blocked_at_once_and_reset(stage: Stage) -> None:
    shop(stage)
    chen = Keeper(SHOP, "merchant:chen", CHEN)
    made = add_cashier(stage.session, chen, "sun", "孙", stage.clock)
    with pytest.raises(NotAllowed):
        add_cashier(stage.session, chen, "chen", "陈", stage.clock)
    session = sign_in_merchant(stage.session, "sun", made.password, stage.clock)
    assert session.role == "cashier"
    change_cashier(stage.session, chen, made.person_id, True, stage.clock)
    counter = Counter(hash_of(session.token), "0123-4567-89AK", "r")
    with pytest.raises(NotSignedIn):
        redeem_voucher(stage.session, counter, stage.island, stage.clock)
    with pytest.raises(NotSignedIn):
        sign_in_merchant(stage.session, "sun", made.password, stage.clock)
    change_cashier(stage.session, chen, made.person_id, False, stage.clock)
    with pytest.raises(NotSignedIn):
        redeem_voucher(stage.session, counter, stage.island, stage.clock)
    fresh = reset_counter_password(stage.session, chen, made.person_id, stage.clock)
    stage.clock.advance(ONCE_SECONDS)
    with pytest.raises(NotSignedIn) as old:
        sign_in_merchant(stage.session, "sun", fresh.password, stage.clock)
    assert old.value.helps["why"] == "once_expired"


def test_an_owner_looks_after_nobody_elses_people_and_does_not_block_themselves(stage: Stage) -> None:
    shop(stage)
    made = admit(stage.session, TEAHOUSE, stage.clerk("lin"), stage.clock)
    [(zhou,)] = stage.rows("SELECT id FROM merchant_people WHERE login = 'zhou'")
    chen, other = Keeper(SHOP, "merchant:chen", CHEN), int(str(zhou))
    assert made.merchant_id != SHOP
    for act in (
        lambda: change_cashier(stage.session, chen, other, True, stage.clock),
        lambda: reset_counter_password(stage.session, chen, other, stage.clock),
    ):
        with pytest.raises(NotFound):
            act()
    with pytest.raises(NotAllowed):
        change_cashier(stage.session, chen, CHEN, True, stage.clock)
    with pytest.raises(NotAllowed):
        reset_counter_password(stage.session, chen, CHEN, stage.clock)
