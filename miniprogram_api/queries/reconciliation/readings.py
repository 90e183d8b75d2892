"""Readings against their lines, against the pass or card that was read, and against the kiosk's journal."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection

from miniprogram_api.domain.reconciliation import Difference
from miniprogram_api.queries.reconciliation.rows import Check

# Of somebody forgotten a random stand-in is left in the place of pass and card.
CHECKS = (
    Check(
        "acts",
        "reading that it is a line of",
        # An act that waited was written a second time, as it counts, and then holds its code by its own id.
        "SELECT a.id, r.id, a.claimant FROM acts a LEFT JOIN readings r ON r.id = a.claimant"
        " AND r.member_id = a.member_id AND r.kind = a.kind AND r.holder = a.nonce"
        " AND COALESCE(r.kiosk_id, 0) = a.kiosk_id AND r.claimed_at = a.claimed_at AND r.recorded_at = a.recorded_at"
        " WHERE a.kind IN (20, 22) AND a.claimant <> a.id AND (r.id IS NULL OR a.epoch <> 0)",
    ),
    Check(
        "readings",
        "line that counts or waits",
        "SELECT r.id, 0, 1 FROM readings r WHERE NOT EXISTS (SELECT 1 FROM acts a"
        " WHERE a.kiosk_id = COALESCE(r.kiosk_id, 0) AND a.epoch = 0 AND a.counter IN (0, 1, 2, 3, 4, 5, 6, 7)"
        " AND a.claimant = r.id)",
    ),
    Check(
        "readings",
        "member whose pass it was",
        "SELECT r.id, r.member_id, p.member_id FROM readings r LEFT JOIN member_passes p ON p.alias = r.holder"
        " WHERE r.kind = 20 AND (p.member_id IS NULL OR p.member_id <> r.member_id)"
        " AND NOT EXISTS (SELECT 1 FROM forgotten_members f WHERE f.member_id = r.member_id)",
    ),
    Check(
        "readings",
        "member whose card it was",
        "SELECT r.id, r.member_id, c.member_id FROM readings r LEFT JOIN resident_cards c ON c.card = r.holder"
        " WHERE r.kind = 22 AND (c.member_id IS NULL OR c.member_id <> r.member_id)"
        " AND NOT EXISTS (SELECT 1 FROM forgotten_members f WHERE f.member_id = r.member_id)",
    ),
    Check(
        "readings",
        "item of the kiosk's journal",
        "SELECT r.id, NULL, r.seq FROM readings r LEFT JOIN journal_items i ON i.kiosk_id = r.kiosk_id"
        " AND i.boot = r.boot AND i.seq = r.seq AND i.apart = 0 AND i.kind = 'read' AND i.claimed_at = r.claimed_at"
        " WHERE r.boot IS NOT NULL AND i.id IS NULL",
    ),
)


def reading_differences(connection: Connection) -> Iterator[Difference]:
    """What readings say against the acts that they became and the codes that were read."""
    for check in CHECKS:
        yield from check.differences(connection)
