"""Rows of vouchers, stock and what is owed to merchants. Scarce things are claimed by a conditional write."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, insert, select, update

from miniprogram_api.domain.lots import LotUse
from miniprogram_api.domain.vouchers import ItemOffer
from miniprogram_api.models import Item, Merchant, MerchantBalance, Stock, Voucher, VoucherLot


def offer_of(connection: Connection, item_id: int) -> ItemOffer | None:
    """The item with its stock and its merchant's state."""
    row = connection.execute(
        select(
            Item.id,
            Item.merchant_id,
            Merchant.state,
            Item.active,
            Item.points,
            Item.settlement_fen,
            Item.limit_per_person,
            Stock.remaining,
        )
        .join(Stock, Stock.item_id == Item.id)
        .join(Merchant, Merchant.id == Item.merchant_id)
        .where(Item.id == item_id)
    ).first()
    return None if row is None else ItemOffer(*row)


def take_stock(connection: Connection, item_id: int, quantity: int) -> bool:
    """Take pieces from the shelf; False when too few are left."""
    taken = connection.execute(
        update(Stock)
        .where(Stock.item_id == item_id, Stock.remaining >= quantity)
        .values(remaining=Stock.remaining - quantity)
        .returning(Stock.item_id)
    )
    return taken.first() is not None


def add_voucher(connection: Connection, voucher: dict[str, Any], lots: list[LotUse]) -> None:
    """Write an issued voucher and where its points came from."""
    connection.execute(insert(Voucher), voucher)
    connection.execute(
        insert(VoucherLot),
        [
            {"voucher_id": voucher["id"], "expires_on": lot.expires_on, "graced": lot.graced, "points": lot.points}
            for lot in lots
        ],
    )


def end_voucher(connection: Connection, voucher_id: int, state: str, now: int) -> bool:
    """Redeem, cancel or expire: exactly one caller gets True."""
    ended = connection.execute(
        update(Voucher)
        .where(Voucher.id == voucher_id, Voucher.state == "issued")
        .values(state=state, ended_at=now)
        .returning(Voucher.id)
    )
    return ended.first() is not None


def owe_merchant(connection: Connection, merchant_id: int, fen: int) -> None:
    """The programme owes the merchant so much more."""
    connection.execute(
        update(MerchantBalance)
        .where(MerchantBalance.merchant_id == merchant_id)
        .values(payable_fen=MerchantBalance.payable_fen + fen)
    )
