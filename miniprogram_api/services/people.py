"""Island staff sign in to the console and out of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pyotp
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from miniprogram_api.clock import Clock
from miniprogram_api.db import transaction, use_case
from miniprogram_api.domain.refusals import NotSignedIn
from miniprogram_api.models import Person, StaffSession
from miniprogram_api.services.passwords import count_wrong_try, password_matches, refuse_while_locked
from miniprogram_api.services.tokens import new_token

SESSION_SECONDS = 10 * 3600  # one working day


@dataclass(frozen=True)
class ConsoleSession:
    """`token` goes into the cookie, `csrf` into the answer and then into each write."""

    token: str
    csrf: str
    person_id: int


def sign_in_staff(session: Session, login: str, password: str, totp: str | None, clock: Clock) -> ConsoleSession:
    """Open a console session; who has a second factor needs both.

    Raises NotSignedIn (why: login, totp_missing or totp), TooManyTries while the login is locked.
    """
    now = clock.now()
    person = _person_of(session, login)
    if person is not None:
        refuse_while_locked(person.locked_until, now)
    matches = password_matches(person.password_hash if person else None, password)
    if person is None or not matches:
        if person is not None:
            count_wrong_try(session, Person, person.id, now)
        raise NotSignedIn(why="login")
    _check_second_factor(session, person, totp, now)
    return _open_session(session, person.id, now)


@use_case
def sign_out_staff(session: Session, token_hash: bytes, clock: Clock) -> None:
    """End this session; a second time changes nothing."""
    with transaction(session) as connection:
        connection.execute(
            update(StaffSession)
            .where(StaffSession.token_hash == token_hash, StaffSession.revoked_at.is_(None))
            .values(revoked_at=clock.now())
        )


def _person_of(session: Session, login: str) -> Any:
    row = session.execute(
        select(Person.id, Person.password_hash, Person.totp_secret, Person.locked_until).where(Person.login == login)
    ).one_or_none()
    session.rollback()  # nothing is held while the password is hashed
    return row


def _check_second_factor(session: Session, person: Any, totp: str | None, now: int) -> None:
    if person.totp_secret is None:
        return
    if totp is None:
        raise NotSignedIn(why="totp_missing")
    if not pyotp.TOTP(person.totp_secret).verify(totp, for_time=now, valid_window=1):
        count_wrong_try(session, Person, person.id, now)
        raise NotSignedIn(why="totp")


@use_case
def _open_session(session: Session, person_id: int, now: int) -> ConsoleSession:
    token, token_hash = new_token()
    csrf, _ = new_token()
    with transaction(session) as connection:
        connection.execute(update(Person).where(Person.id == person_id).values(wrong_tries=0))
        connection.execute(
            insert(StaffSession).values(
                token_hash=token_hash,
                person_id=person_id,
                csrf=csrf,
                created_at=now,
                expires_at=now + SESSION_SECONDS,
            )
        )
    return ConsoleSession(token, csrf, person_id)
