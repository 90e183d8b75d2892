"""Readings of member codes and cards are judged, one or many: whose they are, when they were, what each line is worth.

Nothing is written here: what was decided is handed on as rows. A line that is refused refuses no other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import Connection

from miniprogram_api.books.crowds import Crowd, facts_for_crowd
from miniprogram_api.books.phones import phones_of
from miniprogram_api.books.readings import (
    Half,
    Holder,
    Rival,
    Rivals,
    halves_of,
    holders_of,
    rivals_of,
)
from miniprogram_api.db import new_id
from miniprogram_api.domain.awards import HOUR_SECONDS, Award
from miniprogram_api.domain.calendar import day_number
from miniprogram_api.domain.refusals import CodeAlreadyUsed, CodeExpired, ProofNotAllowed, Refusal, SceneClosed
from miniprogram_api.domain.rules import KioskStanding, Rule
from miniprogram_api.domain.sources import Source
from miniprogram_api.domain.trails import MOST_SECONDS, TRAIL_HALF, other_end, ways_from
from miniprogram_api.services.acts import Booking, booking_of
from miniprogram_api.services.arrivals import Arrived, limits_of
from miniprogram_api.services.decisions import OTHER_SIDE, apart_of, decide
from miniprogram_api.services.island import Island
from miniprogram_api.services.rooms import room_number
from miniprogram_api.services.what_was_read import LineResult, Reader, Reading
from scenes.wire.journal_content import ReadLine
from scenes.wire.member_code import SECONDS_EITHER_WAY
from scenes.wire.resident_card import DAY_SECONDS

TWO_POINTS = "2P"


@dataclass
class Batch:
    """What was decided: rows to write, readings to tell the staff of, results of the lines of each reading."""

    crowd: Crowd
    holders: dict[bytes, Holder]
    rivals: Rivals
    halves: defaultdict[tuple[int, int], list[Half]]
    readings: list[dict[str, Any]] = field(default_factory=list)
    bookings: list[Booking] = field(default_factory=list)
    reviews: list[dict[str, Any]] = field(default_factory=list)
    read_twice: list[dict[str, Any]] = field(default_factory=list)
    results: list[list[LineResult]] = field(default_factory=list)


@dataclass(frozen=True)
class _Whose:
    """A reading whose holder is known, under the id that its lines will be claimed with."""

    reading: Reading
    member_id: int
    number: int
    waits: str | None
    twin: bool
    phone: str | None = None


def judge_readings(connection: Connection, readings: Sequence[Reading], island: Island) -> Batch:
    """Judge them in this order. Reads, in a few statements for all of them, and writes nothing."""
    batch = _facts(connection, readings, island)
    for reading in readings:
        try:
            whose = _whose(reading, batch, island)
        except Refusal as refusal:
            batch.results.append([LineResult(refusal=refusal)] * len(reading.lines))
            continue
        batch.results.append(_judge_lines(whose, batch, island))
    return batch


def _facts(connection: Connection, readings: Sequence[Reading], island: Island) -> Batch:
    held = {reading.held.holder for reading in readings}
    holders = holders_of(connection, held) if held else {}
    asked = _Asked(holders, island)
    for reading in readings:
        asked.add(reading)
    crowd = facts_for_crowd(connection, asked.whom, asked.caps)
    phones = {holder.phone for holder in holders.values() if holder.phone}
    crowd.phones = phones_of(connection, phones, min(day_number(reading.occurred_at) for reading in readings))
    shown = {reading.held.holder for reading in readings if reading.minute is not None}
    rivals = rivals_of(connection, shown) if shown else defaultdict(list)
    halves = halves_of(connection, asked.walkers) if asked.walkers else defaultdict(list)
    return Batch(crowd, holders, rivals, halves)


class _Asked:
    """What has to be known of the members: acts as far around in time as they matter, and every limit that could
    count, whoever the member is."""

    def __init__(self, holders: dict[bytes, Holder], island: Island) -> None:
        self._holders, self._island = holders, island
        self.whom: dict[int, tuple[int, int]] = {}
        self.walkers: dict[int, tuple[int, int]] = {}
        self.caps: set[tuple[int, str, int]] = set()

    def add(self, reading: Reading) -> None:
        holder = self._holders.get(reading.held.holder)
        if holder is None:
            return
        member, moment = holder.member_id, reading.occurred_at
        self._widen(self.whom, member, moment, self._island.limits.sea_crossing_seconds)
        whose = _Whose(reading, member, 0, None, False)
        for number, line in enumerate(reading.lines):
            try:
                arrived, way = _arrived(whose, number, line, self._island)
            except Refusal:
                continue
            self._add_line(arrived, member, way)

    def _add_line(self, arrived: Arrived, member: int, way: dict[int, int]) -> None:
        apart = apart_of(arrived, self._island)
        self._widen(self.whom, member, arrived.occurred_at, apart)
        self._want(arrived, member)
        if way:
            self._widen(self.walkers, member, arrived.occurred_at, MOST_SECONDS)
            # Its time may become that of an end that was read later.
            self._widen(self.whom, member, arrived.occurred_at, MOST_SECONDS + apart)
            for later in range(0, MOST_SECONDS + 1, HOUR_SECONDS):
                self._want(replace(arrived, occurred_at=arrived.occurred_at + later), member)

    def _want(self, arrived: Arrived, member: int) -> None:
        self.caps |= {cap.key for cap in limits_of(arrived, member, "guest", self._island)}

    def _widen(self, spans: dict[int, tuple[int, int]], member: int, moment: int, apart: int) -> None:
        since, until = spans.get(member, (moment, moment))
        spans[member] = (min(since, moment - apart), max(until, moment + apart))


def _whose(reading: Reading, batch: Batch, island: Island) -> _Whose:
    """Raises CodeExpired, ProofNotAllowed, CodeAlreadyUsed or what bars the reading: then no line of it counts."""
    held, moment = reading.held, reading.occurred_at
    if reading.bars is not None:
        raise reading.bars
    holder = batch.holders.get(held.holder)
    if holder is None or (holder.revoked_at is not None and holder.revoked_at <= moment):
        raise CodeExpired(way_on="ask_for_a_new_code")
    if reading.now - moment > island.limits.journal_days * DAY_SECONDS:
        raise CodeExpired(way_on="journal_too_late")
    _check_card(reading, moment)
    waits = reading.waits or _waits(reading)
    rivals = [] if reading.minute is None else batch.rivals[reading.minute]
    if any(_same_place(rival, reading) for rival in rivals):
        raise CodeAlreadyUsed
    if waits is None and not _comes_first(reading, rivals):
        waits = "read_twice"
    return _Whose(reading, holder.member_id, new_id(), waits, bool(rivals), holder.phone)


def _check_card(reading: Reading, moment: int) -> None:
    card = reading.held.card
    if card is None:
        return
    if not reading.reader.place_at(moment).profile.get("attended", False):
        raise ProofNotAllowed
    if not card.is_valid(moment):
        raise CodeExpired(way_on="ask_for_a_new_code")


def _waits(reading: Reading) -> str | None:
    """Why the time of the reading doesn't let it count by itself. Raises CodeExpired for a code that is read now."""
    shown, corrected = reading.held.shown, reading.corrected_at
    if corrected is None or corrected > reading.now + SECONDS_EITHER_WAY:
        return "clock_untrusted"
    if shown is not None and not shown.fits(corrected):
        if reading.live:
            raise CodeExpired(way_on="ask_for_a_new_code")
        return "slot_missed"
    return None


