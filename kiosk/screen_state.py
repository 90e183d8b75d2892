"""What the kiosk's own page needs to know, as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from kiosk.clock import KioskClock
from kiosk.groups import IN_TOUCH_SECONDS, GroupPicture
from kiosk.island_time import island_day, written_time
from kiosk.issue import issuing_agreement
from kiosk.machine import Machine
from kiosk.offers import TOUCH_PROOFS, Offer
from kiosk.refusals import Refusal
from kiosk.texts import VenueTexts
from kiosk.tickets import IssuedTicket
from kiosk.touches import Shown
from kiosk.unit_words import whole_units_text
from kiosk.words import Words
from scenes.units import whole_unit


def screen_state(machine: Machine) -> dict[str, Any]:
    """GET /api/state."""
    clock, keeper = machine.clock, machine.keeper
    kept = keeper.current
    texts = None if kept is None else VenueTexts(kept.agreement)
    age = machine.heartbeats.answer_age()
    reason = _why_not_issuing(machine)
    today = machine.rounds.today
    heard = machine.heartbeats.answered_at
    return {
        "kiosk": machine.identity.kiosk,
        "venue": (texts.venue if texts else Words("自助机", "Kiosk")).as_json(),
        "island_name": texts.island.as_json() if texts else None,
        "demonstration": machine.is_demonstration(),
        "online": age is not None and age <= IN_TOUCH_SECONDS,
        "last_sync": None if heard is None else written_time(heard + (clock.offset or 0)),
        "trouble": machine.heartbeats.trouble,
        "queue": machine.journal.queue_length(),
        "agreement": {"version": keeper.version, "age_days": keeper.age_days(clock.earliest_time())},
        "issuing": reason is None,
        "issuing_reason": reason,
        "clock": {"trusted": clock.trusted},
        "printer": {"state": machine.printer.state(), "simulated": machine.printer.is_simulated},
        "today": None if today is None else asdict(today),
        "now": written_time(clock.shown_time()),
        "scenes": [] if kept is None else [_scene(offer) for offer in kept.offers.all() if _is_touchable(offer, clock)],
    }


def _why_not_issuing(machine: Machine) -> str | None:
    try:
        issuing_agreement(machine.keeper, machine.clock)
    except Refusal as refusal:
        return refusal.code
    return None


def _is_touchable(offer: Offer, clock: KioskClock) -> bool:
    in_season = not clock.trusted or offer.is_open(island_day(clock.shown_time()))
    return in_season and any(offer.offers_touch(way) for way in TOUCH_PROOFS)


def _scene(offer: Offer) -> dict[str, Any]:
    scene = offer.scene
    default = scene.variants[0]
    _, least, most = offer.quantities(default)
    return {
        "number": scene.number,
        "id": scene.slug,
        "name": {"zh": scene.name_zh, "en": scene.name_en},
        "how": {"zh": scene.how_zh, "en": scene.how_en},
        "icon": scene.icon,
        "points": default.points,
        "unit": scene.unit,
        "cap": whole_units_text(scene.cap, scene.unit),
        "period": scene.period,
        "ways": {way: offer.offers_touch(way) for way in TOUCH_PROOFS},
        "variants": [
            {"number": each.number, "name": {"zh": each.name_zh, "en": each.name_en}, "points": each.points,
             "unit": each.unit}
            for each in scene.variants
        ],
        "quantity": {"one": whole_unit(scene.unit), "min": least, "max": most},
    }  # fmt: skip


def shown_code(shown: Shown) -> dict[str, Any]:
    """A single-use code on the screen."""
    return {
        "id": shown.id,
        "way": "single",
        "scene": shown.issued.facts.scene,
        "link": shown.issued.link,
        "qr": f"/api/codes/{shown.id}/{shown.picture}.svg",
        "picture": shown.picture,
        "seconds_left": shown.seconds_left,
        "state": shown.state,
        "printed": False,
        "printed_reason": None,
        "preview": None,
        "ticket_number": None,
    }


def shown_ticket(ticket: IssuedTicket) -> dict[str, Any]:
    """A paper ticket, or the same on the screen where no paper came out."""
    outcome = ticket.outcome
    return {
        "id": ticket.id,
        "way": "ticket",
        "scene": ticket.issued.facts.scene,
        "link": ticket.issued.link,
        "qr": f"/api/codes/{ticket.id}/1.svg",
        "picture": 1,
        "seconds_left": None,
        "state": "printed" if outcome.printed else "showing",
        "printed": outcome.printed,
        "printed_reason": outcome.reason,
        "preview": None if outcome.preview is None else f"/api/codes/{ticket.id}/ticket.png",
        "ticket_number": ticket.number,
    }


def shown_group(scene: int, picture: GroupPicture, now: float) -> dict[str, Any]:
    """A group code on the screen."""
    return {
        "link": picture.issued.link,
        "qr": f"/api/group/{scene}/{picture.issued.facts.counter}.svg",
        "seconds_left": picture.seconds_left(now),
    }
