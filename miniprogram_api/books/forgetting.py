"""What names a member is taken out of every table; what was booked stays, under an id that leads to nobody.

Rows that may go are removed. In rows that may not, the database itself lets exactly this be changed, and only of
members on the list of the forgotten (docs/decisions/forgetting.md): so `note_forgotten` comes first.
"""

from __future__ import annotations

import json
from secrets import token_bytes
from typing import Any

from sqlalchemy import Connection, and_, delete, insert, or_, select, update

from miniprogram_api.db import public_id
from miniprogram_api.domain.forgetting import NICKNAME
from miniprogram_api.models import (
    Act,
    AuditEvent,
    DeskAct,
    Entry,
    ForgottenMember,
    JournalItem,
    Member,
    MemberIdentity,
    MemberPass,
    MemberSession,
    Message,
    MessageConsent,
    PersonMember,
    PhoneMember,
    Reading,
    ResidentCard,
    ReviewAnswer,
)
from scenes.wire.code_text import code_text
from scenes.wire.kinds import KIND_CARD, KIND_MEMBER

HOLDER_BYTES = 8
# Version and kind, key id, and alias or card: the ten bytes that a code of this holder begins with, in Base32.
SYMBOLS_OF_HOLDER = 16
# Passes name sessions, so they go first; who sends a message takes the consent first, so that goes before messages.
GONE = (
    MemberPass,
    MemberSession,
    ResidentCard,
    MemberIdentity,
    PersonMember,
    PhoneMember,
    MessageConsent,
    Message,
)


def note_forgotten(connection: Connection, row: dict[str, Any]) -> None:
    """One more on the list. Raises IntegrityError for somebody who is on it."""
    connection.execute(insert(ForgottenMember).values(**row))


def erase_traces(connection: Connection, member_id: int) -> None:
    """Everything that names the member, of whom the list says that they are forgotten."""
    _erase_codes(connection, member_id)
    _erase_readings(connection, member_id)
    _erase_desk_records(connection, member_id)
    _erase_audit(connection, member_id)
    _erase_keys(connection, member_id)
    _erase_answers(connection, member_id)
    for table in GONE:
        connection.execute(delete(table).where(table.member_id == member_id))
    nobody = {"nickname": NICKNAME, "recovery_hash": None, "salt_key": None}
    connection.execute(update(Member).where(Member.id == member_id).values(nobody))


def _erase_codes(connection: Connection, member_id: int) -> None:
    """The texts of journal items in which a code of the member stands: those that became readings, and those of which
    nothing was taken, or that are no link of their chain."""
    at = and_(
        JournalItem.kiosk_id == Reading.kiosk_id, JournalItem.boot == Reading.boot, JournalItem.seq == Reading.seq
    )
    read = select(JournalItem.id).join(Reading, at).where(Reading.member_id == member_id)
    items = {row.id for row in connection.execute(read.where(JournalItem.kind == "read"))}
    begins = _beginnings(connection, member_id)
    others = select(JournalItem.id, JournalItem.body).where(
        JournalItem.kind == "read", or_(JournalItem.worst != "credited", JournalItem.apart == 1)
    )
    items |= {row.id for row in connection.execute(others) if _code_in(row.body)[:SYMBOLS_OF_HOLDER] in begins}
    for item in sorted(items):
        connection.execute(update(JournalItem).where(JournalItem.id == item).values(body=""))


def _beginnings(connection: Connection, member_id: int) -> set[str]:
    passes = select(MemberPass.key_id, MemberPass.alias).where(MemberPass.member_id == member_id)
    cards = select(ResidentCard.key_id, ResidentCard.card).where(ResidentCard.member_id == member_id)
    held = [(KIND_MEMBER, *row) for row in connection.execute(passes)]
    held += [(KIND_CARD, *row) for row in connection.execute(cards)]
    return {code_text(bytes([kind, key_id]) + bytes(holder)) for kind, key_id, holder in held}


def _code_in(body: str) -> str:
    """The code that a journal item's text tells of; empty where it can't be read or was emptied."""
    try:
        return str(json.loads(body)["code"]).strip().upper()
    except (ValueError, KeyError, TypeError):
        return ""


def _erase_readings(connection: Connection, member_id: int) -> None:
    """Each pass and card gets a random stand-in, the same wherever it was read."""
    mine = Reading.member_id == member_id
    for holder in connection.execute(select(Reading.holder).where(mine).distinct()).scalars().all():
        stand_in = token_bytes(HOLDER_BYTES)
        connection.execute(update(Reading).where(mine, Reading.holder == holder).values(holder=stand_in))
        read = (Act.member_id == member_id, Act.kind.in_((KIND_MEMBER, KIND_CARD)), Act.nonce == holder)
        connection.execute(update(Act).where(*read).values(nonce=stand_in))


def _erase_desk_records(connection: Connection, member_id: int) -> None:
    """What a desk wrote down about an act; which scene and how much stays."""
    written = select(DeskAct.id, DeskAct.lines).join(Reading, Reading.id == DeskAct.reading_id)
    for number, lines in connection.execute(written.where(Reading.member_id == member_id)).all():
        kept = [{name: value for name, value in line.items() if name != "record"} for line in json.loads(lines)]
        if kept != json.loads(lines):
            text = json.dumps(kept, ensure_ascii=False)
            connection.execute(update(DeskAct).where(DeskAct.id == number).values(lines=text))


def _erase_audit(connection: Connection, member_id: int) -> None:
    """The trail keeps that a card was made, printed or ended, and that somebody declared an interest; not which card,
    and not in whom."""
    cards = connection.execute(select(ResidentCard.card).where(ResidentCard.member_id == member_id)).scalars().all()
    named = {f"card:{bytes(card).hex()}" for card in cards}
    _empty(connection, AuditEvent.object.in_(sorted(named)), object="card:", detail="{}")
    people = select(PersonMember.person_id).where(PersonMember.member_id == member_id)
    for person in connection.execute(people).scalars().all():
        declared = (AuditEvent.act == "interest_declared", AuditEvent.object == f"person:{public_id(person)}")
        _empty(connection, and_(*declared, AuditEvent.detail.contains(public_id(member_id))), detail="{}")


def _empty(connection: Connection, which: Any, **values: str) -> None:
    connection.execute(update(AuditEvent).where(which).values(values))


def _erase_keys(connection: Connection, member_id: int) -> None:
    """Keys that the phone made up: nobody can call with them any more."""
    keyed = (Entry.caller_kind == "member", Entry.caller == member_id, Entry.key.is_not(None))
    connection.execute(update(Entry).where(*keyed).values(key=None, content=None))
    connection.execute(
        update(Act).where(Act.member_id == member_id, Act.pending_key.is_not(None)).values(pending_key=None)
    )


def _erase_answers(connection: Connection, member_id: int) -> None:
    mine = select(Act.id).where(Act.member_id == member_id)
    connection.execute(update(ReviewAnswer).where(ReviewAnswer.act_id.in_(mine)).values(text=None, salt=None))


def forgotten_by_receipt(connection: Connection, receipt: bytes) -> Any:
    """The row of the list that this receipt is for, or None."""
    return connection.execute(select(ForgottenMember.__table__).where(ForgottenMember.receipt == receipt)).first()
