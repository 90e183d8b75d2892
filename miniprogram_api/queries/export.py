"""Everything that is held about one member, section by section, some rows at a time: for a copy that they take along.

Times are Unix seconds here. Names of the staff are left out: they are other people's.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, union
from sqlalchemy.orm import Session

from miniprogram_api.db import public_id
from miniprogram_api.models import (
    Act,
    Adjustment,
    Approval,
    AuditEvent,
    Cap,
    Entry,
    Lot,
    Member,
    MemberBalance,
    MemberIdentity,
    Notice,
    Reversal,
    TransferRow,
    Voucher,
)
from miniprogram_api.queries.consents import member_consents
from miniprogram_api.queries.export_places import cards, message_consents, messages, passes, readings, sessions
from miniprogram_api.queries.history import Rulebook, member_history
from miniprogram_api.queries.vouchers import member_vouchers

ROWS_AT_ONCE = 200
Rows = Iterator[dict[str, Any]]


@dataclass(frozen=True)
class Asked:
    """Whose copy it is, with what it is read and in which language, at which Unix second."""

    session: Session
    member_id: int
    token_hash: bytes
    rulebook: Rulebook
    language: str
    now: int


def person(asked: Asked) -> dict[str, Any]:
    """Who the member is to the island, and what they have."""
    mine = Member.id == asked.member_id
    row = asked.session.execute(
        select(Member.kind, Member.nickname, Member.created_at, Member.recovery_hash).where(mine)
    ).one()
    identities = select(MemberIdentity.provider, MemberIdentity.subject, MemberIdentity.created_at)
    named = asked.session.execute(identities.where(MemberIdentity.member_id == asked.member_id))
    figures = (MemberBalance.available, MemberBalance.held, MemberBalance.debt, MemberBalance.reduction_grams)
    balance = asked.session.execute(select(*figures).where(MemberBalance.member_id == asked.member_id)).one()
    return {
        "id": public_id(asked.member_id),
        "kind": row.kind,
        "nickname": row.nickname,
        "created_at": row.created_at,
        "recovery_code_kept": row.recovery_hash is not None,
        "identities": [dict(each._mapping) for each in named],
        **balance._mapping,
    }


def _consents(asked: Asked) -> Rows:
    yield from member_consents(asked.session, asked.member_id)["data"]


def _activities(asked: Asked) -> Rows:
    cursor: str | None = None
    while True:
        page = member_history(asked.session, asked.member_id, asked.rulebook, asked.language, cursor, ROWS_AT_ONCE)
        yield from page["data"]
        cursor = page["next"]
        if cursor is None:
            return


def _vouchers(asked: Asked) -> Rows:
    cursor: str | None = None
    while True:
        page = member_vouchers(asked.session, asked.member_id, asked.language, asked.now, cursor, ROWS_AT_ONCE)
        yield from page["data"]
        cursor = page["next"]
        if cursor is None:
            return


def _entries(asked: Asked) -> Rows:
    """Every entry that concerns the member, oldest first, with its transfers and the leaf's exact text."""
    numbers = _entry_numbers(asked)
    for start in range(0, len(numbers), ROWS_AT_ONCE):
        part = numbers[start : start + ROWS_AT_ONCE]
        moved = _transfers(asked.session, part)
        columns = (Entry.id, Entry.kind, Entry.act_id, Entry.voucher_id, Entry.leaf, Entry.occurred_at)
        rows = asked.session.execute(select(*columns, Entry.recorded_at).where(Entry.id.in_(part)).order_by(Entry.id))
        for row in rows:
            yield {
                "id": public_id(row.id),
                "kind": row.kind,
                "act": row.act_id and public_id(row.act_id),
                "voucher": row.voucher_id and public_id(row.voucher_id),
                "occurred_at": row.occurred_at,
                "recorded_at": row.recorded_at,
                "transfers": moved[row.id],
                "leaf": bytes(row.leaf).decode(),
            }


