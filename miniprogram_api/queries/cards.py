"""Residents' cards as the office finds them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from miniprogram_api.db import number_of, public_id
from miniprogram_api.models import Member, Person, ResidentCard
from scenes.wire.resident_card import CARD_BYTES, DAY_SECONDS

_MAKER, _ENDER = aliased(Person), aliased(Person)


def card_number(text: str) -> bytes | None:
    """The card behind 16 hexadecimal digits, None for any other text."""
    try:
        raw = bytes.fromhex(text)
    except ValueError:
        return None
    return raw if len(raw) == CARD_BYTES and raw.hex() == text else None


def card_page(
    session: Session, search: str | None, member: int | None, cursor: str | None, limit: int, now: int
) -> dict[str, Any]:
    """Cards, newest first: of one member, or those whose number or whose member's id or nickname is searched."""
    statement = _cards()
    if member is not None:
        statement = statement.where(ResidentCard.member_id == member)
    words = (search or "").strip()
    card, number = card_number(words), number_of(words)
    if card is not None:
        statement = statement.where((ResidentCard.card == card) | (Member.id == (-1 if number is None else number)))
    elif words:
        statement = statement.where(Member.nickname.icontains(words, autoescape=True))
    statement = _behind(statement, cursor).order_by(ResidentCard.created_at.desc(), ResidentCard.card.desc())
    rows = list(session.execute(statement.limit(limit + 1)))
    shown = rows[:limit]
    following = f"{shown[-1].created_at}-{bytes(shown[-1].card).hex()}" if len(rows) > limit else None
    return {"data": [_shown(row, now) for row in shown], "next": following}


def card_shown(session: Session, card: bytes, now: int) -> dict[str, Any] | None:
    """One card, None when there is no such one."""
    row = session.execute(_cards().where(ResidentCard.card == card)).one_or_none()
    return None if row is None else _shown(row, now)


def _cards() -> Any:
    columns = (ResidentCard.card, ResidentCard.valid_from, ResidentCard.days, ResidentCard.created_at)
    people = (_MAKER.name.label("made_by"), _ENDER.name.label("revoked_by"))
    return (
        select(*columns, ResidentCard.revoked_at, ResidentCard.member_id, Member.nickname, *people)
        .join(Member, Member.id == ResidentCard.member_id)
        .join(_MAKER, _MAKER.id == ResidentCard.created_by)
        .outerjoin(_ENDER, _ENDER.id == ResidentCard.revoked_by)
    )


def _behind(statement: Any, cursor: str | None) -> Any:
    """A cursor that can't be read starts at the top."""
    at, _, text = (cursor or "").partition("-")
    card = card_number(text)
    if card is None or not at.isascii() or not at.isdigit() or len(at) > 12:
        return statement
    later = ResidentCard.created_at < int(at)
    return statement.where(later | ((ResidentCard.created_at == int(at)) & (ResidentCard.card < card)))


def _shown(row: Any, now: int) -> dict[str, Any]:
    until = row.valid_from + row.days * DAY_SECONDS
    state = "revoked" if row.revoked_at is not None else "valid" if now < until else "expired"
    return {
        "id": bytes(row.card).hex(),
        "member": {"id": public_id(row.member_id), "nickname": row.nickname},
        "state": state,
        "valid_from": row.valid_from,
        "valid_until": until,
        "created_at": row.created_at,
        "created_by": row.made_by,
        "revoked_at": row.revoked_at,
        "revoked_by": row.revoked_by,
    }
