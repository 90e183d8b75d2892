"""Points become a voucher. Its key derives from the master key and is never stored."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from miniprogram_api.books.entries import Caller, Concerns, entry_row
from miniprogram_api.books.facts import CapsAsked, Facts, Standing, facts_for_purse
from miniprogram_api.books.ledger import BalanceChange, add_entries, add_transfers, change_balance, take_lots, use_caps
from miniprogram_api.books.prepared import Writes
from miniprogram_api.books.vouchers import add_voucher, offer_of, take_stock
from miniprogram_api.clock import Clock
from miniprogram_api.db import new_id, standing_alone, use_case
from miniprogram_api.domain.awards import CapUse
from miniprogram_api.domain.calendar import DAY_SECONDS, island_day, yyyymmdd
from miniprogram_api.domain.ledger import hold
from miniprogram_api.domain.lots import spendable, take_from_lots
from miniprogram_api.domain.refusals import IdempotencyConflict, InvalidFields, NotSignedIn, Refusal
from miniprogram_api.domain.vouchers import QUANTITY_MAX, ItemOffer, decide_exchange
from miniprogram_api.models import Entry, Voucher
from miniprogram_api.services.island import Island
from miniprogram_api.services.readable_codes import readable_hash, symbols_of
from scenes.wire.readable_code import format_readable
from scenes.wire.voucher_code import voucher_key


@dataclass(frozen=True)
class Issued:
    """A voucher in its owner's hand. `key` and `readable_code` are None once it can't be redeemed any more."""

    voucher_id: int
    key_id: int
    key: bytes | None
    readable_code: str | None


@dataclass(frozen=True)
class Wish:
    """What a member asks for; `key` is the phone's idempotency key."""

    token_hash: bytes
    item_id: int
    quantity: int
    key: str

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
    facts = facts_for_purse(connection, wish.token_hash, now, CapsAsked([limit], [0]))
    member = facts.member
    if member is None:
        raise NotSignedIn
    offer, today = offer_of(connection, wish.item_id, now), yyyymmdd(island_day(now))
    had = facts.used.get((member.member_id, limit, 0), 0)
    points = decide_exchange(offer, wish.quantity, member.kind, spendable(facts.lots, today), had, island.limits)
    assert offer is not None
    return _hold(connection, wish, offer, facts, points, island, now)


def _hold(
    connection: Connection, wish: Wish, offer: ItemOffer, facts: Facts, points: int, island: Island, now: int
) -> Issued:
    member, voucher_id = facts.member, new_id()
    assert member is not None
    lots = take_from_lots(facts.lots, points, yyyymmdd(island_day(now)))
    assert lots is not None
    row = _voucher_row(wish, offer, member, voucher_id, points, island, now)
    entry = _entry_row(wish, row, member, now)
    writes = Writes(connection)
    add_voucher(writes, row, lots)
    add_entries(writes, [entry], IdempotencyConflict)
    add_transfers(writes, entry["id"], hold(member.member_id, points))
    if offer.limit_per_person is not None:
        use_caps(writes, [_limit_use(member, offer, wish.quantity)])
    take_stock(writes, offer.item_id, wish.quantity)
    take_lots(writes, member.member_id, lots)
    change_balance(writes, BalanceChange(member.member_id, member.version, available=-points, held=points))
    writes.commit()
    return issued(voucher_id, island.keys.voucher_key_id, 0, island)


def limit_name(item_id: int) -> str:
    return f"item:{item_id:x}"


def _limit_use(member: Standing, offer: ItemOffer, quantity: int) -> CapUse:
    assert offer.limit_per_person is not None
    return CapUse(member.member_id, limit_name(offer.item_id), 0, offer.limit_per_person, "uses", quantity)


def _voucher_row(
    wish: Wish, offer: ItemOffer, member: Standing, voucher_id: int, points: int, island: Island, now: int
) -> dict[str, Any]:
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
        "readable_hash": readable_hash(symbols_of(voucher_id, 0, island), island),
        "readable_expires_at": min(expires_at, now + island.limits.readable_code_seconds),
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
        facts = facts_for_purse(connection, wish.token_hash, now)
        if facts.member is None:
            raise NotSignedIn
        entry = connection.execute(
            select(Entry.content, Entry.voucher_id).where(
                Entry.caller_kind == "member", Entry.caller == facts.member.member_id, Entry.key == wish.key
            )
        ).first()
        if entry is None:
            return None
        if entry.voucher_id is None or bytes(entry.content) != wish.content:
            raise IdempotencyConflict
        return _as_it_is_now(connection, entry.voucher_id, island, now)
    finally:
        session.rollback()


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
