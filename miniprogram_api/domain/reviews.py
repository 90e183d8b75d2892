"""Acts that wait for a person: who may decide about them, and what a decision says."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass

from miniprogram_api.domain.limits import Limits
from miniprogram_api.domain.phones import FULL
from miniprogram_api.domain.refusals import InvalidFields, NotAllowed, Refusal, SceneClosed
from miniprogram_api.domain.rules import Rule
from scenes.reduction import points_for
from scenes.wire.json_text import json_text

ACCEPTED, REFUSED, JOINED = "accepted", "refused", "joined"
# These reasons ask for a person's look and nothing else: whoever accepts has looked.
ASKS_FOR_A_LOOK = frozenset({"too_far", "kiosk_ceiling", "desk_ceiling", "kiosk_suspended", "kiosk_lost"}) | FULL


@dataclass(frozen=True)
class Decider:
    """Somebody of the staff; `any_points`: also above what one person without the approver's role decides."""

    person_id: int
    any_points: bool = False


def answer_commitment(salt: bytes, answer: str) -> str:
    """What stays of a member's answer for ever, as hexadecimal HMAC-SHA-256. Without the salt nobody can find the
    words by trying."""
    return hmac.digest(salt, answer.encode(), "sha256").hex()


def worth_of(rule: Rule | None, variant: int, quantity: int) -> int:
    """The points that an act of so many code units brings at most; 0 where its rule knows no such variant."""
    found = rule and rule.scene.variant(variant)
    return points_for(quantity, found) if found else 0


def check_decider(decider: Decider, points: int, limits: Limits) -> None:
    """Raises NotAllowed where the act may bring more points than this person decides about."""
    if points > limits.review_points and not decider.any_points:
        raise NotAllowed(why="review_limit", points_most=limits.review_points)


def check_time(occurred_at: int, handed_in_at: int) -> None:
    """Nothing is handed in before it was done. Times in Unix seconds. Raises InvalidFields."""
    if not 0 < occurred_at <= handed_in_at:
        raise InvalidFields(fields=[{"field": "occurred_at", "reason": "after_it_was_handed_in"}])


def code_of(refusal: Refusal) -> str:
    """The word that stays with an act that the rules refused: the refusal's code, with why a scene was closed."""
    if isinstance(refusal, SceneClosed):
        return f"{refusal.code}:{refusal.helps['why']}"
    return refusal.code


def review_payload(act_id: int, decision: str, occurred_at: int | None, code: str | None, reason: str) -> bytes:
    """SHA-256 of exactly what a person decided, as compact JSON in this order: about which act, how, what the rules
    said, why the person decided so, and for which corrected time (Unix seconds, absent where it was refused)."""
    document = {"act": f"{act_id:016x}", "decision": decision, "code": code or "", "reason": reason}
    if occurred_at is not None:
        document["occurred_at"] = str(occurred_at)
    return hashlib.sha256(json_text(document).encode("utf-8")).digest()
