"""A member's vouchers. The key and the readable code are never read back from here."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, case, select
from sqlalchemy.orm import Session

from miniprogram_api.db import public_id
from miniprogram_api.models import ItemVersion, Merchant, Redemption, Voucher
from miniprogram_api.models.vouchers import of_voucher
from miniprogram_api.queries.history import in_language
from miniprogram_api.queries.paging import after_cursor, page


def member_vouchers(
    session: Session,
    member_id: int,
    language: str,
    now: int,
    cursor: str | None,
    limit: int,
    usable: bool | None = None,
) -> dict[str, Any]:
    """One page of vouchers, newest first, of those alone that are (or aren't) `usable`: {data, next}."""
    mine = [Voucher.member_id == member_id]
    if usable is not None:
        good = and_(Voucher.state == "issued", Voucher.expires_at > now)
        mine.append(good if usable else ~good)
    statement = after_cursor(_vouchers().where(*mine), cursor, Voucher.created_at, Voucher.id)
    rows, following = page(list(session.execute(statement.limit(limit + 1))), limit, "created_at", "id")
    return {"data": [show_voucher(row, language, now) for row in rows], "next": following}


def member_voucher(session: Session, member_id: int, voucher_id: int, language: str, now: int) -> dict[str, Any] | None:
    """One voucher of this member, None when it is another's or nobody's."""
    row = session.execute(_vouchers().where(Voucher.id == voucher_id, Voucher.member_id == member_id)).first()
    return None if row is None else show_voucher(row, language, now)


def _vouchers() -> Any:
    return (
        select(
            *Voucher.__table__.columns,
            ItemVersion.name_zh,
            ItemVersion.name_en,
            ItemVersion.icon,
            Merchant.name_zh.label("shop_zh"),
            Merchant.name_en.label("shop_en"),
            case((Voucher.state == "redeemed", Redemption.redeemed_at)).label("redeemed_at"),
        )
        .join(ItemVersion, of_voucher())
        .join(Merchant, Merchant.id == Voucher.merchant_id)
        .outerjoin(Redemption, and_(Redemption.voucher_id == Voucher.id, Redemption.number == Voucher.redemptions))
    )


def show_voucher(row: Any, language: str, now: int) -> dict[str, Any]:
    """The voucher of a row with the names of item and merchant; one past its day shows as expired, even when the job
    that ends it is late."""
    late = row.state == "issued" and row.expires_at <= now
    return {
        "id": public_id(row.id),
        "key_id": row.key_id,
        "key": None,
        "server_time": now,
        "readable_code": None,
        "state": "expired" if late else row.state,
        "item": {
            "id": public_id(row.item_id),
            "name": in_language(row, "name", language),
            "icon": row.icon,
            "image": None,
        },
        "quantity": row.quantity,
        "points": row.points,
        "merchant": {"id": public_id(row.merchant_id), "name": in_language(row, "shop", language)},
        "created_at": row.created_at,
        "expires_at": row.expires_at,
        "redeemed_at": row.redeemed_at,
    }
