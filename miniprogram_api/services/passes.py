"""Passes of a member's phone: three days ahead, so that its member code needs no network (contract section 1)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from miniprogram_api.clock import Clock
from miniprogram_api.db import TryAgain, end_reading, transaction, use_case
from miniprogram_api.domain.keys import Keys
from miniprogram_api.domain.refusals import NotSignedIn
from miniprogram_api.models import MemberPass, MemberSession
from miniprogram_api.services.island import Island
from scenes.wire.member_code import ALIAS_BYTES, SLOT_SECONDS, SLOTS_MAX, last_value, make_pass

PASSES_AHEAD = 3
_ENDS_AT = MemberPass.not_before + MemberPass.slots * SLOT_SECONDS


@dataclass(frozen=True)
class Pass:
    """What the phone keeps of one day: the 96 signed bytes and the secret end of their chain, 16 bytes."""

    signed: bytes
    last_value: bytes


@dataclass(frozen=True)
class PassRow:
    """A pass as its row says it; times in Unix seconds, `number` counts from 0 within its session."""

    alias: bytes
    number: int
    key_id: int
    not_before: int
    slots: int

    @property
    def ends_at(self) -> int:
        return self.not_before + self.slots * SLOT_SECONDS


@use_case
def passes_of_session(session: Session, token_hash: bytes, island: Island, clock: Clock) -> list[Pass]:
    """The running pass of this session and the two after it, the same ones as long as they last; a pass that is over
    makes room for one more behind the others. Raises NotSignedIn for a session that has ended meanwhile."""
    now = clock.now()
    rows = _standing(session.connection(), token_hash, island.keys, now)
    end_reading(session)
    if len(rows) < PASSES_AHEAD:
        rows = _filled_up(session, token_hash, island.keys, now)
    return [_as_signed(row, island.keys) for row in rows]


def revoke_passes(connection: Connection, token_hash: bytes, now: int) -> None:
    """No pass of this session is taken from now on; what was read before stays."""
    connection.execute(
        update(MemberPass)
        .where(MemberPass.session == token_hash, MemberPass.revoked_at.is_(None), now < _ENDS_AT)
        .values(revoked_at=now)
    )


def _standing(connection: Connection, token_hash: bytes, keys: Keys, now: int) -> list[PassRow]:
    """Passes that run or will run, in their order; one whose key the island has given up stands no more."""
    columns = (MemberPass.alias, MemberPass.number, MemberPass.key_id, MemberPass.not_before, MemberPass.slots)
    rows = connection.execute(
        select(*columns)
        .where(
            MemberPass.session == token_hash,
            MemberPass.revoked_at.is_(None),
            MemberPass.key_id.in_(list(keys.pass_privates)),
            now < _ENDS_AT,
        )
        .order_by(MemberPass.number)
    )
    return [PassRow(bytes(row.alias), row.number, row.key_id, row.not_before, row.slots) for row in rows]


def _filled_up(session: Session, token_hash: bytes, keys: Keys, now: int) -> list[PassRow]:
    with transaction(session) as connection:
        member_id = _locked_member(connection, token_hash, now)
        rows = _standing(connection, token_hash, keys, now)
        for row in _missing(rows, _next_number(connection, token_hash), keys.pass_key_id, now):
            try:
                connection.execute(
                    insert(MemberPass).values(**vars(row), member_id=member_id, session=token_hash, created_at=now)
                )
            except IntegrityError as error:
                raise TryAgain from error  # one alias in 2^64 is there already
            rows.append(row)
    return rows


def _locked_member(connection: Connection, token_hash: bytes, now: int) -> int:
    """Whose session it is. Its row is locked, so that a sign-out at this moment finds new passes or none is made."""
    member_id: int | None = connection.execute(
        select(MemberSession.member_id)
        .where(
            MemberSession.token_hash == token_hash, MemberSession.revoked_at.is_(None), MemberSession.expires_at > now
        )
        .with_for_update()
    ).scalar()
    if member_id is None:
        raise NotSignedIn
    return member_id


def _next_number(connection: Connection, token_hash: bytes) -> int:
    last = select(MemberPass.number).where(MemberPass.session == token_hash).order_by(MemberPass.number.desc()).limit(1)
    number: int | None = connection.execute(last).scalar()
    return 0 if number is None else number + 1


def _missing(rows: list[PassRow], number: int, key_id: int, now: int) -> list[PassRow]:
    """What is missing behind these rows; without any the first begins with this minute."""
    begins = rows[-1].ends_at if rows else now - now % SLOT_SECONDS
    return [
        PassRow(
            alias=secrets.token_bytes(ALIAS_BYTES),
            number=number + place,
            key_id=key_id,
            not_before=begins + place * SLOTS_MAX * SLOT_SECONDS,
            slots=SLOTS_MAX,
        )
        for place in range(PASSES_AHEAD - len(rows))
    ]


def _as_signed(row: PassRow, keys: Keys) -> Pass:
    """The same bytes each time: the chain derives from the alias, and Ed25519 signs without chance."""
    last = last_value(keys.pass_seed, row.alias)
    private = keys.pass_privates[row.key_id]
    return Pass(make_pass(row.key_id, row.alias, row.not_before, row.slots, last, private), last)
