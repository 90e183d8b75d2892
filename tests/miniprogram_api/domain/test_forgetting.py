"""What becomes of the points of somebody who is forgotten: nothing is lost from the books, and nothing is left."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miniprogram_api.domain.forgetting import check_remembered, last_points
from miniprogram_api.domain.lots import LotState, LotUse
from miniprogram_api.domain.refusals import NotAllowed

TODAY, GRACE = 20270105, 20270112
DAYS = [20261231, 20270104, 20270105, 20270106, 20271231]
KEYS = {"unique_by": lambda lot: (lot.expires_on, lot.graced)}
LOTS = st.lists(st.builds(LotState, st.sampled_from(DAYS), st.integers(0, 1), st.integers(0, 60)), max_size=5, **KEYS)
USES = st.lists(st.builds(LotUse, st.sampled_from(DAYS), st.integers(0, 1), st.integers(1, 60)), max_size=3, **KEYS)


def test_a_voucher_comes_back_pays_the_debt_and_the_rest_ends() -> None:
    last = last_points(12, [LotState(20271231, 0, 5)], [(7, [LotUse(20271231, 0, 20)])], TODAY, GRACE)
    assert (last.ends, last.debt, last.granted) == (13, 0, ())
    [back] = last.given_back
    assert (back.voucher_id, back.refund.points, back.debt.points) == (7, 20, 12)


def test_each_voucher_pays_what_the_one_before_left_owed() -> None:
    vouchers = [(1, [LotUse(20271231, 0, 4)]), (2, [LotUse(20271231, 0, 4)]), (3, [LotUse(20271231, 0, 4)])]
    last = last_points(6, [], vouchers, TODAY, GRACE)
    assert [back.debt.points for back in last.given_back] == [4, 2, 0]
    assert (last.ends, last.debt) == (6, 0)


def test_points_past_their_day_come_back_with_days_of_grace_and_what_had_them_is_gone() -> None:
    last = last_points(0, [], [(1, [LotUse(20261231, 0, 9), LotUse(20261231, 1, 2)])], TODAY, GRACE)
    assert last.granted == (LotUse(GRACE, 1, 9),)
    assert last.given_back[0].refund.lost == 2
    assert last.ends == 9


def test_a_debt_without_points_stays_unpaid() -> None:
    last = last_points(7, [], [], TODAY, GRACE)
    assert (last.ends, last.debt, last.given_back) == (0, 7, ())


@given(st.integers(0, 100), LOTS, st.lists(USES, max_size=4))
def test_every_point_ends_pays_or_is_lost_and_none_twice(
    debt: int, lots: list[LotState], vouchers: list[list[LotUse]]
) -> None:
    last = last_points(debt, lots, list(enumerate(vouchers)), TODAY, GRACE)
    had = sum(lot.remaining for lot in lots) + sum(use.points for uses in vouchers for use in uses)
    lost = sum(back.refund.lost for back in last.given_back)
    assert had == last.ends + (debt - last.debt) + lost
    assert 0 <= last.debt <= debt
    assert last.ends >= 0
    assert [back.voucher_id for back in last.given_back] == list(range(len(vouchers)))


def test_whose_key_is_gone_gets_nothing_any_more() -> None:
    check_remembered(b"key")
    for gone in (None, b""):
        with pytest.raises(NotAllowed) as refusal:
            check_remembered(gone)
        assert refusal.value.helps == {"why": "member_forgotten"}
