"""The counter: a voucher is looked up and redeemed by its live code or its readable one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select, update
from sqlalchemy.orm import Session

from miniprogram_api.books.entries import Caller, Concerns, entry_row
from miniprogram_api.books.ledger import BalanceChange, add_entries, add_transfers, change_balance
from miniprogram_api.books.prepared import Writes
from miniprogram_api.books.vouchers import add_redemption, end_voucher, owe_merchant, seen_at_counter
from miniprogram_api.clock import Clock
from miniprogram_api.db import new_id, standing_alone, transaction, use_case
from miniprogram_api.domain.ledger import redemption
from miniprogram_api.domain.refusals import (
    CodeExpired,
    CodeMalformed,
    IdempotencyConflict,
    NotAllowed,
    NotFound,
    NotSignedIn,
    Refusal,
    TooManyTries,
)
from miniprogram_api.domain.vouchers import VoucherState, decide_redemption
from miniprogram_api.models import Entry, MerchantSession, Redemption
from miniprogram_api.services.codes import open_voucher
from miniprogram_api.services.island import Island
from miniprogram_api.services.readable_codes import readable_hash
from scenes.wire.errors import CodeRefused
from scenes.wire.readable_code import normalise_readable
from scenes.wire.voucher_code import minute_matches

READABLE_LENGTH_MAX = 20  # twelve symbols with hyphens and blanks; a live code has 48 symbols


@dataclass(frozen=True)
class Counter:
    """The session at a merchant's counter that shows a code."""

    token_hash: bytes
    code_text: str
    key: str | None = None  # look-ups have none


@dataclass(frozen=True)
class Redeemed:
    """A redemption; `fresh` is its row with the item's names when it was made just now, None for a repeat."""

    redemption_id: int
    fresh: dict[str, Any] | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Shown:
    """What a code names: a voucher's id, or the hash of its readable code; None for an id that no voucher can have.
    `fresh`: a live code is in its minute."""

    voucher: int | bytes | None
    fresh: bool


@use_case
def look_up_voucher(session: Session, counter: Counter, island: Island, clock: Clock) -> int:
    """The id of a voucher that this counter may redeem now. Raises the refusal that a redemption would meet."""
    now = clock.now()
    try:
        voucher = _found(session.connection(), counter, island, now)
    except Refusal as refusal:
        session.rollback()
        _count_wrong_code(session, counter, refusal, island, now)
        raise
    session.rollback()
    return int(voucher["id"])


@use_case
def redeem_voucher(session: Session, counter: Counter, island: Island, clock: Clock) -> Redeemed:
    """Redeem the voucher and owe the merchant its fen.

    A repeat with the same key answers the same redemption. Raises the refusal of decide_redemption and of opening a
    code, NotFound for a code that no voucher has, TooManyTries after ten of those.
    """
    now = clock.now()
    try:
        with standing_alone(session) as connection:
            return _redeem(connection, counter, _found(connection, counter, island, now), now)
    except Refusal as refusal:
        again = _redeemed_before(session, counter, island, now)
        if again is not None:
            return Redeemed(again)
        _count_wrong_code(session, counter, refusal, island, now)
        raise


def _found(connection: Connection, counter: Counter, island: Island, now: int) -> dict[str, Any]:
    """What the counter sees of the voucher, if it may redeem it now."""
    shown, seen = _look(connection, counter, island, now)
    if seen["id"] is None:
        raise NotFound
    if not shown.fresh or (isinstance(shown.voucher, bytes) and seen["readable_expires_at"] <= now):
        raise CodeExpired(way_on="show_the_code_again")
    state = VoucherState(
        seen["merchant_id"], seen["merchant_state"], seen["state"], seen["expires_at"], seen["ended_at"]
    )
    decide_redemption(state, seen["desk_merchant_id"], now)
    return seen


def _look(connection: Connection, counter: Counter, island: Island, now: int) -> tuple[Shown, dict[str, Any]]:
    """What the code says, and the session with the voucher that it names. Raises the session's refusal before the
    code's."""
    try:
        shown = _read(counter.code_text, island, now)
    except Refusal:
        _desk(connection, counter, now, None)
        raise
    return shown, _desk(connection, counter, now, shown.voucher)


