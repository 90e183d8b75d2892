"""Kiosks are invited, provisioned with a key of their own, and say how they are."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from miniprogram_api.books.journals import keep_offset
from miniprogram_api.clock import Clock
from miniprogram_api.db import transaction, use_case
from miniprogram_api.domain.refusals import (
    CodeAlreadyUsed,
    CodeExpired,
    InvalidFields,
    KioskSuspended,
    NotAllowed,
    NotFound,
)
from miniprogram_api.models import Kiosk, KioskInvitation, KioskKey
from miniprogram_api.services.audit import record_act
from miniprogram_api.services.island import Island
from miniprogram_api.services.journal_contents import what_is_here
from miniprogram_api.services.tokens import bare_symbols, grouped, new_symbols
from scenes.wire.binary_text import binary_text
from scenes.wire.documents import VERDICT, sign_document
from scenes.wire.signing import public_key_of
from scenes.wire.upload import Heartbeat
from scenes.wire.verdict import Verdict, request_hash, verdict_body

INVITATION_SECONDS = 30 * 60
INVITATION_SYMBOLS = 10  # 50 bits for half an hour
EPOCHS_MAX = 255


@use_case
def invite_kiosk(session: Session, kiosk_id: int, actor: str, clock: Clock) -> str:
    """A short code that lets one machine become this kiosk within 30 minutes. `actor` goes into the audit.

    Raises NotFound for an unknown kiosk, NotAllowed for a retired one.
    """
    symbols, now = new_symbols(INVITATION_SYMBOLS), clock.now()
    with transaction(session) as connection:
        state = connection.execute(select(Kiosk.state).where(Kiosk.id == kiosk_id)).scalar()
        if state is None:
            raise NotFound
        if state == "retired":
            raise NotAllowed
        connection.execute(
            insert(KioskInvitation).values(
                code_hash=_invitation_hash(symbols), kiosk_id=kiosk_id, expires_at=now + INVITATION_SECONDS
            )
        )
        record_act(connection, actor, "kiosk_invited", f"kiosk:{kiosk_id}", {}, now)
    return grouped(symbols, 5)


@use_case
def provision_kiosk(
    session: Session, invitation: str, public_key: bytes, island: Island, clock: Clock
) -> dict[str, Any]:
    """Give the kiosk of this invitation its next key epoch; the caller has proved that it holds the key.

    The same key with the same invitation gets the same answer again, for the first may be lost on the way.
    Raises NotFound, CodeAlreadyUsed or CodeExpired for the invitation, InvalidFields for a key that another has.
    """
    code_hash, now = _invitation_hash(bare_symbols(invitation)), clock.now()
    with transaction(session) as connection:
        kiosk_id = _use_invitation(connection, code_hash, now)
        if kiosk_id is None:
            kiosk_id, epoch = _provisioned_before(connection, code_hash, public_key, now)
        else:
            epoch = _next_epoch(connection, kiosk_id, public_key, now)
    island.directory.forget()
    return {
        "kiosk": kiosk_id,
        "epoch": epoch,
        "office_keys": office_keys(island),
        "code_base_url": island.code_base_url,
    }


def office_keys(island: Island) -> list[dict[str, str]]:
    """The public keys that sign agreements and verdicts, as base64url."""
    return [{"id": island.keys.office_id, "key": binary_text(public_key_of(island.keys.office_private))}]


@use_case
def take_heartbeat(
    session: Session, kiosk_id: int, epoch: int, heartbeat: Heartbeat, request_body: bytes, island: Island, clock: Clock
) -> dict[str, str]:
    """Keep what the kiosk says of itself, and what its clock is off by for this start's journal; answer a signed
    verdict without items. One that was overtaken by a later one of its start, or comes again, changes nothing.

    A kiosk that is not active is kept too, so that staff see it, and then told: KioskSuspended. It stops when its
    agreement says so.
    """
    now = clock.now()
    measured = (heartbeat.boot, now - heartbeat.device_time, heartbeat.uptime_ms)
    with transaction(session) as connection:
        state = connection.execute(select(Kiosk.state).where(Kiosk.id == kiosk_id).with_for_update()).scalar_one()
        if keep_offset(connection, kiosk_id, epoch, *measured, now):
            connection.execute(update(Kiosk).where(Kiosk.id == kiosk_id).values(_of_heartbeat(heartbeat, now)))
    if state != "active":
        raise KioskSuspended
    contiguous = what_is_here(session, kiosk_id, [heartbeat.boot], now)
    verdict = Verdict(kiosk_id, request_hash(request_body), now, contiguous)
    return sign_document(VERDICT, verdict_body(verdict), island.keys.office_id, island.keys.office_private)


def _of_heartbeat(heartbeat: Heartbeat, now: int) -> dict[str, Any]:
    return {
        "boot": heartbeat.boot,
        "last_heartbeat_at": now,
        "clock_offset_seconds": now - heartbeat.device_time,
        "queue": heartbeat.queue,
        "agreement_version": heartbeat.agreement,
        "versions": json.dumps(heartbeat.versions, ensure_ascii=False),
        "paper": heartbeat.paper,
        "last_sync_at": heartbeat.last_sync,
    }


def _invitation_hash(symbols: str) -> bytes:
    return hashlib.sha256(symbols.encode("utf-8", "replace")).digest()


def _use_invitation(connection: Connection, code_hash: bytes, now: int) -> int | None:
    """The kiosk of an invitation that was good until now, or None."""
    kiosk_id: int | None = connection.execute(
        update(KioskInvitation)
        .where(
            KioskInvitation.code_hash == code_hash,
            KioskInvitation.used_at.is_(None),
            KioskInvitation.expires_at > now,
        )
        .values(used_at=now)
        .returning(KioskInvitation.kiosk_id)
    ).scalar()
    return kiosk_id


def _provisioned_before(connection: Connection, code_hash: bytes, public_key: bytes, now: int) -> tuple[int, int]:
    invitation = connection.execute(
        select(KioskInvitation.kiosk_id, KioskInvitation.used_at).where(KioskInvitation.code_hash == code_hash)
    ).one_or_none()
    if invitation is None:
        raise NotFound
    if invitation.used_at is None:
        raise CodeExpired
    epoch = connection.execute(
        select(KioskKey.epoch).where(
            KioskKey.kiosk_id == invitation.kiosk_id,
            KioskKey.public_key == public_key,
            KioskKey.created_at == invitation.used_at,
        )
    ).scalar()
    if epoch is None:
        raise CodeAlreadyUsed
    return invitation.kiosk_id, epoch


def _next_epoch(connection: Connection, kiosk_id: int, public_key: bytes, now: int) -> int:
    epoch = connection.execute(
        update(Kiosk)
        .where(Kiosk.id == kiosk_id, Kiosk.state != "retired", Kiosk.epoch < EPOCHS_MAX)
        .values(epoch=Kiosk.epoch + 1, state="active", state_since=now, boot=None, clock_offset_seconds=0)
        .returning(Kiosk.epoch)
    ).scalar()
    if epoch is None:
        raise NotAllowed
    try:
        connection.execute(
            insert(KioskKey).values(kiosk_id=kiosk_id, epoch=epoch, public_key=public_key, created_at=now)
        )
    except IntegrityError as error:
        raise InvalidFields(fields=[{"field": "public_key", "reason": "taken"}]) from error
    kiosk = f"kiosk:{kiosk_id}"
    record_act(connection, kiosk, "kiosk_provisioned", kiosk, {"epoch": epoch}, now)
    return int(epoch)
