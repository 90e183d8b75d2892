"""An act that was decided goes into the books: the claim first, the member's balance row last."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from miniprogram_api.books.entries import Caller, Concerns, entry_row
from miniprogram_api.books.facts import Facts, Standing
from miniprogram_api.books.ledger import (
    BalanceChange,
    add_all_transfers,
    add_entries,
    change_balance,
    claim_acts,
    grant_all_lots,
    note_debts_paid,
    use_caps,
)
from miniprogram_api.books.notices import raise_notice
from miniprogram_api.books.phones import take_shares
from miniprogram_api.books.prepared import Writes
from miniprogram_api.db import new_id
from miniprogram_api.domain.awards import Award, CapUse, nights_text
from miniprogram_api.domain.balances import BalanceShown, balance_shown
from miniprogram_api.domain.calendar import points_last_day
from miniprogram_api.domain.debts import Paid, pay_debt
from miniprogram_api.domain.ledger import Transfer, earning
from miniprogram_api.domain.lots import LotState, LotUse
from miniprogram_api.domain.notices import SHARED_PHONE
from miniprogram_api.domain.phones import PhoneFull, PhoneShare, notice_details
from miniprogram_api.domain.refusals import CodeAlreadyUsed, IdempotencyConflict
from miniprogram_api.domain.sources import Source
from miniprogram_api.services.arrivals import Arrived, boarding_of, content_of
from scenes.wire.kinds import KIND_GROUP


@dataclass(frozen=True)
class Scanned:
    """The act as it is stored, the member's balance after it, and how many of its points went into a debt."""

    act: dict[str, Any]
    balance: BalanceShown
    debt_paid: int = 0


NOTHING_PAID = Paid((), ())


@dataclass(frozen=True)
class Booking:
    """One decided act with all that follows from it. `granted` are the points that came in by lot, `paid` what of them
    goes into a debt at once; a pending act has no entry and nothing follows. `on_phone` is as in its award."""

    act: dict[str, Any]
    entry: dict[str, Any] | None = None
    transfers: tuple[Transfer, ...] = ()
    uses: tuple[CapUse, ...] = ()
    granted: tuple[LotUse, ...] = ()
    debt: Paid = NOTHING_PAID
    on_phone: tuple[PhoneShare, ...] | PhoneFull = ()

    @property
    def shares(self) -> tuple[PhoneShare, ...]:
        return () if isinstance(self.on_phone, PhoneFull) else self.on_phone

    @property
    def change(self) -> BalanceChange:
        """What it does to the member's balance; whoever writes it knows the version."""
        points, paid = self.act["points"], self.debt.points
        grams = self.act["reduction_grams"]
        return BalanceChange(self.act["member_id"], 0, points - paid, debt=-paid, reduction_grams=grams)


def booking_of(arrived: Arrived, member: Standing, award: Award, twin: bool = False, first: bool = True) -> Booking:
    """The rows of a decided act; `first`: nobody has used a code of its counter yet."""
    act = _act_row(arrived, member, award, claimant_of(arrived.source, member.member_id, twin, first))
    if award.state == "pending":
        return Booking({**act, "entry_id": None}, on_phone=award.on_phone)
    entry = _entry_row(arrived, member, act)
    granted = (LotUse(points_last_day(arrived.occurred_at), 0, award.points),) if award.points else ()
    debt = pay_debt(member.debt, granted)
    transfers = earning(member.member_id, award.points, award.reduction_grams, debt.points)
    uses = (*award.cap_uses, *boarding_of(arrived))
    return Booking({**act, "entry_id": entry["id"]}, entry, tuple(transfers), uses, granted, debt, award.on_phone)


def record_act(writes: Writes, arrived: Arrived, facts: Facts, award: Award, twin: bool) -> Scanned:
    """Write the act and all that follows from it, and commit.

    Raises CodeAlreadyUsed or IdempotencyConflict when another act holds the code or the key, TryAgain when the
    member's books or a limit moved since they were read.
    """
    member = facts.member
    assert member is not None
    booking = booking_of(arrived, member, award, twin, first=facts.claim is None)
    add_bookings(writes, [booking])
    paid = booking.debt.points
    change_balance(writes, replace(booking.change, version=member.version))
    writes.commit()
    lots = [*facts.lots, *(LotState(lot.expires_on, lot.graced, lot.points) for lot in booking.debt.kept)]
    available, debt = member.available + award.points - paid, member.debt - paid
    return Scanned(booking.act, balance_shown(available, member.held, debt, lots, arrived.now), paid)


