"""Member accounts that a person of the staff has an interest in: own or family. They decide nothing there."""

from __future__ import annotations

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from miniprogram_api.clock import Clock
from miniprogram_api.db import TryAgain, public_id, transaction, use_case
from miniprogram_api.domain.forgetting import check_remembered
from miniprogram_api.domain.refusals import NotFound
from miniprogram_api.models import Member, PersonMember
from miniprogram_api.services.audit import record_act
from miniprogram_api.services.people import actor_of


@use_case
def declare_interest(session: Session, person_id: int, member_id: int, clock: Clock) -> None:
    """Note the member account as the person's own; a second time changes nothing. Raises NotFound, NotAllowed (why:
    member_forgotten)."""
    now = clock.now()
    with transaction(session) as connection:
        member = connection.execute(select(Member.salt_key).where(Member.id == member_id)).one_or_none()
        if member is None:
            raise NotFound
        check_remembered(member.salt_key)
        declared = select(PersonMember.person_id).where(
            PersonMember.person_id == person_id, PersonMember.member_id == member_id
        )
        if connection.execute(declared).first() is not None:
            return
        try:
            row = {"person_id": person_id, "member_id": member_id, "declared_at": now}
            connection.execute(insert(PersonMember).values(row))
        except IntegrityError as error:  # the same a moment earlier
            raise TryAgain from error
        detail = {"member": public_id(member_id)}
        record_act(connection, actor_of(person_id), "interest_declared", f"person:{public_id(person_id)}", detail, now)
