"""Notices to the staff: a list to look through, and one with what it is about."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from miniprogram_api.db import number_of, public_id
from miniprogram_api.domain.notices import ANSWERED, OPEN, READ_TWICE, SEEN, SHARED_PHONE, TWIN, state_of
from miniprogram_api.domain.phones import FULL, begin_and_end, period_text
from miniprogram_api.models import Act, JournalItem, Kiosk, Member, Notice, Person, Reading, Venue
from miniprogram_api.queries.history import Rulebook
from miniprogram_api.queries.journal import acts_of, of_reading
from miniprogram_api.queries.kiosks import venue_names
from miniprogram_api.queries.paging import after_cursor, page

CONCERNED_MAX = 20
_seer, _answerer = aliased(Person), aliased(Person)
_STATES: dict[str, ColumnElement[bool]] = {
    OPEN: and_(Notice.answered_at.is_(None), Notice.seen_at.is_(None)),
    SEEN: and_(Notice.answered_at.is_(None), Notice.seen_at.is_not(None)),
    ANSWERED: Notice.answered_at.is_not(None),
}


@dataclass(frozen=True)
class NoticeSearch:
    """`state`: open, seen or answered; `words` stand in the kiosk's name, its place, the details or the answer."""

    state: str | None = None
    kind: str | None = None
    kiosk: int | None = None
    words: str | None = None
    cursor: str | None = None
    limit: int = 20


def notice_page(session: Session, search: NoticeSearch, language: str, now: int) -> dict[str, Any]:
    """One page, newest first: {data, next, open: how many nobody has looked at yet, unanswered: those and the seen}."""
    statement = after_cursor(_notices().where(*_asked(search)), search.cursor, Notice.raised_at, Notice.id)
    rows, following = page(list(session.execute(statement.limit(search.limit + 1))), search.limit, "raised_at", "id")
    places = _places(session, language, now)
    counted = select(func.count(), func.count(Notice.seen_at)).where(Notice.answered_at.is_(None))
    unanswered, seen = session.execute(counted).one()
    return {
        "data": [_shown(row, places) for row in rows],
        "next": following,
        "open": unanswered - seen,
        "unanswered": unanswered,
    }


def notice_read(session: Session, notice_id: int, rulebook: Rulebook, language: str, now: int) -> dict[str, Any] | None:
    """One notice with the items of journals and the acts that it is about; None when there is none."""
    row = session.execute(_notices().where(Notice.id == notice_id)).one_or_none()
    if row is None:
        return None
    details = json.loads(row.details)
    items = _items(session, row, details)
    members = _members(session, row, details)
    acts = acts_of(session, _act_ids(session, row, details, items), rulebook, language)
    return {**_shown(row, _places(session, language, now)), "items": items, "acts": acts, "members": members}


def _notices() -> Any:
    names = (_seer.name.label("seer"), _answerer.name.label("answerer"))
    statement = select(*Notice.__table__.columns, *names)
    return statement.outerjoin(_seer, _seer.id == Notice.seen_by).outerjoin(
        _answerer, _answerer.id == Notice.answered_by
    )


def _asked(search: NoticeSearch) -> list[ColumnElement[bool]]:
    conditions = [_STATES[search.state]] if search.state else []
    if search.kind:
        conditions.append(Notice.kind == search.kind)
    if search.kiosk is not None:
        conditions.append(and_(Notice.subject_kind == "kiosk", Notice.subject_id == search.kiosk))
    if search.words:
        conditions.append(_holds(search.words))
    return conditions


def _holds(words: str) -> ColumnElement[bool]:
    names = (Kiosk.name, Venue.name_zh, Venue.name_en)
    named = or_(*(name.icontains(words, autoescape=True) for name in names))
    kiosks = select(Kiosk.id).join(Venue, Venue.id == Kiosk.venue_id).where(named)
    return or_(
        and_(Notice.subject_kind == "kiosk", Notice.subject_id.in_(kiosks)),
        Notice.details.icontains(words, autoescape=True),
        Notice.note.icontains(words, autoescape=True),
    )


def _places(session: Session, language: str, now: int) -> dict[int, dict[str, str]]:
    """Every kiosk with its name and its place, called as it is now."""
    later, index = venue_names(session, now), {"zh": 0, "en": 1}[language]
    rows = session.execute(
        select(Kiosk.id, Kiosk.name, Kiosk.venue_id, Venue.name_zh, Venue.name_en).join(
            Venue, Venue.id == Kiosk.venue_id
        )
    )
    return {
        row.id: {
            "id": str(row.id),
            "name": row.name,
            "place": later.get(row.venue_id, (row.name_zh, row.name_en))[index],
        }
        for row in rows
    }


