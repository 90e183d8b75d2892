"""Messages that members asked for on WeChat: how many they may still get, and what became of each."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from miniprogram_api.db import BIG, Base
from miniprogram_api.models.columns import Key, Moment, Number, Word, Words

OCCASIONS = "occasion IN ('voucher_expires', 'points_expire')"
LANGUAGES = "language IN ('zh', 'en')"


class MessageConsent(Base):
    """One consent is one message. `remaining` is what is left of them; `language` that of the newest."""

    __tablename__ = "message_consents"
    __table_args__ = (
        CheckConstraint(OCCASIONS, name="occasion_known"),
        CheckConstraint("remaining BETWEEN 0 AND 20", name="remaining_bounded"),
        CheckConstraint(LANGUAGES, name="language_known"),
    )

    member_id: Mapped[int] = mapped_column(BIG, ForeignKey("members.id"), primary_key=True, autoincrement=False)
    occasion: Mapped[Word] = mapped_column(primary_key=True)
    remaining: Mapped[Number]
    language: Mapped[Word]
    given_at: Mapped[Moment]


class Message(Base):
    """Written down before it is sent, so that nothing is ever sent twice.

    `sending` became `sent`, `refused` (the person took the consent back), `failed` (surely not sent, tried again) or
    `unknown` (no answer came, perhaps sent, never tried again). `subject` is what it is about: a voucher's id, or the
    last day of the points as YYYYMMDD. `words` is the JSON of the values that WeChat was given; `answer` what it said.
    """

    __tablename__ = "messages"
    __table_args__ = (
        CheckConstraint(OCCASIONS, name="occasion_known"),
        CheckConstraint(LANGUAGES, name="language_known"),
        CheckConstraint("state IN ('sending', 'sent', 'refused', 'failed', 'unknown')", name="state_known"),
        CheckConstraint("(state = 'sending') = (ended_at IS NULL)", name="ended_unless_sending"),
        CheckConstraint("tries >= 1", name="tries_positive"),
        UniqueConstraint("member_id", "occasion", "subject", name="uq_messages_once"),
        Index("ix_messages_begun", "begun_at", "id"),
        Index("ix_messages_state", "state", "begun_at", "id"),
    )

    id: Mapped[Key]
    member_id: Mapped[int] = mapped_column(BIG, ForeignKey("members.id"))
    occasion: Mapped[Word]
    subject: Mapped[Number]
    provider: Mapped[Word]
    language: Mapped[Word]
    words: Mapped[Words]
    state: Mapped[Word]
    tries: Mapped[Number]
    answer: Mapped[Word | None]
    begun_at: Mapped[Moment]
    ended_at: Mapped[Moment | None]
