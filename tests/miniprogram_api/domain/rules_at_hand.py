"""Rules of the catalogue and doings, as the pure decisions take them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from miniprogram_api.domain.awards import Doing
from miniprogram_api.domain.rules import Rule
from scenes.catalogue import load_catalogue

CATALOGUE = load_catalogue()
NOON = 1_795_320_000  # 2026-11-22 12:00:00 on the island, a Sunday
MEI, PIER = 11, 1
BUS, CLEAN_PLATE, SAVE_FOOD, NIGHTS, ROOM_NIGHTS = 2, 6, 7, 11, 13
LITTER, CANS, WEEKLY, ENERGY, TREES = 16, 18, 21, 22, 23


def rule(number: int, **changes: Any) -> Rule:
    """The first version of a scene's rule; keys that begin with `variant_` change its first variant."""
    scene = CATALOGUE.scenes[number]
    of_variant = {key.removeprefix("variant_"): changes.pop(key) for key in list(changes) if key.startswith("variant_")}
    if of_variant:
        changes["variants"] = (replace(scene.variants[0], **of_variant), *scene.variants[1:])
    return Rule(1, 0, replace(scene, **changes), CATALOGUE.factors, CATALOGUE.cap_groups)


def doing(**changes: Any) -> Doing:
    """mei does one of it at noon, with a ticket of the pier."""
    facts = {
        "member_id": MEI,
        "member_kind": "visitor",
        "companion": 0,
        "variant": 0,
        "quantity": 1,
        "occurred_at": NOON,
        "kiosk": PIER,
    }
    return Doing(**{**facts, **changes})
