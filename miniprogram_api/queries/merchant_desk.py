"""What a merchant's counter shows: a voucher before it is redeemed, today's redemptions and their sum."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from miniprogram_api.db import public_id
from miniprogram_api.domain.calendar import DAY_SECONDS, OFFSET_SECONDS, day_number
from miniprogram_api.models import ItemVersion, Member, Merchant, Redemption, RedemptionUndo, Voucher
from miniprogram_api.models.vouchers import of_voucher
from miniprogram_api.queries.history import in_language
from miniprogram_api.queries.paging import after_cursor, page


def voucher_at_counter(session: Session, voucher_id: int, language: str) -> dict[str, Any]:
    """A voucher as the counter sees it: the guest's name is masked."""
    row = session.execute(
        select(
            Voucher.id,
            Voucher.quantity,
            Voucher.settlement_fen,
            Voucher.state,
            Voucher.expires_at,
            Voucher.item_id,
            ItemVersion.name_zh,
            ItemVersion.name_en,
            ItemVersion.icon,
            Member.nickname,
        )
        .join(ItemVersion, of_voucher())
        .join(Member, Member.id == Voucher.member_id)
        .where(Voucher.id == voucher_id)
    ).one()
    return {
        "voucher": public_id(row.id),
        "item": _item(row, language),
        "quantity": row.quantity,
        "settlement_fen": row.settlement_fen,
        "nickname": masked(row.nickname),
        "expires_at": row.expires_at,
        "state": row.state,
    }


def masked(nickname: str) -> str:
    """The first character and two stars, whatever the length."""
    return f"{nickname[:1]}**"


def merchant_redemptions(
    session: Session, merchant_id: int, language: str, now: int, cursor: str | None, limit: int
) -> dict[str, Any]:
    """One page of redemptions, newest first, with today's count and sum: {data, next, today}."""
    statement = after_cursor(
        _redemptions().where(Redemption.merchant_id == merchant_id), cursor, Redemption.redeemed_at, Redemption.id
    )
    rows, following = page(list(session.execute(statement.limit(limit + 1))), limit, "redeemed_at", "id")
    return {
        "data": [redemption_shown(row, language) for row in rows],
        "next": following,
        "today": today(session, merchant_id, now),
    }


def show_redemption(session: Session, redemption_id: int, language: str) -> dict[str, Any]:
    """One redemption, by its id."""
    return redemption_shown(session.execute(_redemptions().where(Redemption.id == redemption_id)).one(), language)


def today(session: Session, merchant_id: int, now: int) -> dict[str, int]:
    """Redemptions of the island's day that were not taken back, and the fen they add up to."""
    midnight = day_number(now) * DAY_SECONDS - OFFSET_SECONDS
    count, fen = session.execute(
        select(func.count(), func.coalesce(func.sum(Redemption.settlement_fen), 0))
        .outerjoin(RedemptionUndo, RedemptionUndo.redemption_id == Redemption.id)
        .where(
            Redemption.merchant_id == merchant_id,
            Redemption.redeemed_at >= midnight,
            RedemptionUndo.redemption_id.is_(None),
        )
    ).one()
    return {"count": count, "settlement_fen": int(fen)}


def _redemptions() -> Any:
    return (
        select(
            Redemption.id,
            Redemption.redeemed_at,
            Redemption.settlement_fen,
            RedemptionUndo.undone_at,
            Voucher.quantity,
            Voucher.item_id,
            ItemVersion.name_zh,
            ItemVersion.name_en,
            ItemVersion.icon,
        )
        .join(Voucher, Voucher.id == Redemption.voucher_id)
        .join(ItemVersion, of_voucher())
        .join(Merchant, Merchant.id == Redemption.merchant_id)
        .outerjoin(RedemptionUndo, RedemptionUndo.redemption_id == Redemption.id)
    )


def _item(row: Any, language: str) -> dict[str, Any]:
    return {"id": public_id(row.item_id), "name": in_language(row, "name", language), "icon": row.icon, "image": None}


def redemption_shown(row: Any, language: str) -> dict[str, Any]:
    """The redemption of a row with the item's names."""
    return {
        "id": public_id(row.id),
        "item": _item(row, language),
        "quantity": row.quantity,
        "settlement_fen": row.settlement_fen,
        "redeemed_at": row.redeemed_at,
        "undone_at": row.undone_at,
    }
