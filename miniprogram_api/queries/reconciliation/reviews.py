"""Decisions about acts that waited: each against the act it was about, the act it made, its approval and its line of
the audit trail."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.orm import aliased

from miniprogram_api.db import public_id
from miniprogram_api.domain.reconciliation import Difference
from miniprogram_api.domain.reviews import ASKS_FOR_A_LOOK, JOINED, answer_commitment, review_payload
from miniprogram_api.models import Act, Approval, AuditEvent, Review, ReviewAnswer, ReviewNote
from miniprogram_api.queries.reconciliation.rows import Check, rows_of

CHECKS = (
    Check(
        "reviews",
        "state of the act it is about",
        "SELECT r.act_id, a.state, 'pending' FROM reviews r LEFT JOIN acts a ON a.id = r.act_id"
        " WHERE COALESCE(a.state, '') <> 'pending'",
    ),
    Check(
        "reviews",
        "act that it made of the one that waited",
        "SELECT r.act_id, b.id, r.resolved_act_id FROM reviews r JOIN acts a ON a.id = r.act_id"
        " LEFT JOIN acts b ON b.id = r.resolved_act_id AND b.state <> 'pending' AND b.member_id = a.member_id"
        " AND b.companion = a.companion AND b.kiosk_id = a.kiosk_id AND b.epoch = a.epoch AND b.counter = a.counter"
        " AND b.nonce = a.nonce AND b.kind = a.kind AND b.scene = a.scene AND b.variant = a.variant"
        " AND b.claimed_at = a.claimed_at"
        " AND COALESCE(b.room, 0) = COALESCE(a.room, 0) AND b.occurred_at <= a.recorded_at"
        " AND b.recorded_at = r.decided_at AND b.claimant = CASE WHEN a.claimant < 0 THEN -b.id ELSE b.id END"
        " WHERE r.decision = 'accepted' AND b.id IS NULL",
    ),
    Check(
        "reviews",
        "act that it is a part of",
        "SELECT r.act_id, b.id, r.resolved_act_id FROM reviews r JOIN acts a ON a.id = r.act_id"
        " LEFT JOIN acts b ON b.id = r.resolved_act_id AND b.state <> 'pending' AND b.member_id = a.member_id"
        " AND b.scene = a.scene WHERE r.decision = 'joined' AND b.id IS NULL",
    ),
    Check(
        "acts",
        "decision that made it of one that waited",
        "SELECT b.id, r.act_id, 1 FROM acts b LEFT JOIN reviews r ON r.resolved_act_id = b.id"
        " AND r.decision = 'accepted' WHERE b.state <> 'pending' AND b.claimant IN (b.id, -b.id) AND r.act_id IS NULL",
    ),
    Check(
        "reviews",
        "approval of the person who decided",
        "SELECT r.act_id, NULL, r.decided_by FROM reviews r LEFT JOIN approvals p ON p.subject = 'review'"
        " AND p.subject_id = r.act_id AND p.decided_by = r.decided_by AND p.decided_at = r.decided_at"
        " AND p.decision = CASE r.decision WHEN 'refused' THEN 'rejected' ELSE 'approved' END"
        " WHERE r.decided_by IS NOT NULL AND p.id IS NULL",
    ),
    Check(
        "approvals",
        "decision about an act that waited",
        "SELECT p.id, NULL, p.subject_id FROM approvals p LEFT JOIN reviews r ON r.act_id = p.subject_id"
        " AND r.decided_by = p.decided_by WHERE p.subject = 'review' AND r.act_id IS NULL",
    ),
    Check(
        "approvals",
        "entry of the act that was accepted",
        "SELECT p.id, p.booked_entry_id, b.entry_id FROM approvals p JOIN reviews r ON r.act_id = p.subject_id"
        " LEFT JOIN acts b ON b.id = r.resolved_act_id WHERE p.subject = 'review'"
        " AND COALESCE(p.booked_entry_id, 0) <> COALESCE(b.entry_id, 0)",
    ),
    Check(
        "review_notes",
        "act that waited",
        "SELECT n.act_id, a.state, 'pending' FROM review_notes n LEFT JOIN acts a ON a.id = n.act_id"
        " WHERE COALESCE(a.state, '') <> 'pending'",
    ),
    Check(
        "review_notes",
        "question before the answer",
        "SELECT n.act_id, NULL, 1 FROM review_notes n LEFT JOIN review_notes q ON q.act_id = n.act_id"
        " AND q.kind = 'question' AND q.created_at <= n.created_at WHERE n.kind = 'answer' AND q.act_id IS NULL",
    ),
    Check(
        "review_notes",
        "place of the member's words",
        "SELECT n.act_id, w.act_id, n.act_id FROM review_notes n LEFT JOIN review_answers w ON w.act_id = n.act_id"
        " WHERE n.kind = 'answer' AND w.act_id IS NULL",
    ),
)
_AUDITED = ("review_accepted", "review_refused")


def review_differences(connection: Connection) -> Iterator[Difference]:
    """What was decided and by whom; the award itself is compared in the walks of entries and members."""
    for check in CHECKS:
        yield from check.differences(connection)
    yield from _payloads(connection)
    yield from _trail(connection)
    yield from _answers(connection)
    for note in rows_of(connection, select(ReviewNote.act_id, ReviewNote.text).where(ReviewNote.kind == "waits")):
        if note.text not in ASKS_FOR_A_LOOK:
            expected = " or ".join(sorted(ASKS_FOR_A_LOOK))
            yield Difference(f"review_notes {public_id(note.act_id)}", "reason to wait", note.text, expected)


def _answers(connection: Connection) -> Iterator[Difference]:
    """What members said is what their notes commit to, unless it was emptied."""
    answer = (ReviewNote.act_id == ReviewAnswer.act_id) & (ReviewNote.kind == "answer")
    columns = (ReviewAnswer.act_id, ReviewAnswer.text.label("words"), ReviewAnswer.salt, ReviewNote.text)
    for row in rows_of(connection, select(*columns).outerjoin(ReviewNote, answer)):
        again = None if row.words is None else answer_commitment(bytes(row.salt), row.words)
        if row.text is None or again not in (None, row.text):
            yield Difference(f"review_answers {public_id(row.act_id)}", "commitment", again, row.text)


def _payloads(connection: Connection) -> Iterator[Difference]:
    """What each person approved is what stands."""
    resolved = aliased(Act)
    review = (Review.act_id, Review.decision, Review.code, Review.reason)
    statement = (
        select(Approval.id, Approval.payload, Approval.reason.label("said"), resolved.occurred_at, *review)
        .join(Review, Review.act_id == Approval.subject_id)
        .outerjoin(resolved, resolved.id == Review.resolved_act_id)
        .where(Approval.subject == "review")
    )
    for row in rows_of(connection, statement):
        again = review_payload(row.act_id, row.decision, row.occurred_at, row.code, row.reason)
        if bytes(row.payload) != again:
            yield Difference(f"approvals {public_id(row.id)}", "payload", bytes(row.payload).hex(), again.hex())
        if row.said != row.reason:
            yield Difference(f"approvals {public_id(row.id)}", "reason", row.said, row.reason)


def _trail(connection: Connection) -> Iterator[Difference]:
    """Each decision beside its line of the audit trail: the one thing that also knows what the system decided."""
    lines: dict[str, tuple[Any, ...]] = {}
    events = (AuditEvent.object, AuditEvent.act, AuditEvent.actor, AuditEvent.at, AuditEvent.detail)
    for line in rows_of(connection, select(*events).where(AuditEvent.act.in_(_AUDITED))):
        detail = json.loads(line.detail)
        lines[line.object] = (line.act, line.actor, line.at, detail.get("code"), detail.get("reason", ""))
    columns = (Review.act_id, Review.decision, Review.decided_by, Review.decided_at, Review.code, Review.reason)
    for row in rows_of(connection, select(*columns).where(Review.decision != JOINED)):
        actor = "system:reviews" if row.decided_by is None else f"staff:{public_id(row.decided_by)}"
        stands = (f"review_{row.decision}", actor, row.decided_at, row.code, row.reason)
        said = lines.get(f"act:{public_id(row.act_id)}")
        if said != stands:
            yield Difference(f"reviews {public_id(row.act_id)}", "decision, beside the audit trail,", stands, said)