def add_bookings(writes: Writes, bookings: Sequence[Booking]) -> None:
    """Acts, entries, transfers, limits and lots of a batch, in the order of our locks; balances come last."""
    acts = sorted((one.act for one in bookings), key=_place_of_claim)
    take_shares(writes, [share for one in bookings for share in one.shares], acts[0]["recorded_at"] if acts else 0)
    claim_acts(writes, acts, CodeAlreadyUsed)
    booked = [(one, one.entry) for one in bookings if one.entry is not None]
    add_entries(writes, [entry for _, entry in booked], IdempotencyConflict)
    add_all_transfers(writes, [(entry["id"], one.transfers) for one, entry in booked])
    use_caps(writes, merged([use for one, _ in booked for use in one.uses]))
    grant_all_lots(writes, [(one.act["member_id"], one.granted, one.debt.paid) for one, _ in booked])
    note_debts_paid(writes, [(entry["id"], one.act["member_id"], one.debt.paid) for one, entry in booked])
    for one in bookings:
        if isinstance(one.on_phone, PhoneFull):
            member, details = ("member", one.act["member_id"]), notice_details(one.on_phone)
            raise_notice(writes, SHARED_PHONE, member, details, one.act["recorded_at"])


def _place_of_claim(act: dict[str, Any]) -> tuple[int, ...]:
    return (act["kiosk_id"], act["epoch"], act["counter"], act["claimant"])


def merged(uses: Sequence[CapUse]) -> list[CapUse]:
    """One use of each limit, with what all of them take of it."""
    found: dict[tuple[int, str, int], CapUse] = {}
    for use in uses:
        before = found.get(use.key)
        found[use.key] = use if before is None else replace(use, amount=use.amount + before.amount)
    return list(found.values())


def claimant_of(source: Source, member_id: int, twin: bool, first: bool) -> int:
    """Who holds a code, each once: 0 for whoever is first, so that no two codes are first on one counter; the member's
    id for those who come after with a group code; negative for a twin. A reading holds its own lines.

    Twins share their counter with the first code, so theirs says which twin it is: 62 bits of SHA-256.
    """
    if source.claimant is not None:
        return source.claimant
    whose = member_id if source.kind == KIND_GROUP else 0
    if not twin:
        return 0 if first else whose
    digest = hashlib.sha256(json.dumps([source.kind, source.nonce.hex(), whose]).encode("ascii")).digest()
    return -1 - (int.from_bytes(digest[:8], "big") >> 2)


def _act_row(arrived: Arrived, member: Standing, award: Award, claimant: int) -> dict[str, Any]:
    source, rule = arrived.source, arrived.rule
    variant = rule.scene.variant(source.variant)
    assert variant is not None
    factor = rule.factor_of(variant)
    return {
        "id": new_id(),
        "member_id": member.member_id,
        "companion": source.companion,
        "kiosk_id": source.kiosk,
        "epoch": source.epoch,
        "counter": source.counter,
        "claimant": claimant,
        "nonce": source.nonce,
        "kind": source.kind,
        "scene": source.scene,
        "variant": source.variant,
        "side": arrived.place.side,
        "room": source.room,
        "nights": nights_text(rule.scene, award),
        "rule_version": rule.version,
        "factor": f"{factor.id}/{factor.version}",
        "quantity": source.quantity,
        "credited_quantity": award.credited_quantity,
        "points": award.points,
        "reduction_grams": award.reduction_grams,
        "state": award.state,
        "reason": award.reason,
        "claimed_at": source.claimed_at,
        "occurred_at": arrived.occurred_at,
        "recorded_at": arrived.now,
        "pending_key": source.key if award.state == "pending" else None,
    }


def _entry_row(arrived: Arrived, member: Standing, act: dict[str, Any]) -> dict[str, Any]:
    source = arrived.source
    content = content_of(source, source.companion) if source.key else None
    concerns = Concerns(arrived.occurred_at, member.member_id, member.salt_key, kiosk=act["kiosk_id"], act_id=act["id"])
    kind, number = source.reader or ("member", member.member_id)
    return entry_row("earn", Caller(kind, number, source.key, content), concerns, arrived.now, shown_of_act(act))


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
