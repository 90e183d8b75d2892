"""The second factor of the staff: six digits of an authenticator (RFC 6238), or a recovery code, each once."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import Any

import pyotp
from sqlalchemy import Connection, delete, insert, update

from miniprogram_api.models import Person, RecoveryCode
from miniprogram_api.services.tokens import bare_symbols, grouped, new_symbols, token_hash

STEP_SECONDS = 30
STEPS_TOLERATED = 1  # the clock of a phone may be half a minute off, either way
RECOVERY_CODES = 10
RECOVERY_SYMBOLS = 16  # 80 bits: nobody tries them out, even against the stored hashes
ISSUER = "Tanyu"


@dataclass(frozen=True)
class SecondFactor:
    """What the person gave besides the password: six digits or a recovery code."""

    totp: str | None = None
    recovery_code: str | None = None

    @property
    def missing(self) -> bool:
        return self.totp is None and self.recovery_code is None


def new_secret() -> str:
    """160 random bits in Base32, as an authenticator takes it."""
    return pyotp.random_base32()


def secret_link(secret: str, login: str) -> str:
    """The otpauth address behind the QR code."""
    return pyotp.TOTP(secret, issuer=ISSUER).provisioning_uri(name=login)


def step_of(secret: str, digits: str, now: int) -> int | None:
    """The half minute whose digits these are, None when they are of none near now."""
    here, totp = now // STEP_SECONDS, pyotp.TOTP(secret)
    for step in range(here + STEPS_TOLERATED, here - STEPS_TOLERATED - 1, -1):
        if hmac.compare_digest(totp.at(step * STEP_SECONDS).encode(), digits.encode("utf-8", "replace")):
            return step
    return None


def claim_second_factor(connection: Connection, person: Any, given: SecondFactor, now: int) -> bool:
    """Uses the digits or the recovery code up; False when they are wrong or were used before.

    `person` has `id` and `totp_secret`; the caller's transaction must not commit after False.
    """
    if given.recovery_code is not None:
        return _claim_recovery_code(connection, person.id, given.recovery_code, now)
    step = step_of(person.totp_secret, given.totp or "", now)
    return step is not None and _claim_step(connection, person.id, step)


def _claim_step(connection: Connection, person_id: int, step: int) -> bool:
    """Digits of this half minute or an older one aren't taken again: who reads them over a shoulder is too late."""
    newer = update(Person).where(Person.id == person_id, Person.totp_last_step < step)
    return connection.execute(newer.values(totp_last_step=step)).rowcount == 1


def _claim_recovery_code(connection: Connection, person_id: int, text: str, now: int) -> bool:
    code = RecoveryCode
    unused = update(code).where(
        code.code_hash == _recovery_hash(person_id, bare_symbols(text)),
        code.person_id == person_id,
        code.used_at.is_(None),
    )
    return connection.execute(unused.values(used_at=now)).rowcount == 1


def renew_recovery_codes(connection: Connection, person_id: int) -> list[str]:
    """Ten fresh codes, to be shown once; the old ones are worth nothing any more."""
    codes = [new_symbols(RECOVERY_SYMBOLS) for _ in range(RECOVERY_CODES)]
    forget_recovery_codes(connection, person_id)
    rows = [{"code_hash": _recovery_hash(person_id, code), "person_id": person_id} for code in codes]
    connection.execute(insert(RecoveryCode), rows)
    return [grouped(code) for code in codes]


def forget_recovery_codes(connection: Connection, person_id: int) -> None:
    """All of this person's, used or not."""
    connection.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))


def _recovery_hash(person_id: int, symbols: str) -> bytes:
    return token_hash(f"{person_id:016x}:{symbols}")
