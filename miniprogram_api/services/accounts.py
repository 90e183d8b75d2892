"""What a person of the staff does with their own account: password, second factor, recovery codes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select, update
from sqlalchemy.orm import Session

from miniprogram_api.clock import Clock
from miniprogram_api.db import public_id, transaction, use_case
from miniprogram_api.domain.refusals import NotAllowed, NotFound
from miniprogram_api.models import Person
from miniprogram_api.services.audit import record_act
from miniprogram_api.services.passwords import count_wrong_try, hash_password, password_matches, refuse_while_locked
from miniprogram_api.services.people import actor_of, end_sessions
from miniprogram_api.services.second_factor import new_secret, renew_recovery_codes, secret_link, step_of


@dataclass(frozen=True)
class Account:
    """Whose account, and the session that it is changed from."""

    person_id: int
    login: str
    token_hash: bytes


@dataclass(frozen=True)
class FreshFactor:
    """Shown once: the secret as text and as the address behind the QR code."""

    secret: str
    link: str


def change_password(session: Session, account: Account, current: str, fresh: str, clock: Clock) -> None:
    """The new password holds at once and ends the person's other sessions.

    Raises NotAllowed (why: password, same_password), TooManyTries.
    """
    now = clock.now()
    _check_own_password(session, account, current, now)
    if fresh == current or fresh.casefold() == account.login.casefold():
        raise NotAllowed(why="same_password")
    _keep_password(session, account, hash_password(fresh), now)


def begin_second_factor(session: Session, account: Account, password: str, clock: Clock) -> FreshFactor:
    """A fresh secret, which waits until its digits are given; an earlier second factor holds until then."""
    now = clock.now()
    _check_own_password(session, account, password, now)
    secret = new_secret()
    _keep_waiting(session, account, secret, now)
    return FreshFactor(secret, secret_link(secret, account.login))


@use_case
def confirm_second_factor(session: Session, account: Account, digits: str, clock: Clock) -> list[str]:
    """The waiting secret holds from now on, and the person's other sessions end; answers ten recovery codes.

    Raises NotFound when none waits, NotAllowed (why: totp).
    """
    now = clock.now()
    with transaction(session) as connection:
        waiting = connection.execute(select(Person.totp_waiting).where(Person.id == account.person_id)).scalar()
        if waiting is None:
            raise NotFound
        step = step_of(waiting, digits, now)
        if step is None:
            raise NotAllowed(why="totp")
        _change(connection, account, totp_secret=waiting, totp_waiting=None, totp_last_step=step)
        codes = renew_recovery_codes(connection, account.person_id)
        end_sessions(connection, account.person_id, now, but=account.token_hash)
        _record(connection, account, "second_factor_confirmed", now)
    return codes


def renew_codes(session: Session, account: Account, password: str, clock: Clock) -> list[str]:
    """Ten fresh recovery codes instead of the old ones. Raises NotFound without a second factor."""
    now = clock.now()
    _check_own_password(session, account, password, now)
    return _renew(session, account, now)


@use_case
def _renew(session: Session, account: Account, now: int) -> list[str]:
    with transaction(session) as connection:
        if connection.execute(select(Person.totp_secret).where(Person.id == account.person_id)).scalar() is None:
            raise NotFound
        codes = renew_recovery_codes(connection, account.person_id)
        _record(connection, account, "recovery_codes_renewed", now)
    return codes


@use_case
def _keep_password(session: Session, account: Account, password_hash: str, now: int) -> None:
    with transaction(session) as connection:
        _change(connection, account, password_hash=password_hash, once_until=None)
        end_sessions(connection, account.person_id, now, but=account.token_hash)
        _record(connection, account, "password_changed", now)


@use_case
def _keep_waiting(session: Session, account: Account, secret: str, now: int) -> None:
    with transaction(session) as connection:
        _change(connection, account, totp_waiting=secret)
        _record(connection, account, "second_factor_begun", now)


def _check_own_password(session: Session, account: Account, password: str, now: int) -> None:
    """Who finds an open console must not get further by guessing."""
    refuse_while_locked(session, "staff", account.login, now)
    stored = session.execute(select(Person.password_hash).where(Person.id == account.person_id)).scalar()
    session.rollback()
    if not password_matches(stored, password):
        count_wrong_try(session, "staff", account.login, now)
        raise NotAllowed(why="password")


def _change(connection: Connection, account: Account, **values: Any) -> None:
    connection.execute(update(Person).where(Person.id == account.person_id).values(values))


def _record(connection: Connection, account: Account, act: str, now: int) -> None:
    record_act(connection, actor_of(account.person_id), act, f"person:{public_id(account.person_id)}", {}, now)
