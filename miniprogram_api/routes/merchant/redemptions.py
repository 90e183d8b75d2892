"""The counter redeems vouchers and sees today's."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from miniprogram_api.db import db, number_of
from miniprogram_api.queries.merchant_desk import merchant_redemptions, redemption_shown, show_redemption
from miniprogram_api.queries.sessions import MerchantCaller
from miniprogram_api.routes.api import MERCHANT, MERCHANT_TOKEN, Answer, Calls, Problem, caller_language, surroundings
from miniprogram_api.routes.merchant.lookups import CODE_REFUSALS, ShownCode
from miniprogram_api.routes.merchant.shapes import RedemptionAnswer
from miniprogram_api.routes.paging import Page
from miniprogram_api.services.redemptions import Counter, redeem_voucher
from miniprogram_api.services.undos import Undo, undo_redemption

calls = Calls("merchant", "redemptions")


class TodaysRedemptions(Answer):
    count: int
    settlement_fen: int


class Redemptions(Answer):
    data: list[RedemptionAnswer]
    next: str | None
    today: TodaysRedemptions


@calls.post(
    "/merchant/redemptions",
    caller=MERCHANT_TOKEN,
    body=ShownCode,
    keyed="required",
    answer=RedemptionAnswer,
    status=201,
    refuses=CODE_REFUSALS,
)
def create_redemption(token: bytes, body: ShownCode, key: str) -> dict[str, Any]:
    """Redeem a voucher, whole

    A repeat with the same key answers the same redemption.
    """
    here = surroundings()
    redeemed = redeem_voucher(db.session(), Counter(token, body.code, key), here.island, here.clock)
    if redeemed.fresh is not None:
        return redemption_shown(SimpleNamespace(**redeemed.fresh), caller_language())
    return show_redemption(db.session(), redeemed.redemption_id, caller_language())


@calls.post(
    "/merchant/redemptions/<redemption_id>/undo",
    caller=MERCHANT,
    keyed="required",
    answer=RedemptionAnswer,
    status=201,
    refuses=("not_found", "undo_too_late", "idempotency_conflict"),
)
def create_undo(merchant: MerchantCaller, redemption_id: str, key: str) -> dict[str, Any]:
    """Take a redemption back within two minutes

    The voucher can be redeemed again. A repeat with the same key does nothing more.
    """
    here, number = surroundings(), number_of(redemption_id)
    if number is None:
        raise Problem("not_found")
    wish = Undo(merchant.merchant_id, merchant.person_id, number, key)
    undo_redemption(db.session(), wish, here.island, here.clock)
    return show_redemption(db.session(), number, caller_language())


@calls.get("/merchant/redemptions", caller=MERCHANT, query=Page, answer=Redemptions)
def list_redemptions(merchant: MerchantCaller, query: Page) -> dict[str, Any]:
    """This merchant's redemptions, newest first, and today's sum"""
    now = surroundings().clock.now()
    return merchant_redemptions(db.session(), merchant.merchant_id, caller_language(), now, query.cursor, query.limit)
