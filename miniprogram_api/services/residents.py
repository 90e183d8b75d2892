"""Residents without a phone become members at the desk: staff know them, a card stands for them."""

from __future__ import annotations

from sqlalchemy.orm import Session

from miniprogram_api.clock import Clock
from miniprogram_api.db import public_id, transaction, use_case
from miniprogram_api.services.audit import record_act
from miniprogram_api.services.people import actor_of
from miniprogram_api.services.sessions import new_member


@use_case
def admit_resident(session: Session, nickname: str, person_id: int, clock: Clock) -> int:
    """A new member, a resident who signs in nowhere; answers the id. The nickname is all we keep of the person."""
    now = clock.now()
    with transaction(session) as connection:
        member_id = new_member(connection, "resident", nickname, now, None)
        record_act(connection, actor_of(person_id), "resident_admitted", f"member:{public_id(member_id)}", {}, now)
    return member_id
