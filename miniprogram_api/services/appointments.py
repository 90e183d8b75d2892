"""People get their sign-in: a merchant joins with its owner, a person of the staff is given a role."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from miniprogram_api.clock import Clock
from miniprogram_api.db import new_id, transaction, use_case
from miniprogram_api.models import Merchant, MerchantBalance, MerchantPerson, Person, PersonRole
from miniprogram_api.services.audit import record_act
from miniprogram_api.services.passwords import hash_password


@dataclass(frozen=True)
class NewMerchant:
    """A merchant and the sign-in of its owner."""

    name_zh: str
    name_en: str
    place_zh: str
    place_en: str
    login: str
    owner: str
    password: str


@dataclass(frozen=True)
class NewPerson:
    """A person of the staff; `totp_secret` is Base32 as an authenticator app takes it."""

    login: str
    name: str
    password: str
    role: str
    totp_secret: str | None


@use_case
def admit_merchant(session: Session, merchant: NewMerchant, actor: str, clock: Clock) -> int:
    """Answers the merchant's id; when the owner's login is there already, nothing is written and its password stays."""
    password_hash, number, now = hash_password(merchant.password), new_id(), clock.now()
    with transaction(session) as connection:
        there = select(MerchantPerson.merchant_id).where(MerchantPerson.login == merchant.login)
        known: int | None = connection.execute(there).scalar()
        if known is not None:
            return known
        names = {field: getattr(merchant, field) for field in ("name_zh", "name_en", "place_zh", "place_en")}
        connection.execute(insert(Merchant).values(id=number, state="active", created_at=now, **names))
        connection.execute(insert(MerchantBalance).values(merchant_id=number))
        connection.execute(
            insert(MerchantPerson).values(
                id=new_id(),
                merchant_id=number,
                login=merchant.login,
                name=merchant.owner,
                password_hash=password_hash,
                role="owner",
            )
        )
        record_act(connection, actor, "merchant_admitted", f"merchant:{number:016x}", {"login": merchant.login}, now)
    return number


@use_case
def appoint_person(session: Session, person: NewPerson, actor: str, clock: Clock) -> bool:
    """Adds the person with one role; False when the login is there already, and then nothing changes."""
    password_hash, number, now = hash_password(person.password), new_id(), clock.now()
    with transaction(session) as connection:
        if connection.execute(select(Person.id).where(Person.login == person.login)).scalar() is not None:
            return False
        connection.execute(
            insert(Person).values(
                id=number,
                login=person.login,
                name=person.name,
                password_hash=password_hash,
                totp_secret=person.totp_secret,
                created_at=now,
            )
        )
        connection.execute(insert(PersonRole).values(person_id=number, role=person.role))
        detail = {"login": person.login, "role": person.role}
        record_act(connection, actor, "person_appointed", f"person:{number:016x}", detail, now)
    return True
