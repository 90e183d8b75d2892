"""The scenes of this place as its own page gets them: what can be touched, shown to the reader, weighed or walked."""

from __future__ import annotations

from typing import Any

from kiosk.clock import KioskClock
from kiosk.offers import TOUCH_PROOFS, Offer, Offers
from kiosk.unit_words import whole_units_text
from scenes.units import whole_unit


def ready_scene(offers: Offers, number: int | None, clock: KioskClock) -> int | None:
    """The scene that is kept ready, None when it can't be read in one step here and now."""
    offer = None if number is None else offers.get(number)
    if offer is None or not (offer.is_open_now(clock) and is_read_in_one_step(offer, offers)):
        return None
    return number


def is_read_in_one_step(offer: Offer, offers: Offers) -> bool:
    """A shown code needs nothing beside it: no weight, no quiz and no room."""
    needs_more = offer.is_weighed or offer.needs_quiz or offer.scene.cap_scope == "room"
    return _is_readable(offer, offers) and not needs_more


def _is_readable(offer: Offer, offers: Offers) -> bool:
    """A trail is read only where a way of the table begins or ends."""
    return offer.offers_reading() and not (offer.is_walked and offers.route_quantity() is None)


def is_touchable(offer: Offer, offers: Offers, clock: KioskClock) -> bool:
    """True when a person can do something about this scene at the screen."""
    by_touch = any(offer.offers_touch(way, weighed=offer.is_weighed) for way in TOUCH_PROOFS)
    return offer.is_open_now(clock) and (by_touch or _is_readable(offer, offers))


def shown_scene(offer: Offer, offers: Offers) -> dict[str, Any]:
    """One scene with its ways, as JSON."""
    scene = offer.scene
    default = scene.variants[0]
    _, least, most = offer.quantities(default)
    ways = {way: offer.offers_touch(way, weighed=offer.is_weighed) for way in TOUCH_PROOFS}
    return {
        "number": scene.number,
        "id": scene.slug,
        "name": {"zh": scene.name_zh, "en": scene.name_en},
        "how": {"zh": scene.how_zh, "en": scene.how_en},
        "icon": scene.icon,
        "points": default.points,
        "unit": scene.unit,
        "cap": whole_units_text(scene.cap, scene.unit),
        "cap_units": scene.cap,
        "period": scene.period,
        "ways": {**ways, "member": _is_readable(offer, offers)},
        "weighed": offer.is_weighed,
        "route": offers.route_quantity() if offer.is_walked else None,
        "quiz": offer.needs_quiz,
        "room": scene.cap_scope == "room",
        "one_step": is_read_in_one_step(offer, offers),
        "variants": [
            {"number": each.number, "name": {"zh": each.name_zh, "en": each.name_en}, "points": each.points,
             "unit": each.unit, "step": each.step}
            for each in scene.variants
        ],
        "quantity": {"one": whole_unit(scene.unit), "min": least, "max": most},
    }  # fmt: skip
