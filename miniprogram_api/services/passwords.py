"""Passwords as Argon2id hashes (RFC 9106), and the lock after repeated wrong tries."""

from __future__ import annotations

import hashlib
import secrets
from functools import lru_cache
from typing import Literal

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import Type
from sqlalchemy import case, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from miniprogram_api.db import TryAgain, transaction, use_case
from miniprogram_api.domain.refusals import TooManyTries
from miniprogram_api.models import SignInTries
from miniprogram_api.services.audit import record_act

WRONG_TRIES_MAX = 5
LOCK_SECONDS = 15 * 60
# Wrong tries are forgotten after a day; that also bounds what guessed logins can leave behind.
TRIES_KEPT_SECONDS = 86_400
# OWASP's second choice for Argon2id: 19 MiB, 2 passes; a worker stays small and a sign-in takes some 30 ms.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1, type=Type.ID)
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # no 0 o 1 l i
Desk = Literal["staff", "merchant"]


def hash_password(password: str) -> str:
    """The Argon2id hash to store."""
    return _HASHER.hash(password)


def new_password() -> str:
    """Three groups of four symbols, some 59 bits: to be read from a screen, told, and typed elsewhere."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(3))


def password_matches(stored_hash: str | None, password: str) -> bool:
    """Whether the password belongs to the hash; the same work is done when there is no such login."""
    nobodys = _nobodys_hash()
    try:
        _HASHER.verify(stored_hash or nobodys, password)
    except (VerificationError, InvalidHashError):
        return False
    return stored_hash is not None


@use_case
def refuse_while_locked(session: Session, desk: Desk, login: str, now: int) -> None:
    """Raises TooManyTries with the seconds to wait; a login that nobody has is locked like any other."""
    known = select(SignInTries.locked_until).where(SignInTries.login_hash == _login_hash(desk, login))
    locked_until = session.execute(known).scalar() or 0
    session.rollback()  # nothing is held while the password is hashed
    if locked_until > now:
        raise TooManyTries(retry_after=locked_until - now)


@use_case
def count_wrong_try(session: Session, desk: Desk, login: str, now: int) -> None:
    """One more wrong try for this login; the last one allowed locks it and begins a new count."""
    row, tries = SignInTries.login_hash == _login_hash(desk, login), SignInTries
    last_one = tries.wrong_tries + 1 >= WRONG_TRIES_MAX
    counted = {
        "wrong_tries": case((last_one, 0), else_=tries.wrong_tries + 1),
        "locked_until": case((last_one, now + LOCK_SECONDS), else_=tries.locked_until),
        "changed_at": now,
    }
    with transaction(session) as connection:
        connection.execute(delete(tries).where(tries.changed_at < now - TRIES_KEPT_SECONDS))
        if connection.execute(update(tries).where(row).values(counted)).rowcount == 0:
            try:
                first = {"login_hash": _login_hash(desk, login), "wrong_tries": 1, "locked_until": 0, "changed_at": now}
                connection.execute(insert(tries).values(first))
            except IntegrityError as error:
                raise TryAgain from error
        elif connection.execute(select(tries.locked_until).where(row)).scalar() == now + LOCK_SECONDS:
            # What was typed is not kept: people also type their password into the wrong field.
            record_act(
                connection, "system:sign_in", f"{desk}_sign_in_locked", f"login:{_login_mark(desk, login)}", {}, now
            )


@use_case
def forget_wrong_tries(session: Session, desk: Desk, login: str) -> None:
    """A right sign-in begins a new count."""
    with transaction(session) as connection:
        connection.execute(delete(SignInTries).where(SignInTries.login_hash == _login_hash(desk, login)))


def _login_hash(desk: Desk, login: str) -> bytes:
    return hashlib.sha256(f"{desk}:{login}".encode("utf-8", "replace")).digest()


def _login_mark(desk: Desk, login: str) -> str:
    return _login_hash(desk, login).hex()[:16]


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    return _HASHER.hash("nobody signs in with this")
