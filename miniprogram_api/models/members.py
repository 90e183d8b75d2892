"""Members: one row is one person; identities, sessions and the balance row that guards all their books."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from miniprogram_api.db import BIG, Base
from miniprogram_api.models.columns import Bytes, Key, Moment, Number, Word


class Member(Base):
    __tablename__ = "members"
    __table_args__ = (
        CheckConstraint("kind IN ('guest', 'visitor', 'resident')", name="kind_known"),
        Index("ix_members_created", "created_at", "id"),
    )

    id: Mapped[Key]
    kind: Mapped[Word]
    nickname: Mapped[Word]
    created_at: Mapped[Moment]
    # Salts of this member's evidence leaves derive from it; deleting it forgets the member in every leaf.
    salt_key: Mapped[Bytes | None]
    recovery_hash: Mapped[Bytes | None] = mapped_column(unique=True)


# A member without the key is one who was forgotten.
REMEMBERED = Member.salt_key.is_not(None)


class MemberIdentity(Base):
    """Who vouches for the member: the provider's word for the person (an openid), nothing else."""

    __tablename__ = "member_identities"

    provider: Mapped[Word] = mapped_column(primary_key=True)
    subject: Mapped[Word] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(BIG, ForeignKey("members.id"), index=True)
    created_at: Mapped[Moment]


class MemberSession(Base):
    __tablename__ = "member_sessions"

    token_hash: Mapped[bytes] = mapped_column(primary_key=True)  # SHA-256 of the bearer token
    member_id: Mapped[int] = mapped_column(BIG, ForeignKey("members.id"), index=True)
    device: Mapped[Word | None]  # what the phone is known by: a keyed hash of the random value its browser keeps
    created_at: Mapped[Moment]
    expires_at: Mapped[Moment]
    revoked_at: Mapped[Moment | None]
    label: Mapped[Word | None]  # browser and system, so that the member knows the session again in the list
    used_on: Mapped[Number] = mapped_column(default=0)  # the island's day on which it was last used


class MemberBalance(Base):
    """Points and grams of a member. Every change of the member's books raises `version` by one."""

    __tablename__ = "member_balances"
    __table_args__ = (
        CheckConstraint("available >= 0", name="available_not_negative"),
        CheckConstraint("held >= 0", name="held_not_negative"),
        CheckConstraint("debt >= 0", name="debt_not_negative"),
        CheckConstraint("reduction_grams >= 0", name="grams_not_negative"),
    )

    member_id: Mapped[int] = mapped_column(BIG, ForeignKey("members.id"), primary_key=True, autoincrement=False)
    available: Mapped[Number] = mapped_column(default=0)
    held: Mapped[Number] = mapped_column(default=0)
    debt: Mapped[Number] = mapped_column(default=0)
    reduction_grams: Mapped[Number] = mapped_column(default=0)
    version: Mapped[Number] = mapped_column(default=0)
