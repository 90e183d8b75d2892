"""What became of acts that waited for a person, and what was asked about them. Append-only, but for a member's words.

An act that is accepted is written a second time, as it counts: with its corrected time, its award and its entry. So
sums, limits and reversals see acts as all others. People see one activity, under the id of the act that waited.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Select, UniqueConstraint, and_, func, select
from sqlalchemy.orm import Mapped, aliased, mapped_column

from miniprogram_api.db import BIG, Base
from miniprogram_api.models.columns import Bytes, Moment, Word, Words
from miniprogram_api.models.corrections import Reversal
from miniprogram_api.models.ledger import AT_COMMIT, Act
from miniprogram_api.models.merchants import Merchant
from miniprogram_api.models.readings import Reading


class Review(Base):
    """The decision on an act that waited; one for each, at most. `decided_by` is None where the system decided.

    accepted: `resolved_act_id` is the act as it counts. joined: it is a part of that act, such as one end of a walk,
    and is no activity of its own. refused: there is none. `code` is the word of the rules or the system where these
    said it, `reason` the sentence of the person, which the member reads.
    """

    __tablename__ = "reviews"
    __table_args__ = (
        UniqueConstraint("resolved_act_id", "decision", name="uq_reviews_resolved"),
        CheckConstraint("decision IN ('accepted', 'refused', 'joined')", name="decision_known"),
        CheckConstraint("(decision = 'refused') = (resolved_act_id IS NULL)", name="resolved_unless_refused"),
        CheckConstraint("resolved_act_id <> act_id", name="resolved_by_another_act"),
        CheckConstraint("decided_by IS NOT NULL OR code IS NOT NULL", name="somebody_or_something_decided"),
        Index("ix_reviews_decided", "decided_at", "act_id"),
    )

    act_id: Mapped[int] = mapped_column(BIG, ForeignKey("acts.id"), primary_key=True, autoincrement=False)
    decision: Mapped[Word]
    resolved_act_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("acts.id", **AT_COMMIT))
    decided_by: Mapped[int | None] = mapped_column(BIG, ForeignKey("people.id"))
    code: Mapped[Word | None]
    reason: Mapped[Words]
    decided_at: Mapped[Moment]


class ReviewNote(Base):
    """One question of the staff, the member's one answer, and why an act still waits (a reason's word) though what it
    waited for has come. Of an answer `text` is what commits to its words (domain.reviews.answer_commitment)."""

    __tablename__ = "review_notes"
    __table_args__ = (
        CheckConstraint("kind IN ('question', 'answer', 'waits')", name="kind_known"),
        CheckConstraint("(kind = 'question') = (person_id IS NOT NULL)", name="staff_ask_and_nobody_else"),
        CheckConstraint("text <> ''", name="says_something"),
    )

    act_id: Mapped[int] = mapped_column(BIG, ForeignKey("acts.id"), primary_key=True, autoincrement=False)
    kind: Mapped[Word] = mapped_column(primary_key=True)
    person_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("people.id"))
    text: Mapped[Words]
    created_at: Mapped[Moment]


class ReviewAnswer(Base):
    """The words of a member's answer, with the salt of their commitment in `review_notes`. Both are emptied when the
    member is forgotten: then nobody can tell what was said, and the note still says that it was."""

    __tablename__ = "review_answers"
    __table_args__ = (
        CheckConstraint("(text IS NULL) = (salt IS NULL)", name="emptied_as_a_whole"),
        CheckConstraint("text <> ''", name="says_something"),
    )

    act_id: Mapped[int] = mapped_column(BIG, ForeignKey("acts.id"), primary_key=True, autoincrement=False)
    text: Mapped[Words | None]
    salt: Mapped[Bytes | None]


# An activity is the act that counts. What waited for it gives it its id, and when it was handed in.
_waited, _accepted, _decided = aliased(Act), aliased(Review), aliased(Review)
_question, _answer, _waits = aliased(ReviewNote), aliased(ReviewNote), aliased(ReviewNote)
_words = aliased(ReviewAnswer)
SHOWN_ID = func.coalesce(_waited.id, Act.id)
DECIDED_BY = func.coalesce(_accepted.decided_by, _decided.decided_by)


def activities() -> Select[Any]:
    """Acts as people see them, each once: the columns of the act that counts under the id of the one that waited, with
    its decision, its reversal, what was asked, and the merchant whose till read it. `standing_id` is the id in the
    books."""
    columns = (column for column in Act.__table__.columns if column.name not in ("id", "recorded_at", "claimed_at"))
    return (
        select(
            *columns,
            SHOWN_ID.label("id"),
            Act.id.label("standing_id"),
            func.coalesce(_waited.recorded_at, Act.recorded_at).label("recorded_at"),
            func.coalesce(_waited.claimed_at, Act.claimed_at).label("claimed_at"),
            _waited.reason.label("waited_for"),
            func.coalesce(_accepted.decision, _decided.decision).label("decision"),
            DECIDED_BY.label("decided_by"),
            func.coalesce(_accepted.decided_at, _decided.decided_at).label("decided_at"),
            func.coalesce(_accepted.code, _decided.code).label("decision_code"),
            func.coalesce(_accepted.reason, _decided.reason).label("decision_reason"),
            Reversal.reversed_at,
            Reversal.reason.label("reversal_reason"),
            _question.text.label("question"),
            _question.created_at.label("asked_at"),
            _words.text.label("answer"),
            _answer.created_at.label("answered_at"),
            _waits.text.label("waits"),
            Merchant.name_zh.label("till_zh"),
            Merchant.name_en.label("till_en"),
        )
        .outerjoin(_decided, _decided.act_id == Act.id)
        .outerjoin(_accepted, and_(_accepted.resolved_act_id == Act.id, _accepted.decision == "accepted"))
        .outerjoin(_waited, _waited.id == _accepted.act_id)
        .outerjoin(Reversal, Reversal.act_id == Act.id)
        .outerjoin(_question, and_(_question.act_id == SHOWN_ID, _question.kind == "question"))
        .outerjoin(_answer, and_(_answer.act_id == SHOWN_ID, _answer.kind == "answer"))
        .outerjoin(_words, _words.act_id == SHOWN_ID)
        .outerjoin(_waits, and_(_waits.act_id == SHOWN_ID, _waits.kind == "waits"))
        .outerjoin(Reading, and_(Act.kiosk_id == 0, Reading.id == func.coalesce(_waited.claimant, Act.claimant)))
        .outerjoin(Merchant, Merchant.id == Reading.merchant_id)
        .where(_decided.resolved_act_id.is_(None))
    )


def in_state(state: str) -> list[Any]:
    """What narrows `activities` to those that people see in this state."""
    if state == "reversed":
        return [Reversal.act_id.is_not(None)]
    if state == "refused":
        return [_decided.decision == "refused"]
    undecided = [_decided.decision.is_(None)] if state == "pending" else []
    return [Act.state == state, Reversal.act_id.is_(None), *undecided]


def standing_act(act_id: Any) -> Any:
    """The id in the books of the act that an activity's id leads to, as an expression: the act it was resolved to."""
    review = aliased(Review)
    resolved = select(review.resolved_act_id).where(review.act_id == act_id).scalar_subquery()
    return func.coalesce(resolved, act_id)


def shown_act(act_id: Any) -> Any:
    """The other way round: the id under which people know an act of the books."""
    review = aliased(Review)
    waiting = select(review.act_id).where(review.resolved_act_id == act_id, review.decision == "accepted")
    return func.coalesce(waiting.scalar_subquery(), act_id)
