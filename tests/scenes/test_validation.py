"""A document becomes a scene only when every rule of the catalogue holds; every refusal says where and why."""

import json
from copy import deepcopy
from dataclasses import FrozenInstanceError, replace
from typing import Any

import pytest

from scenes.catalogue import Catalogue, load_catalogue
from scenes.validation import SceneInvalid, parse_scene, parse_scenes

ABSENT = object()
CATALOGUE = load_catalogue()


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return CATALOGUE


@pytest.fixture
def cans(catalogue: Catalogue) -> dict[str, Any]:
    """A scene with two variants; each test breaks its own copy."""
    return deepcopy(catalogue.documents[18])


@pytest.fixture
def trail(catalogue: Catalogue) -> dict[str, Any]:
    """A scene whose points go by whole kilometres."""
    return deepcopy(catalogue.documents[4])


def put(document: dict[str, Any], key: str, value: object) -> None:
    """Set `key` ("cap", "variants[1].unit") to `value`, or take it away when that is ABSENT."""
    table = document
    if key.startswith("variants["):
        place, key = key.removeprefix("variants[").split("].")
        table = document["variants"][int(place)]
    if value is ABSENT:
        del table[key]
    else:
        table[key] = value


def refusal_of(catalogue: Catalogue, document: dict[str, Any]) -> SceneInvalid:
    with pytest.raises(SceneInvalid) as caught:
        parse_scene(document, catalogue.factors, "trial.toml", catalogue.cap_groups)
    return caught.value


@pytest.mark.parametrize("number", list(CATALOGUE.documents))
def test_a_document_that_has_been_json_gives_the_same_scene(catalogue: Catalogue, number: int) -> None:
    document = json.loads(json.dumps(catalogue.documents[number], ensure_ascii=False))
    assert parse_scene(document, catalogue.factors, "rule version 1", catalogue.cap_groups) == catalogue.scenes[number]


def test_reading_leaves_the_document_as_it_was(catalogue: Catalogue, cans: dict[str, Any]) -> None:
    before = deepcopy(cans)
    scene = parse_scene(cans, catalogue.factors, "trial.toml")
    cans["proofs"].append("DK")
    assert scene.proofs == ("WT",)
    cans["proofs"].pop()
    assert cans == before


def test_a_scene_can_not_be_changed_after_reading(catalogue: Catalogue) -> None:
    with pytest.raises(FrozenInstanceError):
        catalogue.scenes[1].cap = 99  # type: ignore[misc]  # the assignment that must fail


def test_a_refusal_names_origin_key_and_reason_in_one_sentence(catalogue: Catalogue, cans: dict[str, Any]) -> None:
    cans["cap"] = 0
    refusal = refusal_of(catalogue, cans)
    assert (refusal.origin, refusal.key, refusal.code) == ("trial.toml", "cap", "invalid_fields")
    assert str(refusal) == "trial.toml: cap: This must be from 1 to 65535."


@pytest.mark.parametrize(
    "key",
    sorted(set(CATALOGUE.documents[18]) | {"variants[1]." + key for key in CATALOGUE.documents[18]["variants"][1]}),
)
def test_a_missing_key_is_refused(catalogue: Catalogue, cans: dict[str, Any], key: str) -> None:
    put(cans, key, ABSENT)
    refusal = refusal_of(catalogue, cans)
    assert (refusal.key, refusal.reason) == (key, "This key is missing.")


