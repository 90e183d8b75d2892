"""Points become a voucher; its owner's phone draws the code that the counter scans."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Annotated, Any, Literal

from miniprogram_api.db import db, number_of
from miniprogram_api.domain.vouchers import QUANTITY_MAX
from miniprogram_api.queries.sessions import MemberCaller
from miniprogram_api.queries.vouchers import member_voucher, member_vouchers, show_voucher
from miniprogram_api.routes.api import (
    MEMBER,
    MEMBER_TOKEN,
    Answer,
    Body,
    Calls,
    Moment,
    Problem,
    PublicId,
    caller_language,
    surroundings,
    whole,
)
from miniprogram_api.routes.member.shapes import ItemNamed, MerchantNamed
from miniprogram_api.routes.paging import Page
from miniprogram_api.services.readable_codes import next_readable_code
from miniprogram_api.services.refunds import cancel_voucher
from miniprogram_api.services.vouchers import Issued, Wish, exchange_points, issued
from scenes.wire.binary_text import binary_text

NO_ITEM = 0  # ids begin at 1

calls = Calls("member", "vouchers")


class Exchange(Body):
    item_id: PublicId
    quantity: Annotated[int, whole(1, QUANTITY_MAX)]


class VoucherAnswer(Answer):
    """`key` draws the voucher code of each minute and is there while the voucher can be redeemed.

    `readable_code` comes with the exchange only.
    """

    id: PublicId
    key_id: int
    key: str | None
    server_time: Moment
    readable_code: str | None
    state: Literal["issued", "redeemed", "cancelled", "expired"]
    item: ItemNamed
    quantity: int
    points: int
    merchant: MerchantNamed
    created_at: Moment
    expires_at: Moment
    redeemed_at: Moment | None


class Vouchers(Answer):
    data: list[VoucherAnswer]
    next: str | None


class VouchersAsked(Page):
    """`standing`: only those that can be used, or only those that ended."""

    standing: Literal["usable", "ended"] | None = None


class ReadableCodeAnswer(Answer):
    readable_code: str
    expires_at: Moment


@calls.post(
    "/member/vouchers",
    caller=MEMBER_TOKEN,
    body=Exchange,
    keyed="required",
    answer=VoucherAnswer,
    status=201,
    refuses=("not_found", "merchant_suspended", "not_allowed", "out_of_stock", "limit_reached", "points_missing"),
)
def create_voucher(token: bytes, body: Exchange, key: str) -> dict[str, Any]:
    """Exchange points for a voucher

    A repeat with the same key answers the same voucher as it is now.
    """
    here = surroundings()
    wish = Wish(token, number_of(body.item_id) or NO_ITEM, body.quantity, key)
    voucher = exchange_points(db.session(), wish, here.island, here.clock)
    return _handed_out(voucher) | {"readable_code": voucher.readable_code}


@calls.get("/member/vouchers", caller=MEMBER, query=VouchersAsked, answer=Vouchers)
def list_vouchers(member: MemberCaller, query: VouchersAsked) -> dict[str, Any]:
    """My vouchers, newest first"""
    now = surroundings().clock.now()
    usable = None if query.standing is None else query.standing == "usable"
    page = member_vouchers(db.session(), member.member_id, caller_language(), now, query.cursor, query.limit, usable)
    return page | {"data": [_with_key(voucher) for voucher in page["data"]]}


@calls.get("/member/vouchers/<voucher_id>", caller=MEMBER, answer=VoucherAnswer)
def read_voucher(member: MemberCaller, voucher_id: str) -> dict[str, Any]:
    """One voucher of mine"""
    number = number_of(voucher_id)
    if number is None:
        raise Problem("not_found")
    return _shown(member.member_id, number)


@calls.post("/member/vouchers/<voucher_id>/codes", caller=MEMBER, answer=ReadableCodeAnswer, status=201)
def create_readable_code(member: MemberCaller, voucher_id: str) -> dict[str, Any]:
    """A new readable code; the one before ends with it"""
    here, number = surroundings(), number_of(voucher_id)
    if number is None:
        raise Problem("not_found")
    code = next_readable_code(db.session(), member.member_id, number, here.island, here.clock)
    return {"readable_code": code.text, "expires_at": code.expires_at}


@calls.post(
    "/member/vouchers/<voucher_id>/cancel",
    caller=MEMBER,
    keyed="required",
    answer=VoucherAnswer,
    status=201,
    refuses=("voucher_already_redeemed", "voucher_cancelled", "voucher_expired", "idempotency_conflict"),
)
def cancel(member: MemberCaller, voucher_id: str, key: str) -> dict[str, Any]:
    """Give a voucher back

    Its points return to the lots they came from, the piece to its shelf. A repeat with the same key does nothing more.
    """
    here, number = surroundings(), number_of(voucher_id)
    if number is None:
        raise Problem("not_found")
    cancel_voucher(db.session(), member.member_id, number, key, here.island, here.clock)
    return _shown(member.member_id, number)


def _handed_out(voucher: Issued) -> dict[str, Any]:
    """What was just made is known and isn't read again."""
    assert voucher.member_id is not None, "an exchange says whose it was"
    if voucher.fresh is None or voucher.key is None:
        return _shown(voucher.member_id, voucher.voucher_id)
    shown = show_voucher(SimpleNamespace(**voucher.fresh), caller_language(), surroundings().clock.now())
    return shown | {"key": binary_text(voucher.key)}


def _shown(member_id: int, number: int) -> dict[str, Any]:
    now = surroundings().clock.now()
    voucher = member_voucher(db.session(), member_id, number, caller_language(), now)
    if voucher is None:
        raise Problem("not_found")
    return _with_key(voucher)


def _with_key(voucher: dict[str, Any]) -> dict[str, Any]:
    """The voucher with its key, which derives from the master key and is nowhere stored."""
    number = number_of(voucher["id"])
    if voucher["state"] != "issued" or number is None:
        return voucher
    key = issued(number, voucher["key_id"], None, surroundings().island).key
    return voucher | {"key": binary_text(key) if key else None}
