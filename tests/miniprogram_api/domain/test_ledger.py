"""Transfers: each use case moves what it says between the accounts it names, and nothing that is zero."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from miniprogram_api.domain import ledger
from miniprogram_api.domain.ledger import FEN, GRAMS, POINTS, Account, Transfer

MEI, SHOP = 11, 71
AVAILABLE, HELD, DEBT, GRAMS_OF_MEI = (
    Account(kind, MEI) for kind in ("member_available", "member_held", "member_debt", "member_grams")
)
ISSUED, EXPIRED, REDEEMED, ESTIMATED, PROGRAMME_FEN = (
    Account(kind) for kind in ("points_issued", "points_expired", "points_redeemed", "grams_estimated", "programme_fen")
)
PAYABLE = Account("merchant_payable", SHOP)
AMOUNTS = st.integers(0, 1000)

STORIES = [
    (ledger.earning(MEI, 30, 80), [(ISSUED, AVAILABLE, POINTS, 30), (ESTIMATED, GRAMS_OF_MEI, GRAMS, 80)]),
    (ledger.earning(MEI, 30, 0, 10), [(ISSUED, AVAILABLE, POINTS, 20), (ISSUED, DEBT, POINTS, 10)]),
    (ledger.earning(MEI, 30, 0, 30), [(ISSUED, DEBT, POINTS, 30)]),
    (ledger.earning(MEI, 0, 0), []),
    (
        ledger.taking_back(MEI, 5, 25, 80),
        [(AVAILABLE, ISSUED, POINTS, 5), (DEBT, ISSUED, POINTS, 25), (GRAMS_OF_MEI, ESTIMATED, GRAMS, 80)],
    ),
    (ledger.taking_back(MEI, 0, 25), [(DEBT, ISSUED, POINTS, 25)]),
    (ledger.taking_back(MEI, 5, 0), [(AVAILABLE, ISSUED, POINTS, 5)]),
    (ledger.taking_back(MEI, 0, 0), []),
    (ledger.hold(MEI, 35), [(AVAILABLE, HELD, POINTS, 35)]),
    (
        ledger.release(MEI, 20, 15, 8),
        [(HELD, AVAILABLE, POINTS, 12), (HELD, DEBT, POINTS, 8), (HELD, EXPIRED, POINTS, 15)],
    ),
    (ledger.release(MEI, 20, 0), [(HELD, AVAILABLE, POINTS, 20)]),
    (ledger.release(MEI, 0, 15), [(HELD, EXPIRED, POINTS, 15)]),
    (ledger.expiry(MEI, 9), [(AVAILABLE, EXPIRED, POINTS, 9)]),
    (ledger.redemption(MEI, SHOP, 35, 350), [(HELD, REDEEMED, POINTS, 35), (PROGRAMME_FEN, PAYABLE, FEN, 350)]),
    (ledger.redemption(MEI, SHOP, 35, 0), [(HELD, REDEEMED, POINTS, 35)]),
    (ledger.undo(MEI, SHOP, 35, 350), [(REDEEMED, HELD, POINTS, 35), (PAYABLE, PROGRAMME_FEN, FEN, 350)]),
]


@pytest.mark.parametrize(("made", "expected"), STORIES)
def test_a_story_moves_exactly_this(made: list[Transfer], expected: list[tuple[Account, Account, str, int]]) -> None:
    assert [(one.debit, one.credit, one.unit, one.amount) for one in made] == expected


def test_a_single_point_can_be_moved() -> None:
    assert Transfer(AVAILABLE, HELD, POINTS, 1).amount == 1


def test_the_programmes_own_accounts_belong_to_nobody() -> None:
    assert Account("points_issued").owner == 0


@pytest.mark.parametrize(
    ("debit", "credit", "unit", "amount"),
    [
        (AVAILABLE, HELD, POINTS, 0),
        (AVAILABLE, HELD, POINTS, -1),
        (AVAILABLE, GRAMS_OF_MEI, POINTS, 1),
        (GRAMS_OF_MEI, AVAILABLE, POINTS, 1),
        (AVAILABLE, HELD, FEN, 1),
    ],
)
def test_a_transfer_of_nothing_or_between_units_can_not_be_made(
    debit: Account, credit: Account, unit: str, amount: int
) -> None:
    with pytest.raises(AssertionError):
        Transfer(debit, credit, unit, amount)


def net(transfers: Iterable[Transfer], account: Account) -> int:
    return sum(one.amount * ((one.credit == account) - (one.debit == account)) for one in transfers)


@given(AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS)
def test_the_member_gets_what_is_not_paid_and_the_programme_gives_all(
    points: int, paid: int, grams: int, lost: int
) -> None:
    paid = min(paid, points)
    earned = ledger.earning(MEI, points, grams, paid)
    assert (net(earned, AVAILABLE), net(earned, DEBT), net(earned, GRAMS_OF_MEI)) == (points - paid, paid, grams)
    assert net(earned, ISSUED) == -points
    released = ledger.release(MEI, points, lost, paid)
    assert (net(released, AVAILABLE), net(released, DEBT)) == (points - paid, paid)
    assert (net(released, HELD), net(released, EXPIRED)) == (-points - lost, lost)
