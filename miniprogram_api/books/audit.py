"""A line of the audit trail among the writes of a use case."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import bindparam, insert

from miniprogram_api.books.ledger import number
from miniprogram_api.books.prepared import Prepared, Writes
from miniprogram_api.models import AuditEvent

_WORDS = ("actor_kind", "actor", "act", "object", "detail")
_AUDIT = Prepared(
    lambda dialect, rows: (
        insert(AuditEvent)
        .values(
            at=number("now"),
            **{name: bindparam(f"audit_{name}", type_=getattr(AuditEvent, name).type) for name in _WORDS},
        )
        .returning(AuditEvent.id)
    )
)


def add_audit(writes: Writes, actor: str, act: str, thing: str, detail: dict[str, Any], now: int) -> None:
    """What `actor` (`staff:7`, `system:scans`) did to which object; `detail` holds no secret and no personal data."""
    values = {
        "now": now,
        "audit_actor_kind": actor.partition(":")[0],
        "audit_actor": actor,
        "audit_act": act,
        "audit_object": thing,
        "audit_detail": json.dumps(detail, ensure_ascii=False),
    }
    writes.change(_AUDIT, values, AssertionError)
