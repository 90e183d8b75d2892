"""What helps to decide about one act that waits: where it was, the kiosk's own record, and the act it may double."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from miniprogram_api.db import public_id
from miniprogram_api.domain.limits import Limits
from miniprogram_api.models import Act, JournalItem, Kiosk, Member, Reading, Venue
from miniprogram_api.models.reviews import activities
from miniprogram_api.queries.history import show_activity
from miniprogram_api.queries.reviews import Reader, review_row, show_review
from scenes.wire.kinds import KIND_CARD, KIND_MEMBER

READ = (KIND_MEMBER, KIND_CARD)
OTHERS_MOST = 5


def review_shown(session: Session, act_id: int, reader: Reader) -> dict[str, Any] | None:
    """One act that waits or waited, None for every other."""
    row = review_row(session, act_id)
    if row is None:
        return None
    first = session.execute(select(*Act.__table__.columns).where(Act.id == row.id)).one()
    reading = session.execute(select(*Reading.__table__.columns).where(Reading.id == first.claimant)).one_or_none()
    return {
        **show_review(row, reader),
        "first_occurred_at": first.occurred_at,
        "journal_time": _journal_time(session, first),
        "code": None if first.kind in READ else {"epoch": first.epoch, "counter": first.counter},
        "clerk": reading and reading.clerk,
        "map": _map(session, first.kiosk_id),
        "others": _others(session, first, reading, reader),
    }


def _journal_time(session: Session, act: Any) -> int | None:
    """When the kiosk's journal says that it made the code."""
    if act.kind in READ:
        return None
    item = select(JournalItem.corrected_at).where(
        JournalItem.kiosk_id == act.kiosk_id,
        JournalItem.epoch == act.epoch,
        JournalItem.counter == act.counter,
        JournalItem.nonce == act.nonce,
        JournalItem.corrected_at.is_not(None),
    )
    return session.execute(item.limit(1)).scalar()


def _map(session: Session, kiosk_id: int) -> dict[str, int] | None:
    place = select(Venue.map_x, Venue.map_y).join(Kiosk, Kiosk.venue_id == Venue.id).where(Kiosk.id == kiosk_id)
    row = session.execute(place).one_or_none()
    return None if row is None else {"x": row.map_x, "y": row.map_y}


def _others(session: Session, act: Any, reading: Any, reader: Reader) -> list[dict[str, Any]]:
    """The other of a pair: a code on the same counter, the same minute of a member code, an act too far away."""
    statement = activities().add_columns(Member.nickname).join(Member, Member.id == Act.member_id)
    statement = _same(statement, act, reading, reader.limits).order_by(Act.recorded_at, Act.id).limit(OTHERS_MOST)
    return [_other(row, reader) for row in session.execute(statement) if row.id != act.id]


def _same(statement: Select[Any], act: Any, reading: Any, limits: Limits) -> Select[Any]:
    if act.reason == "too_far":
        apart = limits.sea_crossing_seconds
        near = Act.occurred_at.between(act.occurred_at - apart, act.occurred_at + apart)
        return statement.where(Act.member_id == act.member_id, near, Act.state == "credited")
    if reading is None:
        code = (Act.kiosk_id == act.kiosk_id, Act.epoch == act.epoch, Act.counter == act.counter)
        return statement.where(*code, Act.nonce != act.nonce)
    minute = select(Reading.id).where(
        Reading.holder == reading.holder, Reading.slot == reading.slot, Reading.id != reading.id
    )
    return statement.where(Act.kind == act.kind, Act.claimant.in_(minute))


def _other(row: Any, reader: Reader) -> dict[str, Any]:
    activity = show_activity(row._mapping, reader.rulebook, reader.language)
    member = {"id": public_id(row.member_id), "nickname": row.nickname}
    names = ("id", "name", "state", "points", "occurred_at", "recorded_at", "place")
    return {"member": member, **{name: activity[name] for name in names}}
