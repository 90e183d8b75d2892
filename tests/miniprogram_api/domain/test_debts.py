"""Points taken back, and debts: what comes in pays first, what is held stays held, nothing is lost on the way."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from miniprogram_api.domain.debts import pay_debt, take_back, take_back_late
from miniprogram_api.domain.lots import LotState, LotUse, spendable

TODAY = 20270105
DAYS = [20261231, 20270104, 20270105, 20270106, 20271231]
KEYS = {"unique_by": lambda lot: (lot.expires_on, lot.graced)}
COMING = st.lists(st.builds(LotUse, st.sampled_from(DAYS), st.integers(0, 1), st.integers(1, 60)), max_size=5, **KEYS)
LOTS = st.lists(st.builds(LotState, st.sampled_from(DAYS), st.integers(0, 1), st.integers(0, 60)), max_size=8, **KEYS)


def test_the_points_that_end_soonest_pay_and_a_lot_may_be_split() -> None:
    coming = [LotUse(20271231, 0, 20), LotUse(20270106, 1, 5), LotUse(20270106, 0, 5)]
    debt = pay_debt(12, coming)
    assert debt.paid == (LotUse(20270106, 0, 5), LotUse(20270106, 1, 5), LotUse(20271231, 0, 2))
    assert debt.kept == (LotUse(20270106, 0, 0), LotUse(20270106, 1, 0), LotUse(20271231, 0, 18))
    assert debt.points == 12


@given(st.integers(0, 200), COMING)
def test_all_that_comes_in_is_paid_or_kept_and_no_more_is_paid_than_is_owed(debt: int, coming: list[LotUse]) -> None:
    split = pay_debt(debt, coming)
    assert split.points == min(debt, sum(lot.points for lot in coming))
    assert all(lot.points > 0 for lot in split.paid)
    paid = {(lot.expires_on, lot.graced): lot.points for lot in split.paid}
    kept = {(lot.expires_on, lot.graced): lot.points for lot in split.kept}
    for lot in coming:
        key = (lot.expires_on, lot.graced)
        assert paid.get(key, 0) + kept[key] == lot.points
    assert set(kept) == {(lot.expires_on, lot.graced) for lot in coming}


def test_an_act_is_taken_back_out_of_its_own_lot_first() -> None:
    lots = [LotState(20270106, 0, 10), LotState(20271231, 0, 4), LotState(20271231, 1, 3)]
    taken = take_back(9, lots, TODAY, own_day=20271231)
    assert taken.lots == (LotUse(20271231, 0, 4), LotUse(20270106, 0, 5))
    assert (taken.points, taken.debt) == (9, 0)


def test_on_its_last_day_an_acts_own_lot_still_goes_first() -> None:
    lots = [LotState(20270105, 1, 3), LotState(20270105, 0, 4)]
    assert take_back(5, lots, TODAY, own_day=TODAY).lots == (LotUse(20270105, 0, 4), LotUse(20270105, 1, 1))


def test_what_was_spent_is_owed_and_what_is_over_is_not_touched() -> None:
    lots = [LotState(20270104, 0, 50), LotState(20270105, 0, 6)]
    taken = take_back(20, lots, TODAY, own_day=20270104)
    assert (taken.lots, taken.points, taken.debt) == ((LotUse(20270105, 0, 6),), 6, 14)


@given(st.integers(0, 200), LOTS, st.sampled_from([None, *DAYS]))
def test_taken_back_and_owed_are_what_was_asked_for(points: int, lots: list[LotState], own_day: int | None) -> None:
    taken = take_back(points, lots, TODAY, own_day)
    assert taken.points + taken.debt == points
    assert taken.points == min(points, spendable(lots, TODAY))
    left = {(lot.expires_on, lot.graced): lot.remaining for lot in lots}
    for use in taken.lots:
        assert use.expires_on >= TODAY
        assert 0 < use.points <= left[use.expires_on, use.graced]
        left[use.expires_on, use.graced] -= use.points
    own = (own_day, 0)
    if own in left and own_day is not None and own_day >= TODAY and len(taken.lots) > 1:
        assert left[own] == 0  # type: ignore[index]  # it is a key


def test_of_points_whose_day_is_over_only_what_has_days_of_grace_is_taken_and_nothing_is_owed() -> None:
    over = [LotState(20261231, 0, 9), LotState(20270104, 1, 9), LotState(20271231, 0, 9), LotState(20271231, 1, 9)]
    assert take_back_late(20, over, TODAY, own_day=20261231).lots == ()
    grace = [*over, LotState(20270106, 1, 4), LotState(20270105, 1, 3)]
    taken = take_back_late(20, grace, TODAY, own_day=20261231)
    assert (taken.lots, taken.debt) == ((LotUse(20270105, 1, 3), LotUse(20270106, 1, 4)), 0)
    assert take_back_late(5, grace, TODAY, own_day=20261231).lots == (LotUse(20270105, 1, 3), LotUse(20270106, 1, 2))
    assert take_back_late(20, grace, TODAY, own_day=20251231).lots == (), "that grace is of the year after"
    last = LotState(20271230, 1, 2)
    assert take_back_late(20, [last], TODAY, own_day=20261231).lots == (LotUse(20271230, 1, 2),)