def _same_place(rival: Rival, reading: Reading) -> bool:
    reader = reading.reader
    return (rival.kiosk_id, rival.merchant_id) == (reader.kiosk_id, reader.merchant_id)


def _comes_first(reading: Reading, rivals: Sequence[Rival]) -> bool:
    """Of what has not been decided the earliest counts; what was decided stays."""
    return all(not rival.decided and (not rival.timed or reading.occurred_at < rival.occurred_at) for rival in rivals)


def _judge_lines(whose: _Whose, batch: Batch, island: Island) -> list[LineResult]:
    results = []
    for number, line in enumerate(whose.reading.lines):
        try:
            results.append(LineResult(act=_judge_line(whose, number, line, batch, island)))
        except Refusal as refusal:
            results.append(LineResult(refusal=refusal))
    acts = [result.act for result in results if result.act is not None]
    if acts:
        _note_reading(whose, acts, batch)
    return results


def _judge_line(whose: _Whose, number: int, line: ReadLine, batch: Batch, island: Island) -> dict[str, Any]:
    """The act's row; it joins the batch."""
    arrived, ways = _arrived(whose, number, line, island)
    waiting = batch.halves[whose.member_id, line.scene]
    end = other_end(ways, arrived.occurred_at, waiting) if ways and arrived.waits is None else None
    if end is not None:
        arrived = _walked(arrived, end, ways, island)
    award = _award(arrived, batch, whose, island, TRAIL_HALF if ways and end is None else None)
    booking = booking_of(arrived, batch.crowd.standings[whose.member_id], award)
    batch.bookings.append(booking)
    batch.crowd.note(booking.act, booking.uses, booking.debt.points, booking.shares)
    if end is not None:
        waiting.remove(end)
        batch.reviews.append(_joined(end, booking.act, arrived.now))
    elif ways and award.reason == TRAIL_HALF:
        waiting.append(Half(booking.act["id"], arrived.source.kiosk, arrived.occurred_at))
    return booking.act


