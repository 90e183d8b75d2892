"""The counter looks at a voucher before it redeems it."""

from __future__ import annotations

from typing import Any, Literal

from miniprogram_api.db import db
from miniprogram_api.queries.merchant_desk import voucher_at_counter
from miniprogram_api.routes.api import (
    MERCHANT_TOKEN,
    Answer,
    Body,
    Calls,
    CodeText,
    Moment,
    PublicId,
    caller_language,
    surroundings,
)
from miniprogram_api.routes.merchant.shapes import CounterItem
from miniprogram_api.services.redemptions import Counter, look_up_voucher

calls = Calls("merchant", "lookups")
CODE_REFUSALS = (
    "not_allowed",
    "code_malformed",
    "code_unknown_version",
    "code_signature_invalid",
    "code_expired",
    "not_found",
    "wrong_merchant",
    "merchant_suspended",
    "voucher_already_redeemed",
    "voucher_cancelled",
    "voucher_expired",
    "too_many_tries",
)


class ShownCode(Body):
    """A voucher's live code or its readable code."""

    code: CodeText


class LookupAnswer(Answer):
    """`nickname` is masked."""

    voucher: PublicId
    item: CounterItem
    quantity: int
    settlement_fen: int
    nickname: str
    expires_at: Moment
    state: Literal["issued"]


@calls.post(
    "/merchant/lookups", caller=MERCHANT_TOKEN, body=ShownCode, answer=LookupAnswer, status=201, refuses=CODE_REFUSALS
)
def create_lookup(token: bytes, body: ShownCode) -> dict[str, Any]:
    """What a voucher is good for

    Refuses as a redemption would; redeems nothing.
    """
    here = surroundings()
    voucher_id = look_up_voucher(db.session(), Counter(token, body.code), here.island, here.clock)
    return voucher_at_counter(db.session(), voucher_id, caller_language())