@pytest.mark.parametrize("key", ["points", "colour", "Name_zh", "variants[1].factors", "variants[0].cap"])
def test_an_unknown_key_is_refused(catalogue: Catalogue, cans: dict[str, Any], key: str) -> None:
    put(cans, key, 1)
    refusal = refusal_of(catalogue, cans)
    assert (refusal.key, refusal.reason) == (key, "This key is unknown.")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("number", True),
        ("number", "18"),
        ("number", 18.0),
        ("number", 0),
        ("number", 256),
        ("slug", "Recycle"),
        ("slug", "recycle--cans"),
        ("slug", "recycle_cans"),
        ("slug", "-cans"),
        ("slug", "瓶罐"),
        ("slug", "a" * 41),
        ("name_zh", ""),
        ("name_zh", "　"),
        ("name_zh", None),
        ("name_en", " Cans"),
        ("name_en", "Cans\nand bottles"),
        ("name_en", "Cans\u202e"),
        ("name_en", "x" * 49),
        ("how_en", 7),
        ("how_zh", ""),
        ("note_zh", ""),
        ("note_en", "  "),
        ("scene_class", "sport"),
        ("scene_class", ["waste"]),
        ("icon", "recycle.svg"),
        ("audience", "guests"),
        ("season", "05-01"),
        ("season", ["05-01"]),
        ("season", ["05-01", "02-30"]),
        ("season", ["5-1", "10-07"]),
        ("season", ["05-01", "10-07\n"]),
        ("season", ["05-01", 7]),
        ("proofs", []),
        ("proofs", "WT"),
        ("proofs", ["WT", "WT"]),
        ("proofs", ["XX"]),
        ("proofs", [["WT"]]),
        ("cap", True),
        ("cap", 0),
        ("cap", -1),
        ("cap", "20"),
        ("cap", 20.0),
        ("cap", 65536),
        ("period", "year"),
        ("period", "night"),
        ("cap_scope", "house"),
        ("cap_group", "nobody"),
        ("cap_group", 2),
        ("cool_down_seconds", -1),
        ("cool_down_seconds", 1.5),
        ("cool_down_seconds", False),
        ("exclusive_group", ""),
        ("attested", 1),
        ("attested", "true"),
        ("active", None),
        ("variants", []),
        ("variants", {}),
        ("variants[0].number", 1),
        ("variants[0].number", False),
        ("variants[1].number", 0),
        ("variants[1].number", 256),
        ("variants[1].unit", "bottle"),
        ("variants[0].factor", "nobody"),
        ("variants[0].factor", "glass-kg"),
        ("variants[0].factor", 24.75),
        ("variants[0].points", 0),
        ("variants[0].points", True),
        ("variants[0].points", 1001),
        ("variants[0].step", 0),
        ("variants[0].min_quantity", 0),
        ("variants[0].min_quantity", 101),
        ("variants[0].max_quantity", 65536),
        ("variants[1].name_zh", ""),
    ],
)
def test_a_value_of_the_wrong_kind_or_size_is_refused_at_its_key(
    catalogue: Catalogue, cans: dict[str, Any], key: str, value: object
) -> None:
    put(cans, key, value)
    refusal = refusal_of(catalogue, cans)
    assert refusal.key == key
    assert refusal.reason.endswith(".")


@pytest.mark.parametrize("document", [None, [], "scene", 5])
def test_a_document_that_is_no_table_is_refused(catalogue: Catalogue, document: Any) -> None:
    assert refusal_of(catalogue, document).reason == "This must be a table of keys and values."


def test_a_variant_that_is_no_table_is_refused(catalogue: Catalogue, cans: dict[str, Any]) -> None:
    cans["variants"][1] = "can"
    assert refusal_of(catalogue, cans).key == "variants[1]"


def test_a_factor_has_to_count_the_unit_of_its_variant(catalogue: Catalogue, cans: dict[str, Any]) -> None:
    cans["variants"][1]["unit"] = "trip"
    refusal = refusal_of(catalogue, cans)
    assert refusal.key == "variants[1].factor"
    assert refusal.reason == "The factor aluminium-can counts g/piece, not g/trip."


def test_all_variants_count_the_unit_of_the_cap(catalogue: Catalogue, cans: dict[str, Any]) -> None:
    cans["variants"][1].update(unit="kg", factor="aluminium-kg")
    refusal = refusal_of(catalogue, cans)
    assert refusal.key == "variants[1].unit"
    assert refusal.reason == "The cap counts one unit, so this must be piece as in variant 0."


def test_eight_variants_are_taken_and_nine_refused(catalogue: Catalogue, cans: dict[str, Any]) -> None:
    can = cans["variants"][1]
    cans["variants"] = [cans["variants"][0], *({**can, "number": number} for number in range(1, 8))]
    assert len(parse_scene(cans, catalogue.factors, "trial.toml").variants) == 8
    cans["variants"].append({**can, "number": 8})
    assert refusal_of(catalogue, cans).key == "variants"


def test_a_number_taken_out_of_use_may_leave_a_gap(catalogue: Catalogue, cans: dict[str, Any]) -> None:
    cans["variants"][1]["number"] = 5
    scene = parse_scene(cans, catalogue.factors, "trial.toml")
    assert scene.variant(1) is None
    assert scene.variant(5) is not None


