"""Tills: what was confirmed stands beside its reading, what each person and desk gave beside their ceilings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select

from miniprogram_api.domain.awards import CLERK_DAY, DESK_HOUR, HOUR_SECONDS
from miniprogram_api.domain.calendar import DAY_SECONDS, OFFSET_SECONDS
from miniprogram_api.domain.reconciliation import Difference
from miniprogram_api.models import Act, Cap, DeskAct
from miniprogram_api.queries.reconciliation.limits import limit_differences
from miniprogram_api.queries.reconciliation.rows import Check, by_owner, rows_of

OF_A_DESK = or_(Cap.name.like("clerk:%"), Cap.name.like("desk:%"))
TILL = 0

# An act that waited and was accepted later holds itself, and counts against no ceiling any more.
_OF_THE_READING = and_(Act.kiosk_id == TILL, Act.epoch == 0, Act.claimant == DeskAct.reading_id)
_day = ((Act.occurred_at + OFFSET_SECONDS) // DAY_SECONDS).label("period")
_hour = (Act.occurred_at // HOUR_SECONDS).label("period")


def _given(owner: Any, period: Any) -> Any:
    """Points that were credited, also those taken back since: a ceiling gives no room back."""
    return (
        select(owner, period, func.sum(Act.points).label("points"))
        .join(Act, _OF_THE_READING)
        .where(Act.state == "credited", Act.points > 0)
        .group_by(owner, period)
        .order_by(owner)
    )


_CAPS = select(Cap.owner, Cap.name, Cap.period, Cap.used).where(OF_A_DESK).order_by(Cap.owner)

CHECKS = (
    Check(
        "desk_acts",
        "reading of this merchant",
        "SELECT d.id, r.merchant_id, d.merchant_id FROM desk_acts d LEFT JOIN readings r ON r.id = d.reading_id"
        " AND r.recorded_at = d.created_at WHERE r.id IS NULL OR COALESCE(r.merchant_id, 0) <> d.merchant_id",
    ),
    Check(
        "readings",
        "person at the till",
        "SELECT r.id, NULL, r.merchant_id FROM readings r LEFT JOIN desk_acts d ON d.reading_id = r.id"
        " WHERE r.merchant_id IS NOT NULL AND d.id IS NULL",
    ),
    Check(
        "desk_undos",
        "acts that still count",
        "SELECT u.desk_act_id, COUNT(*), 0 FROM desk_undos u JOIN desk_acts d ON d.id = u.desk_act_id"
        " JOIN acts a ON a.kiosk_id = 0 AND a.epoch = 0 AND a.claimant = d.reading_id"
        " LEFT JOIN reversals v ON v.act_id = a.id LEFT JOIN reviews w ON w.act_id = a.id"
        " WHERE v.act_id IS NULL AND w.act_id IS NULL GROUP BY u.desk_act_id",
    ),
)


def desk_differences(connection: Connection) -> Iterator[Difference]:
    """A person's ceiling counts from the first act; a desk's as long as its place has one: an upper bound."""
    for check in CHECKS:
        yield from check.differences(connection)
    statements = (_given(DeskAct.person_id, _day), _given(DeskAct.merchant_id, _hour), _CAPS)
    for owner, (days, hours, caps) in by_owner(*(rows_of(connection, statement) for statement in statements)):
        yield from limit_differences(owner, caps, _bounds(CLERK_DAY, days, 1) | _bounds(DESK_HOUR, hours, 0))


def _bounds(name: str, rows: Sequence[Any], exact: int) -> dict[tuple[str, int], tuple[int, int]]:
    return {(name, int(row.period)): (int(row.points) * exact, int(row.points)) for row in rows}
