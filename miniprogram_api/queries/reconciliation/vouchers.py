"""Stock, vouchers, redemptions and what was taken back, against each other and against their entries."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection

from miniprogram_api.domain.reconciliation import Difference
from miniprogram_api.queries.reconciliation.rows import Check

_ENTRIES = (
    "SELECT v.id, COALESCE(e.found, 0), {wanted} FROM vouchers v"
    " LEFT JOIN (SELECT voucher_id, COUNT(*) AS found FROM entries WHERE kind = '{kind}' AND voucher_id IS NOT NULL"
    " GROUP BY voucher_id) e ON e.voucher_id = v.id{more} WHERE COALESCE(e.found, 0) <> {wanted}"
)
_TAKEN = (
    " LEFT JOIN (SELECT voucher_id, COUNT(*) AS times FROM redemptions GROUP BY voucher_id) r ON r.voucher_id = v.id"
)
_UNDONE = (
    " LEFT JOIN (SELECT t.voucher_id, COUNT(*) AS times FROM redemption_undos o JOIN redemptions t"
    " ON t.id = o.redemption_id GROUP BY t.voucher_id) u ON u.voucher_id = v.id"
)

_TIMES = (
    "SELECT v.id, v.redemptions, COALESCE(r.times, 0) FROM vouchers v{taken}"
    " WHERE v.redemptions <> COALESCE(r.times, 0)"
)
_STATE = (
    "SELECT v.id, CASE v.state WHEN 'redeemed' THEN 1 ELSE 0 END, COALESCE(r.times, 0) - COALESCE(u.times, 0)"
    " FROM vouchers v{taken}{undone}"
    " WHERE COALESCE(r.times, 0) - COALESCE(u.times, 0) <> CASE v.state WHEN 'redeemed' THEN 1 ELSE 0 END"
)


def _entries(kind: str, wanted: str, more: str = "") -> Check:
    return Check("vouchers", f"number of entries of kind {kind}", _ENTRIES.format(kind=kind, wanted=wanted, more=more))


CHECKS = (
    Check(
        "stock",
        "put in",
        "SELECT s.item_id, s.put_in, s.remaining + COALESCE(v.pieces, 0) FROM stock s LEFT JOIN (SELECT item_id,"
        " SUM(quantity) AS pieces FROM vouchers WHERE state IN ('issued', 'redeemed') GROUP BY item_id) v"
        " ON v.item_id = s.item_id WHERE s.put_in <> s.remaining + COALESCE(v.pieces, 0)",
    ),
    Check(
        "vouchers",
        "points, beside the lots they came from,",
        "SELECT v.id, v.points, COALESCE(l.points, 0) FROM vouchers v LEFT JOIN (SELECT voucher_id,"
        " SUM(points) AS points FROM voucher_lots GROUP BY voucher_id) l ON l.voucher_id = v.id"
        " WHERE v.points <> COALESCE(l.points, 0)",
    ),
    Check(
        "vouchers",
        "number of redemptions",
        _TIMES.format(taken=_TAKEN),
    ),
    Check(
        "vouchers",
        "redemptions that stand, by its state,",
        _STATE.format(taken=_TAKEN, undone=_UNDONE),
    ),
    Check(
        "vouchers",
        "end",
        "SELECT v.id, v.ended_at, MAX(e.occurred_at) FROM vouchers v JOIN entries e ON e.voucher_id = v.id AND e.kind ="
        " CASE v.state WHEN 'redeemed' THEN 'redeem' WHEN 'cancelled' THEN 'cancel' WHEN 'expired' THEN 'expire' END"
        " GROUP BY v.id, v.ended_at HAVING v.ended_at <> MAX(e.occurred_at)",
    ),
    _entries("exchange", "1"),
    _entries("redeem", "COALESCE(r.times, 0)", _TAKEN),
    _entries("reverse", "COALESCE(u.times, 0)", _UNDONE),
    _entries("cancel", "CASE v.state WHEN 'cancelled' THEN 1 ELSE 0 END"),
    _entries("expire", "CASE v.state WHEN 'expired' THEN 1 ELSE 0 END"),
    Check(
        "redemptions",
        "entry of its own",
        "SELECT r.id, NULL, r.entry_id FROM redemptions r LEFT JOIN entries e ON e.id = r.entry_id"
        " AND e.voucher_id = r.voucher_id AND e.kind = 'redeem' WHERE e.id IS NULL",
    ),
    Check(
        "redemption_undos",
        "entry of its own",
        "SELECT o.redemption_id, NULL, o.entry_id FROM redemption_undos o JOIN redemptions r ON r.id = o.redemption_id"
        " LEFT JOIN entries e ON e.id = o.entry_id AND e.voucher_id = r.voucher_id AND e.kind = 'reverse'"
        " WHERE e.id IS NULL",
    ),
)


def voucher_differences(connection: Connection) -> Iterator[Difference]:
    """Pieces, points and states of vouchers; a figure of entries is compared in the entries' own walk."""
    for check in CHECKS:
        yield from check.differences(connection)
