"""Island staff sign in to the console and out of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.orm import Session

from miniprogram_api.clock import Clock
from miniprogram_api.db import public_id, transaction, use_case
from miniprogram_api.domain.refusals import NotFound, NotSignedIn
from miniprogram_api.models import Person, StaffSession
from miniprogram_api.services.audit import record_act
from miniprogram_api.services.passwords import (
    count_wrong_try,
    forget_wrong_tries,
    password_matches,
    refuse_while_locked,
)
from miniprogram_api.services.second_factor import SecondFactor, claim_second_factor
from miniprogram_api.services.tokens import new_token

SESSION_SECONDS = 10 * 3600  # one working day


@dataclass(frozen=True)
class ConsoleSession:
    """`token` goes into the cookie, `csrf` into the answer and then into each write."""

    token: str
    csrf: str
    person_id: int


def sign_in_staff(
    session: Session,
    login: str,
    password: str,
    totp: str | None,
    clock: Clock,
    *,
    recovery_code: str | None = None,
    device: str | None = None,
) -> ConsoleSession:
    """Open a console session; who has a second factor needs both. A used one is refused like a wrong one.

    Raises NotSignedIn (why: login, once_expired, totp_missing, totp, staff_recovery_code), and TooManyTries while the
    login is locked. A blocked person and a login that nobody has get the answer of a wrong password, after the same
    work.
    """
    now, factor = clock.now(), SecondFactor(totp, recovery_code)
    refuse_while_locked(session, "staff", login, now)
    person = _person_of(session, login)
    try:
        _check_password(person, password, now)
        opened = _open_session(session, person, factor, device, now)
    except NotSignedIn as refusal:
        if refusal.helps["why"] not in ("totp_missing", "once_expired"):
            count_wrong_try(session, "staff", login, now)
        raise
    forget_wrong_tries(session, "staff", login)
    return opened


@use_case
def sign_out_staff(session: Session, token_hash: bytes, clock: Clock) -> None:
    """End this session; a second time changes nothing."""
    now = clock.now()
    with transaction(session) as connection:
        mine = select(StaffSession.person_id).where(StaffSession.token_hash == token_hash)
        person_id = connection.execute(mine.where(StaffSession.revoked_at.is_(None))).scalar()
        if person_id is not None:
            connection.execute(update(StaffSession).where(StaffSession.token_hash == token_hash).values(revoked_at=now))
            record_act(connection, actor_of(person_id), "signed_out", f"person:{public_id(person_id)}", {}, now)


@use_case
def revoke_session(session: Session, person_id: int, session_id: str, clock: Clock) -> None:
    """End one of one's own sessions. Raises NotFound for any other."""
    now = clock.now()
    with transaction(session) as connection:
        mine = (StaffSession.person_id == person_id, StaffSession.revoked_at.is_(None), StaffSession.expires_at > now)
        hashes = connection.execute(select(StaffSession.token_hash).where(*mine)).scalars()
        found = next((each for each in hashes if session_id_of(each) == session_id), None)
        if found is None:
            raise NotFound
        connection.execute(update(StaffSession).where(StaffSession.token_hash == found).values(revoked_at=now))
        record_act(connection, actor_of(person_id), "session_revoked", f"session:{session_id}", {}, now)


def end_sessions(connection: Connection, person_id: int, now: int, but: bytes | None = None) -> int:
    """End all sessions of a person, in the caller's transaction; `but` is the token's hash of the one that goes on."""
    alive = (StaffSession.person_id == person_id, StaffSession.revoked_at.is_(None), StaffSession.expires_at > now)
    others = update(StaffSession).where(*alive, StaffSession.token_hash != (but or b""))
    return connection.execute(others.values(revoked_at=now)).rowcount


def session_id_of(token_hash: bytes) -> str:
    """How a session is named to the outside: 8 bytes of the hash, from which no token can be found."""
    return token_hash[:8].hex()


def lock_person(connection: Connection, person_id: int) -> None:
    """What a person may do alone in a day is counted; two requests at one moment wait for each other here."""
    # Not against rows that only name the person: those would wait for each other.
    connection.execute(select(Person.id).where(Person.id == person_id).with_for_update(key_share=True))


def actor_of(person_id: int) -> str:
    """The person as the audit trail names them."""
    return f"staff:{public_id(person_id)}"


def _person_of(session: Session, login: str) -> Any:
    fields = (Person.id, Person.password_hash, Person.totp_secret, Person.once_until, Person.blocked_at)
    row = session.execute(select(*fields).where(Person.login == login)).one_or_none()
    session.rollback()  # nothing is held while the password is hashed
    return row


def _check_password(person: Any, password: str, now: int) -> None:
    matches = password_matches(person.password_hash if person else None, password)
    if person is None or not matches or person.blocked_at is not None:
        raise NotSignedIn(why="login")
    if person.once_until is not None and person.once_until <= now:
        raise NotSignedIn(why="once_expired")


@use_case
def _open_session(session: Session, person: Any, factor: SecondFactor, device: str | None, now: int) -> ConsoleSession:
    token, token_hash = new_token()
    csrf, _ = new_token()
    with transaction(session) as connection:
        if person.totp_secret is not None:
            _use_second_factor(connection, person, factor, now)
        connection.execute(
            insert(StaffSession).values(
                token_hash=token_hash,
                person_id=person.id,
                csrf=csrf,
                device=device,
                created_at=now,
                expires_at=now + SESSION_SECONDS,
            )
        )
        how = "recovery_code" if factor.recovery_code else "totp" if factor.totp else "password"
        session_named = f"session:{session_id_of(token_hash)}"
        record_act(connection, actor_of(person.id), "signed_in", session_named, {"by": how}, now)
    return ConsoleSession(token, csrf, person.id)


def _use_second_factor(connection: Connection, person: Any, factor: SecondFactor, now: int) -> None:
    if factor.missing:
        raise NotSignedIn(why="totp_missing")
    if not claim_second_factor(connection, person, factor, now):
        raise NotSignedIn(why="staff_recovery_code" if factor.recovery_code else "totp")
