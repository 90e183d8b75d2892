"""A member's sessions: which are open, which end, and that a forgotten member opens none."""

from __future__ import annotations

from sqlalchemy import Connection, select, update
from sqlalchemy.orm import Session

from miniprogram_api.clock import Clock
from miniprogram_api.db import DatabaseAway, transaction, use_case
from miniprogram_api.domain.calendar import day_number
from miniprogram_api.domain.member_sessions import session_name
from miniprogram_api.domain.refusals import NotFound, NotSignedIn
from miniprogram_api.models import Member, MemberPass, MemberSession, ResidentCard
from miniprogram_api.models.members import REMEMBERED
from miniprogram_api.services.passes import revoke_passes


def lock_member(connection: Connection, member_id: int) -> None:
    """Hold the member's row against forgetting and against other sign-ins. Raises NotSignedIn for a forgotten one."""
    # Not against rows that only name the member: those would wait for each other.
    found = select(Member.id).where(Member.id == member_id, REMEMBERED).with_for_update(key_share=True)
    if connection.execute(found).first() is None:
        raise NotSignedIn


def end_session(connection: Connection, token_hash: bytes, now: int) -> None:
    """This session and all that was given to it end now."""
    connection.execute(
        update(MemberSession)
        .where(MemberSession.token_hash == token_hash, MemberSession.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    revoke_passes(connection, token_hash, now)


def end_all_sessions(connection: Connection, member_id: int, now: int) -> None:
    """Every session, member code and card of the member ends now."""
    for token_hash in _open(connection, member_id, now):
        end_session(connection, token_hash, now)
    for table in (MemberPass, ResidentCard):
        theirs = (table.member_id == member_id, table.revoked_at.is_(None))
        connection.execute(update(table).where(*theirs).values(revoked_at=now))


@use_case
def end_one_session(session: Session, member_id: int, name: str, clock: Clock) -> None:
    """End the session of this name. Raises NotFound for one that is not open, or another member's."""
    now = clock.now()
    with transaction(session) as connection:
        named = [token for token in _open(connection, member_id, now) if session_name(token) == name]
        if not named:
            raise NotFound
        end_session(connection, named[0], now)


@use_case
def end_other_sessions(session: Session, member_id: int, token_hash: bytes, clock: Clock) -> None:
    """End all sessions of the member but this one; without others nothing changes."""
    now = clock.now()
    with transaction(session) as connection:
        for other in _open(connection, member_id, now):
            if other != token_hash:
                end_session(connection, other, now)


def note_use(session: Session, token_hash: bytes, clock: Clock) -> None:
    """The session was used today. A day that can't be noted now is noted by a later call."""
    try:
        _note_day(session, token_hash, day_number(clock.now()))
    except DatabaseAway:
        return


@use_case
def _note_day(session: Session, token_hash: bytes, today: int) -> None:
    with transaction(session) as connection:
        earlier = (MemberSession.token_hash == token_hash, MemberSession.used_on < today)
        connection.execute(update(MemberSession).where(*earlier).values(used_on=today))


def _open(connection: Connection, member_id: int, now: int) -> list[bytes]:
    alive = (MemberSession.member_id == member_id, MemberSession.revoked_at.is_(None), MemberSession.expires_at > now)
    return [bytes(token) for token in connection.execute(select(MemberSession.token_hash).where(*alive)).scalars()]