def _shown(row: Any, kiosks: dict[int, dict[str, str]]) -> dict[str, Any]:
    """`answered` without `by`: the trouble ended by itself, and the note is the system's word."""
    details = json.loads(row.details)
    return {
        "id": public_id(row.id),
        "kind": row.kind,
        "state": state_of(row.seen_at, row.answered_at),
        "raised_at": row.raised_at,
        "kiosk": kiosks.get(row.subject_id) if row.subject_kind == "kiosk" else None,
        "places": [_place(place, kiosks) for place in details.get("places", [])],
        "boots": details.get("boots") or ([details["boot"]] if "boot" in details else []),
        "seq": details.get("seq"),
        "epoch": details.get("epoch"),
        "counter": details.get("counter"),
        "result": details.get("result"),
        "since": details.get("since"),
        "period": period_text(details["period"]) if "period" in details else None,
        "seen": None if row.seen_at is None else {"by": _person(row.seen_by, row.seer), "at": row.seen_at},
        "answered": None
        if row.answered_at is None
        else {"by": _person(row.answered_by, row.answerer), "at": row.answered_at, "note": row.note},
    }


def _person(person_id: int | None, name: str | None) -> dict[str, str] | None:
    return None if person_id is None else {"id": public_id(person_id), "name": name or ""}


def _place(place: dict[str, Any], kiosks: dict[int, dict[str, str]]) -> dict[str, Any]:
    """Where a code was read: at a kiosk, or at a merchant's till."""
    kiosk = kiosks.get(place.get("kiosk", 0))
    return {"kiosk": kiosk, "merchant": place.get("merchant"), "boot": place.get("boot"), "seq": place.get("seq")}


def _members(session: Session, notice: Any, details: dict[str, Any]) -> list[dict[str, Any]]:
    """Who earned on the phone, and last the one who waits."""
    if notice.kind != SHARED_PHONE:
        return []
    wanted = [*(number_of(member) for member in details["members"]), notice.subject_id]
    rows = session.execute(select(Member.id, Member.nickname, Member.kind).where(Member.id.in_(wanted)))
    found = {row.id: {"id": public_id(row.id), "nickname": row.nickname, "kind": row.kind} for row in rows}
    return [found[number] for number in wanted if number in found]


def _items(session: Session, notice: Any, details: dict[str, Any]) -> list[dict[str, Any]]:
    """The items of journals that the notice names."""
    wanted = _named_items(notice, details)
    if not wanted:
        return []
    item = JournalItem
    columns = (item.id, item.kiosk_id, item.boot, item.seq, item.kind, item.result)
    rows = session.execute(select(*columns).where(or_(*wanted)).order_by(item.id).limit(CONCERNED_MAX))
    return [
        {
            "id": public_id(row.id),
            "kiosk": str(row.kiosk_id),
            "boot": row.boot,
            "seq": row.seq,
            "kind": row.kind,
            "result": row.result,
        }
        for row in rows
    ]


def _named_items(notice: Any, details: dict[str, Any]) -> list[ColumnElement[bool]]:
    item = JournalItem
    if notice.kind == READ_TWICE:
        read = [place for place in details["places"] if place.get("boot")]
        return [_at(place["kiosk"], place["boot"], place["seq"]) for place in read]
    if notice.kind == TWIN:
        counter = (item.epoch == details["epoch"], item.counter == details["counter"])
        return [and_(item.kiosk_id == notice.subject_id, *counter)]
    places = [details] + [details[name] for name in ("item", "before", "past", "named", "last") if details.get(name)]
    return [_at(notice.subject_id, place["boot"], place["seq"]) for place in places if "seq" in place]


def _at(kiosk: int, boot: str, seq: int) -> ColumnElement[bool]:
    return and_(JournalItem.kiosk_id == kiosk, JournalItem.boot == boot, JournalItem.seq == seq)


def _act_ids(session: Session, notice: Any, details: dict[str, Any], items: Sequence[dict[str, Any]]) -> list[int]:
    """Acts of what was read or handed in there, as they were first written."""
    if notice.kind == TWIN:
        counter = (Act.epoch == details["epoch"], Act.counter == details["counter"])
        acts = select(Act.id).where(Act.kiosk_id == notice.subject_id, *counter)
        return list(session.execute(acts.order_by(Act.id).limit(CONCERNED_MAX)).scalars())
    if notice.kind == SHARED_PHONE:
        within = Act.occurred_at.between(*begin_and_end(details["period"]))
        waited = select(Act.id).where(Act.member_id == notice.subject_id, within, Act.reason.in_(FULL))
        return list(session.execute(waited.order_by(Act.occurred_at, Act.id).limit(CONCERNED_MAX)).scalars())
    if notice.kind == READ_TWICE:
        first = select(Reading).where(Reading.id == notice.subject_id)
        readings = [session.execute(first).scalars().one()]
        places = [place for place in details["places"] if place.get("boot")]
        for place in places:
            readings += session.execute(_reading_at(int(place["kiosk"]), place["boot"], place["seq"])).scalars()
    else:
        readings = [
            reading
            for item in items
            for reading in session.execute(_reading_at(int(item["kiosk"]), item["boot"], item["seq"])).scalars()
        ]
    unique = {reading.id: reading for reading in readings}
    return [act for reading in unique.values() for act in of_reading(session, reading.id, reading.kiosk_id)]


def _reading_at(kiosk: int, boot: str, seq: int) -> Any:
    return select(Reading).where(Reading.kiosk_id == kiosk, Reading.boot == boot, Reading.seq == seq)
