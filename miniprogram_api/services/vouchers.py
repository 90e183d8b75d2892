"""Points become a voucher. Its key derives from the master key and is never stored."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from miniprogram_api.books.audit import add_audit
from miniprogram_api.books.entries import Caller, Concerns, entry_row
from miniprogram_api.books.facts import CapsAsked, Facts, Standing, facts_for_desk, facts_for_exchange, facts_for_purse
from miniprogram_api.books.ledger import BalanceChange, add_entries, add_transfers, change_balance, take_lots, use_caps
from miniprogram_api.books.prepared import Writes
from miniprogram_api.books.staff_keys import add_staff_key
from miniprogram_api.books.vouchers import add_voucher, take_stock
from miniprogram_api.clock import Clock
from miniprogram_api.db import new_id, public_id, standing_alone, use_case
from miniprogram_api.domain.awards import CapUse
from miniprogram_api.domain.calendar import DAY_SECONDS, island_day, yyyymmdd
from miniprogram_api.domain.corrections import check_interest
from miniprogram_api.domain.ledger import hold
from miniprogram_api.domain.lots import spendable, take_from_lots
from miniprogram_api.domain.refusals import IdempotencyConflict, InvalidFields, NotFound, NotSignedIn, Refusal
from miniprogram_api.domain.vouchers import QUANTITY_MAX, ItemOffer, decide_exchange
from miniprogram_api.models import Voucher
from miniprogram_api.services.adjustments import interests_of
from miniprogram_api.services.island import Island
from miniprogram_api.services.people import actor_of
from miniprogram_api.services.readable_codes import readable_hash, symbols_of
from miniprogram_api.services.repeats import use_of_key
from miniprogram_api.services.staff_keys import StaffCall
from scenes.wire.readable_code import format_readable
from scenes.wire.voucher_code import voucher_key


@dataclass(frozen=True)
class Issued:
    """A voucher in its owner's hand. `key` and `readable_code` are None once it can't be redeemed any more; `fresh` is
    its row with the names of item and merchant when it was made just now, None for a repeat."""

    voucher_id: int
    key_id: int
    key: bytes | None
    readable_code: str | None
    member_id: int | None = None
    fresh: dict[str, Any] | None = field(default=None, compare=False)


@dataclass(frozen=True)
class AtDesk:
    """A member without a phone, and who of the staff saw them; `checked` is how they know that it is this person."""

    member_id: int
    person_id: int
    checked: str


@dataclass(frozen=True)
class Wish:
    """What a member asks for; `key` is the phone's idempotency key. At a desk nobody has a token; then `desk` says who
    wants it and who stands in for the phone, and `call` which key of theirs it is."""

    token_hash: bytes
    item_id: int
    quantity: int
    key: str
    desk: AtDesk | None = None
    call: StaffCall | None = None

    @property
    def content(self) -> bytes:
        return hashlib.sha256(f"{self.item_id}:{self.quantity}".encode("ascii")).digest()


@use_case
def exchange_points(session: Session, wish: Wish, island: Island, clock: Clock) -> Issued:
    """Hold points and give a voucher for them. A repeat with the same key answers the same voucher as it is now.

    Raises NotFound, MerchantSuspended, NotAllowed, OutOfStock, LimitReached, PointsMissing or IdempotencyConflict;
    then nothing was held.
    """
    if not 1 <= wish.quantity <= QUANTITY_MAX:
        raise InvalidFields(fields=[{"field": "quantity", "reason": f"1…{QUANTITY_MAX}"}])
    try:
        with standing_alone(session) as connection:
            return _exchange(connection, wish, island, clock.now())
    except Refusal:
        again = _exchanged_before(session, wish, island, clock.now())
        if again is None:
            raise
        return again


def _exchange(connection: Connection, wish: Wish, island: Island, now: int) -> Issued:
    limit = limit_name(wish.item_id)
    asked = CapsAsked([limit], [0])
    facts = _facts(connection, wish, asked, now)
    member = facts.member
    if member is None:
        raise NotFound if wish.desk else NotSignedIn
    if facts.key_used:
        raise IdempotencyConflict  # unless it is a repeat, which is looked for after every refusal
    offer, today = facts.offer, yyyymmdd(island_day(now))
    had = facts.used.get((member.member_id, limit, 0), 0)
    points = decide_exchange(offer, wish.quantity, member.kind, spendable(facts.lots, today), had, island.limits)
    assert offer is not None
    return _hold(connection, wish, offer, facts, points, island, now)


def _facts(connection: Connection, wish: Wish, asked: CapsAsked, now: int) -> Facts:
    if wish.desk is None:
        return facts_for_exchange(connection, wish.token_hash, now, asked, wish.key, wish.item_id)
    check_interest(wish.desk.member_id, interests_of(connection, wish.desk.person_id))
    return facts_for_desk(connection, wish.desk.member_id, now, asked, wish.key, wish.item_id)


def _hold(
    connection: Connection, wish: Wish, offer: ItemOffer, facts: Facts, points: int, island: Island, now: int
) -> Issued:
    member, voucher_id = facts.member, new_id()
    assert member is not None
    lots = take_from_lots(facts.lots, points, yyyymmdd(island_day(now)))
    assert lots is not None
    symbols = symbols_of(voucher_id, 0, island)
    row = _voucher_row(wish, offer, member, points, (voucher_id, readable_hash(symbols, island)), island, now)
    entry = _entry_row(wish, row, member, now)
    writes = Writes(connection)
    if wish.call is not None:
        add_staff_key(writes, wish.call.row(now))
    add_voucher(writes, row, lots)
    add_entries(writes, [entry], IdempotencyConflict)
    add_transfers(writes, entry["id"], hold(member.member_id, points))
    if offer.limit_per_person is not None:
        use_caps(writes, [_limit_use(member, offer, wish.quantity)])
    take_stock(writes, offer.item_id, wish.quantity)
    take_lots(writes, member.member_id, lots)
    if wish.desk is not None:
        _record_desk(writes, wish.desk, row, now)
    change_balance(writes, BalanceChange(member.member_id, member.version, available=-points, held=points))
    writes.commit()
    fresh = {**row, **facts.names, "redeemed_at": None}
    key = issued(voucher_id, island.keys.voucher_key_id, None, island).key
    return Issued(voucher_id, row["key_id"], key, format_readable(symbols), member.member_id, fresh)


def _record_desk(writes: Writes, desk: AtDesk, voucher: dict[str, Any], now: int) -> None:
    """That the person was checked, and what they were given."""
    actor, member = actor_of(desk.person_id), f"member:{public_id(desk.member_id)}"
    add_audit(writes, actor, "person_checked", member, {"how": desk.checked}, now)
    detail = {"member": public_id(desk.member_id), "points": voucher["points"], "quantity": voucher["quantity"]}
    add_audit(writes, actor, "voucher_issued_at_desk", f"voucher:{public_id(voucher['id'])}", detail, now)


def limit_name(item_id: int) -> str:
    return f"item:{item_id:x}"


def _limit_use(member: Standing, offer: ItemOffer, quantity: int) -> CapUse:
    assert offer.limit_per_person is not None
    return CapUse(member.member_id, limit_name(offer.item_id), 0, offer.limit_per_person, "uses", quantity)


def _voucher_row(
    wish: Wish, offer: ItemOffer, member: Standing, points: int, ids: tuple[int, bytes], island: Island, now: int
) -> dict[str, Any]:
    """`ids`: the voucher's id and the hash of its first readable code."""
    voucher_id, readable = ids
    expires_at = now + island.limits.voucher_days * DAY_SECONDS
    return {
        "id": voucher_id,
        "member_id": member.member_id,
        "item_id": offer.item_id,
        "merchant_id": offer.merchant_id,
        "quantity": wish.quantity,
        "points": points,
        "settlement_fen": offer.settlement_fen * wish.quantity,
        "state": "issued",
        "key_id": island.keys.voucher_key_id,
        "readable_number": 0,
        "readable_hash": readable,
        # On paper nobody can ask for the next one.
        "readable_expires_at": expires_at if wish.desk else min(expires_at, now + island.limits.readable_code_seconds),
        "created_at": now,
        "expires_at": expires_at,
        "ended_at": None,
        "redemptions": 0,
        "item_version": offer.version,
    }


