"""Goods and merchants: what stands on shelves and what is in force against every change there ever was."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection

from miniprogram_api.domain.reconciliation import Difference
from miniprogram_api.queries.reconciliation.rows import Check

_CHANGED = (
    "SELECT c.item_id, SUM(c.pieces) AS pieces FROM stock_changes c"
    " LEFT JOIN approvals a ON a.subject = 'stock' AND a.subject_id = c.id"
    " WHERE c.asked_by IS NULL OR a.decision = 'approved' GROUP BY c.item_id"
)
_STANDS = (
    "SELECT MAX(w.version) FROM merchant_versions w LEFT JOIN approvals a ON a.subject = 'merchant'"
    " AND a.subject_id = w.merchant_id AND a.version = w.version WHERE w.merchant_id = m.id AND {changes}"
    " AND (w.change = 'admitted' OR w.asked_by IS NULL OR a.decision = 'approved')"
)
_OF_VOUCHER = (
    "SELECT v.id, v.{field}, i.{of_item} * v.quantity FROM vouchers v JOIN item_versions i"
    " ON i.item_id = v.item_id AND i.version = v.item_version WHERE v.{field} <> i.{of_item} * v.quantity"
)
_OF_MERCHANT = (
    "SELECT m.id, m.{field}, v.{field} FROM merchants m JOIN merchant_versions v ON v.merchant_id = m.id"
    " AND v.version = ({stands}) WHERE v.{field} <> m.{field}"
)


def _of_merchant(field: str, changes: str) -> Check:
    statement = _OF_MERCHANT.format(field=field, stands=_STANDS.format(changes=changes))
    return Check("merchants", f"{field}, beside its versions,", statement)


_PUT_IN = (
    "SELECT s.item_id, s.put_in, COALESCE(c.pieces, 0) FROM stock s LEFT JOIN ({changed}) c ON c.item_id = s.item_id"
    " WHERE s.put_in <> COALESCE(c.pieces, 0)"
)

CHECKS = (
    Check("stock", "put in, beside its changes,", _PUT_IN.format(changed=_CHANGED)),
    Check(
        "vouchers",
        "version of its item",
        "SELECT v.id, NULL, v.item_version FROM vouchers v LEFT JOIN item_versions i ON i.item_id = v.item_id"
        " AND i.version = v.item_version WHERE i.version IS NULL",
    ),
    Check("vouchers", "points, beside its item's,", _OF_VOUCHER.format(field="points", of_item="points")),
    Check("vouchers", "fen, beside its item's,", _OF_VOUCHER.format(field="settlement_fen", of_item="settlement_fen")),
    _of_merchant("state", "w.change <> 'named'"),
    *(
        _of_merchant(name, "w.change IN ('admitted', 'named')")
        for name in ("name_zh", "name_en", "place_zh", "place_en")
    ),
)


def goods_differences(connection: Connection) -> Iterator[Difference]:
    """Pieces, terms of vouchers, and what merchants are called and may do."""
    for check in CHECKS:
        yield from check.differences(connection)
