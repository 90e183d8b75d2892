"""Items: what a merchant offers for points, and how many of it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from miniprogram_api.books.items import add_item, add_item_version, add_stock_change, move_stock
from miniprogram_api.clock import Clock
from miniprogram_api.db import new_id, public_id, transaction, use_case
from miniprogram_api.domain.first_reasons import FIRST_OFFER
from miniprogram_api.domain.items import ItemTerms
from miniprogram_api.models import Item, ItemVersion
from miniprogram_api.services.audit import record_act

FIRST_VERSION = 1
FROM_THE_BEGINNING = 0


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

    @property
    def terms(self) -> ItemTerms:
        words = (self.name_zh, self.name_en, self.description_zh, self.description_en, self.icon)
        return ItemTerms(*words, self.points, self.settlement_fen, self.limit_per_person, True, self.position)


@use_case
def offer_item(session: Session, item: NewItem, actor: str, clock: Clock) -> bool:
    """Adds the system's own item with its stock; False when this merchant already offers one of that name."""
    number, now = new_id(), clock.now()
    asked = {"reason": FIRST_OFFER, "asked_by": None}
    with transaction(session) as connection:
        if name_is_taken(connection, item.merchant_id, item.name_zh):
            return False
        add_item(connection, number, item.merchant_id)
        add_item_version(connection, number, FIRST_VERSION, item.terms, FROM_THE_BEGINNING, created_at=now, **asked)
        if item.stock:
            change = {"id": new_id(), "item_id": number, "pieces": item.stock, "asked_at": now, **asked}
            add_stock_change(connection, change)
            move_stock(connection, number, item.stock)
        detail = {"points": item.points, "settlement_fen": item.settlement_fen, "stock": item.stock}
        record_act(connection, actor, "item_offered", f"item:{public_id(number)}", detail, now)
    return True


def name_is_taken(connection: Connection, merchant_id: int, name_zh: str) -> bool:
    """Whether a version of one of this merchant's items has that name."""
    same = (
        select(Item.id)
        .join(ItemVersion, ItemVersion.item_id == Item.id)
        .where(Item.merchant_id == merchant_id, ItemVersion.name_zh == name_zh)
    )
    return connection.execute(same.limit(1)).scalar() is not None
