"""Whether an act may be reversed and points adjusted, by whom and how much."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass

from miniprogram_api.domain.limits import Limits
from miniprogram_api.domain.refusals import InvalidFields, NotAllowed
from scenes.wire.json_text import json_text

REASON_LENGTH_MAX = 400


@dataclass(frozen=True)
class AdjustmentState:
    """What decides about a request; times in Unix seconds. `decision` is None while nobody has decided."""

    member_id: int
    points: int
    asked_by: int
    expires_at: int
    decision: str | None

    def state(self, now: int) -> str:
        """asked, approved, rejected, withdrawn or expired."""
        if self.decision is not None:
            return self.decision
        return "asked" if now < self.expires_at else "expired"


def adjustment_payload(
    adjustment_id: int, member_id: int, points: int, reason: str, asked_by: int, expires_at: int
) -> bytes:
    """SHA-256 of exactly what is decided, as canonical JSON with ids of 16 hex digits: which request, whose, how many
    points, why, asked by whom, good until (Unix seconds)."""
    document = {
        "id": f"{adjustment_id:016x}",
        "member": f"{member_id:016x}",
        "points": points,
        "reason": reason,
        "asked_by": f"{asked_by:016x}",
        "expires_at": expires_at,
    }
    return hashlib.sha256(json_text(document).encode("utf-8")).digest()


def decide_reversal(state: str, reversed_before: bool) -> None:
    """Nothing, when a credited or capped act may be reversed; otherwise the refusal."""
    if state in ("pending", "refused"):
        raise NotAllowed(why=f"act_{state}")
    if reversed_before:
        raise NotAllowed(why="act_reversed")


def check_interest(member_id: int, interests: Collection[int]) -> None:
    """Nobody decides about a member account that they have an interest in. Raises NotAllowed."""
    if member_id in interests:
        raise NotAllowed(why="conflict_of_interest")


def check_adjustment(points: int, asked_today: int, limits: Limits) -> None:
    """`asked_today`: points that this person has asked for since midnight, added and taken alike. Raises InvalidFields
    for 0, NotAllowed above what one request or one day may ask for."""
    if points == 0:
        raise InvalidFields(fields=[{"field": "points", "reason": "zero"}])
    if abs(points) > limits.adjustment_points:
        raise NotAllowed(why="adjustment_limit", points_most=limits.adjustment_points)
    if asked_today + abs(points) > limits.adjustment_points_a_day:
        raise NotAllowed(why="adjustment_day_limit", points_most=max(0, limits.adjustment_points_a_day - asked_today))


def check_undecided(adjustment: AdjustmentState, now: int) -> None:
    """Raises NotAllowed when somebody has decided, or when the time for it is over."""
    if adjustment.decision is not None:
        raise NotAllowed(why="already_decided")
    if now >= adjustment.expires_at:
        raise NotAllowed(why="request_expired")
