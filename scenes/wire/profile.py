"""The venue profile: which proofs, kinds of code, scenes and quantities a place offers (contract sections 1, 2)."""

from dataclasses import asdict, dataclass
from typing import Any

from scenes.wire.errors import FieldsInvalid
from scenes.wire.fields import UNSIGNED_32_MAX, choice, members, path, sequence, truth, whole_number
from scenes.wire.kinds import KIND_GROUP, KIND_SINGLE_USE, KIND_TICKET

# The scanned kinds, and the ways of proof any one of which lets a scene be offered by that kind.
KIND_PROOFS = {
    KIND_GROUP: frozenset({"GK"}),
    KIND_SINGLE_USE: frozenset({"DK", "WT"}),
    KIND_TICKET: frozenset({"TK", "WT"}),
}
PROOFS = ("GK", "DK", "ST", "TK", "WT", "2P", "VC")
QUANTITY_MAX = 65_535
ROUTES_MAX = 64


@dataclass(frozen=True, slots=True)
class SceneOffer:
    """What the place offers of one scene; `max_quantity` of one act, in the scene's code units."""

    proofs: frozenset[str]
    max_quantity: int


@dataclass(frozen=True, slots=True)
class GroupLimits:
    """Credits per group code, and seats per boarding window of `window_minutes`."""

    per_code: int
    seats: int
    window_minutes: int


@dataclass(frozen=True, slots=True)
class Route:
    """A way between two kiosks, walked in either direction; `quantity` in code units of 100 m."""

    start: int
    end: int
    quantity: int


@dataclass(frozen=True, slots=True)
class Profile:
    """What a place offers, scenes by number. `attended`: staff stand there. Above `points_per_hour` acts wait."""

    attended: bool
    scenes: dict[int, SceneOffer]
    group: GroupLimits
    points_per_hour: int
    ticket_days: int
    routes: tuple[Route, ...] = ()

    def offers_proof(self, scene: int, proof: str) -> bool:
        """True when the place names this way of proof for the scene."""
        offer = self.scenes.get(scene)
        return offer is not None and proof in offer.proofs

    def offers_kind(self, scene: int, kind: int) -> bool:
        """True when a code of this kind may stand for the scene here; never for a kind that is not scanned."""
        return any(self.offers_proof(scene, proof) for proof in KIND_PROOFS.get(kind, ()))

    def offers_quantity(self, scene: int, quantity: int) -> bool:
        """True when one act here may have this quantity, in the scene's code units."""
        offer = self.scenes.get(scene)
        return offer is not None and 0 < quantity <= offer.max_quantity


def profile_document(profile: Profile) -> dict[str, Any]:
    """The profile as JSON, as agreements and the database hold it."""
    return {
        "attended": profile.attended,
        "scenes": {
            str(number): {
                "proofs": [proof for proof in PROOFS if proof in offer.proofs],
                "max_quantity": offer.max_quantity,
            }
            for number, offer in sorted(profile.scenes.items())
        },
        "group": asdict(profile.group),
        "ceilings": {"points_per_hour": profile.points_per_hour},
        "ticket_days": profile.ticket_days,
        "routes": [asdict(route) for route in profile.routes],
    }


def parse_profile(value: object, where: str = "") -> Profile:
    """The profile that this document says. Raises FieldsInvalid with the path of what is wrong, below `where`."""
    body = members(value, where, {"attended", "scenes", "group", "ceilings", "ticket_days", "routes"})
    ceilings = members(body["ceilings"], path(where, "ceilings"), {"points_per_hour"})
    return Profile(
        attended=truth(body["attended"], path(where, "attended")),
        scenes=_scenes(body["scenes"], path(where, "scenes")),
        group=_group(body["group"], path(where, "group")),
        points_per_hour=whole_number(ceilings["points_per_hour"], path(where, "ceilings"), 0, UNSIGNED_32_MAX),
        ticket_days=whole_number(body["ticket_days"], path(where, "ticket_days"), 1, 366),
        routes=_routes(body["routes"], path(where, "routes")),
    )


def _scenes(value: Any, where: str) -> dict[int, SceneOffer]:
    named = members(value, where, (), value if isinstance(value, dict) else ())
    return {_scene_number(name, where): _offer(offer, path(where, name)) for name, offer in named.items()}


def _scene_number(name: str, where: str) -> int:
    if not (name.isascii() and name.isdecimal() and len(name) <= 3 and name[0] != "0" and int(name) <= 255):
        raise FieldsInvalid(where, "not a scene's number")
    return int(name)


def _offer(value: object, where: str) -> SceneOffer:
    offer = members(value, where, {"proofs", "max_quantity"})
    proofs = sequence(offer["proofs"], path(where, "proofs"), len(PROOFS), least=1)
    return SceneOffer(
        proofs=frozenset(choice(proof, path(where, "proofs"), PROOFS) for proof in proofs),
        max_quantity=whole_number(offer["max_quantity"], path(where, "max_quantity"), 1, QUANTITY_MAX),
    )


def _group(value: object, where: str) -> GroupLimits:
    group = members(value, where, {"per_code", "seats", "window_minutes"})
    return GroupLimits(
        per_code=whole_number(group["per_code"], path(where, "per_code"), 0, QUANTITY_MAX),
        seats=whole_number(group["seats"], path(where, "seats"), 0, QUANTITY_MAX),
        window_minutes=whole_number(group["window_minutes"], path(where, "window_minutes"), 1, 1_440),
    )


def _routes(value: object, where: str) -> tuple[Route, ...]:
    return tuple(
        _route(route, f"{where}[{position}]") for position, route in enumerate(sequence(value, where, ROUTES_MAX))
    )


def _route(value: object, where: str) -> Route:
    route = members(value, where, {"start", "end", "quantity"})
    return Route(
        start=whole_number(route["start"], path(where, "start"), 0, UNSIGNED_32_MAX),
        end=whole_number(route["end"], path(where, "end"), 0, UNSIGNED_32_MAX),
        quantity=whole_number(route["quantity"], path(where, "quantity"), 1, QUANTITY_MAX),
    )
