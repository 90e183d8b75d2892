"""The staff ask a member one thing about an act that waits; the member answers once.

What a member writes may be about anybody. So the words stand where they can be emptied, and what can't be changed only
commits to them.
"""

from __future__ import annotations

import secrets
from typing import Any

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from miniprogram_api.books.reviews import pending_act
from miniprogram_api.clock import Clock
from miniprogram_api.db import TryAgain, public_id, transaction, use_case
from miniprogram_api.domain.corrections import check_interest
from miniprogram_api.domain.refusals import NotAllowed, NotFound
from miniprogram_api.domain.reviews import answer_commitment
from miniprogram_api.models import ReviewAnswer, ReviewNote
from miniprogram_api.services.adjustments import interests_of
from miniprogram_api.services.audit import record_act
from miniprogram_api.services.people import actor_of

QUESTION, ANSWER = "question", "answer"
SALT_BYTES = 16


@use_case
def ask_member(session: Session, act_id: int, person_id: int, question: str, clock: Clock) -> None:
    """Put a question to the member beside the activity. A repeat by the same person changes nothing.

    Raises NotFound, NotAllowed (why: act_not_pending, act_decided, already_asked, conflict_of_interest).
    """
    now = clock.now()
    with transaction(session) as connection:
        act = _open_act(connection, act_id)
        check_interest(act["member_id"], interests_of(connection, person_id))
        asked = _note(connection, act_id, QUESTION)
        if asked is not None and (asked.person_id, asked.text) == (person_id, question):
            return
        if asked is not None:
            raise NotAllowed(why="already_asked")
        _write(connection, act_id, QUESTION, person_id, question, now)
        detail = {"member": public_id(act["member_id"]), "question": question}
        record_act(connection, actor_of(person_id), "review_asked", f"act:{public_id(act_id)}", detail, now)


@use_case
def answer_question(session: Session, member_id: int, act_id: int, answer: str, clock: Clock) -> None:
    """The member's one answer. The same words once more change nothing.

    Raises NotFound, also for somebody else's act; NotAllowed (why: act_not_pending, act_decided, not_asked,
    already_answered).
    """
    with transaction(session) as connection:
        if (pending_act(connection, act_id) or {}).get("member_id") != member_id:
            raise NotFound
        answered = _note(connection, act_id, ANSWER)
        if answered is not None and _words(connection, act_id) == answer:
            return
        _open_act(connection, act_id)
        if _note(connection, act_id, QUESTION) is None:
            raise NotAllowed(why="not_asked")
        if answered is not None:
            raise NotAllowed(why="already_answered")
        salt = secrets.token_bytes(SALT_BYTES)
        _write(connection, act_id, ANSWER, None, answer_commitment(salt, answer), clock.now())
        connection.execute(insert(ReviewAnswer).values(act_id=act_id, text=answer, salt=salt))


def _open_act(connection: Connection, act_id: int) -> dict[str, Any]:
    act = pending_act(connection, act_id)
    if act is None:
        raise NotFound
    if act["state"] != "pending":
        raise NotAllowed(why="act_not_pending")
    if act["decision"] is not None:
        raise NotAllowed(why="act_decided")
    return act


def _note(connection: Connection, act_id: int, kind: str) -> Any:
    noted = select(ReviewNote.person_id, ReviewNote.text)
    return connection.execute(noted.where(ReviewNote.act_id == act_id, ReviewNote.kind == kind)).one_or_none()


def _words(connection: Connection, act_id: int) -> str | None:
    """The member's answer, None where it was emptied."""
    words: str | None = connection.execute(select(ReviewAnswer.text).where(ReviewAnswer.act_id == act_id)).scalar()
    return words


def _write(connection: Connection, act_id: int, kind: str, person_id: int | None, text: str, now: int) -> None:
    row = {"act_id": act_id, "kind": kind, "person_id": person_id, "text": text, "created_at": now}
    try:
        written = connection.execute(insert(ReviewNote).values(row).returning(ReviewNote.act_id)).first()
    except IntegrityError as error:  # the same moment
        raise TryAgain from error
    if written is None:  # SQLite leaves a row out that meets the key
        raise TryAgain
