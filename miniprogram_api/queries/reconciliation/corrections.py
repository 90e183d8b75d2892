"""Reversals, adjustments and approvals against the entries that they name."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection

from miniprogram_api.domain.reconciliation import Difference
from miniprogram_api.queries.reconciliation.rows import Check


def _key_of(table: str, call: str, keys: str) -> Check:
    """Rows whose key isn't kept for them: nobody kept it, or another call of the same person used it first."""
    return Check(
        table,
        f"key kept for this {call}",
        f"SELECT t.id, k.call, '{call}' FROM ({keys}) t"  # noqa: S608  our own words
        " LEFT JOIN staff_keys k ON k.person_id = t.person_id AND k.key = t.key"
        f" WHERE COALESCE(k.call, '') <> '{call}'",
    )


CHECKS = (
    _key_of("adjustments", "adjustment", "SELECT id, asked_by AS person_id, key FROM adjustments"),
    _key_of(
        "stock_changes", "stock", "SELECT id, asked_by AS person_id, key FROM stock_changes WHERE asked_by IS NOT NULL"
    ),
    _key_of(
        "entries",
        "reversal",
        "SELECT id, caller AS person_id, key FROM entries WHERE caller_kind = 'staff' AND key IS NOT NULL",
    ),
    Check(
        "reversals",
        "entry of its own",
        "SELECT r.act_id, NULL, r.entry_id FROM reversals r LEFT JOIN entries e ON e.id = r.entry_id"
        " AND e.act_id = r.act_id AND e.kind = 'reverse' WHERE e.id IS NULL",
    ),
    Check(
        "approvals",
        "entry of its own",
        "SELECT a.id, NULL, a.entry_id FROM approvals a LEFT JOIN entries e ON e.id = a.entry_id"
        " AND e.kind = 'approval' WHERE e.id IS NULL",
    ),
    Check(
        "adjustments",
        "entry of what was approved",
        "SELECT j.id, e.id, a.booked_entry_id FROM approvals a JOIN adjustments j ON j.id = a.subject_id"
        " LEFT JOIN entries e ON e.id = a.booked_entry_id AND e.kind = 'adjust' AND e.member_id = j.member_id"
        " WHERE a.subject = 'adjustment' AND a.decision = 'approved' AND e.id IS NULL",
    ),
    Check(
        "adjustments",
        "entry though nobody approved it",
        "SELECT j.id, a.booked_entry_id, 0 FROM approvals a JOIN adjustments j ON j.id = a.subject_id"
        " WHERE a.subject = 'adjustment' AND a.decision <> 'approved' AND a.booked_entry_id IS NOT NULL",
    ),
    Check(
        "adjustments",
        "request of what was decided",
        "SELECT a.id, NULL, a.subject_id FROM approvals a LEFT JOIN adjustments j ON j.id = a.subject_id"
        " AND j.asked_by = a.asked_by WHERE a.subject = 'adjustment' AND j.id IS NULL",
    ),
)


def correction_differences(connection: Connection) -> Iterator[Difference]:
    """What was corrected, and by whom it was approved; figures are compared in the walks of entries and members."""
    for check in CHECKS:
        yield from check.differences(connection)
