"""A member by id, as sign-in answers it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from miniprogram_api.db import public_id
from miniprogram_api.models import Member


def member_shown(session: Session, member_id: int) -> dict[str, Any]:
    """Id, nickname and kind of a member that exists."""
    row = session.execute(select(Member.nickname, Member.kind).where(Member.id == member_id)).one()
    return {"id": public_id(member_id), "nickname": row.nickname, "kind": row.kind}
