"""What a member's acts and vouchers used of each limit, against the cap rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from miniprogram_api.db import public_id
from miniprogram_api.domain.awards import Doing, cap_uses, caps_of
from miniprogram_api.domain.limits import LIMITS
from miniprogram_api.domain.reconciliation import Difference
from miniprogram_api.queries.reconciliation.rules import Rules
from scenes.wire.kinds import KIND_TICKET

Bounds = dict[tuple[str, int], tuple[int, int]]  # by name and period: the least and the most that can be used


def used_by_acts(owner: int, acts: Sequence[Any], rules: Rules) -> Bounds:
    """Every act again in the order in which they were booked: it took the limits as `decide_award` gave them.

    A member who was a guest once keeps the guest's rows, and the acts don't say when it ended: a bound for those.
    """
    used: dict[tuple[int, str, int], int] = {}
    guest = bool(acts) and acts[0].member_kind == "guest"
    for act in acts:
        rule = rules.get((act.scene, act.rule_version))
        if act.state != "credited" or rule is None:
            continue
        ticket = act.kind == KIND_TICKET
        doing = Doing(owner, "guest", act.companion, act.variant, act.quantity, act.occurred_at, act.kiosk_id, ticket)
        caps = caps_of(rule, doing, None, LIMITS)
        for use in cap_uses(rule, caps, used, act.credited_quantity, act.points):
            used[use.key] = used.get(use.key, 0) + use.amount
    return {
        (name, period): (0 if name.startswith("guest:") and not guest else amount, amount)
        for (_, name, period), amount in used.items()
    }


def used_by_vouchers(pieces: Sequence[Any]) -> Bounds:
    """Pieces issued or redeemed against each item's limit; an item without one now may have had one before."""
    return {(f"item:{row.item_id:x}", 0): (row.pieces if row.limited else 0, row.pieces) for row in pieces}


def limit_differences(owner: int, caps: Sequence[Any], bounds: Bounds) -> Iterator[Difference]:
    """Rows that say something else, rows that nothing accounts for, rows that are missing."""
    left = dict(bounds)
    for cap in caps:
        low, high = left.pop((cap.name, cap.period), (0, 0))
        if not low <= cap.used <= high:
            expected = low if low == high else f"{low} to {high}"
            yield Difference(_row(owner, cap.name, cap.period), "used", cap.used, expected)
    for (name, period), (low, _) in left.items():
        if low:
            yield Difference(_row(owner, name, period), "used", None, low)


def _row(owner: int, name: str, period: int) -> str:
    return f"caps {public_id(owner)} {name} {period}"
