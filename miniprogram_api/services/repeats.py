"""The caller brings the id: a repeat answers what was answered before, in its present state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, case, select
from sqlalchemy.orm import Session

from miniprogram_api.books.entries import Caller
from miniprogram_api.books.facts import Facts, facts_for_purse
from miniprogram_api.db import TryAgain, public_id
from miniprogram_api.domain.balances import balance_shown
from miniprogram_api.domain.refusals import CodeAlreadyUsed, IdempotencyConflict, NotSignedIn, Refusal
from miniprogram_api.models import Act, Entry
from miniprogram_api.models.reviews import activities, shown_act, standing_act
from miniprogram_api.services.acts import Scanned
from miniprogram_api.services.arrivals import Scan, content_of
from miniprogram_api.services.codes import open_code
from miniprogram_api.services.island import Island
from scenes.wire.kinds import KIND_GROUP
from scenes.wire.kiosk_code import KioskCode


def answer_again(session: Session, scan: Scan, island: Island, now: int, refusal: Refusal) -> Scanned | None:
    """After a refusal: what this very scan was answered before, None when it wasn't.

    Raises NotSignedIn (which goes before every other refusal), IdempotencyConflict, CodeAlreadyUsed with the activity
    when the code was used by this member, or TryAgain when its twin, or somebody else with the same group code, was
    first at the same moment.
    """
    try:
        facts = facts_for_purse(session.connection(), scan.token_hash, now)
        if facts.member is None:
            raise NotSignedIn
        return _stored(session.connection(), scan, island, now, facts, refusal)
    finally:
        session.rollback()


def answer_as_it_is(session: Session, token_hash: bytes, act_id: int, now: int) -> Scanned:
    """An act of the member behind the token in its present state, by the id under which people know it.

    Raises NotSignedIn for a token that ended meanwhile.
    """
    try:
        connection = session.connection()
        facts, act = facts_for_purse(connection, token_hash, now), _act(connection, Act.id == standing_act(act_id))
        if facts.member is None:
            raise NotSignedIn
        assert act is not None, "acts stay"
        return _shown(act, facts, now)
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
        return _shown(act, facts, now)
    known = _act_of_code(connection, code, member.member_id)
    if known is not None and known.member_id == member.member_id:
        raise CodeAlreadyUsed(activity=public_id(known.id)) from refusal
    if isinstance(refusal, CodeAlreadyUsed) and (known is None or code.kind == KIND_GROUP):
        raise TryAgain
    return None


def _shown(act: dict[str, Any], facts: Facts, now: int) -> Scanned:
    member = facts.member
    assert member is not None
    return Scanned(act, balance_shown(member.available, member.held, member.debt, facts.lots, now))


def _act_of_key(connection: Connection, scan: Scan, code: KioskCode, member_id: int) -> dict[str, Any] | None:
    """The act that this member's key was used for; raises IdempotencyConflict when it was another."""
    if scan.key is None:
        return None
    use = use_of_key(connection, Caller("member", member_id, scan.key))
    if use is None:
        return None
    if use.content != content_of(code, scan.companion):
        raise IdempotencyConflict
    return _act(connection, Act.id == standing_act(use.act_id))


def _act_of_code(connection: Connection, code: KioskCode, member_id: int) -> Any:
    """An act of this very code, this member's before another's; a twin is another code."""
    return connection.execute(
        select(shown_act(Act.id).label("id"), Act.member_id)
        .where(
            Act.kiosk_id == code.kiosk,
            Act.epoch == code.epoch,
            Act.counter == code.counter,
            Act.nonce == code.nonce,
            Act.kind == code.kind,
        )
        .order_by(case((Act.member_id == member_id, 0), else_=1))
        .limit(1)
    ).first()


def _act(connection: Connection, *where: Any) -> dict[str, Any] | None:
    row = connection.execute(activities().where(*where)).mappings().first()
    return None if row is None else dict(row)


def _content_of_act(act: Any) -> bytes:
    code = KioskCode(act.kind, act.epoch, act.kiosk_id, act.counter, 0, 0, 0, 0, bytes(act.nonce))
    return content_of(code, act.companion)


@dataclass(frozen=True)
class KeyUse:
    """What a caller's key was used for: `content` came with it, act or voucher came of it."""

    content: bytes
    act_id: int | None
    voucher_id: int | None


def use_of_key(connection: Connection, caller: Caller) -> KeyUse | None:
    """For what the caller used this key before, None when never; an act without an entry holds its member's key."""
    entry = connection.execute(
        select(Entry.content, Entry.act_id, Entry.voucher_id).where(
            Entry.caller_kind == caller.kind, Entry.caller == caller.number, Entry.key == caller.key
        )
    ).first()
    if entry is not None:
        return KeyUse(bytes(entry.content or b""), entry.act_id, entry.voucher_id)
    if caller.kind != "member":
        return None
    act = connection.execute(
        select(Act.id, Act.kind, Act.epoch, Act.kiosk_id, Act.counter, Act.nonce, Act.companion).where(
            Act.member_id == caller.number, Act.pending_key == caller.key
        )
    ).first()
    return None if act is None else KeyUse(_content_of_act(act), act.id, None)


def key_was_answered(session: Session, caller: Caller) -> bool:
    """Whether this caller's key was used for this very content; raises IdempotencyConflict when for another."""
    try:
        use = use_of_key(session.connection(), caller)
    finally:
        session.rollback()
    if use is not None and use.content != caller.content:
        raise IdempotencyConflict
    return use is not None
