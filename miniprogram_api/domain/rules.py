"""A rule version in force, and a kiosk's standing, as the decisions see them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from scenes.catalogue import CapGroup, Factor, Scene, Variant
from scenes.validation import parse_scene
from scenes.wire.kinds import KIND_GROUP, KIND_SINGLE_USE, KIND_TICKET

PROOFS_OF_KIND = {
    KIND_GROUP: frozenset({"GK"}),
    KIND_SINGLE_USE: frozenset({"DK", "WT"}),
    KIND_TICKET: frozenset({"TK", "WT"}),
}


@dataclass(frozen=True)
class Rule:
    """One version of one scene's rule with the factors it books."""

    version: int
    starts_at: int
    scene: Scene
    factors: dict[str, Factor]
    cap_groups: dict[str, CapGroup] = field(default_factory=dict)

    def factor_of(self, variant: Variant) -> Factor:
        return self.factors[variant.factor]


def read_rule(row: Any, cap_groups: dict[str, CapGroup]) -> Rule:
    """The rule of a stored version: scene, version, starts_at, document and factors (both JSON).

    Raises SceneInvalid, ValueError, KeyError or TypeError where it is none.
    """
    factors = {document["id"]: Factor(**document) for document in json.loads(row.factors)}
    scene = parse_scene(json.loads(row.document), factors, f"rule {row.scene}/{row.version}")
    return Rule(row.version, row.starts_at, scene, factors, cap_groups)


def factors_shown(factors: str) -> str:
    """The factors of a stored version as its leaf shows them: `id/version`, with commas between."""
    return ",".join(f"{document['id']}/{document['version']}" for document in json.loads(factors))


@dataclass(frozen=True)
class KioskStanding:
    """What the server knows of a kiosk when it judges a code. `profile` is the venue's (contract section 2)."""

    number: int
    name: str
    venue_id: str
    venue_zh: str
    venue_en: str
    state: str
    state_since: int
    offset_seconds: int
    profile: dict[str, Any]
    side: str = "island"  # mainland, sea or island

    def allows(self, scene: int, kind: int) -> bool:
        entry = self.profile["scenes"].get(str(scene))
        return entry is not None and not PROOFS_OF_KIND[kind].isdisjoint(entry["proofs"])

    def max_quantity(self, scene: int) -> int | None:
        maximum: int | None = self.profile["scenes"].get(str(scene), {}).get("max_quantity")
        return maximum
