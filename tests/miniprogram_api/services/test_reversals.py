"""An act taken back: points, grams and room in its limits return; what was spent is owed and paid first."""

from __future__ import annotations

import pytest

from miniprogram_api.commands.reconcile import differences
from miniprogram_api.domain.refusals import (
    CodeAlreadyUsed,
    CoolDown,
    IdempotencyConflict,
    NotAllowed,
    NotFound,
)
from miniprogram_api.queries.history import member_history
from miniprogram_api.services.expiry import expire_lots
from miniprogram_api.services.leases import take_lease
from miniprogram_api.services.refunds import cancel_voucher
from miniprogram_api.services.reversals import ReversalWish, reverse_act
from scenes.wire.kinds import KIND_GROUP, KIND_TICKET
from tests.miniprogram_api.cast import Stage, shop
from tests.miniprogram_api.lived_island import adjust, reverse
from tests.miniprogram_api.services.test_vouchers import exchange

FERRY, BUS, CLEAN_PLATE, REFILL, LINEN, LITTER, TREE_CARE = 1, 2, 6, 9, 13, 16, 23
DAY = 86_400
ROOM = 201
NEW_YEAR_2028 = 1_830_268_800  # midnight on the island: the last day of points of 2026 is over


@pytest.fixture
def lin(stage: Stage) -> int:
    return stage.clerk("lin")


def whole(stage: Stage) -> bool:
    stage.session.rollback()
    with stage.engine.connect() as connection:
        return list(differences(connection)) == []


def lots(stage: Stage, who: str = "mei") -> list[tuple[object, ...]]:
    return stage.rows(
        f"SELECT expires_on, granted, remaining FROM lots WHERE member_id = {stage.members[who]} ORDER BY expires_on"
    )


def test_points_and_grams_of_a_reversed_act_are_gone_and_the_act_says_so(stage: Stage, lin: int) -> None:
    act = stage.scan("mei", stage.code(CLEAN_PLATE)).act
    before = stage.rows("SELECT * FROM acts")
    reverse(stage, act["id"], lin, key="r1")
    assert stage.balance("mei") == (0, 0, 0)
    assert stage.rows("SELECT * FROM acts") == before, "the act itself is never changed"
    [shown] = member_history(stage.session, stage.members["mei"], stage.island.directory, "en", None, 9)["data"]
    assert (shown["state"], shown["reversal"]["reason"]) == ("reversed", "the bus did not run")
    assert stage.rows("SELECT act, actor FROM audit_events WHERE act = 'act_reversed'") == [
        ("act_reversed", f"staff:{lin:016x}")
    ]
    assert whole(stage)


def test_an_act_is_reversed_once(stage: Stage, lin: int) -> None:
    act = stage.scan("mei", stage.code(REFILL)).act
    stage.scan("mei", stage.code(TREE_CARE, KIND_TICKET))
    reverse(stage, act["id"], lin, key="r1")
    after = stage.balance("mei")
    reverse(stage, act["id"], lin, key="r1")
    with pytest.raises(NotAllowed) as again:
        reverse(stage, act["id"], lin, key="r2")
    assert again.value.helps["why"] == "act_reversed"
    assert (stage.balance("mei"), stage.count("reversals")) == (after, 1)


def test_a_key_that_was_used_for_another_act_is_a_conflict(stage: Stage, lin: int) -> None:
    first, other = (stage.scan(who, stage.code(REFILL)).act["id"] for who in ("mei", "bo"))
    reverse(stage, first, lin, key="r1")
    with pytest.raises(IdempotencyConflict):
        reverse(stage, other, lin, key="r1")
    assert stage.balance("bo")[0] > 0


def test_spent_points_become_a_debt_and_the_merchant_and_the_voucher_stay(stage: Stage, lin: int) -> None:
    item = shop(stage, points=20)
    act = stage.scan("mei", stage.code(TREE_CARE, KIND_TICKET)).act  # 30 points
    voucher = exchange(stage, item)
    reverse(stage, act["id"], lin, key="r1")
    assert (stage.balance("mei"), stage.debt("mei")) == ((0, 20, 0), 20)
    assert stage.rows(f"SELECT state FROM vouchers WHERE id = {voucher.voucher_id}") == [("issued",)]
    assert whole(stage)


def test_a_later_credit_pays_the_debt_first_and_its_act_still_shows_all_its_points(stage: Stage, lin: int) -> None:
    item = shop(stage, points=30)
    act = stage.scan("mei", stage.code(TREE_CARE, KIND_TICKET)).act
    exchange(stage, item)
    reverse(stage, act["id"], lin, key="r1")
    stage.clock.advance(DAY)
    later = stage.scan("mei", stage.code(REFILL))
    assert later.act["points"] > 0
    assert (later.balance.available, later.debt_paid) == (0, later.act["points"])
    assert later.balance.debt == stage.debt("mei") == 30 - later.act["points"]
    assert [left for _, _, left in lots(stage)] == [0]
    assert whole(stage)


