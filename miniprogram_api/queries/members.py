"""Members, as sign-in answers one and as the staff finds them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from miniprogram_api.db import number_of, public_id
from miniprogram_api.models import Member, MemberBalance
from miniprogram_api.queries.paging import after_cursor, page


def member_shown(session: Session, member_id: int) -> dict[str, Any]:
    """Id, nickname and kind of a member that exists."""
    row = session.execute(select(Member.nickname, Member.kind).where(Member.id == member_id)).one()
    return {"id": public_id(member_id), "nickname": row.nickname, "kind": row.kind}


def member_page(session: Session, search: str | None, cursor: str | None, limit: int) -> dict[str, Any]:
    """Members, newest first: one whose id is what is searched, else those whose nickname holds the words."""
    balance = MemberBalance
    fields: list[Any] = [
        Member.id,
        Member.kind,
        Member.nickname,
        Member.created_at,
        balance.available,
        balance.held,
        balance.debt,
        balance.reduction_grams,
    ]
    statement = select(*fields).join(balance, balance.member_id == Member.id)
    number = number_of((search or "").strip())
    if number is not None:
        statement = statement.where(Member.id == number)
    elif search:
        statement = statement.where(Member.nickname.icontains(search, autoescape=True))
    rows = list(session.execute(after_cursor(statement, cursor, Member.created_at, Member.id).limit(limit + 1)))
    shown, following = page(rows, limit, "created_at", "id")
    return {"data": [{**row._mapping, "id": public_id(row.id)} for row in shown], "next": following}


def is_member(session: Session, member_id: int) -> bool:
    return session.execute(select(Member.id).where(Member.id == member_id)).first() is not None
