"""Items: what a merchant offers for points, and how many of it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from miniprogram_api.clock import Clock
from miniprogram_api.db import new_id, transaction, use_case
from miniprogram_api.models import Item, Stock
from miniprogram_api.services.audit import record_act


@dataclass(frozen=True)
class NewItem:
    """`points` is the price; `settlement_fen` is what the programme owes the merchant for each piece redeemed."""

    merchant_id: int
    name_zh: str
    name_en: str
    description_zh: str
    description_en: str
    icon: str
    points: int
    settlement_fen: int
    stock: int
    limit_per_person: int | None
    position: int


@use_case
def offer_item(session: Session, item: NewItem, actor: str, clock: Clock) -> bool:
    """Adds the item with its stock; False when this merchant already offers one of that name."""
    number = new_id()
    with transaction(session) as connection:
        same = select(Item.id).where(Item.merchant_id == item.merchant_id, Item.name_zh == item.name_zh)
        if connection.execute(same).scalar() is not None:
            return False
        connection.execute(
            insert(Item).values(
                id=number,
                merchant_id=item.merchant_id,
                name_zh=item.name_zh,
                name_en=item.name_en,
                description_zh=item.description_zh,
                description_en=item.description_en,
                icon=item.icon,
                points=item.points,
                settlement_fen=item.settlement_fen,
                limit_per_person=item.limit_per_person,
                position=item.position,
            )
        )
        connection.execute(insert(Stock).values(item_id=number, put_in=item.stock, remaining=item.stock))
        detail = {"points": item.points, "settlement_fen": item.settlement_fen, "stock": item.stock}
        record_act(connection, actor, "item_offered", f"item:{number:016x}", detail, clock.now())
    return True
