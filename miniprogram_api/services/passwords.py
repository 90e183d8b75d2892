"""Passwords as Argon2id hashes (RFC 9106), and the lock after repeated wrong tries."""

from __future__ import annotations

from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import Type
from sqlalchemy import case, update
from sqlalchemy.orm import Session

from miniprogram_api.db import transaction, use_case
from miniprogram_api.domain.refusals import TooManyTries
from miniprogram_api.models import MerchantPerson, Person

WRONG_TRIES_MAX = 5
LOCK_SECONDS = 15 * 60
# OWASP's second choice for Argon2id: 19 MiB, 2 passes; a worker stays small and a sign-in takes some 30 ms.
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1, type=Type.ID)


def hash_password(password: str) -> str:
    """The Argon2id hash to store."""
    return _HASHER.hash(password)


def password_matches(stored_hash: str | None, password: str) -> bool:
    """Whether the password belongs to the hash; the same work is done when there is no such login."""
    try:
        _HASHER.verify(stored_hash or _nobodys_hash(), password)
    except (VerificationError, InvalidHashError):
        return False
    return stored_hash is not None


def refuse_while_locked(locked_until: int, now: int) -> None:
    """Raises TooManyTries with the seconds to wait."""
    if locked_until > now:
        raise TooManyTries(retry_after=locked_until - now)


@use_case
def count_wrong_try(session: Session, people: type[MerchantPerson] | type[Person], person_id: int, now: int) -> None:
    """One more wrong try of this person; the last one allowed locks the sign-in and begins a new count."""
    last_one = people.wrong_tries + 1 >= WRONG_TRIES_MAX
    with transaction(session) as connection:
        connection.execute(
            update(people)
            .where(people.id == person_id)
            .values(
                wrong_tries=case((last_one, 0), else_=people.wrong_tries + 1),
                locked_until=case((last_one, now + LOCK_SECONDS), else_=people.locked_until),
            )
        )


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    return _HASHER.hash("nobody signs in with this")