def test_a_refund_pays_the_debt_first(stage: Stage, lin: int) -> None:
    item = shop(stage, points=25)
    act = stage.scan("mei", stage.code(TREE_CARE, KIND_TICKET)).act
    voucher = exchange(stage, item)
    reverse(stage, act["id"], lin, key="r1")
    assert stage.debt("mei") == 25
    cancel_voucher(stage.session, stage.members["mei"], voucher.voucher_id, "c1", stage.island, stage.clock)
    assert (stage.balance("mei"), stage.debt("mei")) == ((0, 0, 0), 0)
    assert whole(stage)


def test_points_of_the_act_go_before_points_that_end_sooner(stage: Stage, lin: int) -> None:
    stage.scan("mei", stage.code(REFILL))  # ends in 2027
    stage.clock.advance(50 * DAY)
    act = stage.scan("mei", stage.code(TREE_CARE, KIND_TICKET)).act  # ends in 2028
    before = lots(stage)[0]
    reverse(stage, act["id"], lin, key="r1")
    assert lots(stage) == [before, (20281231, 30, 0)]
    assert whole(stage)


def test_the_limits_have_room_again_and_the_cool_down_is_over(stage: Stage, lin: int) -> None:
    act = stage.scan("mei", stage.code(CLEAN_PLATE)).act
    stage.clock.advance(60)
    with pytest.raises(CoolDown):
        stage.scan("mei", stage.code(CLEAN_PLATE))
    reverse(stage, act["id"], lin, key="r1")
    assert stage.scan("mei", stage.code(CLEAN_PLATE)).act["state"] == "credited"
    assert whole(stage)


def test_nights_of_a_room_are_free_again(stage: Stage, lin: int) -> None:
    first = stage.scan("mei", stage.code(LINEN, quantity=2), room=ROOM).act
    assert stage.scan("bo", stage.code(LINEN, quantity=2), room=ROOM).act["state"] == "capped"
    reverse(stage, first["id"], lin, key="r1")
    third = stage.scan("bo", stage.code(LINEN, quantity=3), room=ROOM).act
    assert third["credited_quantity"] == 3
    assert whole(stage)


def test_a_reversal_frees_no_seat_and_no_code(stage: Stage, lin: int) -> None:
    code = stage.code(FERRY, KIND_GROUP)
    act = stage.scan("mei", code).act
    seats = stage.rows("SELECT used FROM caps WHERE substr(name, 1, 6) = 'seats:'")
    reverse(stage, act["id"], lin, key="r1")
    with pytest.raises(CodeAlreadyUsed):
        stage.scan("mei", code)
    assert stage.rows("SELECT used FROM caps WHERE substr(name, 1, 6) = 'seats:'") == seats


def test_a_scan_repeated_after_the_reversal_names_the_act_as_it_is_now(stage: Stage, lin: int) -> None:
    code = stage.code(REFILL)
    act = stage.scan("mei", code, key="k1").act
    reverse(stage, act["id"], lin, key="r1")
    again = stage.scan("mei", code, key="k1")
    assert (again.act["id"], again.act["reversed_at"], again.balance.available) == (act["id"], stage.clock.now(), 0)
    assert stage.count("acts") == 1


def grams(stage: Stage) -> object:
    [(reduction,)] = stage.rows(f"SELECT reduction_grams FROM member_balances WHERE member_id = {stage.members['mei']}")
    return reduction


def run_the_job(stage: Stage, who: str = "mei") -> None:
    fence = take_lease(stage.session, "jobs", stage.clock)
    assert fence is not None
    expire_lots(stage.session, stage.members[who], fence, stage.clock)


def stay_signed_in(stage: Stage) -> None:
    with stage.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE member_sessions SET expires_at = 2000000000")


@pytest.mark.parametrize("job_was_there", [True, False])
def test_after_the_last_day_of_its_points_only_the_grams_of_an_act_go(
    stage: Stage, lin: int, job_was_there: bool
) -> None:
    act = stage.scan("mei", stage.code(REFILL)).act
    stay_signed_in(stage)
    stage.clock.advance(NEW_YEAR_2028 - stage.clock.now())
    later = stage.scan("mei", stage.code(BUS)).act
    assert (act["points"] > 0, act["reduction_grams"] > 0, later["points"] > 0) == (True, True, True)
    if job_was_there:
        run_the_job(stage)
    before = stage.balance("mei")[0]
    reverse(stage, act["id"], lin, key="r1")
    assert (stage.balance("mei")[0], stage.debt("mei")) == (before, 0), "what expired is not taken twice"
    assert grams(stage) == later["reduction_grams"]
    assert whole(stage)
    run_the_job(stage)
    reverse(stage, act["id"], lin, key="r1")
    assert (stage.balance("mei")[0], stage.debt("mei"), stage.count("reversals")) == (later["points"], 0, 1)
    assert whole(stage)


