"""A member agrees to the notices, or takes it back: both are rows that stay."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.orm import Session

from miniprogram_api.books.entries import new_entry_id
from miniprogram_api.clock import Clock
from miniprogram_api.db import transaction, use_case
from miniprogram_api.domain.consents import (
    CURRENT,
    GIVEN,
    WITHDRAWN,
    Consent,
    Deed,
    check_consent,
    is_withdrawn,
    standing,
    versions_given,
)
from miniprogram_api.domain.refusals import NotAllowed
from miniprogram_api.models import MemberConsent, MessageConsent
from miniprogram_api.services.member_sessions import end_all_sessions, lock_member


@use_case
def give_consent(session: Session, member_id: int, consent: Consent, clock: Clock) -> None:
    """Note what the member agrees to; what stands already is not noted again. Raises InvalidFields, NotSignedIn."""
    check_consent(consent)
    with transaction(session) as connection:
        lock_member(connection, member_id)
        note_consent(connection, member_id, consent, clock.now())


@use_case
def withdraw_consent(session: Session, member_id: int, language: str, clock: Clock) -> None:
    """From now on nothing new is kept about the member: every session, member code and card ends, and no message is
    sent. Points and vouchers stay as they are; the next sign-in needs a new consent. Raises NotSignedIn."""
    now = clock.now()
    with transaction(session) as connection:
        lock_member(connection, member_id)
        given = versions_given(standing(_deeds(connection, member_id)))
        for notice, version in sorted((given or CURRENT).items()):  # who was never asked may say no all the same
            _note(connection, member_id, Deed(notice, version, WITHDRAWN, language, now))
        end_all_sessions(connection, member_id, now)
        connection.execute(update(MessageConsent).where(MessageConsent.member_id == member_id).values(remaining=0))


def note_consent(connection: Connection, member_id: int, consent: Consent | None, now: int) -> None:
    """The same among the writes of a sign-in. Raises NotAllowed (why: consent_withdrawn) for somebody who took it back
    and brings none."""
    stand = standing(_deeds(connection, member_id))
    if consent is None:
        if is_withdrawn(stand):
            raise NotAllowed(why="consent_withdrawn")
        return
    given = versions_given(stand)
    for notice, version in consent.versions.items():
        if given.get(notice) != version:
            _note(connection, member_id, Deed(notice, version, GIVEN, consent.language, now))


def _deeds(connection: Connection, member_id: int) -> list[Deed]:
    columns = (MemberConsent.notice, MemberConsent.version, MemberConsent.deed, MemberConsent.language)
    rows = connection.execute(
        select(*columns, MemberConsent.at).where(MemberConsent.member_id == member_id).order_by(MemberConsent.id)
    )
    return [Deed(*row) for row in rows]


def _note(connection: Connection, member_id: int, deed: Deed) -> None:
    connection.execute(insert(MemberConsent).values(id=new_entry_id(), member_id=member_id, **vars(deed)))
