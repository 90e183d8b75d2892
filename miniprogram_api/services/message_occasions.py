"""Whom there is something to tell: vouchers and points that expire soon, of members who consented to a message."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, select, tuple_
from sqlalchemy.orm import Session

from miniprogram_api.db import public_id
from miniprogram_api.domain.calendar import DAY_SECONDS, OFFSET_SECONDS, island_day, yyyymmdd
from miniprogram_api.domain.messages import (
    POINTS_DAYS,
    POINTS_EXPIRE,
    TRIES_MAX,
    VOUCHER_DAYS,
    VOUCHER_EXPIRES,
    Outgoing,
    advice_of,
)
from miniprogram_api.models import ItemVersion, Lot, MemberIdentity, Message, MessageConsent, Voucher
from miniprogram_api.models.vouchers import of_voucher

FOUND_AT_ONCE = 200


@dataclass(frozen=True)
class Due:
    """A message that may go out. `subject` is a voucher's id, or the last day of points as YYYYMMDD."""

    member_id: int
    occasion: str
    subject: int
    outgoing: Outgoing


def expiring_vouchers(session: Session, last: Due | None, now: int) -> list[Due]:
    """Vouchers that can be used and end within three days; those after `last`, so many at a time."""
    soon = (Voucher.state == "issued", Voucher.expires_at > now, Voucher.expires_at <= now + VOUCHER_DAYS * DAY_SECONDS)
    found = (
        select(
            Voucher.member_id,
            Voucher.id.label("subject"),
            Voucher.expires_at,
            ItemVersion.name_zh,
            ItemVersion.name_en,
            *_TO_WHOM,
        )
        .join(ItemVersion, of_voucher())
        .where(*soon)
    )
    rows = session.execute(_untold(found, VOUCHER_EXPIRES, Voucher.member_id, Voucher.id, last))
    return [_due(row, VOUCHER_EXPIRES, _of_voucher(row), f"vouchers/{public_id(row.subject)}") for row in rows]


def expiring_points(session: Session, last: Due | None, now: int) -> list[Due]:
    """Points by member and last day, where that is within thirty days."""
    today = island_day(now)
    days = (yyyymmdd(today), yyyymmdd(today + timedelta(days=POINTS_DAYS)))
    points = (
        select(Lot.member_id, Lot.expires_on.label("subject"), func.sum(Lot.remaining).label("points"))
        .where(Lot.remaining > 0, Lot.expires_on.between(*days))
        .group_by(Lot.member_id, Lot.expires_on)
        .subquery()
    )
    found = select(points.c.member_id, points.c.subject, points.c.points, *_TO_WHOM)
    rows = session.execute(_untold(found, POINTS_EXPIRE, points.c.member_id, points.c.subject, last))
    return [_due(row, POINTS_EXPIRE, _of_points(row), "shop") for row in rows]


_TO_WHOM = (MemberIdentity.provider, MemberIdentity.subject.label("openid"), MessageConsent.language)


def _untold(found: Any, occasion: str, member_id: Any, subject: Any, last: Due | None) -> Any:
    """Of these, those with a consent that is left, and of which nothing was said yet or said in vain."""
    consented = and_(
        MessageConsent.member_id == member_id, MessageConsent.occasion == occasion, MessageConsent.remaining > 0
    )
    told = and_(Message.member_id == member_id, Message.occasion == occasion, Message.subject == subject)
    in_vain = and_(Message.state == "failed", Message.tries < TRIES_MAX)
    untold = (
        found.join(MessageConsent, consented)
        .join(MemberIdentity, MemberIdentity.member_id == member_id)
        .outerjoin(Message, told)
        .where(Message.id.is_(None) | in_vain)
    )
    if last is not None:
        untold = untold.where(tuple_(member_id, subject) > tuple_(last.member_id, last.subject))
    return untold.order_by(member_id, subject).limit(FOUND_AT_ONCE)


def _due(row: Any, occasion: str, values: dict[str, str], page: str) -> Due:
    values["advice"] = advice_of(occasion, row.language)
    outgoing = Outgoing(row.provider, row.openid, occasion, row.language, values, page)
    return Due(row.member_id, occasion, row.subject, outgoing)


def _of_voucher(row: Any) -> dict[str, str]:
    until = datetime.fromtimestamp(row.expires_at + OFFSET_SECONDS, UTC)
    return {"item": row.name_en if row.language == "en" else row.name_zh, "until": f"{until:%Y-%m-%d %H:%M}"}


def _of_points(row: Any) -> dict[str, str]:
    day = str(row.subject)
    return {"points": str(row.points), "until": f"{day[:4]}-{day[4:6]}-{day[6:]}"}
