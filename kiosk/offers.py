"""What this place offers: each scene of the agreement with the ways of proof that the venue's profile names."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import Any

from kiosk.clock import KioskClock
from kiosk.island_time import island_day
from scenes.factor import Factor
from scenes.scene import Scene
from scenes.units import whole_unit
from scenes.validation import SceneInvalid, parse_scene
from scenes.variant import Variant
from scenes.wire.agreement import Agreement
from scenes.wire.kinds import KIND_GROUP, KIND_SINGLE_USE, KIND_TICKET
from scenes.wire.profile import SceneOffer

log = logging.getLogger(__name__)

# How a code reaches a person, and its kind on the wire.
WAYS = {"single": KIND_SINGLE_USE, "group": KIND_GROUP, "ticket": KIND_TICKET}
# What lets a person in front of the screen have a code by a touch. A weight (WT) is read by a device, never typed in.
TOUCH_PROOFS = {"single": "DK", "group": "GK", "ticket": "TK"}
MEASURED_UNITS = frozenset({"kg", "km", "kWh"})
WEIGHED_WAYS = frozenset({"single", "ticket"})
QUIZ_SCENE = "learn-carbon"


@dataclass(frozen=True, slots=True)
class Offer:
    """One scene as this place offers it."""

    scene: Scene
    terms: SceneOffer

    @property
    def is_weighed(self) -> bool:
        """True when a scale says how much."""
        return self.scene.unit == "kg"

    @property
    def is_walked(self) -> bool:
        """True when both ends of a trail prove the act; the agreement's table of routes says how long it is."""
        return self.scene.unit == "km"

    @property
    def needs_quiz(self) -> bool:
        """True where the place has the quiz on its screen: then it comes before each code and each reading."""
        return self.scene.slug == QUIZ_SCENE and "DK" in self.terms.proofs

    def offers_touch(self, way: str, *, weighed: bool = False) -> bool:
        """True when a person may have this kind of code by a touch, or after a weighing.

        What is weighed, walked or metered is never typed in, also where the place gives tickets for it: staff do that.
        """
        if self.scene.unit in MEASURED_UNITS:
            return weighed and self.is_weighed and "WT" in self.terms.proofs and way in WEIGHED_WAYS
        return TOUCH_PROOFS[way] in self.terms.proofs

    def offers_reading(self) -> bool:
        """True when a member code that is shown here may stand for the scene; a weight comes from the scale."""
        proof = {"kg": "WT", "km": "2P", "kWh": None}.get(self.scene.unit, "ST")
        return proof in self.terms.proofs

    def is_open(self, day: str) -> bool:
        """True when the scene's season holds this day, MM-DD; a season may run over the new year."""
        if self.scene.season is None:
            return True
        first, last = self.scene.season
        return first <= day <= last if first <= last else day >= first or day <= last

    def is_open_now(self, clock: KioskClock) -> bool:
        """As `is_open` by this clock; one that nobody vouches for closes nothing."""
        return not clock.trusted or self.is_open(island_day(clock.shown_time()))

    def quantities(self, variant: Variant) -> tuple[int, int, int]:
        """(usual, least, most) code units of one act; usual is one whole unit, as far as the limits let it."""
        most = min(variant.max_quantity, self.terms.max_quantity)
        usual = min(max(whole_unit(variant.unit), variant.min_quantity), most)
        return usual, variant.min_quantity, most


class Offers:
    """All offers of a place, by scene number."""

    def __init__(self, agreement: Agreement) -> None:
        self._profile, self._kiosk = agreement.profile, agreement.kiosk
        self._offers = {offer.scene.number: offer for offer in _offers(agreement)}

    def all(self) -> list[Offer]:
        """In the order of the scenes' numbers."""
        return [self._offers[number] for number in sorted(self._offers)]

    def get(self, number: int) -> Offer | None:
        return self._offers.get(number)

    def find(self, name: str) -> Offer | None:
        """The offer of the scene with this slug or number, as a person types it."""
        return next((offer for offer in self.all() if name in (offer.scene.slug, str(offer.scene.number))), None)

    def route_quantity(self) -> int | None:
        """Code units of the shortest way that begins or ends here, None at a kiosk without a trail.

        The office takes the length from its table once both ends are known; until then nobody is promised more.
        """
        routes = self._profile.routes
        lengths = [route.quantity for route in routes if self._kiosk in (route.start, route.end)]
        return min(lengths, default=None)

    def offers_kind(self, number: int, way: str) -> bool:
        """True when the profile lets a code of this kind stand for the scene, by a touch or after a measurement."""
        return number in self._offers and self._profile.offers_kind(number, WAYS[way])


def _offers(agreement: Agreement) -> list[Offer]:
    found = []
    for document in agreement.scenes:
        scene = _read_scene(document, f"agreement {agreement.version}")
        if scene is not None and scene.active and scene.number in agreement.profile.scenes:
            found.append(Offer(scene, agreement.profile.scenes[scene.number]))
    return found


def _read_scene(document: dict[str, Any], origin: str) -> Scene | None:
    """The scene, or None for one that this software can't read: the others are offered all the same."""
    try:
        return parse_scene(document, _factors_named(document), origin)
    except SceneInvalid as reason:
        log.error("scene left out: %s", reason)
        return None


def _factors_named(document: dict[str, Any]) -> dict[str, Factor]:
    """The factors that the scene names, all worth 0: grams are booked by the server and never decided at a kiosk."""
    variants = document.get("variants")
    named = [variant for variant in variants if isinstance(variant, dict)] if isinstance(variants, list) else []
    units = {str(variant.get("factor")): variant.get("unit") for variant in named}
    return {name: _worthless(name, unit) for name, unit in units.items()}


def _worthless(name: str, unit: object) -> Factor:
    return Factor(name, 1, "0", f"g/{unit}", "the server", "none", 2026, "none", "-", "-")
