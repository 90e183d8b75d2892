"""Members sign in and out: as a guest, by recovery code, or through WeChat, which may attach to a guest's row."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from miniprogram_api.adapters.wechat import Wechat, WechatPerson
from miniprogram_api.clock import Clock
from miniprogram_api.db import TryAgain, new_id, public_id, transaction, use_case
from miniprogram_api.domain.calendar import day_number
from miniprogram_api.domain.consents import Consent, check_consent
from miniprogram_api.domain.refusals import NotSignedIn
from miniprogram_api.models import Member, MemberBalance, MemberIdentity, MemberSession
from miniprogram_api.models.members import REMEMBERED
from miniprogram_api.services.audit import record_act
from miniprogram_api.services.consents import note_consent
from miniprogram_api.services.member_sessions import end_session, lock_member
from miniprogram_api.services.tokens import bare_symbols, grouped, new_symbols, new_token

SESSION_SECONDS = 180 * 86_400
MADE_UP = {"zh": {"guest": "游客", "others": "岛友"}, "en": {"guest": "Guest", "others": "Islander"}}
RECOVERY_SYMBOLS = 16  # 80 bits: not to be guessed, short enough to write down


@dataclass(frozen=True)
class Phone:
    """What signs in: `device` is what it is known by (services.fair_use.phone_mark), `label` its kind (`Safari ·
    iPhone`), `consent` what the person had in front of them and agreed to with this sign-in."""

    device: str | None = None
    label: str | None = None
    consent: Consent | None = None


@dataclass(frozen=True)
class SignedIn:
    """A fresh session; `recovery_code` is there once, for a new guest."""

    token: str
    member_id: int
    recovery_code: str | None = None


@use_case
def sign_in_guest(session: Session, phone: Phone, pepper: bytes, clock: Clock) -> SignedIn:
    """Make a new guest with a session and a recovery code, which is shown once and kept as an HMAC."""
    symbols = new_symbols(RECOVERY_SYMBOLS)
    with transaction(session) as connection:
        name = _made_up_name("guest", phone)
        member_id = new_member(connection, "guest", name, clock.now(), _recovery_hash(pepper, symbols))
        token = _open_session(connection, member_id, phone, clock.now())
    return SignedIn(token, member_id, grouped(symbols))


@use_case
def sign_in_by_recovery_code(
    session: Session, recovery_code: str, phone: Phone, pepper: bytes, clock: Clock
) -> SignedIn:
    """Open one more session of the guest who wrote this code down. Raises NotSignedIn for any other code."""
    found = _recovery_hash(pepper, bare_symbols(recovery_code))
    with transaction(session) as connection:
        member_id = connection.execute(select(Member.id).where(Member.recovery_hash == found)).scalar()
        if member_id is None:
            raise NotSignedIn(why="recovery_code")
        token = _open_session(connection, member_id, phone, clock.now())
    return SignedIn(token, member_id)


def sign_in_by_code(
    session: Session, wechat: Wechat, code: str, phone: Phone, carried: bytes | None, clock: Clock
) -> SignedIn:
    """Open a session of the person behind a mini-program's code; `carried` is the hash of a token that came along.

    Who is not yet a member becomes one: the guest whose token came along keeps row, points and history and gets the
    identity, which is audited; without such a guest a new member is made. A known person's guest row is not joined.
    Raises NotSignedIn for a code that WeChat doesn't know.
    """
    return _sign_in_person(session, wechat.person_of_code(code), phone, carried, clock)


def sign_in_by_oauth_code(
    session: Session, wechat: Wechat, oauth_code: str, phone: Phone, carried: bytes | None, clock: Clock
) -> SignedIn:
    """The same for the code of WeChat's web sign-in."""
    return _sign_in_person(session, wechat.person_of_oauth_code(oauth_code), phone, carried, clock)


