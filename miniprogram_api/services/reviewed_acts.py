"""An act that waited, judged as of its corrected time, by the same decision as every act that arrives."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection

from miniprogram_api.books.reviews import facts_around, is_far
from miniprogram_api.books.standings import standing_of
from miniprogram_api.domain.code_age import check_age
from miniprogram_api.domain.refusals import SceneClosed
from miniprogram_api.domain.reviews import Decider
from miniprogram_api.domain.rules import KioskStanding
from miniprogram_api.domain.sources import Source
from miniprogram_api.services.acts import Booking, booking_of
from miniprogram_api.services.arrivals import Arrived, limits_of
from miniprogram_api.services.decisions import OTHER_SIDE, apart_of, decide
from miniprogram_api.services.island import Island
from scenes.wire.kinds import KIND_TICKET


@dataclass(frozen=True)
class Judged:
    """What is to be booked, for a member's balance row of that version; None where it `waits` for a person's look."""

    booking: Booking | None
    version: int
    waits: str = ""


def judge(
    connection: Connection, act: dict[str, Any], occurred_at: int, decider: Decider | None, island: Island, now: int
) -> Judged:
    """Raises the rules' refusals: SceneClosed, InvalidFields, QuantityTooSmall, CoolDown, CodeExpired."""
    found = standing_of(connection, act["member_id"])
    assert found is not None, "an act's member stays"
    member, arrived = found[0], _arrived(act, occurred_at, decider, island, now)
    _check_age(act, arrived, island)
    caps = limits_of(arrived, member.member_id, member.kind, island)
    facts = facts_around(connection, member, occurred_at, apart_of(arrived, island), caps)
    if decider is None and _is_far(connection, act, arrived, island):
        facts.far.append(act["companion"])
    award = decide(arrived, facts, island)
    if award.state == "pending":
        return Judged(None, member.version, award.reason or "")
    booking = booking_of(arrived, member, award)
    return Judged(_second_act(booking, twin=act["claimant"] < 0), member.version)


def _second_act(booking: Booking, twin: bool) -> Booking:
    """It holds its code by its own id, because the act that waited holds it as such; a twin's stays negative, so that
    it is never taken for the first code on its counter."""
    number = booking.act["id"]
    return replace(booking, act={**booking.act, "claimant": -number if twin else number})


def _arrived(act: dict[str, Any], occurred_at: int, decider: Decider | None, island: Island, now: int) -> Arrived:
    rule = island.directory.rule(act["scene"], occurred_at)
    if rule is None:
        raise SceneClosed(why="paused")
    source = Source(
        act["kind"],
        act["epoch"],
        act["kiosk_id"],
        act["counter"],
        bytes(act["nonce"]),
        act["claimed_at"],
        act["scene"],
        act["variant"],
        act["quantity"],
        act["companion"],
        act["room"],
        reader=("staff", decider.person_id) if decider else ("system", 0),
    )
    place = _place(act, occurred_at, decider, island)
    waits = None if decider else _out_of_line(place, occurred_at)
    return Arrived(source, place, rule, occurred_at, now, waits=waits)


def _out_of_line(place: KioskStanding, occurred_at: int) -> str | None:
    """Why the system alone doesn't believe a kiosk's act of that time: it was suspended or lost by then."""
    if place.state in ("suspended", "lost") and occurred_at >= place.state_since:
        return f"kiosk_{place.state}"
    return None


def _place(act: dict[str, Any], occurred_at: int, decider: Decider | None, island: Island) -> KioskStanding:
    """Where it was done, with the limits that still matter: seats were taken at the boarding or not at all, and the
    ceiling of a kiosk only asks for a person."""
    kiosk = island.directory.kiosk(act["kiosk_id"], occurred_at, act["epoch"])
    side = act["side"] or (kiosk.side if kiosk else "island")
    if kiosk is None:  # a merchant's till
        return KioskStanding(act["kiosk_id"], "", "", "", "", "active", 0, 0, {}, side)
    profile = dict(kiosk.profile)
    profile.pop("group", None)
    if decider is not None:
        profile.pop("ceilings", None)
    return replace(kiosk, profile=profile, side=side)


def _check_age(act: dict[str, Any], arrived: Arrived, island: Island) -> None:
    """A ticket's age could not be judged while nobody knew when it was printed."""
    if act["kind"] == KIND_TICKET and not act["claimed_at"]:
        limits = island.limits
        seen_at = max(arrived.occurred_at, act["recorded_at"] - limits.arrival_seconds)  # its page may have waited
        days = arrived.place.profile.get("ticket_days", limits.ticket_days)
        check_age(KIND_TICKET, arrived.occurred_at, seen_at, days, limits)


def _is_far(connection: Connection, act: dict[str, Any], arrived: Arrived, island: Island) -> bool:
    side = OTHER_SIDE.get(arrived.place.side)
    return is_far(connection, act, arrived.occurred_at, island.limits.sea_crossing_seconds, side)