def _entry_row(wish: Wish, voucher: dict[str, Any], member: Standing, now: int) -> dict[str, Any]:
    caller = Caller("member", member.member_id, wish.key, wish.content)
    concerns = Concerns(
        now,
        member.member_id,
        member.salt_key,
        merchant_id=voucher["merchant_id"],
        voucher_id=voucher["id"],
    )
    return entry_row("exchange", caller, concerns, now, {"quantity": wish.quantity, "points": voucher["points"]})


def _exchanged_before(session: Session, wish: Wish, island: Island, now: int) -> Issued | None:
    """The voucher that this key was used for; raises NotSignedIn, or IdempotencyConflict for another content."""
    connection = session.connection()
    try:
        member_id = _asker(connection, wish, now)
        use = use_of_key(connection, Caller("member", member_id, wish.key))
        if use is None:
            return None
        if use.voucher_id is None or use.content != wish.content:
            raise IdempotencyConflict
        mine = _as_it_is_now(connection, use.voucher_id, island, now)
        return replace(mine, member_id=member_id)
    finally:
        session.rollback()


def _asker(connection: Connection, wish: Wish, now: int) -> int:
    if wish.desk is not None:
        return wish.desk.member_id
    facts = facts_for_purse(connection, wish.token_hash, now)
    if facts.member is None:
        raise NotSignedIn
    return facts.member.member_id


def _as_it_is_now(connection: Connection, voucher_id: int, island: Island, now: int) -> Issued:
    voucher = connection.execute(
        select(Voucher.state, Voucher.key_id, Voucher.readable_number, Voucher.readable_expires_at).where(
            Voucher.id == voucher_id
        )
    ).one()
    if voucher.state != "issued":
        return Issued(voucher_id, voucher.key_id, None, None)
    first_code_stands = voucher.readable_number == 0 and voucher.readable_expires_at > now
    return issued(voucher_id, voucher.key_id, 0 if first_code_stands else None, island)


def issued(voucher_id: int, key_id: int, number: int | None, island: Island) -> Issued:
    """The voucher with its key, and its readable code of that number."""
    key = voucher_key(island.keys.voucher_masters[key_id], voucher_id.to_bytes(8, "big"))
    readable = None if number is None else format_readable(symbols_of(voucher_id, number, island))
    return Issued(voucher_id, key_id, key, readable)
