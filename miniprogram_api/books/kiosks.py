"""A kiosk whose key is on two machines is suspended, in the transaction that found it out."""

from __future__ import annotations

import json

from sqlalchemy import bindparam, insert, update

from miniprogram_api.books.ledger import number
from miniprogram_api.books.prepared import Prepared, Writes
from miniprogram_api.models import AuditEvent, Kiosk

_SUSPEND = Prepared(
    lambda dialect, rows: (
        update(Kiosk)
        .where(Kiosk.id == number("kiosk"))
        .values(state="suspended", state_since=number("now"))
        .returning(Kiosk.id)
    )
)
_AUDIT = Prepared(
    lambda dialect, rows: (
        insert(AuditEvent)
        .values(
            at=number("now"),
            actor_kind="system",
            actor="scans",
            act="kiosk_suspended",
            object=bindparam("object", type_=AuditEvent.object.type),
            detail=bindparam("detail", type_=AuditEvent.detail.type),
        )
        .returning(AuditEvent.id)
    )
)


def suspend_kiosk(writes: Writes, kiosk: int, epoch: int, counter: int, now: int) -> None:
    """Two codes with one counter mean two machines with one key: nothing more from either until staff have looked."""
    writes.change(_SUSPEND, {"kiosk": kiosk, "now": now}, AssertionError)
    detail = json.dumps({"epoch": epoch, "counter": counter})
    writes.change(_AUDIT, {"now": now, "object": f"kiosk:{kiosk}", "detail": detail}, AssertionError)
