"""Rows of vouchers, stock and what is owed to merchants. Scarce things are claimed by a conditional write."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, LargeBinary, String, bindparam, join, null, select, update

from miniprogram_api.books.ledger import insert_all, insert_new, number
from miniprogram_api.books.prepared import Prepared, Writes, execute_all
from miniprogram_api.db import TryAgain
from miniprogram_api.domain.lots import LotUse
from miniprogram_api.models import (
    ItemVersion,
    Member,
    MemberBalance,
    Merchant,
    MerchantBalance,
    MerchantPerson,
    MerchantSession,
    Stock,
    Voucher,
)
from miniprogram_api.models.vouchers import of_voucher

# What decides about a redemption and what its entry and its answer show.
_SEEN = {
    "desk_merchant_id": MerchantSession.merchant_id,
    "person_id": MerchantSession.person_id,
    "locked_until": MerchantSession.locked_until,
    "once_until": MerchantPerson.once_until,
    "id": Voucher.id,
    "member_id": Voucher.member_id,
    "item_id": Voucher.item_id,
    "merchant_id": Voucher.merchant_id,
    "quantity": Voucher.quantity,
    "points": Voucher.points,
    "settlement_fen": Voucher.settlement_fen,
    "state": Voucher.state,
    "readable_expires_at": Voucher.readable_expires_at,
    "expires_at": Voucher.expires_at,
    "ended_at": Voucher.ended_at,
    "redemptions": Voucher.redemptions,
    "merchant_state": Merchant.state,
    "member_version": MemberBalance.version,
    "salt_key": Member.salt_key,
    "name_zh": ItemVersion.name_zh,
    "name_en": ItemVersion.name_en,
    "icon": ItemVersion.icon,
}


def _seen_by(which: Any) -> Prepared:
    """The counter's session, and beside it the voucher that `which` finds."""
    voucher = (
        join(Voucher, Merchant, Merchant.id == Voucher.merchant_id)
        .join(MemberBalance, MemberBalance.member_id == Voucher.member_id)
        .join(Member, Member.id == Voucher.member_id)
        .join(ItemVersion, of_voucher())
    )
    statement = (
        select(*(column.label(f"seen_{name}") for name, column in _SEEN.items()))
        .select_from(MerchantSession)
        .join(MerchantPerson, MerchantPerson.id == MerchantSession.person_id)
        .outerjoin(voucher, which)
        .where(
            MerchantSession.token_hash == bindparam("token_hash", type_=LargeBinary),
            MerchantSession.revoked_at.is_(None),
            MerchantSession.expires_at > number("now"),
            MerchantPerson.blocked_at.is_(None),
        )
    )
    return Prepared(lambda dialect, rows: statement)


_BY_ID = _seen_by(Voucher.id == number("voucher"))
_BY_HASH = _seen_by(Voucher.readable_hash == bindparam("voucher", type_=LargeBinary))


def seen_at_counter(
    connection: Connection, token_hash: bytes, now: int, voucher: int | bytes | None
) -> dict[str, Any] | None:
    """What a counter's session sees of a voucher, by its id or by its readable code's hash, as one row: None without a
    session that is good now, and `id` is None where no voucher is found."""
    prepared = _BY_HASH if isinstance(voucher, bytes) else _BY_ID
    values = {"token_hash": token_hash, "now": now, "voucher": voucher}
    [rows] = execute_all(connection, [prepared.statement(connection, values)])
    return dict(zip(_SEEN, rows[0], strict=True)) if rows else None


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


# On PostgreSQL the merchant's row is held until the commit: a suspension under way is waited for and then seen, and one
# that comes later waits for us. SQLite has one writer.
_WORKING = select(Merchant.id).where(Merchant.id == number("merchant"), Merchant.state == "active")
_OWE_WORKING = Prepared(
    lambda dialect, rows: (
        update(MerchantBalance)
        .where(MerchantBalance.merchant_id == _WORKING.with_for_update(read=True).scalar_subquery())
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
