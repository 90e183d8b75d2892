"""Notices to the staff are seen and answered; a kiosk that is silent raises one, and ends it by speaking."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, select, update
from sqlalchemy.orm import Session

from miniprogram_api.books.notices import raise_notice
from miniprogram_api.clock import Clock
from miniprogram_api.db import public_id, transaction, use_case
from miniprogram_api.domain.notices import SILENT, is_silent, silence_over
from miniprogram_api.domain.refusals import NotAllowed, NotFound
from miniprogram_api.models import Kiosk, Notice
from miniprogram_api.services.audit import record_act
from miniprogram_api.services.leases import Fence, renew_lease
from miniprogram_api.services.people import actor_of


@use_case
def see_notice(session: Session, notice_id: int, person_id: int, clock: Clock) -> None:
    """The first who looks is noted. Raises NotFound."""
    with transaction(session) as connection:
        _standing(connection, notice_id)
        unseen = (Notice.id == notice_id, Notice.seen_at.is_(None))
        connection.execute(update(Notice).where(*unseen).values(seen_by=person_id, seen_at=clock.now()))


@use_case
def answer_notice(session: Session, notice_id: int, person_id: int, note: str, clock: Clock) -> None:
    """Say what was done about it; one answer counts. The same words by the same person once more change nothing.

    Raises NotFound, NotAllowed (why: notice_answered).
    """
    now = clock.now()
    with transaction(session) as connection:
        notice = _standing(connection, notice_id)
        if (notice.answered_by, notice.note) == (person_id, note):
            return
        if notice.answered_at is not None or not _answer(connection, notice_id, person_id, note, now):
            raise NotAllowed(why="notice_answered")
        unseen = (Notice.id == notice_id, Notice.seen_at.is_(None))
        connection.execute(update(Notice).where(*unseen).values(seen_by=person_id, seen_at=now))
        named = f"notice:{public_id(notice_id)}"
        detail = {"notice": notice.kind, notice.subject_kind: _subject(notice), "note": note}
        record_act(connection, actor_of(person_id), "notice_answered", named, detail, now)


@use_case
def note_silences(session: Session, fence: Fence, clock: Clock) -> int:
    """Tell the staff of each kiosk that is silent, once for each silence, and end what is over; answers how many came
    and went. Twice, or by two at once, it comes to the same. Raises LeaseLost."""
    renew_lease(session, fence, clock)
    now = clock.now()
    with transaction(session) as connection:
        fleet = {row.id: row for row in connection.execute(select(Kiosk.id, Kiosk.state, Kiosk.last_heartbeat_at))}
        return _end_silences(connection, fleet, now) + _raise_silences(connection, fleet, now)


def _end_silences(connection: Connection, fleet: dict[int, Any], now: int) -> int:
    unanswered = select(Notice.id, Notice.subject_id, Notice.details)
    ended = 0
    for notice in connection.execute(unanswered.where(Notice.kind == SILENT, Notice.answered_at.is_(None))).all():
        kiosk = fleet[notice.subject_id]
        over = silence_over(kiosk.state, kiosk.last_heartbeat_at, json.loads(notice.details)["since"])
        ended += over is not None and _answer(connection, notice.id, None, over, now)
    return ended


def _raise_silences(connection: Connection, fleet: dict[int, Any], now: int) -> int:
    silent = [row for row in fleet.values() if is_silent(row.state, row.last_heartbeat_at, now)]
    if not silent:
        return 0
    longest = min(row.last_heartbeat_at for row in silent)
    # A notice comes after the silence began, so that what was told before it is of another one.
    told = select(Notice.subject_id, Notice.details).where(Notice.kind == SILENT, Notice.raised_at >= longest)
    known = {(row.subject_id, json.loads(row.details)["since"]) for row in connection.execute(told)}
    fresh = [row for row in silent if (row.id, row.last_heartbeat_at) not in known]
    for row in fresh:
        raise_notice(connection, SILENT, ("kiosk", row.id), {"since": row.last_heartbeat_at}, now)
    return len(fresh)


def _standing(connection: Connection, notice_id: int) -> Any:
    notice = connection.execute(select(Notice.__table__).where(Notice.id == notice_id).with_for_update()).one_or_none()
    if notice is None:
        raise NotFound
    return notice


def _answer(connection: Connection, notice_id: int, person_id: int | None, note: str, now: int) -> bool:
    """Whether this very answer was the first."""
    unanswered = (Notice.id == notice_id, Notice.answered_at.is_(None))
    values = {"answered_by": person_id, "answered_at": now, "note": note}
    return connection.execute(update(Notice).where(*unanswered).values(values)).rowcount == 1


def _subject(notice: Any) -> str:
    return str(notice.subject_id) if notice.subject_kind == "kiosk" else public_id(notice.subject_id)
