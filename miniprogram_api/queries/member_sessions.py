"""Where a member is signed in."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from miniprogram_api.domain.calendar import iso_day
from miniprogram_api.domain.member_sessions import session_name
from miniprogram_api.models import MemberSession

SHOWN_MAX = 200


def member_sessions(session: Session, member_id: int, token_hash: bytes, now: int) -> list[dict[str, Any]]:
    """Open sessions: the caller's own first, then the newest."""
    columns = (MemberSession.token_hash, MemberSession.label, MemberSession.created_at, MemberSession.used_on)
    rows = session.execute(
        select(*columns, MemberSession.expires_at)
        .where(
            MemberSession.member_id == member_id,
            MemberSession.revoked_at.is_(None),
            MemberSession.expires_at > now,
        )
        .order_by((MemberSession.token_hash == token_hash).desc(), MemberSession.created_at.desc())
        .limit(SHOWN_MAX)
    )
    return [_shown(row, token_hash) for row in rows]


def _shown(row: Any, token_hash: bytes) -> dict[str, Any]:
    return {
        "id": session_name(bytes(row.token_hash)),
        "device": row.label,
        "created_at": row.created_at,
        "last_used_on": iso_day(row.used_on) if row.used_on else None,
        "expires_at": row.expires_at,
        "current": bytes(row.token_hash) == token_hash,
    }
