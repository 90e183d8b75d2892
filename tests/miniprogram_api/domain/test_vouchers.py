"""Exchange, cancel, redeem, undo: each refusal at its edge, in its order, with what helps."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from miniprogram_api.domain.limits import LIMITS
from miniprogram_api.domain.refusals import Refusal
from miniprogram_api.domain.vouchers import (
    QUANTITY_MAX,
    ItemOffer,
    VoucherState,
    decide_cancel,
    decide_exchange,
    decide_redemption,
    decide_undo,
)

BAG = ItemOffer(
    item_id=72,
    merchant_id=71,
    merchant_state="active",
    version=1,
    active=True,
    points=30,
    settlement_fen=350,
    limit_per_person=2,
    stock=5,
)
DEAR = replace(BAG, points=61)
NOW = 1_795_320_000
SHOWN = VoucherState(71, "active", "issued", NOW + 1, None)


def refusal(decide: Any, *arguments: Any) -> tuple[str, dict[str, Any]] | None:
    """The code and what helps; None when nothing is refused."""
    try:
        decide(*arguments)
    except Refusal as refused:
        return refused.code, refused.helps
    return None


@pytest.mark.parametrize(
    ("offer", "quantity", "kind", "spendable", "had", "expected"),
    [
        (BAG, 2, "visitor", 60, 0, None),
        (BAG, 2, "visitor", 59, 0, ("points_missing", {"points_missing": 1})),
        (BAG, 1, "visitor", 30, 1, None),
        (BAG, 2, "visitor", 0, 1, ("limit_reached", {"limit_per_person": 2})),
        (replace(BAG, limit_per_person=None), 5, "visitor", 150, 9, None),
        (replace(BAG, limit_per_person=None), 6, "visitor", 0, 0, ("out_of_stock", {"stock": 5})),
        (replace(BAG, stock=2), 2, "visitor", 60, 0, None),
        (replace(BAG, stock=1), 2, "visitor", 60, 2, ("out_of_stock", {"stock": 1})),
        (replace(BAG, points=60), 1, "guest", 60, 0, None),
        (replace(DEAR, stock=0), 1, "guest", 99, 0, ("not_allowed", {"why": "guest_limit", "points_most": 60})),
        (DEAR, 1, "visitor", 61, 0, None),
        (replace(BAG, merchant_state="suspended"), 1, "visitor", 30, 0, ("merchant_suspended", {})),
        (replace(BAG, active=False, merchant_state="suspended"), 1, "visitor", 30, 0, ("not_found", {})),
        (None, 1, "visitor", 30, 0, ("not_found", {})),
    ],
)
def test_an_exchange_meets_the_first_refusal_that_applies(
    offer: ItemOffer | None, quantity: int, kind: str, spendable: int, had: int, expected: Any
) -> None:
    assert refusal(decide_exchange, offer, quantity, kind, spendable, had, LIMITS) == expected


def test_at_most_ten_pieces_go_over_the_counter_at_once() -> None:
    assert QUANTITY_MAX == 10


def test_an_exchange_holds_the_price_of_every_piece() -> None:
    assert decide_exchange(BAG, 2, "visitor", 100, 0, LIMITS) == 60


@pytest.mark.parametrize(
    ("state", "expires_in", "expected"),
    [
        ("issued", 1, None),
        ("issued", 0, ("voucher_expired", {})),
        ("expired", 1, ("voucher_expired", {})),
        ("cancelled", 0, ("voucher_cancelled", {})),
        ("redeemed", 0, ("voucher_already_redeemed", {"redeemed_at": NOW - 5})),
    ],
)
def test_a_voucher_can_be_given_back_until_its_last_moment(state: str, expires_in: int, expected: Any) -> None:
    assert refusal(decide_cancel, state, NOW + expires_in, NOW - 5, NOW) == expected
    voucher = VoucherState(71, "active", state, NOW + expires_in, NOW - 5)
    assert refusal(decide_redemption, voucher, 71, NOW) == expected


def test_another_shop_is_told_so_before_anything_else_and_a_suspended_one_next() -> None:
    assert refusal(decide_redemption, replace(SHOWN, merchant_state="suspended"), 81, NOW) == ("wrong_merchant", {})
    suspended = replace(SHOWN, merchant_state="suspended", state="redeemed")
    assert refusal(decide_redemption, suspended, 71, NOW) == ("merchant_suspended", {})


@pytest.mark.parametrize(
    ("seconds", "undone", "expected"),
    [(0, False, None), (120, False, None), (121, False, ("undo_too_late", {})), (0, True, ("undo_too_late", {}))],
)
def test_a_redemption_is_taken_back_within_two_minutes_once(seconds: int, undone: bool, expected: Any) -> None:
    assert refusal(decide_undo, NOW, undone, NOW + seconds, LIMITS) == expected
