"""A scan: open the code, claim its counter, decide the award, book it, in one transaction."""

from __future__ import annotations

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from miniprogram_api.books.facts import CapsAsked, Facts, facts_for_scan
from miniprogram_api.books.kiosks import suspend_kiosk
from miniprogram_api.books.prepared import Writes
from miniprogram_api.clock import Clock
from miniprogram_api.db import standing_alone, use_case
from miniprogram_api.domain.awards import Award, CapUse, check_cool_down, check_open, decide_award, is_full
from miniprogram_api.domain.refusals import CodeAlreadyUsed, CodeFull, NotSignedIn, ProofNotAllowed, Refusal
from miniprogram_api.services.acts import Scanned, record_act
from miniprogram_api.services.arrivals import (
    Arrived,
    Scan,
    arrive,
    boarding_of,
    doing_of,
    exclusive_with,
    limits_of,
)
from miniprogram_api.services.island import Island
from miniprogram_api.services.repeats import answer_again
from scenes.wire.kinds import KIND_GROUP

# Nobody is on both sides of the water within a crossing.
OTHER_SIDE = {"mainland": "island", "island": "mainland"}

__all__ = ["Scan", "Scanned", "record_scan"]


@use_case
def record_scan(session: Session, scan: Scan, island: Island, clock: Clock) -> Scanned:
    """Credit a scanned kiosk code to the member behind the token.

    A repeat with the same key and code answers the same activity as it is now. Raises a Refusal of the contract,
    and then nothing was booked; DatabaseAway when the outcome is unknown.
    """
    now = clock.now()
    try:
        arrived = arrive(scan, island, now)
        with standing_alone(session) as connection:
            return _judge_and_record(connection, arrived, island)
    except Refusal as refusal:
        repeat = answer_again(session, scan, island, now, refusal)
        if repeat is None:
            raise
        return repeat


def _judge_and_record(connection: Connection, arrived: Arrived, island: Island) -> Scanned:
    facts = _facts(connection, arrived, island)
    if facts.member is None:
        raise NotSignedIn
    if arrived.code.kind == KIND_GROUP and facts.member.kind == "guest":
        raise ProofNotAllowed
    twin, writes = _check_claim(arrived, facts), Writes(connection)
    award = _decide(arrived, facts, island, twin)
    if twin:
        suspend_kiosk(writes, arrived.code.kiosk, arrived.code.epoch, arrived.code.counter, arrived.now)
    return record_act(writes, arrived, facts, award, twin)


def _decide(arrived: Arrived, facts: Facts, island: Island, twin: bool) -> Award:
    member = facts.member
    assert member is not None
    doing = doing_of(arrived, member.member_id, member.kind)
    variant = check_open(arrived.rule, doing)
    if twin or arrived.code.issued_at == 0:
        return Award("pending", 0, 0, 0, "code_twin" if twin else "clock_untrusted", ())
    for use in boarding_of(arrived):
        if is_full(use, facts.used.get(use.key, 0), facts.windows.get(use.key, 0)):
            raise CodeFull
    earlier = facts.earlier(arrived.scan.companion)
    check_cool_down(arrived.rule.scene, arrived.occurred_at, earlier, exclusive_with(arrived, island))
    if arrived.scan.companion in facts.far:
        return Award("pending", 0, 0, 0, "too_far", ())
    caps = limits_of(arrived, member.member_id, member.kind, island)
    return decide_award(arrived.rule, variant, doing, caps, facts.used)


def _facts(connection: Connection, arrived: Arrived, island: Island) -> Facts:
    """All limits that could count, whoever the member is, and acts as far around in time as they matter."""
    unknown = 0
    caps = limits_of(arrived, unknown, "guest", island) + boarding_of(arrived)
    apart = max(arrived.rule.scene.cool_down_seconds, *exclusive_with(arrived, island).values(), 0)
    crossing, room = island.limits.sea_crossing_seconds - 1, arrived.scan.room
    values = {
        "token_hash": arrived.scan.token_hash,
        "now": arrived.now,
        "near_from": arrived.occurred_at - apart,
        "near_to": arrived.occurred_at + apart,
        "far_from": arrived.occurred_at - crossing,
        "far_to": arrived.occurred_at + crossing,
        "other_side": OTHER_SIDE.get(arrived.kiosk.side, ""),
        "room": room,
        "kiosk": arrived.code.kiosk,
        "epoch": arrived.code.epoch,
        "counter": arrived.code.counter,
    }
    mine, kiosks, rooms = (
        _asked([cap for cap in caps if cap.owner == owner]) for owner in (unknown, arrived.code.kiosk, room)
    )
    return facts_for_scan(connection, mine, kiosks, values, rooms)


def _asked(caps: list[CapUse]) -> CapsAsked:
    return CapsAsked(sorted({cap.name for cap in caps}), sorted({cap.period for cap in caps}))


def _check_claim(arrived: Arrived, facts: Facts) -> bool:
    """True for a twin: the counter is known with another nonce or kind. Raises CodeAlreadyUsed for the same code."""
    if facts.claim is None:
        return False
    kind, nonce = facts.claim
    if nonce != arrived.code.nonce or kind != arrived.code.kind:
        return True
    if arrived.code.kind != KIND_GROUP:
        raise CodeAlreadyUsed
    return False
