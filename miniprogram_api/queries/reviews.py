"""Acts that wait for a person and those that were decided about, as the office lists them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, exists, func, literal, select, tuple_
from sqlalchemy.orm import Session

from miniprogram_api.db import public_id
from miniprogram_api.domain.calendar import DAY_SECONDS
from miniprogram_api.domain.limits import Limits
from miniprogram_api.domain.reviews import JOINED, worth_of
from miniprogram_api.domain.trails import TRAIL_HALF
from miniprogram_api.models import Act, Member, Person, Review, ReviewNote
from miniprogram_api.models.reviews import DECIDED_BY, activities, standing_act
from miniprogram_api.queries.history import Rulebook, show_activity
from miniprogram_api.queries.paging import after_cursor, page, read_cursor
from miniprogram_api.queries.reasons import reason_text

PENDING = literal("pending", literal_execute=True)  # as the index of pending acts says it
_UNDECIDED = (Act.state == PENDING, ~exists().where(Review.act_id == Act.id))
_STILL = and_(ReviewNote.act_id == Act.id, ReviewNote.kind == "waits")


@dataclass(frozen=True)
class ReviewSearch:
    """`decided`: those that were, newest decision first; else those that wait, the longest waiting first. One end of a
    walk waits for the other and for no person: it is listed for whoever asks by that `reason`. `days`: handed in at
    least so many days ago."""

    decided: bool = False
    reason: str | None = None
    kiosk: int | None = None
    scene: int | None = None
    member: int | None = None
    days: int = 0
    cursor: str | None = None
    limit: int = 20


@dataclass(frozen=True)
class Reader:
    """Who looks: what their language, the island's rules and its limits say of an act."""

    rulebook: Rulebook
    language: str
    limits: Limits


def waiting_count(session: Session) -> int:
    """How many acts wait for a person."""
    waiting = select(func.count()).select_from(Act).where(*_UNDECIDED, Act.reason != TRAIL_HALF)
    return int(session.execute(waiting).scalar_one())


def review_page(session: Session, search: ReviewSearch, reader: Reader, now: int) -> dict[str, Any]:
    """One page: {data, next}."""
    statement = _decided(search) if search.decided else _waiting(search)
    statement = statement.outerjoin(ReviewNote, _STILL).where(*_asked(search, now))
    rows, following = page(list(session.execute(statement.limit(search.limit + 1))), search.limit, "at", "act_id")
    found = {row.standing_id: row for row in session.execute(_acts([row.standing_id for row in rows]))}
    return {"data": [show_review(found[row.standing_id], reader) for row in rows], "next": following}


def review_row(session: Session, act_id: int) -> Any | None:
    """The row of an act that waits or waited, None for every other."""
    [standing] = session.execute(select(standing_act(act_id))).one()
    row = session.execute(_acts([standing])).one_or_none()
    return row if row is not None and (row.waited_for is not None or row.state == "pending") else None


def show_review(row: Any, reader: Reader) -> dict[str, Any]:
    """A row of `review_page` or `review_row`; times are Unix seconds, None where the device's was not known."""
    rule = reader.rulebook.rule_version(row.scene, row.rule_version)
    assert rule is not None, "rule versions are never removed"
    most, why = worth_of(rule, row.variant, row.quantity), row.waits or row.waited_for or row.reason
    return {
        "id": public_id(row.id),
        "activity": show_activity(row._mapping, reader.rulebook, reader.language),
        "member": {"id": public_id(row.member_id), "nickname": row.nickname, "kind": row.member_kind},
        "kiosk": str(row.kiosk_id) if row.kiosk_id else None,
        "side": row.side,
        "waited_for": why,
        "waited_for_text": reason_text(why, rule.scene.period, reader.language),
        "claimed_at": row.claimed_at or None,
        "points_most": most,
        "needs_approver": most > reader.limits.review_points,
        "decision": _decision(row),
    }


def _decision(row: Any) -> dict[str, Any] | None:
    """What was decided; `by` None: the system did."""
    if row.decision is None:
        return None
    by = None if row.decided_by is None else {"id": public_id(row.decided_by), "name": row.decider or ""}
    return {
        "decision": row.decision,
        "by": by,
        "code": row.decision_code,
        "reason": row.decision_reason,
        "decided_at": row.decided_at,
    }


def _acts(numbers: Sequence[int]) -> Select[Any]:
    named = (Member.nickname, Member.kind.label("member_kind"), Person.name.label("decider"))
    statement = activities().add_columns(*named).join(Member, Member.id == Act.member_id)
    return statement.outerjoin(Person, Person.id == DECIDED_BY).where(Act.id.in_(numbers))


def _waiting(search: ReviewSearch) -> Select[Any]:
    columns: list[Any] = [Act.recorded_at.label("at"), Act.id.label("act_id"), Act.id.label("standing_id")]
    statement, place = select(*columns).where(*_UNDECIDED), read_cursor(search.cursor)
    if search.reason != TRAIL_HALF:
        statement = statement.where(Act.reason != TRAIL_HALF)
    if place is not None:
        statement = statement.where(tuple_(Act.recorded_at, Act.id) > tuple_(*place))
    return statement.order_by(Act.recorded_at, Act.id)


def _decided(search: ReviewSearch) -> Select[Any]:
    standing = func.coalesce(Review.resolved_act_id, Review.act_id).label("standing_id")
    columns: list[Any] = [Review.decided_at.label("at"), Review.act_id, standing]
    statement = select(*columns).join(Act, Act.id == Review.act_id)
    return after_cursor(statement.where(Review.decision != JOINED), search.cursor, Review.decided_at, Review.act_id)


def _asked(search: ReviewSearch, now: int) -> list[Any]:
    wanted = (
        (search.reason, func.coalesce(ReviewNote.text, Act.reason)),
        (search.kiosk, Act.kiosk_id),
        (search.scene, Act.scene),
        (search.member, Act.member_id),
    )
    conditions = [column == value for value, column in wanted if value is not None]
    if search.days:
        conditions.append(Act.recorded_at <= now - search.days * DAY_SECONDS)
    return conditions
