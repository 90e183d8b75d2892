"""Where a member was signed in, what they were sent and where they were read: the part of their copy that is about
phones, messages, codes and places."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from miniprogram_api.domain.calendar import iso_day
from miniprogram_api.domain.member_sessions import session_name
from miniprogram_api.models import (
    MemberPass,
    MemberSession,
    Merchant,
    Message,
    MessageConsent,
    Reading,
    ResidentCard,
)
from miniprogram_api.queries.history import Rulebook, in_language
from scenes.wire.kinds import KIND_CARD
from scenes.wire.resident_card import DAY_SECONDS

MINUTE_SECONDS = 60
Rows = Iterator[dict[str, Any]]


def sessions(session: Session, member_id: int, token_hash: bytes) -> Rows:
    """Every session there ever was, newest first."""
    mine = select(MemberSession.__table__).where(MemberSession.member_id == member_id)
    for row in session.execute(mine.order_by(MemberSession.created_at.desc())):
        yield {
            "id": session_name(bytes(row.token_hash)),
            "device": row.label,
            "phone": row.device,
            "created_at": row.created_at,
            "last_used_on": iso_day(row.used_on) if row.used_on else None,
            "expires_at": row.expires_at,
            "ended_at": row.revoked_at,
            "current": bytes(row.token_hash) == token_hash,
        }


def passes(session: Session, member_id: int) -> Rows:
    """The days for which the phones had member codes."""
    mine = select(MemberPass.__table__).where(MemberPass.member_id == member_id)
    for row in session.execute(mine.order_by(MemberPass.not_before)):
        yield {
            "alias": bytes(row.alias).hex(),
            "valid_from": row.not_before,
            "valid_until": row.not_before + row.slots * MINUTE_SECONDS,
            "created_at": row.created_at,
            "revoked_at": row.revoked_at,
        }


def cards(session: Session, member_id: int) -> Rows:
    """Cards that the office printed."""
    mine = select(ResidentCard.__table__).where(ResidentCard.member_id == member_id)
    for row in session.execute(mine.order_by(ResidentCard.created_at)):
        yield {
            "card": bytes(row.card).hex(),
            "valid_from": row.valid_from,
            "valid_until": row.valid_from + row.days * DAY_SECONDS,
            "created_at": row.created_at,
            "revoked_at": row.revoked_at,
        }


def message_consents(session: Session, member_id: int) -> Rows:
    """Messages that the member asked for and may still get."""
    mine = select(MessageConsent.__table__).where(MessageConsent.member_id == member_id)
    for row in session.execute(mine.order_by(MessageConsent.occasion)):
        yield dict(row._mapping)


def messages(session: Session, member_id: int) -> Rows:
    """Messages to the member, with the words that were handed on."""
    mine = select(Message.__table__).where(Message.member_id == member_id)
    for row in session.execute(mine.order_by(Message.begun_at)):
        yield dict(row._mapping)


def readings(session: Session, member_id: int, rulebook: Rulebook, language: str) -> Rows:
    """Where a code or card of the member was read."""
    columns = (Reading.kind, Reading.holder, Reading.kiosk_id, Reading.occurred_at, Reading.recorded_at)
    shop = (Merchant.name_zh, Merchant.name_en)
    mine = select(*columns, *shop).outerjoin(Merchant, Merchant.id == Reading.merchant_id)
    for row in session.execute(mine.where(Reading.member_id == member_id).order_by(Reading.recorded_at)):
        kiosk = None if row.kiosk_id is None else rulebook.kiosk(row.kiosk_id, row.occurred_at)
        at_till = in_language(row, "name", language) or ""
        yield {
            "code": "card" if row.kind == KIND_CARD else "member_code",
            "holder": bytes(row.holder).hex(),
            "place": at_till if kiosk is None else in_language(kiosk, "venue", language),
            "occurred_at": row.occurred_at,
            "recorded_at": row.recorded_at,
        }
