"""The people at a merchant's counter sign in and out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from miniprogram_api.clock import Clock
from miniprogram_api.db import transaction, use_case
from miniprogram_api.domain.refusals import NotSignedIn
from miniprogram_api.models import Merchant, MerchantPerson, MerchantSession
from miniprogram_api.services.passwords import (
    count_wrong_try,
    forget_wrong_tries,
    password_matches,
    refuse_while_locked,
)
from miniprogram_api.services.tokens import new_token

SESSION_SECONDS = 7 * 86_400  # a shop signs in once a week, not before each customer


@dataclass(frozen=True)
class CounterSession:
    """A fresh session of a person at a merchant's counter."""

    token: str
    merchant_id: int
    person_id: int
    name: str
    role: str
    merchant_zh: str
    merchant_en: str
    must_change_password: bool


def sign_in_merchant(session: Session, login: str, password: str, clock: Clock) -> CounterSession:
    """Open a session. Raises NotSignedIn (why: login, once_expired), TooManyTries while the login is locked. A blocked
    person gets the answer of a wrong password.

    The password is checked between two short transactions: its hash takes longer than the books may wait.
    """
    now = clock.now()
    refuse_while_locked(session, "merchant", login, now)
    person = _person_of(session, login)
    matches = password_matches(person.password_hash if person else None, password)
    if person is None or not matches or person.blocked_at is not None:
        count_wrong_try(session, "merchant", login, now)
        raise NotSignedIn(why="login")
    if person.once_until is not None and person.once_until <= now:
        raise NotSignedIn(why="once_expired")
    forget_wrong_tries(session, "merchant", login)
    return CounterSession(
        token=_open_session(session, person.id, person.merchant_id, now),
        merchant_id=person.merchant_id,
        person_id=person.id,
        name=person.name,
        role=person.role,
        merchant_zh=person.name_zh,
        merchant_en=person.name_en,
        must_change_password=person.once_until is not None,
    )


@use_case
def sign_out_merchant(session: Session, token_hash: bytes, clock: Clock) -> None:
    """End this session; a second time changes nothing."""
    with transaction(session) as connection:
        connection.execute(
            update(MerchantSession)
            .where(MerchantSession.token_hash == token_hash, MerchantSession.revoked_at.is_(None))
            .values(revoked_at=clock.now())
        )


def _person_of(session: Session, login: str) -> Any:
    person = MerchantPerson
    row = session.execute(
        select(
            person.id,
            person.merchant_id,
            person.name,
            person.role,
            person.password_hash,
            person.once_until,
            person.blocked_at,
            Merchant.name_zh,
            Merchant.name_en,
        )
        .join(Merchant, Merchant.id == person.merchant_id)
        .where(person.login == login)
    ).one_or_none()
    session.rollback()  # nothing is held while the password is hashed
    return row


@use_case
def _open_session(session: Session, person_id: int, merchant_id: int, now: int) -> str:
    token, token_hash = new_token()
    with transaction(session) as connection:
        connection.execute(
            insert(MerchantSession).values(
                token_hash=token_hash,
                person_id=person_id,
                merchant_id=merchant_id,
                created_at=now,
                expires_at=now + SESSION_SECONDS,
            )
        )
    return token
