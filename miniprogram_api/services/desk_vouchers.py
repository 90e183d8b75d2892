"""Vouchers at the desk, for members without a phone: staff know the person, and the voucher leaves on paper."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from miniprogram_api.clock import Clock
from miniprogram_api.db import public_id, transaction, use_case
from miniprogram_api.domain.refusals import NotAllowed, NotFound
from miniprogram_api.models import Item, ItemVersion, Member, Merchant, Voucher
from miniprogram_api.models.vouchers import of_voucher
from miniprogram_api.services.audit import record_act
from miniprogram_api.services.island import Island
from miniprogram_api.services.people import actor_of
from miniprogram_api.services.readable_codes import symbols_of
from miniprogram_api.services.staff_keys import VOUCHER, StaffCall, was_answered_before
from miniprogram_api.services.vouchers import AtDesk, Issued, Wish, exchange_points
from scenes.wire.readable_code import format_readable


@dataclass(frozen=True)
class DeskWish:
    """What a member wants, as the staff enter it; `key` is the console's idempotency key."""

    desk: AtDesk
    item_id: int
    quantity: int
    key: str


@dataclass(frozen=True)
class Slip:
    """What is printed of a voucher; names as {zh, en}, `expires_at` in Unix seconds."""

    readable_code: str
    nickname: str
    item: dict[str, str]
    merchant: dict[str, str]
    place: dict[str, str]
    quantity: int
    points: int
    expires_at: int


def issue_desk_voucher(session: Session, wish: DeskWish, island: Island, clock: Clock) -> Issued:
    """Exchange a member's points for a voucher whose readable code lives as long as it does. A repeat with the same
    key answers the same voucher as it is now.

    Raises NotFound, MerchantSuspended, NotAllowed (why: conflict_of_interest, guest_limit), OutOfStock, LimitReached,
    PointsMissing or IdempotencyConflict; then nothing was held.
    """
    call = _call(wish)
    was_answered_before(session, call)  # for another call; what a repeat is answered, the member's own key says
    return exchange_points(session, Wish(b"", wish.item_id, wish.quantity, _key(wish), wish.desk, call), island, clock)


def _call(wish: DeskWish) -> StaffCall:
    fields = f"{wish.desk.member_id}:{wish.item_id}:{wish.quantity}"
    return StaffCall(wish.desk.person_id, wish.key, VOUCHER, hashlib.sha256(fields.encode("ascii")).digest())


def _key(wish: DeskWish) -> str:
    """The person's key among the member's own, where it can't meet one of the member's phone."""
    fields = f"{wish.desk.person_id}:{wish.desk.member_id}:{wish.key}"
    return f"desk-{hashlib.sha256(fields.encode('ascii')).hexdigest()[:48]}"


@use_case
def print_slip(session: Session, member_id: int, voucher_id: int, person_id: int, island: Island, clock: Clock) -> Slip:
    """What stands on the paper; that it was printed is audited.

    Raises NotFound, NotAllowed (why: slip_ended) for a voucher that can't be redeemed, or not by its first code.
    """
    now = clock.now()
    with transaction(session) as connection:
        slip = _slip(connection, member_id, voucher_id, island, now)
        thing = f"voucher:{public_id(voucher_id)}"
        record_act(connection, actor_of(person_id), "voucher_printed", thing, {"member": public_id(member_id)}, now)
    return slip


def _slip(connection: Connection, member_id: int, voucher_id: int, island: Island, now: int) -> Slip:
    columns = (Voucher.state, Voucher.quantity, Voucher.points, Voucher.expires_at, Voucher.readable_number)
    names = (ItemVersion.name_zh, ItemVersion.name_en, Member.nickname)
    shop = (Merchant.name_zh.label("shop_zh"), Merchant.name_en.label("shop_en"), Merchant.place_zh, Merchant.place_en)
    row = connection.execute(
        select(*columns, Voucher.readable_expires_at, *names, *shop)
        .join(Item, Item.id == Voucher.item_id)
        .join(ItemVersion, of_voucher())
        .join(Merchant, Merchant.id == Voucher.merchant_id)
        .join(Member, Member.id == Voucher.member_id)
        .where(Voucher.id == voucher_id, Voucher.member_id == member_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    lasting = row.readable_number == 0 and row.readable_expires_at == row.expires_at
    if row.state != "issued" or row.expires_at <= now or not lasting:
        raise NotAllowed(why="slip_ended")
    return Slip(
        readable_code=format_readable(symbols_of(voucher_id, 0, island)),
        nickname=row.nickname,
        item={"zh": row.name_zh, "en": row.name_en},
        merchant={"zh": row.shop_zh, "en": row.shop_en},
        place={"zh": row.place_zh, "en": row.place_en},
        quantity=row.quantity,
        points=row.points,
        expires_at=row.expires_at,
    )
