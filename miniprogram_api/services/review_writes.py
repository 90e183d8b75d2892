"""The writes of a decision about an act that waited: review, act, entry, approval and audit in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from miniprogram_api.books.audit import add_audit
from miniprogram_api.books.corrections import add_approval
from miniprogram_api.books.ledger import add_entries, change_balance
from miniprogram_api.books.prepared import Writes
from miniprogram_api.books.reviews import add_reviews
from miniprogram_api.db import TryAgain, public_id
from miniprogram_api.domain.reviews import ACCEPTED, JOINED, REFUSED, Decider, review_payload
from miniprogram_api.services.acts import Booking, add_bookings
from miniprogram_api.services.approvals import APPROVED, REJECTED, Decision, approval_rows
from miniprogram_api.services.people import actor_of
from miniprogram_api.services.reviewed_acts import Judged

SUBJECT = "review"
ONLY_VERSION = 1
NOBODY = 0  # no person asked: the act waited by itself
SYSTEM = "system:reviews"


@dataclass(frozen=True)
class Verdict:
    """The decision about `act`, the row that waited; `joined` is another row that becomes a part of what is booked."""

    act: dict[str, Any]
    decision: str
    decider: Decider | None = None
    code: str | None = None
    reason: str = ""
    judged: Judged | None = None
    joined: dict[str, Any] | None = None

    @property
    def booking(self) -> Booking | None:
        return self.judged.booking if self.judged else None


def write_verdict(writes: Writes, verdict: Verdict, now: int) -> None:
    """Write all of it and commit. Raises TryAgain when somebody decided first, or the member's books moved."""
    booking = verdict.booking
    add_reviews(writes, review_rows(verdict, now))
    if booking is not None:
        add_bookings(writes, [booking])
    if verdict.decider is not None:
        entry, approval = approval_rows(_approval(verdict, verdict.decider), now, _booked_entry(verdict))
        add_entries(writes, [entry], TryAgain)
        add_approval(writes, approval)
    if booking is not None and verdict.judged is not None:
        change_balance(writes, replace(booking.change, version=verdict.judged.version))
    _audit(writes, verdict, now)
    writes.commit()


def add_refusals(writes: Writes, acts: Sequence[dict[str, Any]], code: str, now: int) -> None:
    """Acts that the system refuses among the writes of another use case."""
    verdicts = [Verdict(act, REFUSED, code=code) for act in acts]
    add_reviews(writes, [row for verdict in verdicts for row in review_rows(verdict, now)])
    for verdict in verdicts:
        _audit(writes, verdict, now)


def review_rows(verdict: Verdict, now: int) -> list[dict[str, Any]]:
    """The rows of `reviews` that say what was decided."""
    row = {
        "act_id": verdict.act["id"],
        "decision": verdict.decision,
        "resolved_act_id": verdict.booking and verdict.booking.act["id"],
        "decided_by": verdict.decider and verdict.decider.person_id,
        "code": verdict.code,
        "reason": verdict.reason,
        "decided_at": now,
    }
    if verdict.joined is None:
        return [row]
    return [row, {**row, "act_id": verdict.joined["id"], "decision": JOINED}]


def _approval(verdict: Verdict, decider: Decider) -> Decision:
    """Bound to exactly what was decided; its leaf shows the scene and the points that came of it."""
    act, booked = verdict.act, verdict.booking and verdict.booking.act
    occurred_at = booked["occurred_at"] if booked else None
    return Decision(
        SUBJECT,
        act["id"],
        ONLY_VERSION,
        review_payload(act["id"], verdict.decision, occurred_at, verdict.code, verdict.reason),
        APPROVED if verdict.decision == ACCEPTED else REJECTED,
        NOBODY,
        decider.person_id,
        reason=verdict.reason,
        shown={"scene": act["scene"], "points": booked["points"] if booked else 0},
    )


def _booked_entry(verdict: Verdict) -> int | None:
    entry = verdict.booking and verdict.booking.entry
    return entry["id"] if entry else None


def _audit(writes: Writes, verdict: Verdict, now: int) -> None:
    actor = actor_of(verdict.decider.person_id) if verdict.decider else SYSTEM
    act = f"act:{public_id(verdict.act['id'])}"
    add_audit(writes, actor, f"review_{verdict.decision}", act, audit_detail(verdict), now)


def audit_detail(verdict: Verdict) -> dict[str, Any]:
    """What the audit trail keeps of a decision."""
    act, booked = verdict.act, verdict.booking and verdict.booking.act
    detail: dict[str, Any] = {"member": public_id(act["member_id"]), "waited_for": act["reason"]}
    if booked:
        detail |= {"points": booked["points"], "occurred_at": booked["occurred_at"]}
    return detail | {name: value for name, value in (("code", verdict.code), ("reason", verdict.reason)) if value}