@use_case
def _sign_in_person(
    session: Session, person: WechatPerson, phone: Phone, carried_token_hash: bytes | None, clock: Clock
) -> SignedIn:
    now = clock.now()
    with transaction(session) as connection:
        member_id = _member_of(connection, person)
        if member_id is None:
            member_id = _attached_guest(connection, person, carried_token_hash, now)
        if member_id is None:
            name = person.nickname or _made_up_name(person.kind, phone)
            member_id = new_member(connection, person.kind, name, now, None)
            _add_identity(connection, person, member_id, now)
        token = _open_session(connection, member_id, phone, now)
    return SignedIn(token, member_id)


@use_case
def sign_out_member(session: Session, token_hash: bytes, clock: Clock) -> None:
    """End this session and its passes; a second time changes nothing."""
    with transaction(session) as connection:
        end_session(connection, token_hash, clock.now())


def _member_of(connection: Connection, person: WechatPerson) -> int | None:
    found: int | None = connection.execute(
        select(MemberIdentity.member_id).where(
            MemberIdentity.provider == person.provider, MemberIdentity.subject == person.subject
        )
    ).scalar()
    return found


def _attached_guest(connection: Connection, person: WechatPerson, token_hash: bytes | None, now: int) -> int | None:
    """The guest of that token, from now on this person; None when the token is no living guest's."""
    if token_hash is None:
        return None
    owner = select(MemberSession.member_id).where(
        MemberSession.token_hash == token_hash, MemberSession.revoked_at.is_(None), MemberSession.expires_at > now
    )
    # The condition on the kind is the claim: of two sign-ins that carry one guest's token, one finds a guest.
    member_id: int | None = connection.execute(
        update(Member)
        .where(Member.id == owner.scalar_subquery(), Member.kind == "guest", REMEMBERED)
        .values(kind=person.kind, nickname=person.nickname or Member.nickname, recovery_hash=None)
        .returning(Member.id)
    ).scalar()
    if member_id is not None:
        _add_identity(connection, person, member_id, now)
        member = f"member:{public_id(member_id)}"
        detail = {"provider": person.provider, "from": "guest", "to": person.kind}
        record_act(connection, member, "identity_attached", member, detail, now)
    return member_id


def _add_identity(connection: Connection, person: WechatPerson, member_id: int, now: int) -> None:
    try:
        connection.execute(
            insert(MemberIdentity).values(
                provider=person.provider, subject=person.subject, member_id=member_id, created_at=now
            )
        )
    except IntegrityError as error:
        raise TryAgain from error  # the same person signed in elsewhere a moment ago; now there is a member to find


def _made_up_name(kind: str, phone: Phone) -> str:
    """A name that says nothing about anybody, in the language that they agreed in."""
    language = phone.consent.language if phone.consent else "zh"
    return f"{MADE_UP[language]['guest' if kind == 'guest' else 'others']} {new_symbols(4)}"


def new_member(connection: Connection, kind: str, nickname: str, now: int, recovery_hash: bytes | None) -> int:
    member_id = new_id()
    connection.execute(
        insert(Member).values(
            id=member_id,
            kind=kind,
            nickname=nickname,
            created_at=now,
            salt_key=secrets.token_bytes(32),
            recovery_hash=recovery_hash,
        )
    )
    connection.execute(insert(MemberBalance).values(member_id=member_id))
    return member_id


def _open_session(connection: Connection, member_id: int, phone: Phone, now: int) -> str:
    """Raises InvalidFields or NotAllowed (why: consent_withdrawn) for the consent that came along or did not."""
    try:
        lock_member(connection, member_id)
    except NotSignedIn as forgotten:
        raise TryAgain from forgotten  # a moment ago; the next look finds nobody by this name
    if phone.consent is not None:
        check_consent(phone.consent)
    note_consent(connection, member_id, phone.consent, now)
    token, token_hash = new_token()
    connection.execute(
        insert(MemberSession).values(
            token_hash=token_hash,
            member_id=member_id,
            device=phone.device,
            created_at=now,
            expires_at=now + SESSION_SECONDS,
            label=phone.label,
            used_on=day_number(now),
        )
    )
    return token


def _recovery_hash(pepper: bytes, symbols: str) -> bytes:
    return hmac.digest(pepper, symbols.encode("utf-8", "replace"), "sha256")
