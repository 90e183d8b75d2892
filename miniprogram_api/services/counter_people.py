"""The people at a merchant's counter: the owner adds cashiers, blocks them, and gives one-time passwords."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from miniprogram_api.clock import Clock
from miniprogram_api.db import TryAgain, new_id, public_id, transaction, use_case
from miniprogram_api.domain.refusals import NotAllowed, NotFound
from miniprogram_api.models import MerchantPerson, MerchantSession
from miniprogram_api.services.audit import record_act
from miniprogram_api.services.passwords import (
    count_wrong_try,
    forget_wrong_tries,
    hash_password,
    new_password,
    password_matches,
    refuse_while_locked,
)
from miniprogram_api.services.staffing import ONCE_SECONDS, OneTimePassword

CASHIER = "cashier"


@dataclass(frozen=True)
class Keeper:
    """Who looks after the people of which merchant: its owner, or staff (`actor` as the audit trail names them);
    `person_id` is the owner's own, whom they don't block."""

    merchant_id: int
    actor: str
    person_id: int | None = None


@dataclass(frozen=True)
class CounterAccount:
    """Whose password, and the session that it is changed from."""

    person_id: int
    token_hash: bytes


def counter_actor(person_id: int) -> str:
    """A person at a counter as the audit trail names them."""
    return f"merchant:{public_id(person_id)}"


def add_cashier(session: Session, keeper: Keeper, login: str, name: str, clock: Clock) -> OneTimePassword:
    """A new cashier with a one-time password. Raises NotAllowed (why: login_taken)."""
    password, until = new_password(), clock.now() + ONCE_SECONDS
    number = _add(session, keeper, {"login": login, "name": name}, hash_password(password), until)
    return OneTimePassword(number, password, until)


@use_case
def change_cashier(session: Session, keeper: Keeper, person_id: int, blocked: bool | None, clock: Clock) -> None:
    """A block ends all sessions at once. Raises NotFound, NotAllowed (why: yourself)."""
    now = clock.now()
    if person_id == keeper.person_id:
        raise NotAllowed(why="yourself")
    with transaction(session) as connection:
        row = _known(connection, keeper, person_id)
        if blocked is None or (row.blocked_at is not None) == blocked:
            return
        _change(connection, person_id, blocked_at=now if blocked else None)
        if blocked:
            _end_sessions(connection, person_id, now)
        _record(connection, keeper.actor, "cashier_blocked" if blocked else "cashier_unblocked", person_id, now)


def reset_counter_password(session: Session, keeper: Keeper, person_id: int, clock: Clock) -> OneTimePassword:
    """A one-time password instead of the person's own; all sessions end and the lock opens.

    Raises NotFound, NotAllowed (why: yourself).
    """
    if person_id == keeper.person_id:
        raise NotAllowed(why="yourself")
    password, now = new_password(), clock.now()
    login = _reset(session, keeper, person_id, hash_password(password), now)
    forget_wrong_tries(session, "merchant", login)
    return OneTimePassword(person_id, password, now + ONCE_SECONDS)


def change_counter_password(session: Session, account: CounterAccount, current: str, fresh: str, clock: Clock) -> None:
    """The new password holds at once and ends the person's other sessions.

    Raises NotAllowed (why: password, same_password), TooManyTries.
    """
    now, own = clock.now(), MerchantPerson.id == account.person_id
    row = session.execute(select(MerchantPerson.login, MerchantPerson.password_hash).where(own)).one()
    session.rollback()  # nothing is held while the password is hashed
    refuse_while_locked(session, "merchant", row.login, now)
    if not password_matches(row.password_hash, current):
        count_wrong_try(session, "merchant", row.login, now)
        raise NotAllowed(why="password")
    if fresh == current or fresh.casefold() == row.login.casefold():
        raise NotAllowed(why="same_password")
    _keep_password(session, account, hash_password(fresh), now)


@use_case
def _add(session: Session, keeper: Keeper, named: dict[str, str], password_hash: str, until: int) -> int:
    number = new_id()
    row = {"id": number, "merchant_id": keeper.merchant_id, "role": CASHIER, "password_hash": password_hash, **named}
    with transaction(session) as connection:
        there = select(MerchantPerson.id).where(MerchantPerson.login == named["login"])
        if connection.execute(there).scalar() is not None:
            raise NotAllowed(why="login_taken")
        try:
            connection.execute(insert(MerchantPerson).values(**row, once_until=until))
        except IntegrityError as error:  # the same login a moment earlier
            raise TryAgain from error
        _record(connection, keeper.actor, "cashier_added", number, until - ONCE_SECONDS)
    return number


@use_case
def _reset(session: Session, keeper: Keeper, person_id: int, password_hash: str, now: int) -> str:
    with transaction(session) as connection:
        login: str = _known(connection, keeper, person_id).login
        _change(connection, person_id, password_hash=password_hash, once_until=now + ONCE_SECONDS)
        _end_sessions(connection, person_id, now)
        _record(connection, keeper.actor, "counter_password_reset", person_id, now)
    return login


@use_case
def _keep_password(session: Session, account: CounterAccount, password_hash: str, now: int) -> None:
    with transaction(session) as connection:
        _change(connection, account.person_id, password_hash=password_hash, once_until=None)
        _end_sessions(connection, account.person_id, now, but=account.token_hash)
        _record(connection, counter_actor(account.person_id), "counter_password_changed", account.person_id, now)


def _known(connection: Connection, keeper: Keeper, person_id: int) -> Any:
    found = select(MerchantPerson.login, MerchantPerson.blocked_at).where(
        MerchantPerson.id == person_id, MerchantPerson.merchant_id == keeper.merchant_id
    )
    row = connection.execute(found).one_or_none()
    if row is None:
        raise NotFound
    return row


def _change(connection: Connection, person_id: int, **values: Any) -> None:
    connection.execute(update(MerchantPerson).where(MerchantPerson.id == person_id).values(values))


def _end_sessions(connection: Connection, person_id: int, now: int, but: bytes = b"") -> None:
    alive = (MerchantSession.person_id == person_id, MerchantSession.revoked_at.is_(None))
    ended = update(MerchantSession).where(*alive, MerchantSession.token_hash != but)
    connection.execute(ended.values(revoked_at=now))


def _record(connection: Connection, actor: str, act: str, person_id: int, now: int) -> None:
    record_act(connection, actor, act, f"counter:{public_id(person_id)}", {}, now)