def _award(arrived: Arrived, batch: Batch, whose: _Whose, island: Island, waits: str | None) -> Award:
    side, crossing = OTHER_SIDE.get(arrived.place.side, ""), island.limits.sea_crossing_seconds
    facts = batch.crowd.facts(whose.member_id, arrived.occurred_at, side, crossing, whose.phone)
    if waits is not None and arrived.waits is None:
        arrived = replace(arrived, waits=waits)
    return decide(arrived, facts, island)


def _arrived(whose: _Whose, number: int, line: ReadLine, island: Island) -> tuple[Arrived, dict[int, int]]:
    """The line as an act that arrives, and where its scene is proved at two points the ways from here."""
    reading = whose.reading
    reader, moment = reading.reader, reading.occurred_at
    place, rule = reader.place_at(moment), island.directory.rule(line.scene, moment)
    ways = _check_place(place, line, reader)
    if rule is None:
        raise SceneClosed(why="paused")
    source = Source(
        kind=reading.held.kind,
        epoch=0,
        kiosk=place.number,
        counter=number,
        nonce=reading.held.holder,
        claimed_at=reading.claimed_at,
        scene=line.scene,
        variant=line.variant,
        quantity=min(ways.values()) if ways else line.quantity,
        room=_room(place, rule, line, island),
        claimant=whose.number,
        reader=reader.caller,
    )
    return Arrived(source, place, rule, moment, reading.now, whose.waits, reader.ceilings_at(moment)), ways


def _check_place(place: KioskStanding, line: ReadLine, reader: Reader) -> dict[int, int]:
    """Raises ProofNotAllowed. Answers the ways from here for a scene that is proved at two points and no other way."""
    offer = place.profile["scenes"].get(str(line.scene))
    if offer is None:
        raise ProofNotAllowed
    if not reader.proofs.isdisjoint(offer["proofs"]):
        most = offer.get("max_quantity")
        if most is not None and line.quantity > most:
            raise ProofNotAllowed
        return {}
    ways = ways_from(place.number, place.profile) if TWO_POINTS in offer["proofs"] else {}
    if not ways or reader.kiosk_id is None:
        raise ProofNotAllowed
    return ways


def _room(place: KioskStanding, rule: Rule, line: ReadLine, island: Island) -> int | None:
    if rule.scene.cap_scope != "room" or line.room is None:
        return None
    return room_number(place.venue_id, line.room, island)


def _walked(arrived: Arrived, end: Half, ways: dict[int, int], island: Island) -> Arrived:
    """The whole walk: its length from the route table, its time the later of both ends."""
    moment = max(arrived.occurred_at, end.occurred_at)
    rule = island.directory.rule(arrived.source.scene, moment)
    assert rule is not None, "a rule that was in force has a version in force later on"
    source = replace(arrived.source, quantity=ways[end.kiosk])
    return replace(arrived, source=source, rule=rule, occurred_at=moment)


def _joined(end: Half, act: dict[str, Any], now: int) -> dict[str, Any]:
    return {
        "act_id": end.act_id,
        "decision": "joined",
        "resolved_act_id": act["id"],
        "decided_by": None,
        "code": "trail_paired",
        "reason": "",
        "decided_at": now,
    }


def _note_reading(whose: _Whose, acts: list[dict[str, Any]], batch: Batch) -> None:
    reading = whose.reading
    reader = reading.reader
    row = {
        "id": whose.number,
        "kind": reading.held.kind,
        "holder": reading.held.holder,
        "slot": reading.held.slot,
        "member_id": whose.member_id,
        "kiosk_id": reader.kiosk_id,
        "merchant_id": reader.merchant_id,
        "clerk": reading.clerk,
        "boot": reading.boot,
        "seq": reading.seq,
        "twin": int(whose.twin),
        "claimed_at": reading.claimed_at,
        "occurred_at": reading.occurred_at,
        "recorded_at": reading.now,
    }
    batch.readings.append(row)
    if reading.minute is None:
        return
    here = Rival(whose.number, reader.kiosk_id, reader.merchant_id, reading.boot, reading.seq, reading.occurred_at)
    for act in acts:
        here.note(act["state"], act["reason"])
    rivals = batch.rivals[reading.minute]
    batch.read_twice += [{"reading": rival.id, "places": [rival.place, here.place]} for rival in rivals]
    rivals.append(here)
