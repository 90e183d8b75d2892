"""Rows of vouchers, stock and what is owed to merchants. Scarce things are claimed by a conditional write."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, String, and_, bindparam, exists, null, select, update

from miniprogram_api.books.ledger import insert_all, insert_new, number
from miniprogram_api.books.prepared import Prepared, Writes, execute_all
from miniprogram_api.db import TryAgain
from miniprogram_api.domain.lots import LotUse
from miniprogram_api.domain.vouchers import ItemOffer
from miniprogram_api.models import Item, ItemVersion, Merchant, MerchantBalance, Stock, Voucher
from miniprogram_api.models.items import version_in_force

_OFFER = Prepared(
    lambda dialect, rows: (
        select(
            Item.id,
            Item.merchant_id,
            Merchant.state,
            ItemVersion.version,
            ItemVersion.active,
            ItemVersion.points,
            ItemVersion.settlement_fen,
            ItemVersion.limit_per_person,
            Stock.remaining,
        )
        .select_from(Item)
        .join(
            ItemVersion,
            and_(ItemVersion.item_id == Item.id, ItemVersion.version == version_in_force(number("now"))),
        )
        .join(Stock, Stock.item_id == Item.id)
        .join(Merchant, Merchant.id == Item.merchant_id)
        .where(Item.id == number("item"))
    )
)


def offer_of(connection: Connection, item_id: int, now: int) -> ItemOffer | None:
    """The item as its version in force has it, with its stock and its merchant's state."""
    [rows] = execute_all(connection, [_OFFER.statement(connection, {"item": item_id, "now": now})])
    return ItemOffer(*rows[0]) if rows else None


_STOCK = Prepared(
    lambda dialect, rows: (
        update(Stock)
        .where(Stock.item_id == number("item"), Stock.remaining >= number("taken"))
        .values(remaining=Stock.remaining - number("taken"))
        .returning(Stock.item_id)
    )
)


def take_stock(writes: Writes, item_id: int, quantity: int) -> None:
    """Take pieces from the shelf; TryAgain when somebody took the last ones in between."""
    writes.change(_STOCK, {"item": item_id, "taken": quantity}, TryAgain)


_PUT_BACK = Prepared(
    lambda dialect, rows: (
        update(Stock)
        .where(Stock.item_id == number("item"))
        .values(remaining=Stock.remaining + number("returned"))
        .returning(Stock.item_id)
    )
)


def put_back_stock(writes: Writes, item_id: int, quantity: int) -> None:
    """Pieces of a voucher that was not redeemed go back on the shelf."""
    writes.change(_PUT_BACK, {"item": item_id, "returned": quantity}, AssertionError)


_VOUCHERS, _VOUCHER_LOTS = insert_all("vouchers"), insert_all("voucher_lots")


def add_voucher(writes: Writes, voucher: dict[str, Any], lots: list[LotUse]) -> None:
    """Write an issued voucher and where its points came from."""
    writes.insert(_VOUCHERS, [voucher])
    rows = [
        {"voucher_id": voucher["id"], "expires_on": lot.expires_on, "graced": lot.graced, "points": lot.points}
        for lot in lots
    ]
    writes.insert(_VOUCHER_LOTS, rows)


_END = Prepared(
    lambda dialect, rows: (
        update(Voucher)
        .where(Voucher.id == number("voucher"), Voucher.state == "issued")
        .values(
            state=bindparam("ended", type_=String()),
            ended_at=number("now"),
            redemptions=Voucher.redemptions + number("redeemed"),
        )
        .returning(Voucher.id)
    )
)


_REOPEN = Prepared(
    lambda dialect, rows: (
        update(Voucher)
        .where(Voucher.id == number("voucher"), Voucher.state == "redeemed", Voucher.redemptions == number("times"))
        .values(state="issued", ended_at=null())
        .returning(Voucher.id)
    )
)


def reopen_voucher(writes: Writes, voucher_id: int, redemptions: int) -> None:
    """A redemption was undone: the voucher can be redeemed again. TryAgain when somebody undid it first."""
    writes.change(_REOPEN, {"voucher": voucher_id, "times": redemptions}, TryAgain)


def end_voucher(writes: Writes, voucher_id: int, state: str, now: int) -> None:
    """Redeem, cancel or expire: exactly one caller gets through, the others TryAgain and then see why not."""
    redeemed = 1 if state == "redeemed" else 0
    writes.change(_END, {"voucher": voucher_id, "ended": state, "now": now, "redeemed": redeemed}, TryAgain)


_REDEMPTIONS = insert_new("redemptions", "id")


def add_redemption(writes: Writes, redemption: dict[str, Any]) -> None:
    """TryAgain when the voucher was redeemed in between."""
    writes.insert(_REDEMPTIONS, [redemption], TryAgain)


_UNDOS = insert_new("redemption_undos", "redemption_id")


def add_undo(writes: Writes, undo: dict[str, Any]) -> None:
    """TryAgain when the redemption was taken back in between."""
    writes.insert(_UNDOS, [undo], TryAgain)


_OWE = Prepared(
    lambda dialect, rows: (
        update(MerchantBalance)
        .where(MerchantBalance.merchant_id == number("merchant"))
        .values(payable_fen=MerchantBalance.payable_fen + number("more_fen"))
        .returning(MerchantBalance.merchant_id)
    )
)


_OWE_WORKING = Prepared(
    lambda dialect, rows: (
        update(MerchantBalance)
        .where(
            MerchantBalance.merchant_id == number("merchant"),
            exists().where(Merchant.id == number("merchant"), Merchant.state == "active"),
        )
        .values(payable_fen=MerchantBalance.payable_fen + number("more_fen"))
        .returning(MerchantBalance.merchant_id)
    )
)


def owe_merchant(writes: Writes, merchant_id: int, fen: int) -> None:
    """The programme owes the merchant so much more. TryAgain when it was suspended in between."""
    writes.change(_OWE_WORKING, {"merchant": merchant_id, "more_fen": fen}, TryAgain)


def owe_less(writes: Writes, merchant_id: int, fen: int) -> None:
    """A redemption was undone: the programme owes the merchant so much less, whether or not it works."""
    writes.change(_OWE, {"merchant": merchant_id, "more_fen": -fen}, AssertionError)
