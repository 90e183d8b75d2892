"""A kiosk changes its key when staff asked for it; what the one before signed stays good."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.orm import Session

from miniprogram_api.clock import Clock
from miniprogram_api.db import end_reading, transaction, use_case
from miniprogram_api.domain.kiosk_changes import ACTIVE, ROTATED
from miniprogram_api.domain.refusals import CodeSignatureInvalid, KioskSuspended, NotAllowed
from miniprogram_api.models import Kiosk, KioskChange, KioskKey
from miniprogram_api.services.audit import record_act
from miniprogram_api.services.island import Island
from miniprogram_api.services.kiosk_standing import locked_kiosk
from miniprogram_api.services.kiosks import EPOCHS_MAX, begin_epoch
from scenes.wire.documents import VERDICT, sign_document
from scenes.wire.key_change import proves_key
from scenes.wire.verdict import Verdict, request_hash, verdict_body


@use_case
def rotation_asked(session: Session, kiosk_id: int, epoch: int) -> bool:
    """Whether the kiosk, whose key of this epoch is in force, should make its next one. Reads."""
    connection = session.connection()
    state = connection.execute(select(Kiosk.state).where(Kiosk.id == kiosk_id)).scalar_one()
    asked = state == ACTIVE and _asked(connection, kiosk_id, epoch)
    end_reading(session)
    return asked


@use_case
def change_key(
    session: Session,
    kiosk_id: int,
    epoch: int,
    public_key: bytes,
    proof: bytes,
    request_body: bytes,
    island: Island,
    clock: Clock,
) -> dict[str, str]:
    """Put the next key in force; answers a signed verdict without items. `epoch` is that of the key that signed the
    request: the one before or, where the first answer was lost, already the next.

    Raises CodeSignatureInvalid where the key itself doesn't agree, NotAllowed (why: no_rotation) where nobody asked,
    KioskSuspended, InvalidFields for a key that another has.
    """
    now = clock.now()
    with transaction(session) as connection:
        kiosk = locked_kiosk(connection, kiosk_id)
        if not _is_in_force(connection, kiosk_id, epoch, public_key):
            _change(connection, kiosk, epoch, public_key, proof, now)
    island.directory.forget()
    verdict = Verdict(kiosk_id, request_hash(request_body), now, {})
    return sign_document(VERDICT, verdict_body(verdict), island.keys.office_id, island.keys.office_private)


def _change(connection: Connection, kiosk: Any, epoch: int, public_key: bytes, proof: bytes, now: int) -> None:
    if kiosk.state != ACTIVE:
        raise KioskSuspended
    if kiosk.epoch != epoch or epoch >= EPOCHS_MAX or not _asked(connection, kiosk.id, epoch):
        raise NotAllowed(why="no_rotation")
    if not proves_key(kiosk.id, epoch + 1, public_key, proof):
        raise CodeSignatureInvalid
    begin_epoch(connection, kiosk.id, epoch + 1, public_key, now)
    name = f"kiosk:{kiosk.id}"
    record_act(connection, name, "kiosk_rotated", name, {"epoch": epoch + 1}, now)


def _asked(connection: Connection, kiosk_id: int, epoch: int) -> bool:
    which = (KioskChange.kiosk_id == kiosk_id, KioskChange.change == ROTATED, KioskChange.epoch == epoch)
    return connection.execute(select(KioskChange.version).where(*which)).first() is not None


def _is_in_force(connection: Connection, kiosk_id: int, epoch: int, public_key: bytes) -> bool:
    which = (KioskKey.kiosk_id == kiosk_id, KioskKey.epoch == epoch, KioskKey.public_key == public_key)
    return connection.execute(select(KioskKey.epoch).where(*which)).first() is not None
