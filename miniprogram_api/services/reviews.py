"""An act that waited is decided about: accepted as of its corrected time, or refused. Exactly one decision counts.

What is accepted is written as a second act (docs/decisions/reviews-as-second-acts.md), in one transaction with the
decision. The rules of its own time decide what it is worth; where they refuse it, that is the decision.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from miniprogram_api.books.prepared import Writes
from miniprogram_api.books.reviews import add_note, pending_act
from miniprogram_api.clock import Clock
from miniprogram_api.db import standing_alone, use_case
from miniprogram_api.domain.corrections import check_interest
from miniprogram_api.domain.refusals import (
    CodeExpired,
    CoolDown,
    InvalidFields,
    NotAllowed,
    NotFound,
    QuantityTooSmall,
    SceneClosed,
)
from miniprogram_api.domain.reviews import (
    ACCEPTED,
    JOINED,
    REFUSED,
    Decider,
    check_decider,
    check_time,
    code_of,
    worth_of,
)
from miniprogram_api.services.acts import Booking
from miniprogram_api.services.adjustments import interests_of
from miniprogram_api.services.island import Island
from miniprogram_api.services.review_writes import Verdict, write_verdict
from miniprogram_api.services.reviewed_acts import Judged, judge

# What the rules may say to an act at its corrected time; it is then the decision.
OF_THE_RULES = (SceneClosed, InvalidFields, QuantityTooSmall, CoolDown, CodeExpired)


@dataclass(frozen=True)
class Resolution:
    """What somebody says about an act that waits: it was done, and when.

    `occurred_at` in Unix seconds, None: the time it has. `decider` None is the system, which says by one stable word
    why (`code`): clock_known, trail_paired. `quantity` in code units where the reading couldn't know it; `joined` is
    another act that waits and is a part of this one.
    """

    act_id: int
    occurred_at: int | None = None
    decider: Decider | None = None
    reason: str = ""
    code: str | None = None
    quantity: int | None = None
    joined: int | None = None


@dataclass(frozen=True)
class Refusing:
    """Somebody says that an act that waits doesn't count, and why; the system by one stable word."""

    act_id: int
    decider: Decider | None = None
    reason: str = ""
    code: str | None = None


@dataclass(frozen=True)
class Outcome:
    """How the act stands: credited, capped, refused, joined or pending; `code` is why, where rules or system say it.
    `now`: this very call decided it."""

    act_id: int
    state: str
    code: str | None = None
    points: int = 0
    reduction_grams: int = 0
    resolved_act_id: int | None = None
    now: bool = False


@use_case
def resolve_act(session: Session, wish: Resolution, island: Island, clock: Clock) -> Outcome:
    """Accept an act that waits. Limits, cool-down and the rule of its corrected time decide what it brings; where they
    refuse it, so is the act, with their word.

    For the system, an act that a person should look at (domain.reviews.ASKS_FOR_A_LOOK) waits on, with that reason; and
    an act that was decided is answered as it stands. Whoever accepts as a person has looked. Raises NotFound,
    InvalidFields (occurred_at), NotAllowed (why: act_not_pending, act_decided, review_limit, conflict_of_interest).
    """
    with standing_alone(session) as connection:
        act, decider = _waiting(connection, wish.act_id), wish.decider
        if act["decision"] is not None:
            _check_repeat(act, decider, act["decision"] == ACCEPTED or act["code"] is not None)
            return _as_it_stands(connection, act)
        occurred_at = _time_of(wish, act)
        if decider is not None:
            _check_person(connection, decider, act, island, occurred_at)
        return _accept(connection, wish, act, occurred_at, island, clock.now())


def _time_of(wish: Resolution, act: dict[str, Any]) -> int:
    """The system's time may be a little ahead of ours; a person's has to be possible."""
    if wish.occurred_at is None:
        return int(act["occurred_at"])
    if wish.decider is not None:
        check_time(wish.occurred_at, act["recorded_at"])
    return min(wish.occurred_at, int(act["recorded_at"]))


