"""The books as one comparable value: what the model holds them to be, and what the database holds."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Engine, text

COMMITTED = ("kiosk", "member", "merchant", "time")  # a leaf shows that they are there, never what they are

Transfer = tuple[str, int, str, int, str, int]  # debit, owner, credit, owner, unit, amount
Booked = tuple[dict[str, Any], frozenset[str], tuple[Transfer, ...]]  # leaf in the clear, commitments, transfers


@dataclass
class Picture:
    """Rows by their keys. `entries` stand in the order in which they were booked."""

    balances: dict[int, tuple[int, ...]]  # member: available, held, debt, grams
    lots: dict[tuple[int, int, int], tuple[int, int]]  # member, last day, graced: granted, left
    caps: dict[tuple[int, str, int], int]  # owner, name, period: used, where anything is
    stock: dict[int, tuple[int, int]]  # item: put in, on the shelf
    vouchers: dict[int, tuple[Any, ...]]  # id: member, item, quantity, points, fen, state, lots
    payable: dict[int, int]  # merchant: fen owed
    acts: dict[tuple[int, ...], tuple[Any, ...]]
    entries: list[Booked]

    def check_same(self, model: Picture) -> None:
        """Compares part by part, so that a difference is small enough to read."""
        for field in fields(self):
            stored, expected = getattr(self, field.name), getattr(model, field.name)
            assert stored == expected, field.name

    def check_invariants(self) -> None:
        """What must hold whatever happened; computed from the transfers, not from the model."""
        accounts: Counter[tuple[str, int, str]] = Counter()
        for _, _, transfers in self.entries:
            for debit, debtor, credit, creditor, unit, amount in transfers:
                assert amount > 0
                accounts[debit, debtor, unit] -= amount
                accounts[credit, creditor, unit] += amount
        for unit in ("points", "grams", "fen"):
            assert sum(amount for (_, _, moved), amount in accounts.items() if moved == unit) == 0
        for member, row in self.balances.items():
            assert min(row) >= 0, "nobody is negative"
            available, held, debt, grams = row
            # A debt is an account that was debited: what it owes stands there with a minus.
            owned = [accounts[f"member_{kind}", member, "points"] for kind in ("available", "held", "debt")]
            assert owned == [available, held, -debt]
            assert accounts["member_grams", member, "grams"] == grams
            assert sum(left for (whose, _, _), (_, left) in self.lots.items() if whose == member) == available
            issued = [row for row in self.vouchers.values() if row[0] == member and row[5] == "issued"]
            assert sum(row[3] for row in issued) == held
        for merchant, fen in self.payable.items():
            assert accounts["merchant_payable", merchant, "fen"] == fen >= 0
        for item, (put_in, left) in self.stock.items():
            gone = sum(row[2] for row in self.vouchers.values() if row[1] == item and row[5] in ("issued", "redeemed"))
            assert left + gone == put_in
        assert all(granted >= left >= 0 for granted, left in self.lots.values())


STATEMENTS = {
    "balances": "SELECT member_id, available, held, debt, reduction_grams FROM member_balances",
    "lots": "SELECT member_id, expires_on, graced, granted, remaining FROM lots",
    "caps": "SELECT owner, name, period, used FROM caps WHERE used > 0",
    "stock": "SELECT item_id, put_in, remaining FROM stock",
    "payable": "SELECT merchant_id, payable_fen FROM merchant_balances",
    "vouchers": "SELECT id, member_id, item_id, quantity, points, settlement_fen, state FROM vouchers",
    "voucher_lots": "SELECT voucher_id, expires_on, graced, points FROM voucher_lots",
    "acts": "SELECT id, member_id, companion, kiosk_id, counter, scene, variant, quantity, credited_quantity, points,"
    " reduction_grams, state, reason, occurred_at FROM acts",
    "entries": "SELECT id, leaf FROM entries ORDER BY id",
    "transfers": "SELECT entry_id, debit, debit_owner, credit, credit_owner, unit, amount FROM transfers",
}


def picture_of(engine: Engine) -> Picture:
    """What stands in the database now, read in one transaction."""
    with engine.begin() as connection:
        found = {name: connection.execute(text(statement)).all() for name, statement in STATEMENTS.items()}
    moved: dict[int, list[Transfer]] = {}
    for entry, *transfer in found["transfers"]:
        moved.setdefault(entry, []).append(tuple(transfer))
    assert set(moved) <= {entry for entry, _ in found["entries"]}, "a transfer without its entry"
    return Picture(
        balances={member: tuple(row) for member, *row in found["balances"]},
        lots={(member, day, graced): (granted, left) for member, day, graced, granted, left in found["lots"]},
        caps={(owner, name, period): used for owner, name, period, used in found["caps"]},
        stock={item: (put_in, left) for item, put_in, left in found["stock"]},
        vouchers={voucher: (*row, _lots(found["voucher_lots"], voucher)) for voucher, *row in found["vouchers"]},
        payable={row.merchant_id: row.payable_fen for row in found["payable"]},
        acts={(act, member): tuple(row) for act, member, *row in found["acts"]},
        entries=[_booked(bytes(leaf), moved.get(entry, [])) for entry, leaf in found["entries"]],
    )


def _lots(rows: Any, voucher: int) -> tuple[tuple[int, ...], ...]:
    return tuple(sorted(tuple(row) for whose, *row in rows if whose == voucher))


def _booked(leaf: bytes, transfers: list[Transfer]) -> Booked:
    """One entry with its one leaf; a leaf that isn't canonical is refused here."""
    shown: dict[str, Any] = json.loads(leaf)
    assert leaf == json.dumps(shown, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    committed = frozenset(name for name in COMMITTED if shown.pop(name, None))
    return shown, committed, tuple(sorted(transfers))
