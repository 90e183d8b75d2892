"""The rules in force, as the console lists them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from pydantic import Field

from miniprogram_api.domain.rules import Rule
from miniprogram_api.queries.sessions import StaffCaller
from miniprogram_api.routes.api import STAFF, Answer, Calls, DecimalText, Moment, caller_language, surroundings
from scenes.reduction import points_for, whole_unit

calls = Calls("staff", "scenes")


class FactorSource(Answer):
    """Grams CO2e of one whole unit, with where the number is from."""

    id: str
    value: DecimalText
    unit: str
    source: str
    source_tag: str
    year: int
    methodology: str
    version: int


class RuleVariant(Answer):
    """`points` for one whole unit; `step`, smallest and largest quantity in code units (contract section 1)."""

    number: int
    name: str
    points: int
    step: int
    min_quantity: int
    max_quantity: int
    factor: str
    grams_per_unit: DecimalText


class SceneRule(Answer):
    id: str
    number: int
    name: str
    scene_class: str = Field(serialization_alias="class")
    icon: str
    how: str
    note: str
    attested: bool
    audience: str
    season: list[str] | None
    proofs: list[str]
    unit: str
    cap: int
    period: str
    cap_group: str | None
    cool_down_seconds: int
    active: bool
    version: int
    starts_at: Moment
    factor: FactorSource
    variants: list[RuleVariant]


class SceneRules(Answer):
    data: list[SceneRule]
    next: str | None


@calls.get("/staff/scenes", caller=STAFF, answer=SceneRules)
def list_scenes(person: StaffCaller) -> dict[str, Any]:
    """The rule in force of every scene"""
    here = surroundings()
    english = caller_language() == "en"
    rules = here.island.directory.rules(here.clock.now())
    return {"data": [_listed(rule, english) for rule in rules], "next": None}


def _listed(rule: Rule, english: bool) -> dict[str, Any]:
    scene = rule.scene
    same = ("number", "scene_class", "icon", "audience", "unit", "cap", "period", "cap_group", "cool_down_seconds")
    return {
        **{name: getattr(scene, name) for name in same},
        "id": scene.slug,
        "name": scene.name_en if english else scene.name_zh,
        "how": scene.how_en if english else scene.how_zh,
        "note": scene.note_en if english else scene.note_zh,
        "attested": scene.attested,
        "season": list(scene.season) if scene.season else None,
        "proofs": list(scene.proofs),
        "active": scene.active,
        "version": rule.version,
        "starts_at": rule.starts_at,
        "factor": asdict(rule.factor_of(scene.variants[0])),
        "variants": [_variant(rule, number, english) for number in range(len(scene.variants))],
    }


def _variant(rule: Rule, position: int, english: bool) -> dict[str, Any]:
    variant = rule.scene.variants[position]
    factor = rule.factor_of(variant)
    return {
        "number": variant.number,
        "name": variant.name_en if english else variant.name_zh,
        "points": points_for(whole_unit(variant.unit), variant),
        "step": variant.step,
        "min_quantity": variant.min_quantity,
        "max_quantity": variant.max_quantity,
        "factor": f"{factor.id}/{factor.version}",
        "grams_per_unit": factor.value,
    }