def _accept(
    connection: Connection, wish: Resolution, act: dict[str, Any], occurred_at: int, island: Island, now: int
) -> Outcome:
    writes, decider = Writes(connection), wish.decider
    try:
        judged = judge(
            connection, {**act, "quantity": wish.quantity or act["quantity"]}, occurred_at, decider, island, now
        )
    except OF_THE_RULES as refusal:
        verdict = Verdict(act, REFUSED, decider, code_of(refusal), wish.reason)
        write_verdict(writes, verdict, now)
        return Outcome(act["id"], "refused", verdict.code, now=True)
    if judged.booking is None:
        return _wait_on(writes, act, judged, now)
    joined = _waiting(connection, wish.joined) if wish.joined is not None else None
    if joined is not None and joined["decision"] is not None:
        raise NotAllowed(why="act_decided")
    write_verdict(writes, Verdict(act, ACCEPTED, decider, wish.code, wish.reason, judged, joined), now)
    return _outcome(act["id"], judged.booking)


def _wait_on(writes: Writes, act: dict[str, Any], judged: Judged, now: int) -> Outcome:
    note = {"act_id": act["id"], "kind": "waits", "person_id": None, "text": judged.waits, "created_at": now}
    add_note(writes, note)
    writes.commit()
    return Outcome(act["id"], "pending", judged.waits)


def _outcome(act_id: int, booking: Booking) -> Outcome:
    row = booking.act
    return Outcome(act_id, row["state"], row["reason"], row["points"], row["reduction_grams"], row["id"], now=True)


@use_case
def refuse_act(session: Session, wish: Refusing, island: Island, clock: Clock) -> Outcome:
    """Say that an act that waits doesn't count; nothing was booked and nothing is. For the system an act that was
    decided is answered as it stands.

    Raises NotFound, NotAllowed (why: act_not_pending, act_decided, review_limit, conflict_of_interest).
    """
    with standing_alone(session) as connection:
        act = _waiting(connection, wish.act_id)
        if act["decision"] is not None:
            _check_repeat(act, wish.decider, act["decision"] == REFUSED and act["code"] is None)
            return _as_it_stands(connection, act)
        if wish.decider is not None:
            _check_person(connection, wish.decider, act, island, act["occurred_at"])
        write_verdict(Writes(connection), Verdict(act, REFUSED, wish.decider, wish.code, wish.reason), clock.now())
    return Outcome(act["id"], "refused", wish.code, now=True)


def _waiting(connection: Connection, act_id: int) -> dict[str, Any]:
    """The act with the decision about it, if there is one. Raises NotFound, NotAllowed."""
    act = pending_act(connection, act_id)
    if act is None:
        raise NotFound
    if act["state"] != "pending":
        raise NotAllowed(why="act_not_pending")
    return act


def _check_person(
    connection: Connection, decider: Decider, act: dict[str, Any], island: Island, occurred_at: int
) -> None:
    rule = island.directory.rule(act["scene"], occurred_at)
    check_decider(decider, worth_of(rule, act["variant"], act["quantity"]), island.limits)
    check_interest(act["member_id"], interests_of(connection, decider.person_id))


def _check_repeat(act: dict[str, Any], decider: Decider | None, the_same: bool) -> None:
    """A repeat by the same person is answered, and the system always; anybody else learns that it is decided."""
    if decider is not None and not (the_same and act["decided_by"] == decider.person_id):
        raise NotAllowed(why="act_decided")


def _as_it_stands(connection: Connection, act: dict[str, Any]) -> Outcome:
    resolved = act["resolved_act_id"] and pending_act(connection, act["resolved_act_id"])
    if not resolved:
        return Outcome(act["id"], "refused", act["code"])
    state = "joined" if act["decision"] == JOINED else resolved["state"]
    booked = (resolved["points"], resolved["reduction_grams"], resolved["id"])
    return Outcome(act["id"], state, resolved["reason"], *booked)
