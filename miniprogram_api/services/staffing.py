"""An administrator looks after the people of the staff: roles, blocks, one-time passwords, open sessions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select, update
from sqlalchemy.orm import Session

from miniprogram_api.clock import Clock
from miniprogram_api.db import public_id, transaction, use_case
from miniprogram_api.domain.permissions import ADMINISTRATOR
from miniprogram_api.domain.refusals import NotAllowed, NotFound
from miniprogram_api.models import Person, PersonRole
from miniprogram_api.services.appointments import NewPerson, appoint_person, set_roles
from miniprogram_api.services.audit import record_act
from miniprogram_api.services.passwords import forget_wrong_tries, hash_password, new_password
from miniprogram_api.services.people import actor_of, end_sessions
from miniprogram_api.services.second_factor import forget_recovery_codes

ONCE_SECONDS = 72 * 3600  # long enough to hand it over across a weekend


@dataclass(frozen=True)
class OneTimePassword:
    """Shown to the administrator once; it opens nothing but the way to a password of the person's own."""

    person_id: int
    password: str
    valid_until: int


@dataclass(frozen=True)
class Change:
    """What is to be different; None leaves a thing as it is."""

    roles: Sequence[str] | None = None
    blocked: bool | None = None


def add_person(session: Session, login: str, name: str, roles: Sequence[str], by: int, clock: Clock) -> OneTimePassword:
    """A new person with a one-time password. Raises NotAllowed (why: login_taken)."""
    password, until = new_password(), clock.now() + ONCE_SECONDS
    person = NewPerson(login, name, password, roles[0], None, tuple(roles[1:]), until)
    number = appoint_person(session, person, actor_of(by), clock)
    if number is None:
        raise NotAllowed(why="login_taken")
    return OneTimePassword(number, password, until)


@use_case
def change_person(session: Session, person_id: int, change: Change, by: int, clock: Clock) -> None:
    """Roles and blocks hold from the person's next call on; a block ends all sessions.

    Raises NotFound, NotAllowed (why: yourself, last_administrator).
    """
    now = clock.now()
    with transaction(session) as connection:
        _lock_administrators(connection)
        person = _known(connection, person_id)
        if change.blocked and person_id == by:
            raise NotAllowed(why="yourself")
        if change.roles is not None:
            _change_roles(connection, person_id, sorted(set(change.roles)), by, now)
        if change.blocked is not None and change.blocked != (person.blocked_at is not None):
            _change_block(connection, person_id, change.blocked, by, now)
        if not _administrators(connection):
            raise NotAllowed(why="last_administrator")


def reset_password(
    session: Session, person_id: int, forget_second_factor: bool, by: int, clock: Clock
) -> OneTimePassword:
    """A one-time password instead of the person's own; all sessions end and the lock opens.

    With `forget_second_factor` the person may sign in without the lost authenticator, and its recovery codes are void.
    Raises NotFound, NotAllowed (why: yourself: who knows the own password changes it in the own account).
    """
    if person_id == by:
        raise NotAllowed(why="yourself")
    password, now = new_password(), clock.now()
    login = _reset(session, person_id, hash_password(password), forget_second_factor, by, now)
    forget_wrong_tries(session, "staff", login)
    return OneTimePassword(person_id, password, now + ONCE_SECONDS)


@use_case
def revoke_sessions(session: Session, person_id: int, by: int, clock: Clock) -> None:
    """End all sessions of a person, one's own too. Raises NotFound."""
    now = clock.now()
    with transaction(session) as connection:
        _known(connection, person_id)
        ended = end_sessions(connection, person_id, now)
        _record(connection, by, "sessions_revoked", person_id, {"sessions": ended}, now)


@use_case
def _reset(session: Session, person_id: int, password_hash: str, forget: bool, by: int, now: int) -> str:
    values: dict[str, Any] = {"password_hash": password_hash, "once_until": now + ONCE_SECONDS}
    with transaction(session) as connection:
        login: str = _known(connection, person_id).login
        if forget:
            values |= {"totp_secret": None, "totp_waiting": None}
            forget_recovery_codes(connection, person_id)
        connection.execute(update(Person).where(Person.id == person_id).values(values))
        end_sessions(connection, person_id, now)
        _record(connection, by, "password_reset", person_id, {"second_factor_forgotten": forget}, now)
    return login


def _change_roles(connection: Connection, person_id: int, roles: list[str], by: int, now: int) -> None:
    held = select(PersonRole.role).where(PersonRole.person_id == person_id).order_by(PersonRole.role)
    before = list(connection.execute(held).scalars())
    if before != roles:
        set_roles(connection, person_id, roles)
        _record(connection, by, "roles_changed", person_id, {"before": before, "after": roles}, now)


def _change_block(connection: Connection, person_id: int, blocked: bool, by: int, now: int) -> None:
    connection.execute(update(Person).where(Person.id == person_id).values(blocked_at=now if blocked else None))
    if blocked:
        end_sessions(connection, person_id, now)
    _record(connection, by, "person_blocked" if blocked else "person_unblocked", person_id, {}, now)


def _known(connection: Connection, person_id: int) -> Any:
    row = connection.execute(select(Person.login, Person.blocked_at).where(Person.id == person_id)).one_or_none()
    if row is None:
        raise NotFound
    return row


def _lock_administrators(connection: Connection) -> None:
    # Two administrators who take each other's role at one moment would leave nobody; the second waits here.
    theirs = select(PersonRole.person_id).where(PersonRole.role == ADMINISTRATOR)
    connection.execute(select(Person.id).where(Person.id.in_(theirs)).order_by(Person.id).with_for_update())


def _administrators(connection: Connection) -> int:
    """How many can still sign in as one."""
    able = select(func.count()).select_from(Person).join(PersonRole, PersonRole.person_id == Person.id)
    return connection.execute(able.where(PersonRole.role == ADMINISTRATOR, Person.blocked_at.is_(None))).scalar_one()


def _record(connection: Connection, by: int, act: str, person_id: int, detail: dict[str, Any], now: int) -> None:
    record_act(connection, actor_of(by), act, f"person:{public_id(person_id)}", detail, now)
