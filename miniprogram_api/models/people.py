"""Island staff, their console sessions and the audit trail."""

from __future__ import annotations

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from miniprogram_api.db import BIG, Base
from miniprogram_api.models.columns import Key, Moment, Number, Word, Words


class Person(Base):
    __tablename__ = "people"

    id: Mapped[Key]
    login: Mapped[Word] = mapped_column(unique=True)
    name: Mapped[Word]
    password_hash: Mapped[Words]  # Argon2id
    totp_secret: Mapped[Word | None]
    wrong_tries: Mapped[Number] = mapped_column(default=0)
    locked_until: Mapped[Moment] = mapped_column(default=0)
    created_at: Mapped[Moment]


class PersonRole(Base):
    """operator, approver, finance, fleet, auditor, administrator: a person may have several."""

    __tablename__ = "person_roles"

    person_id: Mapped[int] = mapped_column(BIG, ForeignKey("people.id"), primary_key=True, autoincrement=False)
    role: Mapped[Word] = mapped_column(primary_key=True)


class StaffSession(Base):
    __tablename__ = "staff_sessions"

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(BIG, ForeignKey("people.id"), index=True)
    csrf: Mapped[Word]
    created_at: Mapped[Moment]
    expires_at: Mapped[Moment]
    revoked_at: Mapped[Moment | None]


class AuditEvent(Base):
    """Who did what to which object, when. Append-only."""

    __tablename__ = "audit_events"

    id: Mapped[int] = mapped_column(BIG, primary_key=True)
    at: Mapped[Moment]
    actor_kind: Mapped[Word]  # member, merchant, staff, kiosk, system
    actor: Mapped[Word]
    act: Mapped[Word]
    object: Mapped[Word]
    detail: Mapped[Words]  # JSON
