"""The scenes with the rules in force, as the console lists them; new ones are asked for here."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from pydantic import Field

from miniprogram_api.db import db
from miniprogram_api.domain.refusals import NotFound
from miniprogram_api.domain.rules import Rule
from miniprogram_api.domain.versions import Version
from miniprogram_api.queries.rule_versions import current_text, other_rules, versions_of_scenes
from miniprogram_api.queries.sessions import StaffCaller
from miniprogram_api.queries.versions import waiting_of
from miniprogram_api.routes.api import STAFF, Answer, Body, Calls, DecimalText, Moment, caller_language, surroundings
from miniprogram_api.routes.staff.rule_versions import RulePreview, RuleVersionAnswer, found, shown_draft
from miniprogram_api.routes.staff.version_shapes import Document, Documents, Reason, Start, State, WaitingVersion
from miniprogram_api.services import rule_drafts
from miniprogram_api.services.rule_drafts import WantedRule
from miniprogram_api.services.rules import FIRST_VERSION, propose_scene
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
    """`state` is in_force, or that of the newest version of a scene that has no rule in force."""

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
    state: State
    waiting: WaitingVersion | None


class SceneRules(Answer):
    data: list[SceneRule]
    next: str | None


class SceneFound(Answer):
    """`document` and `factors` as scenes/data has them; `versions`: how many there are."""

    rule: SceneRule
    document: dict[str, Any]
    factors: list[dict[str, Any]]
    versions: int
    waiting: WaitingVersion | None


class SceneDraftBody(Body):
    """`document` as scenes/data has it. Its number may be left out: the scene gets the next one."""

    document: Document
    factors: Documents | None = None
    starts_at: Start | None = None


class NewSceneBody(SceneDraftBody):
    starts_at: Start
    reason: Reason


@calls.get("/staff/scenes", caller=STAFF, answer=SceneRules)
def list_scenes(person: StaffCaller) -> dict[str, Any]:
    """The rule in force of every scene, and the scenes that have none yet"""
    return {"data": [_listed(*one) for one in _rules()], "next": None}


@calls.get("/staff/scenes/<scene_id>", caller=STAFF, answer=SceneFound)
def read_scene(person: StaffCaller, scene_id: str) -> dict[str, Any]:
    """One scene with the document in force"""
    for rule, state, versions in _rules():
        if rule.scene.slug == scene_id:
            text = current_text(db.session(), scene_id, versions, surroundings().clock.now())
            listed = _listed(rule, state, versions)
            more = {"versions": len(versions), "waiting": listed["waiting"]}
            return {"rule": listed, "document": text.document, "factors": text.factors, **more}
    raise NotFound


@calls.post("/staff/scenes/preview", caller=STAFF, body=SceneDraftBody, answer=RulePreview)
def preview_scene(person: StaffCaller, body: SceneDraftBody) -> dict[str, Any]:
    """What acts of a new scene would earn"""
    wanted = WantedRule(body.document, factors=body.factors, starts_at=body.starts_at)
    return shown_draft(rule_drafts.preview_scene(db.session(), wanted, surroundings().clock))


@calls.post("/staff/scenes", caller=STAFF, body=NewSceneBody, answer=RuleVersionAnswer, status=201)
def create_scene(person: StaffCaller, body: NewSceneBody) -> dict[str, Any]:
    """Ask for a new scene; it counts once a second person has approved it"""
    wanted = WantedRule(body.document, factors=body.factors, starts_at=body.starts_at, reason=body.reason)
    slug = propose_scene(db.session(), wanted, person.person_id, surroundings().clock)
    return found(slug, FIRST_VERSION)


def _rules() -> list[tuple[Rule, str, list[Version]]]:
    """Every scene by number: its rule in force, or the newest version where none is, its state, all its versions."""
    here = surroundings()
    now, directory = here.clock.now(), here.island.directory
    versions = versions_of_scenes(db.session())
    rules = [(rule, "in_force") for rule in directory.rules(now)]
    rules += other_rules(db.session(), versions, {rule.scene.number for rule, _ in rules}, directory.cap_groups, now)
    known = [(rule, state, versions[rule.scene.number]) for rule, state in rules]
    return sorted(known, key=lambda one: one[0].scene.number)


def _listed(rule: Rule, state: str, versions: list[Version]) -> dict[str, Any]:
    scene, english = rule.scene, caller_language() == "en"
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
        "state": state,
        "waiting": waiting_of(versions),
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
