"""Lots: the soonest to end go first, what is over can't be spent, a refund gives the days back, grace comes once."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from miniprogram_api.domain.lots import (
    LotState,
    LotUse,
    expiring_soon,
    refund_lots,
    spendable,
    take_from_lots,
)

TODAY, GRACE_DAY = 20270105, 20270112
DAYS = [20261231, 20270104, 20270105, 20270106, 20271231]
LOTS = st.lists(
    st.builds(LotState, st.sampled_from(DAYS), st.integers(0, 1), st.integers(0, 60)),
    max_size=8,
    unique_by=lambda lot: (lot.expires_on, lot.graced),
)
USES = LOTS.map(lambda lots: [LotUse(lot.expires_on, lot.graced, lot.remaining) for lot in lots if lot.remaining])


def test_the_soonest_to_end_go_first_and_a_lot_of_grace_after_one_of_the_same_day() -> None:
    lots = [LotState(20271231, 0, 50), LotState(20270106, 1, 5), LotState(20270106, 0, 7), LotState(20270105, 0, 2)]
    assert take_from_lots(lots, 15, TODAY) == [
        LotUse(20270105, 0, 2),
        LotUse(20270106, 0, 7),
        LotUse(20270106, 1, 5),
        LotUse(20271231, 0, 1),
    ]


def test_points_can_be_spent_on_their_last_day_and_not_a_day_later() -> None:
    assert spendable([LotState(20270105, 0, 3), LotState(20270104, 0, 4)], TODAY) == 3
    assert take_from_lots([LotState(20270104, 0, 4)], 1, TODAY) is None
    assert take_from_lots([LotState(20270105, 0, 4)], 4, TODAY) == [LotUse(20270105, 0, 4)]


@given(LOTS, st.integers(0, 200))
def test_exactly_what_is_asked_for_is_taken_or_nothing(lots: list[LotState], points: int) -> None:
    uses = take_from_lots(lots, points, TODAY)
    if spendable(lots, TODAY) < points:
        assert uses is None
        return
    assert uses is not None
    assert sum(use.points for use in uses) == points
    left = {(lot.expires_on, lot.graced): lot.remaining for lot in lots}
    for use in uses:
        assert use.expires_on >= TODAY
        assert 0 < use.points <= left[use.expires_on, use.graced]
        left[use.expires_on, use.graced] -= use.points
    # First in, first out: what is left of an earlier lot means that no later one was touched.
    places = sorted(key for key in left if key[0] >= TODAY)
    touched = [(use.expires_on, use.graced) for use in uses]
    assert touched == sorted(touched)
    assert all(left[key] == 0 for key in places if touched and key < touched[-1])


@given(USES)
def test_a_refund_is_whole_and_what_is_over_gets_its_days_of_grace_once(uses: list[LotUse]) -> None:
    refund = refund_lots(uses, TODAY, GRACE_DAY)
    assert refund.points + refund.lost == sum(use.points for use in uses)
    assert list(refund.returned) == [use for use in uses if use.expires_on >= TODAY]
    late = [use for use in uses if use.expires_on < TODAY]
    in_time = sum(use.points for use in late if not use.graced)
    assert refund.graced == ((LotUse(GRACE_DAY, 1, in_time),) if in_time else ())
    assert refund.lost == sum(use.points for use in late if use.graced)


def test_a_refund_on_the_last_day_itself_is_in_time() -> None:
    refund = refund_lots([LotUse(20270105, 1, 4), LotUse(20270104, 0, 3), LotUse(20270104, 1, 2)], TODAY, GRACE_DAY)
    assert refund.returned == (LotUse(20270105, 1, 4),)
    assert refund.graced == (LotUse(GRACE_DAY, 1, 3),)
    assert (refund.lost, refund.points) == (2, 7)


def test_what_ends_soon_is_added_up_by_day_soonest_first() -> None:
    lots = [
        LotState(20270104, 0, 1),  # over
        LotState(20270105, 0, 2),
        LotState(20270106, 1, 3),
        LotState(20270106, 0, 4),
        LotState(20270110, 0, 0),  # empty
        LotState(20270112, 0, 5),
        LotState(20270113, 0, 6),  # later than asked
    ]
    assert expiring_soon(lots, TODAY, 20270112) == [(2, 20270105), (7, 20270106), (5, 20270112)]
