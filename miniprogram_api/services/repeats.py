"""The caller brings the id: a repeat answers what was answered before, in its present state."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from miniprogram_api.books.entries import Caller
from miniprogram_api.books.facts import Facts, facts_for_purse
from miniprogram_api.db import public_id
from miniprogram_api.domain.balances import balance_shown
from miniprogram_api.domain.refusals import CodeAlreadyUsed, IdempotencyConflict, NotSignedIn, Refusal
from miniprogram_api.models import Act, Entry, Reversal
from miniprogram_api.services.acts import Scanned
from miniprogram_api.services.arrivals import Scan, content_of
from miniprogram_api.services.codes import open_code
from miniprogram_api.services.island import Island
from scenes.wire.kiosk_code import KioskCode


def answer_again(session: Session, scan: Scan, island: Island, now: int, refusal: Refusal) -> Scanned | None:
    """After a refusal: what this very scan was answered before, None when it wasn't.

    Raises NotSignedIn (which goes before every other refusal), IdempotencyConflict, or CodeAlreadyUsed with the
    activity when the code was used by this member.
    """
    try:
        facts = facts_for_purse(session.connection(), scan.token_hash, now)
        if facts.member is None:
            raise NotSignedIn
        return _stored(session.connection(), scan, island, now, facts, refusal)
    finally:
        session.rollback()


def _stored(
    connection: Connection, scan: Scan, island: Island, now: int, facts: Facts, refusal: Refusal
) -> Scanned | None:
    member = facts.member
    assert member is not None
    try:
        code = open_code(scan.code_text, island)
    except Refusal:
        return None
    act = _act_of_key(connection, scan, code, member.member_id)
    if act is not None:
        return Scanned(act, balance_shown(member.available, member.held, member.debt, facts.lots, now))
    own = _own_act(connection, code, member.member_id)
    if own is not None:
        raise CodeAlreadyUsed(activity=public_id(own)) from refusal
    return None


def _act_of_key(connection: Connection, scan: Scan, code: KioskCode, member_id: int) -> dict[str, Any] | None:
    """The act that this member's key was used for; raises IdempotencyConflict when it was another."""
    if scan.key is None:
        return None
    entry = connection.execute(
        select(Entry.act_id, Entry.content).where(
            Entry.caller_kind == "member", Entry.caller == member_id, Entry.key == scan.key
        )
    ).first()
    if entry is not None:
        if entry.content is None or bytes(entry.content) != content_of(code, scan.companion):
            raise IdempotencyConflict
        return _act(connection, Act.id == entry.act_id)
    pending = _act(connection, Act.member_id == member_id, Act.pending_key == scan.key)
    if pending is not None and content_of(code, scan.companion) != _content_of_act(pending):
        raise IdempotencyConflict
    return pending


def _own_act(connection: Connection, code: KioskCode, member_id: int) -> int | None:
    return connection.execute(
        select(Act.id).where(
            Act.kiosk_id == code.kiosk, Act.epoch == code.epoch, Act.counter == code.counter, Act.member_id == member_id
        )
    ).scalar()


def _act(connection: Connection, *where: Any) -> dict[str, Any] | None:
    row = (
        connection.execute(
            select(*Act.__table__.columns, Reversal.reversed_at, Reversal.reason.label("reversal_reason"))
            .outerjoin(Reversal, Reversal.act_id == Act.id)
            .where(*where)
        )
        .mappings()
        .first()
    )
    return None if row is None else dict(row)


def _content_of_act(act: dict[str, Any]) -> bytes:
    code = KioskCode(act["kind"], act["epoch"], act["kiosk_id"], act["counter"], 0, 0, 0, 0, bytes(act["nonce"]))
    return content_of(code, act["companion"])


def key_was_answered(session: Session, caller: Caller) -> bool:
    """Whether this caller's key was booked for this very content; raises IdempotencyConflict when for another."""
    try:
        content = session.execute(
            select(Entry.content).where(
                Entry.caller_kind == caller.kind, Entry.caller == caller.number, Entry.key == caller.key
            )
        ).scalar()
    finally:
        session.rollback()
    if content is not None and bytes(content) != caller.content:
        raise IdempotencyConflict
    return content is not None
