"""A member's lots from the acts that filled them and the vouchers that emptied them, refunds and expiry included."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from miniprogram_api.db import public_id
from miniprogram_api.domain.calendar import island_day, points_last_day, yyyymmdd
from miniprogram_api.domain.limits import LIMITS
from miniprogram_api.domain.reconciliation import Difference

Day = tuple[int, int]  # last day as YYYYMMDD, and whether it is a lot of grace


def lot_differences(
    owner: int, acts: Sequence[Any], held: Sequence[Any], moves: Sequence[Any], lots: Sequence[Any], expired: int
) -> Iterator[Difference]:
    """`held` are the lots of the member's vouchers, `moves` what corrections and debts moved, `expired` the points that
    left the balance past their last day."""
    granted, taken = _moved(acts, held, moves)
    stored = {(lot.expires_on, lot.graced): lot for lot in lots}
    gone = 0
    for day in sorted({*stored, *granted, *taken}):
        row, lot = f"lots {public_id(owner)} {day[0]}{' of grace' if day[1] else ''}", stored.get(day)
        if lot is None or lot.granted != granted[day]:
            yield Difference(row, "granted", lot and lot.granted, granted[day])
        left = granted[day] - taken[day]
        # What a lot still held when its day was over leaves it all at once.
        if lot is not None and lot.remaining == 0 and expired:
            gone += left
        elif lot is not None and lot.remaining != left:
            yield Difference(row, "remaining", lot.remaining, left)
    if gone != expired:
        yield Difference(f"lots {public_id(owner)}", "points that expired", gone, expired)


def _moved(acts: Sequence[Any], held: Sequence[Any], moves: Sequence[Any]) -> tuple[Counter[Day], Counter[Day]]:
    """What came into each lot, and what left it and did not come back."""
    granted: Counter[Day] = Counter()
    taken: Counter[Day] = Counter()
    for act in acts:
        if act.points:
            granted[points_last_day(act.occurred_at), 0] += act.points
    for use in held:
        today = None if use.state in ("issued", "redeemed") else island_day(use.ended_at)
        if today is not None and use.expires_on >= yyyymmdd(today):
            continue  # a refund in time: the points are where they were
        taken[use.expires_on, use.graced] += use.points
        if today is not None and not use.graced:
            granted[yyyymmdd(today + timedelta(days=LIMITS.grace_days)), 1] += use.points
    for move in moves:
        if move.points > 0:
            granted[move.expires_on, move.graced] += move.points
        else:
            taken[move.expires_on, move.graced] -= move.points
    return granted, taken
