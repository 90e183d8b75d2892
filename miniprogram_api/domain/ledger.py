"""Accounts and transfers: what moves when points, grams and fen are booked. Balanced by construction."""

from __future__ import annotations

from dataclasses import dataclass

PROGRAMME = 0  # the owner of the programme's own accounts

POINTS, GRAMS, FEN = "points", "grams", "fen"

MEMBER_AVAILABLE = "member_available"
MEMBER_HELD = "member_held"
MEMBER_DEBT = "member_debt"
MEMBER_GRAMS = "member_grams"
POINTS_ISSUED = "points_issued"
POINTS_EXPIRED = "points_expired"
POINTS_REDEEMED = "points_redeemed"
GRAMS_ESTIMATED = "grams_estimated"
PROGRAMME_FEN = "programme_fen"
MERCHANT_PAYABLE = "merchant_payable"

ACCOUNT_UNITS = {
    MEMBER_AVAILABLE: POINTS,
    MEMBER_HELD: POINTS,
    MEMBER_DEBT: POINTS,
    MEMBER_GRAMS: GRAMS,
    POINTS_ISSUED: POINTS,
    POINTS_EXPIRED: POINTS,
    POINTS_REDEEMED: POINTS,
    GRAMS_ESTIMATED: GRAMS,
    PROGRAMME_FEN: FEN,
    MERCHANT_PAYABLE: FEN,
}


@dataclass(frozen=True)
class Account:
    kind: str
    owner: int = PROGRAMME


@dataclass(frozen=True)
class Transfer:
    """`amount` > 0 of `unit` from the debit account to the credit account."""

    debit: Account
    credit: Account
    unit: str
    amount: int

    def __post_init__(self) -> None:
        assert self.amount > 0
        assert ACCOUNT_UNITS[self.debit.kind] == ACCOUNT_UNITS[self.credit.kind] == self.unit


def earning(member_id: int, points: int, grams: int, paid: int = 0) -> list[Transfer]:
    """Points and grams of one act, `paid` of the points into the member's debt; nothing for what is zero."""
    transfers = _credited(Account(POINTS_ISSUED), member_id, points - paid, paid)
    if grams:
        transfers.append(Transfer(Account(GRAMS_ESTIMATED), Account(MEMBER_GRAMS, member_id), GRAMS, grams))
    return transfers


def _credited(source: Account, member_id: int, points: int, paid: int) -> list[Transfer]:
    transfers = []
    if points:
        transfers.append(Transfer(source, Account(MEMBER_AVAILABLE, member_id), POINTS, points))
    if paid:
        transfers.append(Transfer(source, Account(MEMBER_DEBT, member_id), POINTS, paid))
    return transfers


def taking_back(member_id: int, points: int, debt: int, grams: int = 0) -> list[Transfer]:
    """Points out of the balance, points that are owed because they were spent, and grams of an act reversed."""
    transfers = []
    if points:
        transfers.append(Transfer(Account(MEMBER_AVAILABLE, member_id), Account(POINTS_ISSUED), POINTS, points))
    if debt:
        transfers.append(Transfer(Account(MEMBER_DEBT, member_id), Account(POINTS_ISSUED), POINTS, debt))
    if grams:
        transfers.append(Transfer(Account(MEMBER_GRAMS, member_id), Account(GRAMS_ESTIMATED), GRAMS, grams))
    return transfers


def hold(member_id: int, points: int) -> list[Transfer]:
    return [Transfer(Account(MEMBER_AVAILABLE, member_id), Account(MEMBER_HELD, member_id), POINTS, points)]


def release(member_id: int, points: int, expired: int, paid: int = 0) -> list[Transfer]:
    """Held points come back, `paid` of them into the member's debt; what has no day left to live is gone instead."""
    held = Account(MEMBER_HELD, member_id)
    transfers = _credited(held, member_id, points - paid, paid)
    if expired:
        transfers.append(Transfer(held, Account(POINTS_EXPIRED), POINTS, expired))
    return transfers


def expiry(member_id: int, points: int) -> list[Transfer]:
    """Points whose last day is over."""
    return [Transfer(Account(MEMBER_AVAILABLE, member_id), Account(POINTS_EXPIRED), POINTS, points)]


def undo(member_id: int, merchant_id: int, points: int, fen: int) -> list[Transfer]:
    """A redemption taken back: the points are held again, the merchant is owed nothing for it."""
    return [
        Transfer(transfer.credit, transfer.debit, transfer.unit, transfer.amount)
        for transfer in redemption(member_id, merchant_id, points, fen)
    ]


def redemption(member_id: int, merchant_id: int, points: int, fen: int) -> list[Transfer]:
    """The held points are used up; the programme owes the merchant the item's fen."""
    transfers = [Transfer(Account(MEMBER_HELD, member_id), Account(POINTS_REDEEMED), POINTS, points)]
    if fen:
        transfers.append(Transfer(Account(PROGRAMME_FEN), Account(MERCHANT_PAYABLE, merchant_id), FEN, fen))
    return transfers
