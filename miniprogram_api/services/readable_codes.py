"""Readable codes of vouchers: derived, looked up by a keyed hash, each one ending the one before."""

from __future__ import annotations

import hmac
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from miniprogram_api.clock import Clock
from miniprogram_api.db import TryAgain, transaction, use_case
from miniprogram_api.domain.refusals import NotFound
from miniprogram_api.models import Voucher
from miniprogram_api.services.island import Island
from scenes.wire.readable_code import format_readable, readable_symbols

READABLE_NUMBER_MAX = 65_535  # two bytes on the wire


@dataclass(frozen=True)
class ReadableCode:
    text: str
    expires_at: int  # Unix seconds


def symbols_of(voucher_id: int, number: int, island: Island) -> str:
    """The symbols of a voucher's readable code of that number, without the check symbol."""
    return readable_symbols(island.keys.readable_code, voucher_id.to_bytes(8, "big"), number)


def readable_hash(symbols: str, island: Island) -> bytes:
    """What a readable code is looked up by: HMAC-SHA-256(pepper, symbols)."""
    return hmac.digest(island.keys.readable_pepper, symbols.encode("ascii"), "sha256")


@use_case
def next_readable_code(session: Session, member_id: int, voucher_id: int, island: Island, clock: Clock) -> ReadableCode:
    """Make the next readable code of a member's voucher and end the one before.

    Raises NotFound when the member has no such voucher that can still be redeemed.
    """
    now = clock.now()
    with transaction(session) as connection:
        voucher = connection.execute(
            select(Voucher.readable_number, Voucher.expires_at).where(
                Voucher.id == voucher_id,
                Voucher.member_id == member_id,
                Voucher.state == "issued",
                Voucher.expires_at > now,
                Voucher.readable_number < READABLE_NUMBER_MAX,
            )
        ).first()
        if voucher is None:
            raise NotFound
        number = voucher.readable_number + 1
        symbols = symbols_of(voucher_id, number, island)
        expires_at = min(voucher.expires_at, now + island.limits.readable_code_seconds)
        changed = connection.execute(
            update(Voucher)
            .where(Voucher.id == voucher_id, Voucher.readable_number == number - 1, Voucher.state == "issued")
            .values(
                readable_number=number, readable_hash=readable_hash(symbols, island), readable_expires_at=expires_at
            )
            .returning(Voucher.id)
        )
        if changed.first() is None:
            raise TryAgain
    return ReadableCode(format_readable(symbols), expires_at)