def test_a_second_before_that_all_of_it_goes(stage: Stage, lin: int) -> None:
    act = stage.scan("mei", stage.code(TREE_CARE, KIND_TICKET)).act
    exchange(stage, shop(stage, points=20))
    stage.clock.advance(NEW_YEAR_2028 - 1 - stage.clock.now())
    reverse(stage, act["id"], lin, key="r1")
    assert (stage.balance("mei")[0], stage.debt("mei")) == (0, 20)
    assert whole(stage)


def test_points_of_the_act_in_their_days_of_grace_are_still_taken_and_those_of_other_acts_are_not(
    stage: Stage, lin: int
) -> None:
    item = shop(stage, points=20)
    act = stage.scan("mei", stage.code(TREE_CARE, KIND_TICKET)).act  # 30 points
    stay_signed_in(stage)
    stage.clock.advance(NEW_YEAR_2028 - DAY - stage.clock.now())
    voucher = exchange(stage, item)
    stage.clock.advance(2 * DAY)
    cancel_voucher(stage.session, stage.members["mei"], voucher.voucher_id, "c1", stage.island, stage.clock)
    run_the_job(stage)
    later = stage.scan("mei", stage.code(REFILL)).act
    assert stage.balance("mei")[0] == 20 + later["points"]
    reverse(stage, act["id"], lin, key="r1")
    assert (stage.balance("mei")[0], stage.debt("mei")) == (later["points"], 0)
    [(leaf,)] = stage.rows("SELECT leaf FROM entries WHERE kind = 'reverse'")
    assert '"points":20' in str(leaf), "the leaf shows what was taken"
    assert whole(stage)


def test_a_pending_act_and_no_act_are_not_reversed(stage: Stage, lin: int) -> None:
    pending = stage.scan("mei", stage.code(REFILL, KIND_TICKET, issued_at=0)).act
    for act, refusal in ((pending["id"], NotAllowed), (1, NotFound)):
        with pytest.raises(refusal):
            reverse(stage, act, lin, key="r1")
    assert stage.count("entries") == 0


def test_nobody_reverses_an_act_of_their_own(stage: Stage, lin: int) -> None:
    act = stage.scan("mei", stage.code(REFILL)).act
    with stage.engine.begin() as connection:
        connection.exec_driver_sql(f"INSERT INTO person_members VALUES ({lin}, {stage.members['mei']}, 1)")
    with pytest.raises(NotAllowed) as refused:
        reverse(stage, act["id"], lin, key="r1")
    assert refused.value.helps["why"] == "conflict_of_interest"
    assert stage.balance("mei")[0] > 0


def test_a_capped_act_is_reversed_without_moving_anything(stage: Stage, lin: int) -> None:
    stage.scan("mei", stage.code(LITTER, KIND_TICKET, quantity=500))
    stage.clock.advance(DAY // 24)
    capped = stage.scan("mei", stage.code(LITTER, KIND_TICKET, quantity=100)).act
    assert capped["state"] == "capped"
    before = stage.balance("mei")
    reverse(stage, capped["id"], lin, key="r1")
    assert stage.balance("mei") == before
    assert whole(stage)


def test_a_debt_is_paid_by_an_adjustment_too(stage: Stage, lin: int) -> None:
    wen = stage.clerk("wen")
    adjust(stage, "mei", -30, lin, wen, key="a1")
    assert (stage.balance("mei")[0], stage.debt("mei")) == (0, 30)
    adjust(stage, "mei", 40, lin, wen, key="a2")
    assert (stage.balance("mei")[0], stage.debt("mei")) == (10, 0)
    assert whole(stage)


def test_the_same_wish_of_two_people_reverses_once(stage: Stage, lin: int) -> None:
    act, wen = stage.scan("mei", stage.code(REFILL)).act, stage.clerk("wen")
    reverse_act(stage.session, ReversalWish(act["id"], lin, "no refill", "k"), stage.island, stage.clock)
    with pytest.raises(NotAllowed):
        reverse_act(stage.session, ReversalWish(act["id"], wen, "no refill", "k"), stage.island, stage.clock)
    assert stage.count("reversals") == 1
