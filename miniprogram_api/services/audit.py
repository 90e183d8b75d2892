"""The audit trail: who did what to which object, in the transaction of what was done."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, insert

from miniprogram_api.models import AuditEvent


def record_act(connection: Connection, actor: str, act: str, thing: str, detail: dict[str, Any], now: int) -> None:
    """Adds the line of an act by `actor` (`staff:7`, `system:seed`); `detail` holds no secret and no personal data."""
    connection.execute(
        insert(AuditEvent).values(
            at=now,
            actor_kind=actor.partition(":")[0],
            actor=actor,
            act=act,
            object=thing,
            detail=json.dumps(detail, ensure_ascii=False),
        )
    )
