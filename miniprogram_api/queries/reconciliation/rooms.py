"""Nights of rooms: what the acts of all guests of a room used of its limits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from sqlalchemy import Connection, select

from miniprogram_api.domain.reconciliation import Difference
from miniprogram_api.models import Act, Cap, Reversal
from miniprogram_api.queries.reconciliation.limits import limit_differences, taken_by
from miniprogram_api.queries.reconciliation.rows import by_owner, rows_of
from miniprogram_api.queries.reconciliation.rules import Rules

OF_A_ROOM = Cap.name.like("room:%")
_ACTS = (
    select(Act.room, *(column for column in Act.__table__.columns if column.name != "room"))
    .outerjoin(Reversal, Reversal.act_id == Act.id)
    .where(Act.room.is_not(None), Act.state == "credited", Reversal.act_id.is_(None))
    .order_by(Act.room)
)
_CAPS = select(Cap.owner, Cap.name, Cap.period, Cap.used).where(OF_A_ROOM).order_by(Cap.owner)


def room_differences(connection: Connection, rules: Rules) -> Iterator[Difference]:
    """The limits of every room against the acts that name it."""
    streams = (rows_of(connection, statement) for statement in (_ACTS, _CAPS))
    for room, (acts, caps) in by_owner(*streams):
        used: Counter[tuple[str, int]] = Counter()
        for act in acts:
            for use in taken_by(act, "visitor", rules):
                if use.owner == room:
                    used[use.name, use.period] += use.amount
        yield from limit_differences(room, caps, {key: (amount, amount) for key, amount in used.items()})
