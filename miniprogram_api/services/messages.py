"""Messages on WeChat: written down, then sent, then their end written down. Nothing is knowingly sent twice.

Who writes down that a message is being sent uses up the consent with it. What a process that died left so is `unknown`:
it may have gone out, and is never sent again. What surely did not go out gives the consent back and is tried again.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from miniprogram_api.adapters.wechat import Wechat
from miniprogram_api.clock import Clock
from miniprogram_api.db import TryAgain, new_id, transaction, use_case
from miniprogram_api.domain.messages import CONSENTS_MAX, POINTS_EXPIRE, TRIES_MAX, VOUCHER_EXPIRES, Outgoing
from miniprogram_api.domain.wechat import CONSENT_USED_UP, ConsentUsedUp, NotSent, PerhapsSent
from miniprogram_api.models import Message, MessageConsent
from miniprogram_api.services.job_runs import JobFailed
from miniprogram_api.services.leases import Fence, hold_lease
from miniprogram_api.services.message_occasions import Due, expiring_points, expiring_vouchers

Occasion = Callable[[Session, Due | None, int], list[Due]]
FOUND_BY: dict[str, Occasion] = {VOUCHER_EXPIRES: expiring_vouchers, POINTS_EXPIRE: expiring_points}


@dataclass(frozen=True)
class _End:
    """What became of a message. `again`: it did not go out and is tried another time, `uncounted` as if it had not
    been tried at all."""

    state: str
    answer: str | None = None
    again: bool = False
    uncounted: bool = False


@use_case
def give_up_sending(session: Session, fence: Fence, clock: Clock) -> None:
    """The one who sends begins: what still is under way was left by somebody who is gone. Raises LeaseLost."""
    now = clock.now()
    with transaction(session) as connection:
        hold_lease(connection, fence, now)
        abandoned = update(Message).where(Message.state == "sending")
        connection.execute(abandoned.values(state="unknown", answer="ended", ended_at=now))


def send_messages(session: Session, wechat: Wechat, fence: Fence, clock: Clock) -> int:
    """Tell everybody who asked for it what expires soon; answers how many messages went out.

    Raises LeaseLost, and JobFailed when WeChat takes no message at all now; what is left goes out in the next run.
    """
    give_up_sending(session, fence, clock)
    sent = 0
    for due in _all_due(session, wechat, clock):
        message_id = _begin(session, due, fence, clock)
        if message_id is None:
            continue
        end = _sent(wechat, due.outgoing)
        _end(session, message_id, due, end, clock)
        sent += end.state == "sent"
        if end.uncounted:
            raise JobFailed(sent, why="wechat", error=end.answer)
    return sent


def _all_due(session: Session, wechat: Wechat, clock: Clock) -> Iterator[Due]:
    for find in FOUND_BY.values():
        last: Due | None = None
        while found := find(session, last, clock.now()):
            session.rollback()
            last = found[-1]
            yield from (due for due in found if wechat.asking(due.outgoing.provider, due.outgoing.occasion))


def _sent(wechat: Wechat, message: Outgoing) -> _End:
    """Hand it to WeChat; outside of every transaction."""
    try:
        wechat.send(message)
    except ConsentUsedUp:
        return _End("refused", str(CONSENT_USED_UP))
    except PerhapsSent:
        return _End("unknown", "no_answer")
    except NotSent as trouble:
        return _End("failed", trouble.answer, again=True, uncounted=trouble.lasting)
    return _End("sent")


@use_case
def _begin(session: Session, due: Due, fence: Fence, clock: Clock) -> int | None:
    """Use up the consent and write down that this message is being sent; None when there is no consent any more, or
    it was sent meanwhile. Raises LeaseLost."""
    now, of_whom = clock.now(), (MessageConsent.member_id == due.member_id, MessageConsent.occasion == due.occasion)
    with transaction(session) as connection:
        hold_lease(connection, fence, now)
        fewer = {"remaining": MessageConsent.remaining - 1}
        claimed = update(MessageConsent).where(*of_whom, MessageConsent.remaining > 0).values(fewer)
        if connection.execute(claimed).rowcount != 1:
            return None
        before = connection.execute(
            select(Message.id, Message.state, Message.tries)
            .where(Message.member_id == due.member_id)
            .where(Message.occasion == due.occasion, Message.subject == due.subject)
        ).first()
        if before is None:
            return _written_down(connection, due, now)
        if before.state != "failed" or before.tries >= TRIES_MAX:
            _give_back(connection, due)
            return None
        return _once_more(connection, before, now)


def _written_down(connection: Connection, due: Due, now: int) -> int:
    number, message = new_id(), due.outgoing
    row = {"member_id": due.member_id, "occasion": due.occasion, "subject": due.subject}
    words = json.dumps(dict(message.values), ensure_ascii=False)
    said = {"provider": message.provider, "language": message.language, "words": words}
    try:
        connection.execute(insert(Message).values(id=number, **row, **said, state="sending", tries=1, begun_at=now))
    except IntegrityError as error:
        raise TryAgain from error  # written down a moment ago, or the member was forgotten
    return number


def _once_more(connection: Connection, before: Any, now: int) -> int:
    again = {"state": "sending", "tries": before.tries + 1, "answer": None, "begun_at": now, "ended_at": None}
    connection.execute(update(Message).where(Message.id == before.id).values(again))
    return int(before.id)


@use_case
def _end(session: Session, message_id: int, due: Due, end: _End, clock: Clock) -> None:
    """What became of it, also by somebody who was given up meanwhile: the truth is better than `unknown`."""
    now = clock.now()
    with transaction(session) as connection:
        open_still = (Message.id == message_id, Message.state.in_(("sending", "unknown")))
        values = {"state": end.state, "answer": end.answer, "ended_at": now}
        if connection.execute(update(Message).where(*open_still).values(values)).rowcount != 1:
            return  # the member was forgotten meanwhile, and the message with them
        if end.again:
            _give_back(connection, due)
        if end.uncounted:
            counted = update(Message).where(Message.id == message_id, Message.tries > 1)
            connection.execute(counted.values(tries=Message.tries - 1))
        if end.state == "refused":
            of_whom = (MessageConsent.member_id == due.member_id, MessageConsent.occasion == due.occasion)
            connection.execute(update(MessageConsent).where(*of_whom).values(remaining=0))


def _give_back(connection: Connection, due: Due) -> None:
    of_whom = (MessageConsent.member_id == due.member_id, MessageConsent.occasion == due.occasion)
    more = {"remaining": MessageConsent.remaining + 1}
    connection.execute(update(MessageConsent).where(*of_whom, MessageConsent.remaining < CONSENTS_MAX).values(more))
