"""What a new version of a place changes, and what of it can cost points. Pure."""

from __future__ import annotations

from typing import Any

from miniprogram_api.domain.changes import Change, Judge, compare, less, more, never

NAMES: dict[str, Judge] = {"name_zh": never, "name_en": never}
OF_A_GROUP: dict[str, Judge] = {"per_code": more, "seats": more, "window_minutes": less}


def _newly(before: bool, after: bool) -> bool:
    """Where staff stand, more ways of proof are taken."""
    return after


def _new_member(before: list[str], after: list[str]) -> bool:
    return not set(after) <= set(before)


def _new_or_longer_way(before: list[dict[str, int]], after: list[dict[str, int]]) -> bool:
    known = {(way["start"], way["end"]): way["quantity"] for way in before}
    return any(way["quantity"] > known.get((way["start"], way["end"]), 0) for way in after)


OF_A_SCENE: dict[str, Judge] = {"proofs": _new_member, "max_quantity": more}


def venue_changes(before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    """Of documents {name_zh, name_en, profile}; a profile is as scenes.wire.profile writes it."""
    old, new = before["profile"], after["profile"]
    profile: dict[str, Judge] = {"attended": _newly, "ticket_days": more, "routes": _new_or_longer_way}
    return [
        *compare(before, after, NAMES),
        *compare(old, new, profile, "profile."),
        *compare(old["group"], new["group"], OF_A_GROUP, "profile.group."),
        *compare(old["ceilings"], new["ceilings"], {"points_per_hour": more}, "profile.ceilings."),
        *_offers(old["scenes"], new["scenes"]),
    ]


def empty_place(document: dict[str, Any]) -> dict[str, Any]:
    """The same place as long as it offers nothing: what a new one is compared with."""
    profile = document["profile"]
    group = {**profile["group"], "per_code": 0, "seats": 0}
    nothing = {"attended": False, "scenes": {}, "group": group, "ceilings": {"points_per_hour": 0}, "routes": []}
    return {**document, "profile": {**profile, **nothing}}


def _offers(before: dict[str, Any], after: dict[str, Any]) -> list[Change]:
    changes = []
    for number in sorted({*before, *after}, key=int):
        old, new, field = before.get(number), after.get(number), f"profile.scenes.{number}"
        if old is None or new is None:
            changes.append(Change(field, old, new, new is not None))
        else:
            changes += compare(old, new, OF_A_SCENE, f"{field}.")
    return changes
