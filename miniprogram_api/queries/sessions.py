"""Whose session a token belongs to. Each answers None for a token that is unknown, ended or too old."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from miniprogram_api.domain.permissions import needs_second_factor
from miniprogram_api.models import (
    Member,
    MemberSession,
    MerchantPerson,
    MerchantSession,
    Person,
    PersonRole,
    StaffSession,
)


@dataclass(frozen=True)
class MemberCaller:
    """`used_on`: the island's day on which this session was last used, as far as it was noted."""

    member_id: int
    kind: str
    token_hash: bytes
    used_on: int = 0


@dataclass(frozen=True)
class MerchantCaller:
    """`must_change_password`: signed in with a one-time password, which opens nothing but the way to an own one."""

    merchant_id: int
    person_id: int
    role: str
    must_change_password: bool
    token_hash: bytes


@dataclass(frozen=True)
class StaffCaller:
    """`must_change_password`: signed in with a one-time password, which opens nothing but the way to an own one.
    `must_set_second_factor`: a role asks for a second factor, and there is none yet."""

    person_id: int
    login: str
    name: str
    roles: tuple[str, ...]
    csrf: str
    must_change_password: bool
    must_set_second_factor: bool
    token_hash: bytes


def member_caller(session: Session, token_hash: bytes, now: int) -> MemberCaller | None:
    row = session.execute(
        select(Member.id, Member.kind, MemberSession.used_on)
        .join(MemberSession, MemberSession.member_id == Member.id)
        .where(
            MemberSession.token_hash == token_hash, MemberSession.revoked_at.is_(None), MemberSession.expires_at > now
        )
    ).one_or_none()
    return row and MemberCaller(row.id, row.kind, token_hash, row.used_on)


def merchant_caller(session: Session, token_hash: bytes, now: int) -> MerchantCaller | None:
    row = session.execute(
        select(MerchantSession.merchant_id, MerchantSession.person_id, MerchantPerson.role, MerchantPerson.once_until)
        .join(MerchantPerson, MerchantPerson.id == MerchantSession.person_id)
        .where(
            MerchantSession.token_hash == token_hash,
            MerchantSession.revoked_at.is_(None),
            MerchantSession.expires_at > now,
            MerchantPerson.blocked_at.is_(None),
        )
    ).one_or_none()
    return row and MerchantCaller(row.merchant_id, row.person_id, row.role, row.once_until is not None, token_hash)


def staff_caller(session: Session, token_hash: bytes, now: int) -> StaffCaller | None:
    row = session.execute(
        select(Person.id, Person.login, Person.name, Person.once_until, Person.totp_secret, StaffSession.csrf)
        .join(StaffSession, StaffSession.person_id == Person.id)
        .where(
            StaffSession.token_hash == token_hash,
            StaffSession.revoked_at.is_(None),
            StaffSession.expires_at > now,
            Person.blocked_at.is_(None),
        )
    ).one_or_none()
    if row is None:
        return None
    held = select(PersonRole.role).where(PersonRole.person_id == row.id).order_by(PersonRole.role)
    roles = tuple(session.execute(held).scalars())
    return StaffCaller(
        row.id,
        row.login,
        row.name,
        roles,
        row.csrf,
        must_change_password=row.once_until is not None,
        must_set_second_factor=row.totp_secret is None and needs_second_factor(roles),
        token_hash=token_hash,
    )
