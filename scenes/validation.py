"""Reads documents into scenes and refuses whatever the rules of the catalogue do not allow.

A document is a parsed TOML file or the JSON that rule versions and agreements carry: the same keys, the same scene.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields as fields_of
from typing import Any, Final

from scenes.cap_group import parse_cap_group
from scenes.factor import Factor, parse_factor, parse_methodology
from scenes.fields import BYTE_MAX, NAME_MAX, NOTE_MAX, SENTENCE_MAX, Fields, SceneInvalid
from scenes.limits import check_limits
from scenes.period import PERIODS, read_season
from scenes.scene import AUDIENCES, CAP_SCOPES, PROOFS, SCENE_CLASSES, Scene
from scenes.units import QUANTITY_MAX
from scenes.variant import read_variants

__all__ = [
    "SceneInvalid",
    "parse_cap_group",
    "parse_factor",
    "parse_methodology",
    "parse_scene",
    "parse_scenes",
]

COOL_DOWN_SECONDS_MAX: Final = 31 * 86_400
_KEYS: Final = tuple(field.name for field in fields_of(Scene))


def parse_scene(
    document: dict[str, Any],
    factors: Mapping[str, Factor],
    origin: str,
    cap_groups: Collection[str] | None = None,
) -> Scene:
    """The scene that `document` describes. Raises SceneInvalid with `origin` (a file or a version), key and reason.

    Season, cap_group and exclusive_group may be absent. With `cap_groups` given, the scene's group has to be among
    them. The document is left as it is.
    """
    fields = Fields(document, origin, _KEYS)
    scene = Scene(
        number=fields.integer("number", 1, BYTE_MAX),
        slug=fields.slug("slug"),
        name_zh=fields.text("name_zh", NAME_MAX),
        name_en=fields.text("name_en", NAME_MAX),
        how_zh=fields.text("how_zh", SENTENCE_MAX),
        how_en=fields.text("how_en", SENTENCE_MAX),
        scene_class=fields.choice("scene_class", SCENE_CLASSES),
        icon=fields.slug("icon"),
        audience=fields.choice("audience", AUDIENCES),
        season=read_season(fields, "season") if fields.has("season") else None,
        proofs=fields.choices("proofs", PROOFS),
        cap=fields.integer("cap", 1, QUANTITY_MAX),
        period=fields.choice("period", PERIODS),
        cap_scope=fields.choice("cap_scope", CAP_SCOPES),
        cap_group=fields.slug("cap_group") if fields.has("cap_group") else None,
        cool_down_seconds=fields.integer("cool_down_seconds", 0, COOL_DOWN_SECONDS_MAX),
        exclusive_group=fields.slug("exclusive_group") if fields.has("exclusive_group") else None,
        variants=read_variants(fields, "variants", factors),
        attested=fields.flag("attested"),
        active=fields.flag("active"),
        note_zh=fields.text("note_zh", NOTE_MAX),
        note_en=fields.text("note_en", NOTE_MAX),
    )
    if cap_groups is not None and scene.cap_group is not None and scene.cap_group not in cap_groups:
        raise fields.refusal("cap_group", f"There is no cap group {scene.cap_group}.")
    check_limits(scene, fields)
    return scene


def parse_scenes(
    documents: Iterable[tuple[str, dict[str, Any]]],
    factors: Mapping[str, Factor],
    cap_groups: Collection[str] | None = None,
) -> dict[int, Scene]:
    """Scenes by number, in rising order, from pairs of origin and document; no number and no slug may come twice."""
    scenes: dict[int, Scene] = {}
    numbers: dict[str, int] = {}
    for origin, document in documents:
        scene = parse_scene(document, factors, origin, cap_groups)
        if scene.number in scenes:
            owner = scenes[scene.number].slug
            raise SceneInvalid(origin, "number", f"The number {scene.number} already belongs to {owner}.")
        if scene.slug in numbers:
            raise SceneInvalid(origin, "slug", f"The slug {scene.slug} already belongs to scene {numbers[scene.slug]}.")
        scenes[scene.number] = scene
        numbers[scene.slug] = scene.number
    return dict(sorted(scenes.items()))
