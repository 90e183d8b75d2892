"""Kiosks are invited, provisioned with a key of their own, and say how they are."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from miniprogram_api.books.journals import keep_offset
from miniprogram_api.clock import Clock
from miniprogram_api.db import transaction, use_case
from miniprogram_api.domain.kiosk_changes import ACTIVE, RETIRED, STOPPED
from miniprogram_api.domain.refusals import (
    CodeAlreadyUsed,
    CodeExpired,
    InvalidFields,
    KioskSuspended,
    NotAllowed,
    NotFound,
)
from miniprogram_api.models import Kiosk, KioskHeartbeat, KioskInvitation, KioskKey
from miniprogram_api.services.audit import record_act
from miniprogram_api.services.island import Island
from miniprogram_api.services.journal_contents import what_is_here
from miniprogram_api.services.kiosk_bars import bar_keys
from miniprogram_api.services.kiosk_invitations import (
    INVITATION_SECONDS,
    add_operators_invitation,
    invitation_hash,
)
from scenes.wire.binary_text import binary_text
from scenes.wire.documents import VERDICT, sign_document
from scenes.wire.signing import public_key_of
from scenes.wire.upload import Heartbeat
from scenes.wire.verdict import Verdict, request_hash, verdict_body

EPOCHS_MAX = 255
HEARTBEAT_SLOT_SECONDS = 5 * 60
HEARTBEATS_KEPT_SECONDS = 24 * 3600


@use_case
def invite_kiosk(session: Session, kiosk_id: int, actor: str, clock: Clock) -> str:
    """A short code that lets one machine become this kiosk within 30 minutes, for the operator on the server itself;
    the console needs two people (services/kiosk_invitations.py). `actor` goes into the audit.

    Raises NotFound for an unknown kiosk, NotAllowed for a retired one.
    """
    now = clock.now()
    with transaction(session) as connection:
        state = connection.execute(select(Kiosk.state).where(Kiosk.id == kiosk_id)).scalar()
        if state is None:
            raise NotFound
        if state == RETIRED:
            raise NotAllowed
        code = add_operators_invitation(connection, kiosk_id, now)
        record_act(connection, actor, "kiosk_invited", f"kiosk:{kiosk_id}", {}, now)
    return code


@use_case
def provision_kiosk(
    session: Session, invitation: str, public_key: bytes, island: Island, clock: Clock
) -> dict[str, Any]:
    """Give the kiosk of this invitation its next key epoch; the caller has proved that it holds the key.

    The same key with the same invitation gets the same answer again, for the first may be lost on the way.
    Raises NotFound, CodeAlreadyUsed or CodeExpired for the invitation, NotAllowed (why: invitation_withdrawn) for one
    that staff ended or that was shown before the kiosk was stopped, InvalidFields for a key that another has.
    """
    code_hash, now = invitation_hash(invitation), clock.now()
    with transaction(session) as connection:
        used = _use_invitation(connection, code_hash, now)
        if used is None:
            kiosk_id, epoch = _provisioned_before(connection, code_hash, public_key, now)
        else:
            kiosk_id = used.kiosk_id
            epoch = _next_epoch(connection, kiosk_id, public_key, now, used.expires_at)
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
            _keep_heartbeat(connection, kiosk_id, heartbeat, now)
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


def _keep_heartbeat(connection: Connection, kiosk_id: int, heartbeat: Heartbeat, now: int) -> None:
    """In place of the one before of the same five minutes; what is older than a day goes."""
    said = {
        "received_at": now,
        "boot": heartbeat.boot,
        "clock_offset_seconds": now - heartbeat.device_time,
        "queue": heartbeat.queue,
        "agreement_version": heartbeat.agreement,
        "paper": heartbeat.paper,
    }
    slot = now // HEARTBEAT_SLOT_SECONDS
    mine = KioskHeartbeat.kiosk_id == kiosk_id
    here = update(KioskHeartbeat).where(mine, KioskHeartbeat.slot == slot).values(said)
    # The kiosk's row is locked, so nobody writes the same slot meanwhile.
    if connection.execute(here.returning(KioskHeartbeat.slot)).first() is None:
        connection.execute(insert(KioskHeartbeat).values(kiosk_id=kiosk_id, slot=slot, **said))
        oldest = (now - HEARTBEATS_KEPT_SECONDS) // HEARTBEAT_SLOT_SECONDS
        connection.execute(delete(KioskHeartbeat).where(mine, KioskHeartbeat.slot < oldest))


def _use_invitation(connection: Connection, code_hash: bytes, now: int) -> Any | None:
    """Kiosk and end of an invitation that was good until now, or None."""
    return connection.execute(
        update(KioskInvitation)
        .where(
            KioskInvitation.code_hash == code_hash,
            KioskInvitation.used_at.is_(None),
            KioskInvitation.withdrawn_at.is_(None),
            KioskInvitation.expires_at > now,
        )
        .values(used_at=now)
        .returning(KioskInvitation.kiosk_id, KioskInvitation.expires_at)
    ).one_or_none()


def _provisioned_before(connection: Connection, code_hash: bytes, public_key: bytes, now: int) -> tuple[int, int]:
    invitation = connection.execute(
        select(KioskInvitation.kiosk_id, KioskInvitation.used_at, KioskInvitation.withdrawn_at).where(
            KioskInvitation.code_hash == code_hash
        )
    ).one_or_none()
    if invitation is None:
        raise NotFound
    if invitation.withdrawn_at is not None:
        raise NotAllowed(why="invitation_withdrawn")
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


def _next_epoch(connection: Connection, kiosk_id: int, public_key: bytes, now: int, expires_at: int) -> int:
    kiosk = connection.execute(select(Kiosk.__table__).where(Kiosk.id == kiosk_id).with_for_update()).one()
    if kiosk.state == RETIRED or kiosk.epoch >= EPOCHS_MAX:
        raise NotAllowed
    if kiosk.state in STOPPED:
        if kiosk.state_since > expires_at - INVITATION_SECONDS:
            raise NotAllowed(why="invitation_withdrawn")
        bar_keys(connection, kiosk_id, kiosk.state, kiosk.state_since)
    epoch = int(kiosk.epoch) + 1
    fresh = {"state": ACTIVE, "state_since": now, "boot": None, "clock_offset_seconds": 0}
    begin_epoch(connection, kiosk_id, epoch, public_key, now, **fresh)
    name = f"kiosk:{kiosk_id}"
    record_act(connection, name, "kiosk_provisioned", name, {"epoch": epoch}, now)
    return epoch


def begin_epoch(connection: Connection, kiosk_id: int, epoch: int, public_key: bytes, now: int, **more: Any) -> None:
    """The kiosk has this key from now on; `more` are other columns that change with it. Raises InvalidFields for a key
    that another has."""
    connection.execute(update(Kiosk).where(Kiosk.id == kiosk_id).values(epoch=epoch, **more))
    try:
        connection.execute(
            insert(KioskKey).values(kiosk_id=kiosk_id, epoch=epoch, public_key=public_key, created_at=now)
        )
    except IntegrityError as error:
        raise InvalidFields(fields=[{"field": "public_key", "reason": "taken"}]) from error
