"""A redemption taken back at the counter within two minutes: the voucher can be redeemed again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from miniprogram_api.books.entries import Caller, Concerns, entry_row
from miniprogram_api.books.ledger import BalanceChange, add_entries, add_transfers, change_balance
from miniprogram_api.books.prepared import Writes
from miniprogram_api.books.vouchers import add_undo, owe_less, reopen_voucher
from miniprogram_api.clock import Clock
from miniprogram_api.db import standing_alone, use_case
from miniprogram_api.domain.forgetting import check_remembered
from miniprogram_api.domain.ledger import undo
from miniprogram_api.domain.refusals import IdempotencyConflict, NotFound, Refusal
from miniprogram_api.domain.vouchers import decide_undo
from miniprogram_api.models import Member, MemberBalance, Redemption, RedemptionUndo, Voucher
from miniprogram_api.services.island import Island
from miniprogram_api.services.repeats import key_was_answered


@dataclass(frozen=True)
class Undo:
    """Who takes which redemption back, with which key."""

    merchant_id: int
    person_id: int
    redemption_id: int
    key: str

    @property
    def caller(self) -> Caller:
        content = hashlib.sha256(b"undo" + self.redemption_id.to_bytes(8, "big")).digest()
        return Caller("merchant", self.person_id, self.key, content)


@use_case
def undo_redemption(session: Session, wish: Undo, island: Island, clock: Clock) -> None:
    """Take a redemption back. A repeat with the same key does nothing more.

    Raises NotFound for another merchant's, UndoTooLate after two minutes or a second time, IdempotencyConflict,
    NotAllowed (why: member_forgotten).
    """
    try:
        with standing_alone(session) as connection:
            found = _redemption(connection, wish)
            check_remembered(found["salt_key"])  # the points would come back to nobody
            decide_undo(found["redeemed_at"], found["undone_at"] is not None, clock.now(), island.limits)
            _take_back(Writes(connection), wish, found, clock.now())
    except Refusal:
        if not key_was_answered(session, wish.caller):
            raise


def _redemption(connection: Connection, wish: Undo) -> dict[str, Any]:
    row = (
        connection.execute(
            select(
                Redemption.voucher_id,
                Redemption.number,
                Redemption.redeemed_at,
                RedemptionUndo.undone_at,
                Voucher.member_id,
                Voucher.quantity,
                Voucher.points,
                Voucher.settlement_fen,
                MemberBalance.version,
                Member.salt_key,
            )
            .join(Voucher, Voucher.id == Redemption.voucher_id)
            .join(MemberBalance, MemberBalance.member_id == Voucher.member_id)
            .join(Member, Member.id == Voucher.member_id)
            .outerjoin(RedemptionUndo, RedemptionUndo.redemption_id == Redemption.id)
            .where(Redemption.id == wish.redemption_id, Redemption.merchant_id == wish.merchant_id)
        )
        .mappings()
        .first()
    )
    if row is None:
        raise NotFound
    return dict(row)


def _take_back(writes: Writes, wish: Undo, found: dict[str, Any], now: int) -> None:
    member_id, points, fen = found["member_id"], found["points"], found["settlement_fen"]
    concerns = Concerns(
        now,
        member_id,
        bytes(found["salt_key"] or b""),
        merchant_id=wish.merchant_id,
        voucher_id=found["voucher_id"],
    )
    shown = {"quantity": found["quantity"], "points": points, "fen": fen}
    entry = entry_row("reverse", wish.caller, concerns, now, shown)
    reopen_voucher(writes, found["voucher_id"], found["number"])
    add_entries(writes, [entry], IdempotencyConflict)
    add_transfers(writes, entry["id"], undo(member_id, wish.merchant_id, points, fen))
    row = {"redemption_id": wish.redemption_id, "person_id": wish.person_id, "entry_id": entry["id"], "undone_at": now}
    add_undo(writes, row)
    change_balance(writes, BalanceChange(member_id, found["version"], held=points))
    owe_less(writes, wish.merchant_id, fen)
    writes.commit()