def _desk(connection: Connection, counter: Counter, now: int, voucher: int | bytes | None) -> dict[str, Any]:
    seen = seen_at_counter(connection, counter.token_hash, now, voucher)
    if seen is None:
        raise NotSignedIn
    if seen["once_until"] is not None:
        raise NotAllowed(why="password_change")
    if seen["locked_until"] > now:
        raise TooManyTries(retry_after=seen["locked_until"] - now)
    return seen


def _read(text: str, island: Island, now: int) -> Shown:
    if len(text.strip()) <= READABLE_LENGTH_MAX:
        try:
            return Shown(readable_hash(normalise_readable(text.replace(" ", "")), island), True)
        except CodeRefused as refused:
            raise CodeMalformed from refused
    code = open_voucher(text, island)
    voucher_id = int.from_bytes(code.voucher, "big")
    return Shown(voucher_id if voucher_id < 1 << 63 else None, minute_matches(code, now))


def _redeem(connection: Connection, counter: Counter, voucher: dict[str, Any], now: int) -> Redeemed:
    """Claim the voucher, then book it: held points are used up, the merchant is owed the item's fen."""
    entry, redemption_id = _entry_row(counter, voucher, now), new_id()
    member_id, merchant_id, fen = voucher["member_id"], voucher["merchant_id"], voucher["settlement_fen"]
    row = {
        "id": redemption_id,
        "voucher_id": voucher["id"],
        "number": voucher["redemptions"] + 1,
        "merchant_id": merchant_id,
        "person_id": voucher["person_id"],
        "entry_id": entry["id"],
        "settlement_fen": fen,
        "redeemed_at": now,
    }
    writes = Writes(connection)
    end_voucher(writes, voucher["id"], "redeemed", now)
    add_entries(writes, [entry], IdempotencyConflict)
    add_transfers(writes, entry["id"], redemption(member_id, merchant_id, voucher["points"], fen))
    add_redemption(writes, row)
    change_balance(writes, BalanceChange(member_id, voucher["member_version"], held=-voucher["points"]))
    owe_merchant(writes, merchant_id, fen)
    writes.commit()
    return Redeemed(redemption_id, {**voucher, **row, "undone_at": None})


def _entry_row(counter: Counter, voucher: dict[str, Any], now: int) -> dict[str, Any]:
    content = voucher["id"].to_bytes(8, "big")
    concerns = Concerns(
        now,
        voucher["member_id"],
        bytes(voucher["salt_key"] or b""),
        merchant_id=voucher["merchant_id"],
        voucher_id=voucher["id"],
    )
    shown = {"quantity": voucher["quantity"], "points": voucher["points"], "fen": voucher["settlement_fen"]}
    return entry_row("redeem", Caller("merchant", voucher["person_id"], counter.key, content), concerns, now, shown)


def _redeemed_before(session: Session, counter: Counter, island: Island, now: int) -> int | None:
    """The redemption that this counter's key was used for; raises IdempotencyConflict for anything else."""
    connection = session.connection()
    try:
        desk = _desk(connection, counter, now, None)
        row = connection.execute(
            select(Redemption.id, Redemption.voucher_id)
            .select_from(Entry)
            .outerjoin(Redemption, Redemption.entry_id == Entry.id)
            .where(Entry.caller_kind == "merchant", Entry.caller == desk["person_id"], Entry.key == counter.key)
        ).first()
        if row is None:
            return None
        _, seen = _look(connection, counter, island, now)
        if seen["id"] is None or seen["id"] != row.voucher_id:
            raise IdempotencyConflict
        return int(row.id)
    finally:
        session.rollback()


def _count_wrong_code(session: Session, counter: Counter, refusal: Refusal, island: Island, now: int) -> None:
    """A readable code with a right check symbol that no voucher has is a try; ten lock this session for an hour."""
    if not isinstance(refusal, NotFound) or len(counter.code_text.strip()) > READABLE_LENGTH_MAX:
        return
    mine = MerchantSession.token_hash == counter.token_hash
    with transaction(session) as connection:
        wrong = connection.execute(
            update(MerchantSession)
            .where(mine)
            .values(wrong_codes=MerchantSession.wrong_codes + 1)
            .returning(MerchantSession.wrong_codes)
        ).scalar()
        if wrong is not None and wrong >= island.limits.wrong_codes:
            locked_until = now + island.limits.lock_seconds
            connection.execute(update(MerchantSession).where(mine).values(wrong_codes=0, locked_until=locked_until))
