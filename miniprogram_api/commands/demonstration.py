"""The demonstration island as the services take it, read from demonstration.toml."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from miniprogram_api.services.items import NewItem
from miniprogram_api.services.venues import NewVenue
from scenes.catalogue import Catalogue
from scenes.wire.profile import GroupLimits, Profile, Route, SceneOffer

POINTS_PER_HOUR = 20_000  # above that a kiosk's acts wait for a look
TICKET_DAYS = 14
NO_GROUP = {"per_code": 0, "seats": 0, "window_minutes": 30}


def read_description() -> dict[str, Any]:
    """The file as it is: lists of venue, merchant, item and staff."""
    with Path(__file__).with_name("demonstration.toml").open("rb") as file:
        return tomllib.load(file)


def venue_of(row: dict[str, Any], catalogue: Catalogue) -> NewVenue:
    """A venue of the file with the profile that its scenes and ways of proof make."""
    profile = Profile(
        attended=row["attended"],
        scenes={number: _offer(number, row["proofs"], catalogue) for number in row["scenes"]},
        group=GroupLimits(**row.get("group", NO_GROUP)),
        points_per_hour=POINTS_PER_HOUR,
        ticket_days=TICKET_DAYS,
        routes=tuple(Route(**route) for route in row.get("routes", ())),
    )
    x, y = row["map"]
    return NewVenue(row["id"], row["name_zh"], row["name_en"], row["side"], x, y, profile, row["kiosk"])


def _offer(number: int, at_the_place: list[str], catalogue: Catalogue) -> SceneOffer:
    """The scene's own ways of proof that fit the place, and always tickets; at most what one act may have."""
    scene = catalogue.scenes[number]
    proofs = (set(scene.proofs) & set(at_the_place)) | {"TK"}
    return SceneOffer(frozenset(proofs), max(variant.max_quantity for variant in scene.variants))


def item_of(row: dict[str, Any], merchant_id: int, position: int) -> NewItem:
    """An item of the file."""
    fields = {name: row[name] for name in ("name_zh", "name_en", "description_zh", "description_en", "icon")}
    amounts = {name: row[name] for name in ("points", "settlement_fen", "stock")}
    limit = row.get("limit_per_person")
    return NewItem(merchant_id=merchant_id, **fields, **amounts, limit_per_person=limit, position=position)
