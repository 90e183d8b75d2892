"""What can be earned and what it can be exchanged for, as it stands for one member today."""

from __future__ import annotations

from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from miniprogram_api.db import public_id
from miniprogram_api.domain.awards import why_closed
from miniprogram_api.domain.calendar import nights_before, period_number
from miniprogram_api.domain.limits import Limits
from miniprogram_api.domain.rules import Rule
from miniprogram_api.models import Cap, Item, ItemVersion, MemberBalance, Merchant, Stock
from miniprogram_api.models.items import version_in_force
from miniprogram_api.queries.history import Rulebook, amount_text, in_language
from scenes.catalogue import Factor, Scene, Variant
from scenes.reduction import points_for, whole_unit


def member_scenes(
    session: Session, member_id: int, kind: str, rulebook: Rulebook, language: str, now: int
) -> list[dict[str, Any]]:
    """All scenes in force with what is left for this member today."""
    rules = rulebook.rules(now)
    used = _used(session, member_id, rules, now)
    places = _places(rulebook, language, now)
    return [_show_scene(rule, kind, used, places.get(rule.scene.number, []), language, now) for rule in rules]


def _period(scene: Scene, now: int) -> int:
    return nights_before(now, 1)[0] if scene.period == "night" else period_number(scene.period, now)


def _used(session: Session, member_id: int, rules: list[Rule], now: int) -> dict[tuple[str, int], int]:
    periods = {_period(rule.scene, now) for rule in rules}
    periods |= {period_number(group.period, now) for rule in rules for group in rule.cap_groups.values()}
    rows = session.execute(
        select(Cap.name, Cap.period, Cap.used).where(Cap.owner == member_id, Cap.period.in_(periods))
    )
    return {(row.name, row.period): row.used for row in rows}


def _places(rulebook: Rulebook, language: str, now: int) -> dict[int, list[dict[str, Any]]]:
    """The venues that offer each scene, each once, with the ways of proof there."""
    places: dict[int, dict[str, dict[str, Any]]] = {}
    for kiosk in rulebook.kiosks(now):
        for number, offered in kiosk.profile["scenes"].items():
            shown = {
                "id": kiosk.venue_id,
                "name": in_language(kiosk, "venue", language),
                "proofs": list(offered["proofs"]),
            }
            places.setdefault(int(number), {})[kiosk.venue_id] = shown
    return {number: list(venues.values()) for number, venues in places.items()}


def _show_scene(
    rule: Rule, kind: str, used: dict[tuple[str, int], int], places: list[dict[str, Any]], language: str, now: int
) -> dict[str, Any]:
    scene, default, whole = rule.scene, rule.scene.variants[0], whole_unit(rule.scene.unit)
    closed = why_closed(scene, kind, now)
    return {
        "id": scene.slug,
        "number": scene.number,
        "name": in_language(scene, "name", language),
        "class": scene.scene_class,
        "icon": scene.icon,
        "how": in_language(scene, "how", language),
        "note": in_language(scene, "note", language),
        "unit": scene.unit,
        "points": points_for(whole, default),
        "per": scene.unit,
        "reduction_grams": rule.factor_of(default).value,
        "proofs": list(scene.proofs),
        "cap": {"amount": amount_text(scene.cap, whole), "period": scene.period},
        "cool_down_seconds": scene.cool_down_seconds,
        "done": amount_text(used.get((f"scene:{scene.number}", _period(scene, now)), 0), whole),
        "left_today": amount_text(_left(rule, used, now), whole),
        "open": closed is None,
        "closed_reason": closed,
        "season": list(scene.season) if scene.season else None,
        "attested": scene.attested,
        "audience": scene.audience,
        "variants": [_show_variant(rule, variant, language) for variant in scene.variants],
        "places": places,
        "factor": _show_factor(rule.factor_of(default)),
        "version": rule.version,
    }


def _left(rule: Rule, used: dict[tuple[str, int], int], now: int) -> int:
    """Units of the scene that may still be credited in its period, the group's points counted too."""
    scene = rule.scene
    left = scene.cap - used.get((f"scene:{scene.number}", _period(scene, now)), 0)
    if scene.cap_group is not None:
        group, variant = rule.cap_groups[scene.cap_group], scene.variants[0]
        points = group.points - used.get((f"group:{group.id}", period_number(group.period, now)), 0)
        left = min(left, max(0, points) * variant.step // variant.points)
    return max(0, left)


def _show_variant(rule: Rule, variant: Variant, language: str) -> dict[str, Any]:
    return {
        "number": variant.number,
        "name": in_language(variant, "name", language),
        "points": points_for(whole_unit(variant.unit), variant),
        "reduction_grams": rule.factor_of(variant).value,
    }


def _show_factor(factor: Factor) -> dict[str, Any]:
    return {
        "value": factor.value,
        "unit": factor.unit,
        "source": factor.source,
        "year": factor.year,
        "version": factor.version,
    }


def member_items(
    session: Session, member_id: int, kind: str, language: str, limits: Limits, now: int
) -> list[dict[str, Any]]:
    """All items on offer with what keeps this member from having one."""
    available = session.execute(
        select(MemberBalance.available).where(MemberBalance.member_id == member_id)
    ).scalar_one()
    limit_rows = session.execute(select(Cap.name, Cap.used).where(Cap.owner == member_id, Cap.period == 0))
    had = {row.name: row.used for row in limit_rows}
    rows = session.execute(
        select(ItemVersion, Stock.remaining, Merchant)
        .select_from(Item)
        .join(ItemVersion, and_(ItemVersion.item_id == Item.id, ItemVersion.version == version_in_force(now)))
        .join(Stock, Stock.item_id == Item.id)
        .join(Merchant, Merchant.id == Item.merchant_id)
        .where(ItemVersion.active, Merchant.state == "active")
        .order_by(ItemVersion.position, Item.id)
    )
    shown = []
    for item, remaining, merchant in rows:
        left = _left_for_me(item, had)
        why_not = _why_not(item, remaining, kind, available, left, limits)
        shown.append(_show_item(item, remaining, merchant, why_not, available, left, language))
    return shown


def _left_for_me(item: ItemVersion, had: dict[str, int]) -> int | None:
    """How many more I may have of it, None without a limit for each person."""
    if item.limit_per_person is None:
        return None
    return max(0, item.limit_per_person - had.get(f"item:{item.item_id:x}", 0))


def _why_not(
    item: ItemVersion, remaining: int, kind: str, available: int, left: int | None, limits: Limits
) -> str | None:
    if kind == "guest" and item.points > limits.guest_item_points:
        return "guest_limit"
    if remaining < 1:
        return "out_of_stock"
    if left == 0:
        return "limit_reached"
    return "points_missing" if available < item.points else None


def _show_item(
    item: ItemVersion,
    remaining: int,
    merchant: Merchant,
    why_not: str | None,
    available: int,
    left: int | None,
    language: str,
) -> dict[str, Any]:
    return {
        "id": public_id(item.item_id),
        "name": in_language(item, "name", language),
        "description": in_language(item, "description", language),
        "points": item.points,
        "stock": remaining,
        "limit_per_person": item.limit_per_person,
        "left_for_me": left,
        "image": None,
        "icon": item.icon,
        "merchant": {"id": public_id(merchant.id), "name": in_language(merchant, "name", language)},
        "available": why_not is None,
        "why_not": why_not,
        "points_missing": max(0, item.points - available),
    }
