"""What a till shows: the acts it may confirm, and what became of those it has."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from miniprogram_api.db import public_id
from miniprogram_api.domain.rules import Rule
from miniprogram_api.models import Act, DeskAct, DeskUndo, Member, MerchantPerson, Reading, Review
from miniprogram_api.models.reviews import activities
from miniprogram_api.queries.history import Rulebook, in_language, show_activity
from miniprogram_api.queries.merchant_desk import masked
from miniprogram_api.queries.paging import after_cursor, page
from scenes.reduction import points_for, whole_unit
from scenes.wire.journal_content import READ_LINES_MAX

TILL = 0


def desk_read(session: Session, desk_act_id: int, rulebook: Rulebook, language: str) -> dict[str, Any]:
    """One reading of a till with what became of each line, as it is now."""
    row = session.execute(_desk_acts().where(DeskAct.id == desk_act_id)).one()
    return _shown([row], _acts_of(session, [row.reading_id]), rulebook, language)[0]


def desk_readings(
    session: Session, merchant_id: int, rulebook: Rulebook, language: str, cursor: str | None, limit: int
) -> dict[str, Any]:
    """One page of a merchant's readings, newest first: {data, next}."""
    statement = after_cursor(
        _desk_acts().where(DeskAct.merchant_id == merchant_id), cursor, DeskAct.created_at, DeskAct.id
    )
    rows, following = page(list(session.execute(statement.limit(limit + 1))), limit, "created_at", "id")
    acts = _acts_of(session, [row.reading_id for row in rows])
    return {"data": _shown(rows, acts, rulebook, language), "next": following}


def till_scenes(rules: Sequence[Rule], offers: Mapping[int, Mapping[str, Any]], language: str) -> list[dict[str, Any]]:
    """What a till may confirm now, in the order of the scenes' numbers; paused ones are left out."""
    return [
        _show_scene(rule, offers[rule.scene.number], language)
        for rule in rules
        if rule.scene.number in offers and rule.scene.active
    ]


def _desk_acts() -> Any:
    columns = (DeskAct.id, DeskAct.reading_id, DeskAct.lines, DeskAct.created_at)
    return (
        select(*columns, DeskUndo.undone_at, MerchantPerson.name.label("person"), Member.nickname)
        .join(MerchantPerson, MerchantPerson.id == DeskAct.person_id)
        .join(Reading, Reading.id == DeskAct.reading_id)
        .join(Member, Member.id == Reading.member_id)
        .outerjoin(DeskUndo, DeskUndo.desk_act_id == DeskAct.id)
    )


def _acts_of(session: Session, readings: Collection[int]) -> dict[int, dict[int, dict[str, Any]]]:
    """By reading and line, the activity as it stands; an act that waited and was accepted is known by its second."""
    if not readings:
        return {}
    code = (Act.kiosk_id == TILL, Act.epoch == 0, Act.counter.in_(range(READ_LINES_MAX)), Act.claimant.in_(readings))
    lines = {row.id: row for row in session.execute(select(Act.id, Act.claimant, Act.counter).where(*code))}
    decided = select(Review.act_id, Review.resolved_act_id).where(Review.act_id.in_(lines))
    resolved = {row.act_id: row.resolved_act_id for row in session.execute(decided) if row.resolved_act_id is not None}
    standing = [resolved.get(act, act) for act in lines]
    found: defaultdict[int, dict[int, dict[str, Any]]] = defaultdict(dict)
    for row in session.execute(activities().where(Act.id.in_(standing))):
        line = lines[row.id]
        found[line.claimant][line.counter] = dict(row._mapping)
    return found


def _shown(
    rows: Sequence[Any], acts: Mapping[int, Mapping[int, dict[str, Any]]], rulebook: Rulebook, language: str
) -> list[dict[str, Any]]:
    return [
        {
            "id": public_id(row.id),
            "created_at": row.created_at,
            "undone_at": row.undone_at,
            "person": row.person,
            "nickname": masked(row.nickname),
            "results": [
                _result(line, acts.get(row.reading_id, {}), rulebook, language) for line in json.loads(row.lines)
            ],
        }
        for row in rows
    ]


def _result(
    line: Mapping[str, Any], acts: Mapping[int, dict[str, Any]], rulebook: Rulebook, language: str
) -> dict[str, Any]:
    said = {"scene": line["slug"], "variant": line["variant"], "quantity": line["quantity"]}
    act = acts.get(line.get("line", -1))
    if act is None:
        return {**said, "state": "refused", "points": 0, "reduction_grams": 0, "code": line.get("code")}
    activity = show_activity(act, rulebook, language)
    counts = activity["state"] == "credited"
    return {
        **said,
        "name": activity["name"],
        "state": activity["state"],
        "points": activity["points"] if counts else 0,
        "reduction_grams": activity["reduction_grams"] if counts else 0,
        "reason_text": activity["reason_text"],
    }


def _show_scene(rule: Rule, offer: Mapping[str, Any], language: str) -> dict[str, Any]:
    scene, whole = rule.scene, whole_unit(rule.scene.unit)
    proofs = set(offer["proofs"])
    return {
        "id": scene.slug,
        "name": in_language(scene, "name", language),
        "icon": scene.icon,
        "unit": scene.unit,
        "whole_unit": whole,
        "needs_room": scene.cap_scope == "room",
        "needs_record": "VC" in proofs and "ST" not in proofs,
        "variants": [
            {
                "number": variant.number,
                "name": in_language(variant, "name", language),
                "points": points_for(whole, variant),
                "min_quantity": variant.min_quantity,
                "max_quantity": min(variant.max_quantity, offer.get("max_quantity") or variant.max_quantity),
            }
            for variant in scene.variants
        ],
    }
