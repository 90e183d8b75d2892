"""Somebody wants to be told on WeChat: each consent is one message, and they are counted."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from miniprogram_api.adapters.wechat import Asking, Wechat
from miniprogram_api.clock import Clock
from miniprogram_api.db import TryAgain, transaction, use_case
from miniprogram_api.domain.messages import CONSENTS_MAX, OCCASIONS, consents_most
from miniprogram_api.domain.refusals import LimitReached, NotAllowed
from miniprogram_api.models import MemberIdentity, MessageConsent
from miniprogram_api.services.member_sessions import lock_member


def ways_of_asking(session: Session, member_id: int, wechat: Wechat) -> dict[str, Asking]:
    """How this member can consent, by occasion; nothing for who has not signed in with this WeChat."""
    found = select(MemberIdentity.provider).where(MemberIdentity.member_id == member_id)
    providers = session.execute(found.order_by(MemberIdentity.created_at)).scalars().all()
    session.rollback()
    ways = [(occasion, wechat.asking(provider, occasion)) for provider in providers for occasion in OCCASIONS]
    return {occasion: way for occasion, way in ways if way is not None}


def give_message_consent(
    session: Session, member_id: int, occasion: str, language: str, wechat: Wechat, clock: Clock
) -> None:
    """Note one more consent. Raises NotAllowed (why: wechat_needed, message_absent), LimitReached, NotSignedIn."""
    ways = ways_of_asking(session, member_id, wechat)
    if occasion not in ways:
        raise NotAllowed(why="message_absent" if _known_to_wechat(session, member_id) else "wechat_needed")
    most = consents_most(ways[occasion].how)
    if not _counted(session, member_id, occasion, language, most, clock) and most == CONSENTS_MAX:
        raise LimitReached(why="message_consents")


@use_case
def _counted(session: Session, member_id: int, occasion: str, language: str, most: int, clock: Clock) -> bool:
    """False when there are as many as there can be."""
    now = clock.now()
    with transaction(session) as connection:
        lock_member(connection, member_id)
        mine = (MessageConsent.member_id == member_id, MessageConsent.occasion == occasion)
        room = (*mine, MessageConsent.remaining < most)
        more = {"remaining": MessageConsent.remaining + 1, "language": language, "given_at": now}
        if connection.execute(update(MessageConsent).where(*room).values(more)).rowcount:
            return True
        if connection.execute(select(MessageConsent.remaining).where(*mine)).first() is not None:
            return False
        _first(connection, member_id=member_id, occasion=occasion, remaining=1, language=language, given_at=now)
    return True


def _first(connection: Connection, **values: object) -> None:
    try:
        connection.execute(insert(MessageConsent).values(**values))
    except IntegrityError as error:
        raise TryAgain from error  # the other phone of the same person


def _known_to_wechat(session: Session, member_id: int) -> bool:
    known = session.execute(select(MemberIdentity.subject).where(MemberIdentity.member_id == member_id)).first()
    session.rollback()
    return known is not None
