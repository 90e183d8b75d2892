"""A scan: open the code, claim its counter, decide the award, book it, in one transaction."""

from __future__ import annotations

from functools import partial

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from miniprogram_api.books.facts import CapsAsked, Facts, facts_for_scan
from miniprogram_api.books.journals import JournaledCode, journaled_code
from miniprogram_api.books.kiosks import suspend_kiosk
from miniprogram_api.books.notices import raise_notice
from miniprogram_api.books.prepared import Writes
from miniprogram_api.clock import Clock
from miniprogram_api.db import end_reading, standing_alone, use_case
from miniprogram_api.domain.awards import CapUse
from miniprogram_api.domain.phones import periods_of
from miniprogram_api.domain.refusals import (
    CodeAlreadyUsed,
    IdempotencyConflict,
    NotSignedIn,
    ProofNotAllowed,
    Refusal,
)
from miniprogram_api.services.acts import Scanned, record_act
from miniprogram_api.services.arrivals import UNTIMED, Arrived, Scan, arrive, boarding_of, limits_of
from miniprogram_api.services.codes import open_code
from miniprogram_api.services.decisions import OTHER_SIDE, apart_of, decide
from miniprogram_api.services.island import Island
from miniprogram_api.services.journal_times import give_time
from miniprogram_api.services.repeats import answer_again, answer_as_it_is
from scenes.wire.kinds import KIND_GROUP
from scenes.wire.kiosk_code import KioskCode

__all__ = ["Scan", "Scanned", "record_scan"]


def record_scan(session: Session, scan: Scan, island: Island, clock: Clock) -> Scanned:
    """Credit a scanned kiosk code to the member behind the token.

    A repeat with the same key and code answers the same activity as it is now. Raises a Refusal of the contract,
    and then nothing was booked; DatabaseAway when the outcome is unknown.
    """
    scanned = _record(session, scan, island, clock)
    if scanned.act["state"] == "pending" and scanned.act["reason"] == UNTIMED:
        return _timed(session, scan, scanned, island, clock)
    return scanned


@use_case
def _record(session: Session, scan: Scan, island: Island, clock: Clock) -> Scanned:
    now = clock.now()
    try:
        arrived = arrive(scan, island, now, partial(_journaled, session))
        with standing_alone(session) as connection:
            return _judge_and_record(connection, scan, arrived, island)
    except Refusal as refusal:
        repeat = answer_again(session, scan, island, now, refusal)
        if repeat is None:
            raise
        return repeat


def _journaled(session: Session, code: KioskCode) -> JournaledCode | None:
    return journaled_code(session.connection(), code.kiosk, code.epoch, code.counter, code.nonce)


@use_case
def _timed(session: Session, scan: Scan, scanned: Scanned, island: Island, clock: Clock) -> Scanned:
    """The act with the time that the journal may have brought in the meantime.

    The scan commits its act and then looks into the journal; an upload commits its items and then looks for acts
    (services.journal_times.give_times). So whichever commits last sees the other, and no act is left without its time.
    """
    code = open_code(scan.code_text, island)
    journaled = _journaled(session, code)
    end_reading(session)
    if journaled is None or journaled.corrected_at is None:
        return scanned
    give_time(session, scanned.act["id"], journaled.corrected_at, island, clock)
    return answer_as_it_is(session, scan.token_hash, scanned.act["id"], clock.now())


def _judge_and_record(connection: Connection, scan: Scan, arrived: Arrived, island: Island) -> Scanned:
    facts = _facts(connection, scan, arrived, island)
    if facts.member is None:
        raise NotSignedIn
    if facts.key_used:
        raise IdempotencyConflict  # unless it is a repeat, which is looked for after every refusal
    if arrived.source.kind == KIND_GROUP and facts.member.kind == "guest":
        raise ProofNotAllowed
    twin, writes = _check_claim(arrived, facts), Writes(connection)
    award = decide(arrived, facts, island, twin)
    if twin:
        _alarm(writes, arrived)
    return record_act(writes, arrived, facts, award, twin)


def _alarm(writes: Writes, arrived: Arrived) -> None:
    code = arrived.source
    suspend_kiosk(writes, code.kiosk, code.epoch, code.counter, arrived.now)
    raise_notice(writes, "twin", ("kiosk", code.kiosk), {"epoch": code.epoch, "counter": code.counter}, arrived.now)


def _facts(connection: Connection, scan: Scan, arrived: Arrived, island: Island) -> Facts:
    """All limits that could count, whoever the member is, and acts as far around in time as they matter."""
    unknown = 0
    caps = limits_of(arrived, unknown, "guest", island) + boarding_of(arrived)
    apart, code, room = apart_of(arrived, island), arrived.source, scan.room
    crossing = island.limits.sea_crossing_seconds - 1
    phone_day, phone_month = periods_of(arrived.occurred_at)
    values = {
        "token_hash": scan.token_hash,
        "now": arrived.now,
        "key": scan.key,
        "near_from": arrived.occurred_at - apart,
        "near_to": arrived.occurred_at + apart,
        "far_from": arrived.occurred_at - crossing,
        "far_to": arrived.occurred_at + crossing,
        "other_side": OTHER_SIDE.get(arrived.place.side, ""),
        "room": room,
        "kiosk": code.kiosk,
        "epoch": code.epoch,
        "counter": code.counter,
        "phone_day": phone_day,
        "phone_month": phone_month,
    }
    mine, kiosks, rooms = (_asked([cap for cap in caps if cap.owner == owner]) for owner in (unknown, code.kiosk, room))
    return facts_for_scan(connection, mine, kiosks, values, rooms)


def _asked(caps: list[CapUse]) -> CapsAsked:
    return CapsAsked(sorted({cap.name for cap in caps}), sorted({cap.period for cap in caps}))


def _check_claim(arrived: Arrived, facts: Facts) -> bool:
    """True for a twin: the counter is known with another nonce or kind. Raises CodeAlreadyUsed for the same code."""
    if facts.claim is None:
        return False
    kind, nonce = facts.claim
    if nonce != arrived.source.nonce or kind != arrived.source.kind:
        return True
    if arrived.source.kind != KIND_GROUP:
        raise CodeAlreadyUsed
    return False
