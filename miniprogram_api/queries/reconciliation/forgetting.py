"""The list of the forgotten beside the members, and what nobody forgotten may have any more."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection

from miniprogram_api.domain.forgetting import NICKNAME
from miniprogram_api.domain.reconciliation import Difference
from miniprogram_api.queries.reconciliation.rows import Check

_LISTED = "m.id IN (SELECT member_id FROM forgotten_members)"


_UNLISTED = f"SELECT m.id, NULL, 1 FROM members m WHERE m.salt_key IS NULL AND NOT {_LISTED}"  # noqa: S608  our own words
_NAMED = (
    "SELECT m.id, 1, 0 FROM members m WHERE (m.salt_key IS NOT NULL OR m.recovery_hash IS NOT NULL OR m.nickname <>"  # noqa: S608  our own words
    f" '{NICKNAME}') AND {_LISTED}"
)
_EMPTIED = {
    "member_identities",
    "member_passes",
    "member_sessions",
    "message_consents",
    "messages",
    "person_members",
    "phone_members",
    "resident_cards",
}


def _left(table: str) -> Check:
    return Check(
        table,
        "rows of somebody forgotten",
        f"SELECT t.member_id, COUNT(*), 0 FROM {table} t JOIN forgotten_members f ON f.member_id = t.member_id"  # noqa: S608  our own words
        " GROUP BY t.member_id",
    )


CHECKS = (
    Check("members", "place on the list of the forgotten", _UNLISTED),
    Check("members", "name of somebody forgotten", _NAMED),
    Check(
        "member_balances",
        "points of somebody forgotten",
        "SELECT b.member_id, b.available + b.held, 0 FROM member_balances b JOIN forgotten_members f"
        " ON f.member_id = b.member_id WHERE b.available + b.held <> 0",
    ),
    Check(
        "acts",
        "decision about what somebody forgotten had waiting",
        "SELECT a.id, NULL, 1 FROM acts a JOIN forgotten_members f ON f.member_id = a.member_id"
        " LEFT JOIN reviews r ON r.act_id = a.id WHERE a.state = 'pending' AND r.act_id IS NULL",
    ),
    *(_left(table) for table in sorted(_EMPTIED)),
)


def forgetting_differences(connection: Connection) -> Iterator[Difference]:
    """Who is on the list has nothing left, and who has nothing left is on the list."""
    for check in CHECKS:
        yield from check.differences(connection)
