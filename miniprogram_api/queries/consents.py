"""What a member agreed to, and what the newest notices are."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from miniprogram_api.domain.consents import CURRENT, Deed, standing, versions_given
from miniprogram_api.models import MemberConsent

SHOWN_MAX = 200


def member_consents(session: Session, member_id: int) -> dict[str, Any]:
    """The newest versions, the versions that stand, and everything that was said, newest first."""
    columns = (MemberConsent.notice, MemberConsent.version, MemberConsent.deed, MemberConsent.language)
    rows = session.execute(
        select(*columns, MemberConsent.at)
        .where(MemberConsent.member_id == member_id)
        .order_by(MemberConsent.id.desc())
        .limit(SHOWN_MAX)
    )
    deeds = [Deed(*row) for row in rows]
    given = versions_given(standing(reversed(deeds)))
    return {
        "current": CURRENT,
        "given": {notice: given.get(notice) for notice in CURRENT},
        "data": [vars(deed) for deed in deeds],
        "next": None,
    }
