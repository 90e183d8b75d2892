"""Balances against all transfers from the first row; held points against vouchers, lots against what is available."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection, text

from miniprogram_api.db import public_id
from miniprogram_api.domain.reconciliation import Difference
from miniprogram_api.queries.reconciliation.rows import Check, plain, rows_of

# The account's name in the transfers, and the balance row and column that stand for it. A credit raises it; what a
# member owes stands there as a positive number.
ACCOUNTS = {
    "member_available": ("member_balances", "available"),
    "member_held": ("member_balances", "held"),
    "member_debt": ("member_balances", "debt"),
    "member_grams": ("member_balances", "reduction_grams"),
    "merchant_payable": ("merchant_balances", "payable_fen"),
}
_OWNED = text(
    "WITH moved AS ("
    "  SELECT credit AS account, credit_owner AS owner, SUM(amount) AS amount"
    "  FROM transfers WHERE credit_owner <> 0 GROUP BY credit, credit_owner"
    "  UNION ALL SELECT debit, debit_owner, -SUM(amount) FROM transfers WHERE debit_owner <> 0"
    "  GROUP BY debit, debit_owner"
    "), sums AS (SELECT account, owner, SUM(amount) AS amount FROM moved GROUP BY account, owner"
    "), stored AS ("
    "  SELECT 'member_available' AS account, member_id AS owner, available AS amount FROM member_balances"
    "  UNION ALL SELECT 'member_held', member_id, held FROM member_balances"
    "  UNION ALL SELECT 'member_debt', member_id, -debt FROM member_balances"
    "  UNION ALL SELECT 'member_grams', member_id, reduction_grams FROM member_balances"
    "  UNION ALL SELECT 'merchant_payable', merchant_id, payable_fen FROM merchant_balances"
    ") "
    "SELECT stored.account, stored.owner, stored.amount, COALESCE(sums.amount, 0)"
    " FROM stored LEFT JOIN sums ON sums.account = stored.account AND sums.owner = stored.owner"
    " WHERE stored.amount <> COALESCE(sums.amount, 0) "
    "UNION ALL "
    "SELECT sums.account, sums.owner, NULL, sums.amount"
    " FROM sums LEFT JOIN stored ON stored.account = sums.account AND stored.owner = sums.owner"
    " WHERE stored.owner IS NULL"
)
CHECKS = (
    Check(
        "member_balances",
        "held, beside the vouchers that are issued,",
        "SELECT b.member_id, b.held, COALESCE(v.points, 0) FROM member_balances b LEFT JOIN"
        " (SELECT member_id, SUM(points) AS points FROM vouchers WHERE state = 'issued' GROUP BY member_id) v"
        " ON v.member_id = b.member_id WHERE b.held <> COALESCE(v.points, 0)",
    ),
    Check(
        "member_balances",
        "available, beside what is left in the lots,",
        "SELECT b.member_id, b.available, COALESCE(l.remaining, 0) FROM member_balances b LEFT JOIN"
        " (SELECT member_id, SUM(remaining) AS remaining FROM lots GROUP BY member_id) l"
        " ON l.member_id = b.member_id WHERE b.available <> COALESCE(l.remaining, 0)",
    ),
    Check(
        "members",
        "balance row",
        "SELECT m.id, NULL, 1 FROM members m LEFT JOIN member_balances b ON b.member_id = m.id"
        " WHERE b.member_id IS NULL",
    ),
)


def balance_differences(connection: Connection) -> Iterator[Difference]:
    """Points, grams and fen of everybody against every transfer there ever was."""
    for account, owner, stored, expected in rows_of(connection, _OWNED):
        table, field = ACCOUNTS.get(account, ("transfers with an unknown account of", account))
        yield Difference(f"{table} {public_id(int(owner))}", field, plain(stored), plain(expected))
    for check in CHECKS:
        yield from check.differences(connection)
