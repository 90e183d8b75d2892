"""The desk gives a voucher on paper to a member without a phone."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from flask import Response

from miniprogram_api.db import db, number_of
from miniprogram_api.domain.refusals import InvalidFields, NotFound
from miniprogram_api.domain.vouchers import QUANTITY_MAX
from miniprogram_api.queries.sessions import StaffCaller
from miniprogram_api.queries.vouchers import member_voucher
from miniprogram_api.routes.api import (
    STAFF,
    Answer,
    Body,
    Calls,
    Moment,
    PublicId,
    caller_language,
    surroundings,
    whole,
)
from miniprogram_api.routes.member.shapes import ItemNamed, MerchantNamed
from miniprogram_api.routes.staff.voucher_slip import voucher_slip
from miniprogram_api.services.desk_vouchers import DeskWish, issue_desk_voucher, print_slip
from miniprogram_api.services.vouchers import AtDesk

calls = Calls("staff", "desk_vouchers")


class DeskExchange(Body):
    """`checked`: how the staff know that it is this person; it is recorded."""

    item_id: PublicId
    quantity: Annotated[int, whole(1, QUANTITY_MAX)]
    checked: Literal["identity_card", "resident_card", "known_in_person"]


class DeskVoucher(Answer):
    """`readable_code` is null once the voucher can't be redeemed any more."""

    id: PublicId
    readable_code: str | None
    state: Literal["issued", "redeemed", "cancelled", "expired"]
    item: ItemNamed
    quantity: int
    points: int
    merchant: MerchantNamed
    created_at: Moment
    expires_at: Moment


@calls.post(
    "/staff/members/<member_id>/vouchers",
    caller=STAFF,
    body=DeskExchange,
    keyed="required",
    answer=DeskVoucher,
    status=201,
    refuses=("not_allowed", "merchant_suspended", "out_of_stock", "limit_reached", "points_missing"),
)
def create_desk_voucher(person: StaffCaller, member_id: str, body: DeskExchange, key: str) -> dict[str, Any]:
    """Exchange a member's points at the desk

    The person was checked, which is recorded. The readable code lives as long as the voucher. A repeat with the same
    key answers the same voucher as it is now.
    """
    here, member, item = surroundings(), _number(member_id), number_of(body.item_id)
    if item is None:
        raise InvalidFields(fields=[{"field": "item_id", "reason": "no such id"}])
    wish = DeskWish(AtDesk(member, person.person_id, body.checked), item, body.quantity, key)
    issued = issue_desk_voucher(db.session(), wish, here.island, here.clock)
    shown = member_voucher(db.session(), member, issued.voucher_id, caller_language(), here.clock.now())
    assert shown is not None, "it was issued to this member"
    return shown | {"readable_code": issued.readable_code}


@calls.post("/staff/members/<member_id>/vouchers/<voucher_id>/slip", caller=STAFF, status=200, refuses=("not_allowed",))
def print_voucher_slip(person: StaffCaller, member_id: str, voucher_id: str) -> Response:
    """The voucher of the desk as PDF, to hand out"""
    here, settings = surroundings(), surroundings().settings
    member, voucher = _number(member_id), _number(voucher_id)
    slip = print_slip(db.session(), member, voucher, person.person_id, here.island, here.clock)
    pdf = voucher_slip(slip, settings.island_name, settings.help_contact)
    headers = {"Content-Disposition": 'attachment; filename="voucher.pdf"'}
    return Response(pdf, 200, headers, content_type="application/pdf")


def _number(text: str) -> int:
    number = number_of(text)
    if number is None:
        raise NotFound
    return number
