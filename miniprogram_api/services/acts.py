"""An act that was decided goes into the books: the claim first, the member's balance row last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from miniprogram_api.books.entries import Caller, Concerns, entry_row
from miniprogram_api.books.facts import Facts, Standing
from miniprogram_api.books.ledger import (
    BalanceChange,
    add_entries,
    add_transfers,
    change_balance,
    claim_acts,
    grant_lots,
    note_lot_moves,
    use_caps,
)
from miniprogram_api.books.prepared import Writes
from miniprogram_api.db import new_id
from miniprogram_api.domain.awards import Award, nights_text
from miniprogram_api.domain.balances import BalanceShown, balance_shown
from miniprogram_api.domain.calendar import points_last_day
from miniprogram_api.domain.debts import pay_debt
from miniprogram_api.domain.ledger import earning
from miniprogram_api.domain.lots import LotState, LotUse
from miniprogram_api.domain.refusals import CodeAlreadyUsed, IdempotencyConflict
from miniprogram_api.services.arrivals import Arrived, boarding_of, content_of
from scenes.wire.kinds import KIND_GROUP


@dataclass(frozen=True)
class Scanned:
    """The act as it is stored, the member's balance after it, and how many of its points went into a debt."""

    act: dict[str, Any]
    balance: BalanceShown
    debt_paid: int = 0


def record_act(writes: Writes, arrived: Arrived, facts: Facts, award: Award, twin: bool) -> Scanned:
    """Write the act and all that follows from it, and commit.

    Raises CodeAlreadyUsed or IdempotencyConflict when another act holds the code or the key, TryAgain when the
    member's books or a limit moved since they were read.
    """
    member = facts.member
    assert member is not None
    act, lots = _act_row(arrived, member, award, twin), facts.lots
    entry = None if award.state == "pending" else _entry_row(arrived, member, act)
    act["entry_id"] = entry and entry["id"]
    claim_acts(writes, [act], CodeAlreadyUsed)
    if entry is not None:
        lots = [*lots, *_book(writes, arrived, member, award, entry)]
    paid = min(member.debt, award.points)
    change = BalanceChange(
        member.member_id,
        member.version,
        available=award.points - paid,
        debt=-paid,
        reduction_grams=award.reduction_grams,
    )
    change_balance(writes, change)
    writes.commit()
    available, debt = member.available + award.points - paid, member.debt - paid
    return Scanned(act, balance_shown(available, member.held, debt, lots, arrived.now), paid)


def _book(writes: Writes, arrived: Arrived, member: Standing, award: Award, entry: dict[str, Any]) -> list[LotState]:
    """Entry, transfers, limits and lot of a credited or capped act; answers the lot that was granted."""
    member_id, last_day = member.member_id, points_last_day(arrived.occurred_at)
    coming = [LotUse(last_day, 0, award.points)] if award.points else []
    debt = pay_debt(member.debt, coming)
    add_entries(writes, [entry], IdempotencyConflict)
    add_transfers(writes, entry["id"], earning(member_id, award.points, award.reduction_grams, debt.points))
    use_caps(writes, [*award.cap_uses, *boarding_of(arrived)])
    grant_lots(writes, member_id, coming, debt.paid)
    note_lot_moves(writes, entry["id"], member_id, debt.paid)
    return [LotState(lot.expires_on, lot.graced, lot.points) for lot in debt.kept]


def _act_row(arrived: Arrived, member: Standing, award: Award, twin: bool) -> dict[str, Any]:
    code, rule, number = arrived.code, arrived.rule, new_id()
    claimant = number if twin else member.member_id if code.kind == KIND_GROUP else 0
    variant = rule.scene.variant(code.variant)
    assert variant is not None
    factor = rule.factor_of(variant)
    return {
        "id": number,
        "member_id": member.member_id,
        "companion": arrived.scan.companion,
        "kiosk_id": code.kiosk,
        "epoch": code.epoch,
        "counter": code.counter,
        "claimant": claimant,
        "nonce": code.nonce,
        "kind": code.kind,
        "scene": code.scene,
        "variant": code.variant,
        "side": arrived.kiosk.side,
        "room": arrived.scan.room,
        "nights": nights_text(rule.scene, award),
        "rule_version": rule.version,
        "factor": f"{factor.id}/{factor.version}",
        "quantity": code.quantity,
        "credited_quantity": award.credited_quantity,
        "points": award.points,
        "reduction_grams": award.reduction_grams,
        "state": award.state,
        "reason": award.reason,
        "claimed_at": code.issued_at,
        "occurred_at": arrived.occurred_at,
        "recorded_at": arrived.now,
        "pending_key": arrived.scan.key if award.state == "pending" else None,
    }


def _entry_row(arrived: Arrived, member: Standing, act: dict[str, Any]) -> dict[str, Any]:
    scan = arrived.scan
    content = content_of(arrived.code, scan.companion) if scan.key else None
    concerns = Concerns(arrived.occurred_at, member.member_id, member.salt_key, kiosk=act["kiosk_id"], act_id=act["id"])
    caller = Caller("member", member.member_id, scan.key, content)
    return entry_row("earn", caller, concerns, arrived.now, shown_of_act(act))


def shown_of_act(act: dict[str, Any]) -> dict[str, int | str]:
    """What the leaf of an act, or of its reversal, shows in the clear."""
    return {
        "scene": act["scene"],
        "variant": act["variant"],
        "rule": act["rule_version"],
        "factor": act["factor"],
        "quantity": act["credited_quantity"],
        "points": act["points"],
        "grams": act["reduction_grams"],
    }
