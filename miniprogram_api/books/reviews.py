"""Acts that wait, with what was decided about them, and the facts of a member around a time in the past."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, exists, select, tuple_

from miniprogram_api.books.facts import Facts, Standing
from miniprogram_api.books.ledger import insert_new
from miniprogram_api.books.prepared import Writes
from miniprogram_api.db import TryAgain
from miniprogram_api.domain.awards import CapUse, Earlier
from miniprogram_api.models import Act, Cap, Reversal, Review

_REVIEWS = insert_new("reviews", "act_id", ("act_id",))
_NOTES = insert_new("review_notes", "act_id", ("act_id", "kind"))


def pending_act(connection: Connection, act_id: int) -> dict[str, Any] | None:
    """The row of an act with the decision about it (`decision`, `decided_by`, `resolved_act_id`, `code`), None when
    there is no such act."""
    decided = (Review.decision, Review.decided_by, Review.resolved_act_id, Review.code, Review.reason.label("why"))
    statement = select(*Act.__table__.columns, *decided).outerjoin(Review, Review.act_id == Act.id)
    row = connection.execute(statement.where(Act.id == act_id)).mappings().first()
    return None if row is None else dict(row)


def add_reviews(writes: Writes, reviews: Collection[dict[str, Any]]) -> None:
    """TryAgain when somebody decided about one of the acts in between."""
    writes.insert(_REVIEWS, sorted(reviews, key=lambda review: review["act_id"]), TryAgain)


def add_note(writes: Writes, note: dict[str, Any]) -> None:
    """Nothing where a note of its kind is there already."""
    writes.insert_new_ones(_NOTES, note)


def facts_around(
    connection: Connection, member: Standing, occurred_at: int, apart: int, caps: Collection[CapUse]
) -> Facts:
    """What was credited to a member up to `apart` seconds around that time, and what is used of these limits. The
    balance row was read before: its version says whether anything has moved since."""
    facts = Facts(member=member)
    near = (*_credited(member.member_id), Act.occurred_at.between(occurred_at - apart, occurred_at + apart))
    for scene, moment, companion in connection.execute(
        select(Act.scene, Act.occurred_at, Act.companion).where(*near)
    ).all():
        facts.acts.append((companion, Earlier(scene, moment)))
    keys = sorted({cap.key for cap in caps})
    used = select(Cap.owner, Cap.name, Cap.period, Cap.used)
    for owner, name, period, amount in connection.execute(
        used.where(tuple_(Cap.owner, Cap.name, Cap.period).in_(keys))
    ).all():
        facts.used[owner, name, period] = amount
    return facts


def is_far(connection: Connection, act: dict[str, Any], occurred_at: int, apart: int, side: str | None) -> bool:
    """Whether whoever did it was credited less than `apart` seconds before or after on that side of the water."""
    if side is None:
        return False
    near = Act.occurred_at.between(occurred_at - apart + 1, occurred_at + apart - 1)
    same = (Act.companion == act["companion"], Act.side == side)
    return bool(connection.scalar(select(exists().where(*_credited(act["member_id"]), near, *same))))


def _credited(member_id: int) -> tuple[Any, ...]:
    standing = ~exists().where(Reversal.act_id == Act.id)
    return (Act.member_id == member_id, Act.state == "credited", standing)
