"""Residents' cards: printed by the office for people without a phone, one at a time for a member."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.orm import Session

from miniprogram_api.clock import Clock
from miniprogram_api.db import public_id, transaction, use_case
from miniprogram_api.domain.corrections import check_interest
from miniprogram_api.domain.forgetting import check_remembered
from miniprogram_api.domain.keys import Keys
from miniprogram_api.domain.refusals import NotAllowed, NotFound
from miniprogram_api.models import Member, ResidentCard
from miniprogram_api.services.adjustments import interests_of
from miniprogram_api.services.audit import record_act
from miniprogram_api.services.island import Island
from miniprogram_api.services.people import actor_of
from scenes.wire import resident_card
from scenes.wire.code_text import code_text
from scenes.wire.resident_card import CARD_BYTES, DAY_SECONDS, encode_card

RESIDENT = "resident"


@dataclass(frozen=True)
class CardFace:
    """What is printed on a card: its code as text, whose it is, and the first second at which it no longer counts."""

    card: bytes
    code_text: str
    nickname: str
    valid_until: int


@use_case
def issue_card(session: Session, member_id: int, person_id: int, island: Island, clock: Clock) -> bytes:
    """Make a card for a resident; the one that the member had until now is revoked with it.

    Raises NotFound, NotAllowed (why: card_for_residents, conflict_of_interest, member_forgotten).
    """
    now, card = clock.now(), secrets.token_bytes(CARD_BYTES)
    with transaction(session) as connection:
        _check_member(connection, member_id, person_id)
        theirs = (ResidentCard.member_id == member_id, ResidentCard.revoked_at.is_(None))
        for before in connection.execute(select(ResidentCard.card).where(*theirs)).scalars().all():
            _revoke(connection, bytes(before), person_id, {"reason": "replaced", "by": card.hex()}, now)
        connection.execute(
            insert(ResidentCard).values(
                card=card,
                member_id=member_id,
                key_id=island.keys.pass_key_id,
                valid_from=now,
                days=island.limits.card_days,
                created_by=person_id,
                created_at=now,
            )
        )
        _record(connection, person_id, "card_issued", card, {"member": public_id(member_id)}, now)
    return card


@use_case
def revoke_card(session: Session, card: bytes, person_id: int, reason: str, clock: Clock) -> None:
    """No reader takes the card from now on; what it earned before stays. A second time changes nothing.

    Raises NotFound.
    """
    with transaction(session) as connection:
        known = select(ResidentCard.revoked_at).where(ResidentCard.card == card).with_for_update()
        row = connection.execute(known).one_or_none()
        if row is None:
            raise NotFound
        if row.revoked_at is None:
            _revoke(connection, card, person_id, {"reason": reason}, clock.now())


@use_case
def print_cards(
    session: Session, cards: Sequence[bytes], person_id: int, island: Island, clock: Clock
) -> list[CardFace]:
    """The faces of these cards, in their order; that they were printed is audited.

    Raises NotFound, NotAllowed (why: card_ended) for one that no reader would take.
    """
    now = clock.now()
    with transaction(session) as connection:
        faces = [_face(connection, card, island.keys, now) for card in cards]
        for card in cards:
            _record(connection, person_id, "card_printed", card, {}, now)
    return faces


def _check_member(connection: Connection, member_id: int, person_id: int) -> None:
    """The member's row is locked: two cards made at once follow each other, and the second revokes the first."""
    columns = select(Member.kind, Member.salt_key).where(Member.id == member_id)
    member = connection.execute(columns.with_for_update()).one_or_none()
    if member is None:
        raise NotFound
    check_remembered(member.salt_key)
    check_interest(member_id, interests_of(connection, person_id))
    if member.kind != RESIDENT:
        raise NotAllowed(why="card_for_residents")


def _revoke(connection: Connection, card: bytes, person_id: int, detail: dict[str, Any], now: int) -> None:
    ended = update(ResidentCard).where(ResidentCard.card == card, ResidentCard.revoked_at.is_(None))
    connection.execute(ended.values(revoked_at=now, revoked_by=person_id))
    _record(connection, person_id, "card_revoked", card, detail, now)


def _face(connection: Connection, card: bytes, keys: Keys, now: int) -> CardFace:
    columns = (ResidentCard.key_id, ResidentCard.valid_from, ResidentCard.days, ResidentCard.revoked_at)
    row = connection.execute(
        select(*columns, Member.nickname)
        .join(Member, Member.id == ResidentCard.member_id)
        .where(ResidentCard.card == card)
    ).one_or_none()
    if row is None:
        raise NotFound
    said = resident_card.ResidentCard(row.key_id, card, row.valid_from, row.days)
    private = keys.pass_privates.get(row.key_id)
    if row.revoked_at is not None or private is None or not said.is_valid(now):
        raise NotAllowed(why="card_ended")
    return CardFace(card, code_text(encode_card(said, private)), row.nickname, row.valid_from + row.days * DAY_SECONDS)


def _record(connection: Connection, person_id: int, act: str, card: bytes, detail: dict[str, Any], now: int) -> None:
    record_act(connection, actor_of(person_id), act, f"card:{card.hex()}", detail, now)