def _entry_numbers(asked: Asked) -> list[int]:
    """By what they are about: an index leads to each."""
    mine = asked.member_id
    acts = select(Act.id).where(Act.member_id == mine)
    vouchers = select(Voucher.id).where(Voucher.member_id == mine)
    adjusted = select(Approval.booked_entry_id).join(Adjustment, Adjustment.id == Approval.subject_id)
    found: Any = union(
        select(Act.entry_id).where(Act.member_id == mine, Act.entry_id.is_not(None)),
        select(Reversal.entry_id).where(Reversal.act_id.in_(acts)),
        select(Entry.id).where(Entry.voucher_id.in_(vouchers)),
        select(Entry.id).where(Entry.member_id == mine, Entry.kind == "expire"),
        adjusted.where(
            Adjustment.member_id == mine, Approval.subject == "adjustment", Approval.booked_entry_id.is_not(None)
        ),
    )
    return sorted(asked.session.execute(found).scalars())


def _transfers(session: Session, entries: list[int]) -> defaultdict[int, list[dict[str, Any]]]:
    moved: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    columns = (TransferRow.entry_id, TransferRow.unit, TransferRow.debit, TransferRow.credit, TransferRow.amount)
    in_order = (TransferRow.entry_id, TransferRow.number)
    for row in session.execute(select(*columns).where(TransferRow.entry_id.in_(entries)).order_by(*in_order)):
        moved[row.entry_id].append(dict(row._mapping))
    return moved


def _lots(asked: Asked) -> Rows:
    columns = (Lot.expires_on, Lot.graced, Lot.granted, Lot.remaining)
    for row in asked.session.execute(select(*columns).where(Lot.member_id == asked.member_id).order_by(*columns[:2])):
        day = str(row.expires_on)
        yield {**row._mapping, "expires_on": f"{day[:4]}-{day[4:6]}-{day[6:]}", "graced": bool(row.graced)}


def _adjustments(asked: Asked) -> Rows:
    decided = (Approval.subject == "adjustment") & (Approval.subject_id == Adjustment.id)
    columns = (Adjustment.points, Adjustment.reason, Adjustment.asked_at, Approval.decision, Approval.decided_at)
    mine = select(*columns).outerjoin(Approval, decided).where(Adjustment.member_id == asked.member_id)
    for row in asked.session.execute(mine.order_by(Adjustment.asked_at)):
        yield dict(row._mapping)


def _limits(asked: Asked) -> Rows:
    columns = (Cap.name, Cap.period, Cap.used, Cap.cap)
    for row in asked.session.execute(select(*columns).where(Cap.owner == asked.member_id).order_by(*columns[:2])):
        yield dict(row._mapping)


def _notices(asked: Asked) -> Rows:
    """What the staff were told about this member."""
    mine = (Notice.subject_kind == "member", Notice.subject_id == asked.member_id)
    columns = (Notice.kind, Notice.raised_at, Notice.answered_at)
    for row in asked.session.execute(select(*columns).where(*mine).order_by(Notice.raised_at)):
        yield dict(row._mapping)


def _trail(asked: Asked) -> Rows:
    """What was done to this member's account; by whom of the staff is theirs."""
    mine = AuditEvent.object == f"member:{public_id(asked.member_id)}"
    columns = (AuditEvent.at, AuditEvent.actor_kind, AuditEvent.act, AuditEvent.detail)
    for row in asked.session.execute(select(*columns).where(mine).order_by(AuditEvent.id)):
        yield {**row._mapping, "detail": json.loads(row.detail)}


SECTIONS: dict[str, Callable[[Asked], Rows]] = {
    "consents": _consents,
    "sessions": lambda asked: sessions(asked.session, asked.member_id, asked.token_hash),
    "activities": _activities,
    "vouchers": _vouchers,
    "entries": _entries,
    "lots": _lots,
    "adjustments": _adjustments,
    "passes": lambda asked: passes(asked.session, asked.member_id),
    "cards": lambda asked: cards(asked.session, asked.member_id),
    "readings": lambda asked: readings(asked.session, asked.member_id, asked.rulebook, asked.language),
    "message_consents": lambda asked: message_consents(asked.session, asked.member_id),
    "messages": lambda asked: messages(asked.session, asked.member_id),
    "limits": _limits,
    "notices": _notices,
    "trail": _trail,
}
