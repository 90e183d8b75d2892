"""A kiosk is invited by two people: one asks, another approves, and only then there is a short code to show."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from miniprogram_api.clock import Clock
from miniprogram_api.db import TryAgain, end_reading, transaction, use_case
from miniprogram_api.domain.kiosk_changes import ENDS_INVITATION, INVITED, STOPPED, UNINVITED
from miniprogram_api.domain.refusals import InvalidFields, NotAllowed
from miniprogram_api.models import Kiosk, KioskChange, KioskInvitation, Venue
from miniprogram_api.services.approvals import APPROVED
from miniprogram_api.services.audit import record_act
from miniprogram_api.services.island import Island
from miniprogram_api.services.kiosk_standing import (
    Wish,
    add_change,
    change_kiosk,
    changes_and_decisions,
    end_invitations,
    locked_kiosk,
)
from miniprogram_api.services.people import actor_of
from miniprogram_api.services.tokens import bare_symbols, grouped, new_symbols
from scenes.wire.signing import public_key_of

INVITATION_SECONDS = 30 * 60
INVITATION_SYMBOLS = 10  # 50 bits for half an hour
AGREED_SECONDS = 24 * 3600  # who has agreed to an invitation means it for that day


@dataclass(frozen=True)
class ShownInvitation:
    """`text` is what the QR code says: server address, short code and SHA-256 of the office key."""

    code: str
    expires_at: int
    server: str
    office_key_sha256: str

    @property
    def text(self) -> str:
        return " ".join((self.server.upper(), self.code, self.office_key_sha256.upper()))


@use_case
def ask_for_kiosk(session: Session, venue_id: str, name: str, reason: str, by: int, clock: Clock) -> int:
    """Ask for one more kiosk at a place; answers its number. Nothing is shown before somebody else approves.

    Raises InvalidFields (venue: unknown), NotAllowed (why: kiosk_name_taken).
    """
    now = clock.now()
    with transaction(session) as connection:
        if connection.execute(select(Venue.id).where(Venue.id == venue_id)).scalar() is None:
            raise InvalidFields(fields=[{"field": "venue", "reason": "unknown"}])
        if connection.execute(select(Kiosk.id).where(Kiosk.name == name)).scalar() is not None:
            raise NotAllowed(why="kiosk_name_taken")
        number = (connection.execute(select(func.max(Kiosk.id))).scalar() or 0) + 1
        row = {"id": number, "name": name, "venue_id": venue_id, "state": INVITED, "state_since": now}
        try:
            connection.execute(insert(Kiosk).values(**row))
        except IntegrityError as error:
            raise TryAgain from error  # the same number or name a moment earlier
        add_change(connection, locked_kiosk(connection, number), Wish(INVITED, reason, by), now)
    return int(number)


@use_case
def show_invitation(session: Session, kiosk_id: int, by: int, island: Island, clock: Clock) -> ShownInvitation:
    """A fresh short code, good for half an hour and once; the one before is good no more.

    Raises NotFound, NotAllowed (why: no_invitation) unless two people agreed within a day.
    """
    symbols, now = new_symbols(INVITATION_SYMBOLS), clock.now()
    with transaction(session) as connection:
        kiosk = locked_kiosk(connection, kiosk_id)
        agreed = agreed_invitation(connection, kiosk, now)
        if agreed is None:
            raise NotAllowed(why="no_invitation")
        end_invitations(connection, kiosk_id, now)
        _add(connection, symbols, kiosk_id, now, agreed.version)
        record_act(connection, actor_of(by), "kiosk_invited", f"kiosk:{kiosk_id}", {"version": agreed.version}, now)
    office = hashlib.sha256(public_key_of(island.keys.office_private)).hexdigest()
    return ShownInvitation(grouped(symbols, 5), now + INVITATION_SECONDS, island.code_base_url.lower(), office)


def end_invitation(session: Session, kiosk_id: int, reason: str, by: int, island: Island, clock: Clock) -> int:
    """Nobody becomes this kiosk by what was agreed and shown so far. Raises NotFound, NotAllowed (why: kiosk_state)."""
    return change_kiosk(session, kiosk_id, Wish(UNINVITED, reason, by), island, clock)


@use_case
def agreed_until(session: Session, kiosk_id: int, clock: Clock) -> int | None:
    """How long a short code may be shown, None where two people have not agreed. Reads."""
    kiosk = session.connection().execute(select(Kiosk.__table__).where(Kiosk.id == kiosk_id)).one_or_none()
    agreed = None if kiosk is None else agreed_invitation(session.connection(), kiosk, clock.now())
    end_reading(session)
    return None if agreed is None else int(agreed.decided_at + AGREED_SECONDS)


def agreed_invitation(connection: Connection, kiosk: Any, now: int) -> Any | None:
    """The invitation that two people agreed on and nobody has used or ended, None when there is none.

    A kiosk that was suspended or lost since then needs two people who know that.
    """
    mine = changes_and_decisions().where(KioskChange.kiosk_id == kiosk.id, KioskChange.change.in_(ENDS_INVITATION))
    newest = connection.execute(mine.order_by(KioskChange.version.desc()).limit(1)).one_or_none()
    if newest is None or newest.change != INVITED or newest.decision != APPROVED:
        return None
    if now >= newest.decided_at + AGREED_SECONDS:
        return None
    if kiosk.state in STOPPED and kiosk.state_since > newest.decided_at:
        return None
    used = select(KioskInvitation.kiosk_id).where(
        KioskInvitation.kiosk_id == kiosk.id,
        KioskInvitation.version == newest.version,
        KioskInvitation.used_at.is_not(None),
    )
    return None if connection.execute(used).first() else newest


def add_operators_invitation(connection: Connection, kiosk_id: int, now: int) -> str:
    """A short code that the operator made on the machine itself, as a person reads it."""
    symbols = new_symbols(INVITATION_SYMBOLS)
    _add(connection, symbols, kiosk_id, now, None)
    return grouped(symbols, 5)


def invitation_hash(text: str) -> bytes:
    """What an invitation is known by, however somebody typed it."""
    return hashlib.sha256(bare_symbols(text).encode("utf-8", "replace")).digest()


def _add(connection: Connection, symbols: str, kiosk_id: int, now: int, version: int | None) -> None:
    values = {"kiosk_id": kiosk_id, "expires_at": now + INVITATION_SECONDS, "version": version}
    connection.execute(insert(KioskInvitation).values(code_hash=invitation_hash(symbols), **values))
