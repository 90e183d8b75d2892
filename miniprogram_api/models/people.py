"""Island staff, how they sign in, their console sessions and the audit trail."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from miniprogram_api.db import BIG, Base
from miniprogram_api.models.columns import Key, Moment, Number, Word, Words


class Person(Base):
    """`once_until`: the password is a one-time one, good until then; None for a person's own password.

    `totp_waiting` is a second factor that the person has been shown and has not confirmed yet. `totp_last_step` is
    the newest half minute whose digits were used: neither they nor older ones are taken again.
    """

    __tablename__ = "people"

    id: Mapped[Key]
    login: Mapped[Word] = mapped_column(unique=True)
    name: Mapped[Word]
    password_hash: Mapped[Words]  # Argon2id
    once_until: Mapped[Moment | None]
    totp_secret: Mapped[Word | None]
    totp_waiting: Mapped[Word | None]
    totp_last_step: Mapped[Number] = mapped_column(default=0)
    blocked_at: Mapped[Moment | None]
    created_at: Mapped[Moment]


class PersonRole(Base):
    """operator, approver, finance, fleet, auditor, administrator: a person may have several."""

    __tablename__ = "person_roles"

    person_id: Mapped[int] = mapped_column(BIG, ForeignKey("people.id"), primary_key=True, autoincrement=False)
    role: Mapped[Word] = mapped_column(primary_key=True)


class RecoveryCode(Base):
    """Stands in for the digits of a lost authenticator, once."""

    __tablename__ = "recovery_codes"

    code_hash: Mapped[bytes] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(BIG, ForeignKey("people.id"), index=True)
    used_at: Mapped[Moment | None]


class SignInTries(Base):
    """Wrong tries for a login of one desk, whether or not anybody has it: the answers must not tell."""

    __tablename__ = "sign_in_tries"
    __table_args__ = (CheckConstraint("wrong_tries >= 0", name="wrong_tries_not_negative"),)

    login_hash: Mapped[bytes] = mapped_column(primary_key=True)
    wrong_tries: Mapped[Number]
    locked_until: Mapped[Moment]
    changed_at: Mapped[Moment] = mapped_column(index=True)


class StaffSession(Base):
    """`device` names browser and system, so that the person knows the session again in the list."""

    __tablename__ = "staff_sessions"

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(BIG, ForeignKey("people.id"), index=True)
    csrf: Mapped[Word]
    device: Mapped[Word | None]
    created_at: Mapped[Moment]
    expires_at: Mapped[Moment]
    revoked_at: Mapped[Moment | None]


class AuditEvent(Base):
    """Who did what to which object, when. Append-only."""

    __tablename__ = "audit_events"
    __table_args__ = (Index("ix_audit_events_object", "object", "id"),)

    id: Mapped[int] = mapped_column(BIG, primary_key=True)
    at: Mapped[Moment]
    actor_kind: Mapped[Word]  # member, merchant, staff, kiosk, system
    actor: Mapped[Word]
    act: Mapped[Word]
    object: Mapped[Word]
    detail: Mapped[Words]  # JSON