def test_variant_0_must_have_the_lowest_grams(catalogue: Catalogue, cans: dict[str, Any]) -> None:
    first, second = cans["variants"]
    first["factor"], second["factor"] = second["factor"], first["factor"]
    refusal = refusal_of(catalogue, cans)
    assert refusal.key == "variants[1].factor"
    assert "lowest grams" in refusal.reason


def test_grams_are_compared_as_numbers_and_not_as_texts(catalogue: Catalogue, cans: dict[str, Any]) -> None:
    factors = dict(catalogue.factors)
    factors["pet-bottle"] = replace(factors["pet-bottle"], value="9.5")
    factors["aluminium-can"] = replace(factors["aluminium-can"], value="10")
    assert parse_scene(cans, factors, "trial.toml").variants[0].factor == "pet-bottle"


def test_variant_0_must_have_the_lowest_points(catalogue: Catalogue, cans: dict[str, Any]) -> None:
    cans["variants"][0]["points"] = 2
    assert refusal_of(catalogue, cans).key == "variants[1].points"


@pytest.mark.parametrize(
    ("key", "value", "refused_at"),
    [
        ("variants[0].step", 15, "variants[0].step"),
        ("variants[0].step", 1, "variants[0].step"),
        ("variants[0].step", 20, "variants[0].min_quantity"),
        ("variants[0].min_quantity", 5, "variants[0].min_quantity"),
        ("variants[0].max_quantity", 105, "variants[0].max_quantity"),
        ("cap", 105, "cap"),
        ("variants[0].min_quantity", 110, "cap"),
    ],
)
def test_a_step_that_does_not_fit_unit_quantities_and_cap_is_refused(
    catalogue: Catalogue, trail: dict[str, Any], key: str, value: int, refused_at: str
) -> None:
    put(trail, key, value)
    assert refusal_of(catalogue, trail).key == refused_at


def test_weight_has_no_step_because_its_points_go_by_the_gram(catalogue: Catalogue) -> None:
    litter = deepcopy(catalogue.documents[16])
    litter["variants"][0]["step"] = 20
    assert refusal_of(catalogue, litter).key == "variants[0].step"


def test_a_scene_of_nights_has_its_cap_per_night(catalogue: Catalogue) -> None:
    homestay = deepcopy(catalogue.documents[14])
    homestay["period"] = "day"
    assert refusal_of(catalogue, homestay).key == "period"


def test_one_act_has_no_more_nights_than_can_be_looked_at(catalogue: Catalogue) -> None:
    homestay = deepcopy(catalogue.documents[14])
    homestay["variants"][0]["max_quantity"] = 32
    assert refusal_of(catalogue, homestay).key == "variants[0].max_quantity"


def test_an_exclusive_group_needs_a_cool_down(catalogue: Catalogue) -> None:
    plate = deepcopy(catalogue.documents[6])
    plate["cool_down_seconds"] = 0
    assert refusal_of(catalogue, plate).key == "cool_down_seconds"


@pytest.mark.parametrize("season", [["05-01", "10-07"], ["11-15", "03-15"], ["02-29", "02-29"]])
def test_a_season_is_kept_as_first_and_last_day(catalogue: Catalogue, cans: dict[str, Any], season: list[str]) -> None:
    cans["season"] = season
    assert parse_scene(cans, catalogue.factors, "trial.toml").season == tuple(season)


@pytest.mark.parametrize("key", ["season", "cap_group", "exclusive_group"])
def test_null_is_the_same_as_leaving_an_optional_key_out(catalogue: Catalogue, cans: dict[str, Any], key: str) -> None:
    cans[key] = None
    assert parse_scene(cans, catalogue.factors, "trial.toml") == catalogue.scenes[18]


@pytest.mark.parametrize(("number", "slug", "key"), [(18, "new-scene", "number"), (30, "recycle-containers", "slug")])
def test_no_number_and_no_slug_may_come_twice(
    catalogue: Catalogue, cans: dict[str, Any], number: int, slug: str, key: str
) -> None:
    second = {**deepcopy(cans), "number": number, "slug": slug}
    with pytest.raises(SceneInvalid) as caught:
        parse_scenes([("first.toml", cans), ("second.toml", second)], catalogue.factors)
    assert (caught.value.origin, caught.value.key) == ("second.toml", key)
