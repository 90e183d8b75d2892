"""What a member's acts and vouchers used of each limit, against the cap rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from miniprogram_api.db import public_id
from miniprogram_api.domain.awards import CapUse, Doing, uses_of_credited
from miniprogram_api.domain.limits import LIMITS
from miniprogram_api.domain.reconciliation import Difference
from miniprogram_api.queries.reconciliation.rules import Rules
from scenes.wire.kinds import KIND_CARD, KIND_TICKET

Bounds = dict[tuple[str, int], tuple[int, int]]  # by name and period: the least and the most that can be used


def used_by_acts(owner: int, acts: Sequence[Any], rules: Rules) -> Bounds:
    """Every credited act took of the limits what its award gave; a reversal gave it back.

    A member who was a guest once keeps the guest's rows, and the acts don't say when it ended: a bound for those.
    """
    used: Counter[tuple[str, int]] = Counter()
    most: Counter[tuple[str, int]] = Counter()
    guest = bool(acts) and acts[0].member_kind == "guest"
    for act in acts:
        for use in taken_by(act, "guest", rules):
            if use.owner == owner:
                most[use.name, use.period] += use.amount
                used[use.name, use.period] += 0 if act.reversed_at else use.amount
    return {
        key: (0, amount) if key[0].startswith("guest:") and not guest else (used[key], used[key])
        for key, amount in most.items()
    }


def taken_by(act: Any, member_kind: str, rules: Rules) -> list[CapUse]:
    """What a credited act took of the limits of its member or room."""
    rule = rules.get((act.scene, act.rule_version))
    if act.state != "credited" or rule is None:
        return []
    ticket = act.kind == KIND_TICKET
    doing = Doing(
        act.member_id,
        member_kind,
        act.companion,
        act.variant,
        act.quantity,
        act.occurred_at,
        act.kiosk_id,
        ticket,
        act.room,
        act.kind == KIND_CARD,
    )
    return uses_of_credited(rule, doing, LIMITS, act.credited_quantity, act.points, act.nights)


def used_by_vouchers(pieces: Sequence[Any]) -> Bounds:
    """Pieces issued or redeemed that counted against each item's limit."""
    return {(f"item:{row.item_id:x}", 0): (int(row.pieces), int(row.pieces)) for row in pieces}


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
