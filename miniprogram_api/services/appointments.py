"""People get their sign-in: a merchant joins with its owner, a person of the staff is given a role."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from miniprogram_api.clock import Clock
from miniprogram_api.db import TryAgain, new_id, public_id, transaction, use_case
from miniprogram_api.domain.first_reasons import FIRST_ADMISSION
from miniprogram_api.domain.permissions import STAFF
from miniprogram_api.models import Merchant, MerchantBalance, MerchantPerson, MerchantVersion, Person, PersonRole
from miniprogram_api.services.audit import record_act
from miniprogram_api.services.passwords import hash_password

ROLES = tuple(STAFF)


@dataclass(frozen=True)
class NewMerchant:
    """A merchant and the sign-in of its owner. `once_until`: the password is a one-time one, good until then.
    `venue_id`: the place whose profile says what its till may confirm."""

    name_zh: str
    name_en: str
    place_zh: str
    place_en: str
    login: str
    owner: str
    password: str
    once_until: int | None = None
    asked_by: int | None = None
    reason: str = FIRST_ADMISSION
    venue_id: str | None = None

    @property
    def names(self) -> dict[str, str]:
        return {field: getattr(self, field) for field in ("name_zh", "name_en", "place_zh", "place_en")}


@dataclass(frozen=True)
class NewPerson:
    """A person of the staff; `totp_secret` is Base32 as an authenticator app takes it.

    `also`: further roles. `once_until`: the password is a one-time one, good until then (Unix seconds).
    """

    login: str
    name: str
    password: str
    role: str
    totp_secret: str | None
    also: tuple[str, ...] = ()
    once_until: int | None = None

    @property
    def roles(self) -> list[str]:
        return sorted({self.role, *self.also})


def admit_merchant(session: Session, merchant: NewMerchant, actor: str, clock: Clock) -> int:
    """Answers the merchant's id; when the owner's login is there already, nothing is written and its password stays."""
    admitted = admit_new_merchant(session, merchant, actor, clock)
    if admitted is not None:
        return admitted
    there = select(MerchantPerson.merchant_id).where(MerchantPerson.login == merchant.login)
    known = int(session.execute(there).scalar_one())
    session.rollback()
    return known


@use_case
def admit_new_merchant(session: Session, merchant: NewMerchant, actor: str, clock: Clock) -> int | None:
    """Answers the merchant's id; None when the owner's login is there already, and then nothing changes."""
    password_hash, number, now = hash_password(merchant.password), new_id(), clock.now()
    with transaction(session) as connection:
        there = select(MerchantPerson.id).where(MerchantPerson.login == merchant.login)
        if connection.execute(there).scalar() is not None:
            return None
        _add_merchant(connection, number, merchant, now)
        _add_owner(connection, number, merchant, password_hash)
        record_act(connection, actor, "merchant_admitted", f"merchant:{number:016x}", {"login": merchant.login}, now)
    return number


def _add_merchant(connection: Connection, number: int, merchant: NewMerchant, now: int) -> None:
    standing = {**merchant.names, "state": "active", "created_at": now}
    connection.execute(insert(Merchant).values(id=number, **standing, venue_id=merchant.venue_id))
    asked = {"reason": merchant.reason, "asked_by": merchant.asked_by}
    connection.execute(
        insert(MerchantVersion).values(merchant_id=number, version=1, change="admitted", **standing, **asked)
    )
    connection.execute(insert(MerchantBalance).values(merchant_id=number))


def _add_owner(connection: Connection, merchant_id: int, merchant: NewMerchant, password_hash: str) -> None:
    try:
        connection.execute(
            insert(MerchantPerson).values(
                id=new_id(),
                merchant_id=merchant_id,
                login=merchant.login,
                name=merchant.owner,
                password_hash=password_hash,
                role="owner",
                once_until=merchant.once_until,
            )
        )
    except IntegrityError as error:  # the same login a moment earlier
        raise TryAgain from error


@use_case
def appoint_person(session: Session, person: NewPerson, actor: str, clock: Clock) -> int | None:
    """Adds the person and answers the id; None when the login is there already, and then nothing changes."""
    password_hash, number, now = hash_password(person.password), new_id(), clock.now()
    with transaction(session) as connection:
        if connection.execute(select(Person.id).where(Person.login == person.login)).scalar() is not None:
            return None
        try:
            connection.execute(
                insert(Person).values(
                    id=number,
                    login=person.login,
                    name=person.name,
                    password_hash=password_hash,
                    once_until=person.once_until,
                    totp_secret=person.totp_secret,
                    created_at=now,
                )
            )
        except IntegrityError as error:  # the same login a moment earlier
            raise TryAgain from error
        set_roles(connection, number, person.roles)
        detail = {"login": person.login, "roles": person.roles}
        record_act(connection, actor, "person_appointed", f"person:{public_id(number)}", detail, now)
    return number


def set_roles(connection: Connection, person_id: int, roles: list[str]) -> None:
    """These roles and no others, in the caller's transaction."""
    assert roles, "a person has at least one role"
    assert set(roles) <= set(ROLES), "only roles of the permission table"
    connection.execute(delete(PersonRole).where(PersonRole.person_id == person_id))
    connection.execute(insert(PersonRole), [{"person_id": person_id, "role": role} for role in roles])
