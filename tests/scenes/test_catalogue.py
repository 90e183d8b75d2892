"""The starting catalogue: 24 scenes, and the numbers that are booked for them."""

import re
import shutil
from pathlib import Path

import pytest

from scenes.catalogue import DATA, Catalogue, load_catalogue
from scenes.validation import SceneInvalid

HOUR = 3600

# number, slug, ways of proof, cap in code units, period, cool-down, grams per whole unit and points of each variant
TABLE = [
    (1, "ferry-arrival", "GK ST TK", 1, "day", 6 * HOUR, [("0", 10)]),
    (2, "island-bus", "GK ST TK", 4, "day", 1200, [("80", 5)]),
    (3, "e-shuttle", "GK ST", 4, "day", 1200, [("80", 5)]),
    (4, "walk-trail", "2P", 100, "day", 1800, [("22.96", 2)]),
    (5, "transit-to-pier", "GK", 1, "day", 6 * HOUR, [("80", 5)]),
    (6, "clean-plate", "ST", 3, "day", 3 * HOUR, [("144", 5)]),
    (7, "save-food", "ST", 2, "day", 3 * HOUR, [("94", 3)]),
    (8, "own-tableware", "ST TK", 3, "day", 3 * HOUR, [("23", 3)]),
    (9, "refill-water", "DK", 4, "day", 1800, [("57.96", 2)]),
    (10, "veg-meal", "ST", 2, "day", 4 * HOUR, [("33", 4), ("286.67", 4)]),
    (11, "no-disposables", "ST", 1, "night", 18 * HOUR, [("63.44", 5)]),
    (12, "linen-reuse", "ST", 1, "night", 18 * HOUR, [("0", 4)]),
    (13, "ac-26", "ST", 1, "night", 18 * HOUR, [("212.24", 4)]),
    (14, "green-homestay", "ST", 1, "night", 18 * HOUR, [("0", 5)]),
    (15, "carry-litter-off", "WT", 300, "day", 4 * HOUR, [("0", 10)]),
    (16, "pick-litter", "WT", 500, "day", HOUR, [("0", 10)]),
    (17, "sort-waste", "ST", 2, "day", 6 * HOUR, [("0", 2)]),
    (18, "recycle-containers", "WT", 20, "day", 600, [("24.75", 1), ("105.56", 1)]),
    (19, "own-bag", "ST", 3, "day", 1800, [("5", 1)]),
    (20, "e-ticket", "ST DK", 2, "day", 2 * HOUR, [("5", 2)]),
    (21, "second-hand", "ST WT", 500, "week", 24 * HOUR, [("1280", 10)]),
    (22, "home-energy", "VC", 600, "month", 25 * 24 * HOUR, [("530.6", 1)]),
    (23, "tree-care", "ST TK", 1, "day", 18 * HOUR, [("0", 30)]),
    (24, "learn-carbon", "DK ST TK", 1, "day", 12 * HOUR, [("0", 3)]),
]


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DATA, tmp_path / "data"))


@pytest.mark.parametrize("row", TABLE, ids=[row[1] for row in TABLE])
def test_a_scene_has_the_rule_and_the_grams_of_the_table(catalogue: Catalogue, row: tuple) -> None:
    number, slug, proofs, cap, period, cool_down, values = row
    scene = catalogue.scenes[number]
    assert (scene.slug, " ".join(scene.proofs), scene.cap, scene.period) == (slug, proofs, cap, period)
    assert scene.cool_down_seconds == cool_down
    booked = [(catalogue.factors[variant.factor].value, variant.points) for variant in scene.variants]
    assert booked == values


def test_there_are_24_scenes_and_all_are_live(catalogue: Catalogue) -> None:
    assert list(catalogue.scenes) == list(range(1, 25))
    assert all(scene.active and scene.season is None for scene in catalogue.scenes.values())


def test_only_home_energy_is_for_residents_alone(catalogue: Catalogue) -> None:
    audiences = {scene.slug: scene.audience for scene in catalogue.scenes.values() if scene.audience != "both"}
    assert audiences == {"home-energy": "residents"}


def test_bus_and_shuttle_share_20_points_a_day_and_nothing_else_does(catalogue: Catalogue) -> None:
    group = catalogue.cap_groups["island-ride"]
    assert (group.points, group.period) == (20, "day")
    assert [scene.number for scene in catalogue.scenes.values() if scene.cap_group] == [2, 3]
    assert catalogue.scenes[2].cap_group == catalogue.scenes[3].cap_group == group.id


def test_clean_plate_and_saved_food_exclude_each_other_for_three_hours(catalogue: Catalogue) -> None:
    pair = [scene for scene in catalogue.scenes.values() if scene.exclusive_group]
    assert [scene.number for scene in pair] == [6, 7]
    assert {(scene.exclusive_group, scene.cool_down_seconds) for scene in pair} == {("same-meal", 3 * HOUR)}


def test_linen_and_air_conditioning_are_capped_by_room(catalogue: Catalogue) -> None:
    assert [scene.number for scene in catalogue.scenes.values() if scene.cap_scope == "room"] == [12, 13]


def test_weight_is_taken_from_200_g_to_10_kg_per_act(catalogue: Catalogue) -> None:
    weighed = [scene for scene in catalogue.scenes.values() if scene.unit == "kg"]
    assert [scene.number for scene in weighed] == [15, 16, 21]
    for scene in weighed:
        assert [(v.min_quantity, v.max_quantity, v.step) for v in scene.variants] == [(20, 1000, 1)]


def test_trail_and_energy_count_whole_kilometres_and_kilowatt_hours(catalogue: Catalogue) -> None:
    assert [scene.number for scene in catalogue.scenes.values() if scene.variants[0].step > 1] == [4, 22]
    assert catalogue.scenes[4].variants[0].step == catalogue.scenes[22].variants[0].step == 10


def test_only_scenes_with_a_public_name_are_attested(catalogue: Catalogue) -> None:
    assert [scene.number for scene in catalogue.scenes.values() if scene.attested] == [1, 2, 6, 7, 15, 16]


def test_a_scene_that_books_no_grams_says_so_to_visitors(catalogue: Catalogue) -> None:
    for scene in catalogue.scenes.values():
        books_nothing = all(catalogue.factors[variant.factor].value == "0" for variant in scene.variants)
        assert books_nothing == ("减排量记 0 克" in scene.note_zh), scene.slug
        assert books_nothing == ("0 g booked" in scene.note_en), scene.slug


def test_each_factor_names_its_source_with_tag_and_an_address_where_one_is_known(catalogue: Catalogue) -> None:
    for factor in catalogue.factors.values():
        if factor.source_tag == "none":
            assert factor.value == "0", factor.id
            continue
        for tag in factor.source_tag.split():
            assert re.search(rf"\b{tag}\b", factor.source), factor.id
        # The one page without an address is cited by title and date.
        assert factor.source.count("http") == len(factor.source_tag.split()) or factor.source_tag == "Z2"


@pytest.mark.parametrize(
    "factor_id",
    [
        "e-shuttle-ride",
        "trail-km",
        "saved-food-meal",
        "water-refill",
        "toiletries-night",
        "air-conditioning-night",
        "pet-bottle",
        "aluminium-can",
        "e-ticket",
        "second-hand-kg",
    ],
)
def test_a_value_with_an_assumption_in_it_is_not_passed_off_as_published(catalogue: Catalogue, factor_id: str) -> None:
    factor = catalogue.factors[factor_id]
    assert "我们的假设" in factor.note_zh
    assert "our assumption" in factor.note_en
    for scene in catalogue.scenes.values():
        if any(variant.factor == factor_id for variant in scene.variants):
            assert "我们的假设" in scene.note_zh, scene.slug
            assert "our assumption" in scene.note_en, scene.slug


def test_staff_find_factors_by_weight_for_the_four_recyclables(catalogue: Catalogue) -> None:
    values = {name: catalogue.factors[f"{name}-kg"].value for name in ("pet", "aluminium", "steel", "glass")}
    assert values == {"pet": "1650", "aluminium": "8120", "steel": "1040", "glass": "580"}


def test_every_methodology_is_used_and_every_factor_has_one(catalogue: Catalogue) -> None:
    assert {factor.methodology for factor in catalogue.factors.values()} == set(catalogue.methodologies)


def test_every_scene_has_an_icon_of_its_own(catalogue: Catalogue) -> None:
    assert len({scene.icon for scene in catalogue.scenes.values()}) == 24


def test_no_text_calls_points_money_or_credit(catalogue: Catalogue) -> None:
    for scene in catalogue.scenes.values():
        english = f"{scene.name_en} {scene.how_en} {scene.note_en}".lower()
        assert not re.search(r"\b(credits?|coins?|money|worth|yuan)\b", english), scene.slug
        assert not re.search("信用|货币|价值|元", scene.name_zh + scene.how_zh + scene.note_zh), scene.slug


@pytest.mark.parametrize(("name", "number"), [("ferry-arrival", 1), ("24", 24), ("1", 1)])
def test_a_scene_is_found_by_slug_or_number(catalogue: Catalogue, name: str, number: int) -> None:
    scene = catalogue.find(name)
    assert scene is not None
    assert scene.number == number


@pytest.mark.parametrize("name", ["", "0", "25", "-1", "1.0", "９", "ferry", "9" * 5000])
def test_an_unknown_name_finds_no_scene(catalogue: Catalogue, name: str) -> None:
    assert catalogue.find(name) is None


def test_a_scene_gives_its_variants_by_number(catalogue: Catalogue) -> None:
    cans = catalogue.scenes[18].variant(1)
    assert cans is not None
    assert cans.name_en == "Aluminium can"
    assert catalogue.scenes[18].variant(2) is None


def test_two_files_with_one_number_are_refused(folder: Path) -> None:
    text = (folder / "own-bag.toml").read_text(encoding="utf-8")
    (folder / "zero-waste.toml").write_text(text.replace('own-bag"', 'zero-waste"', 1), encoding="utf-8")
    with pytest.raises(SceneInvalid, match=r"^zero-waste\.toml: number: The number 19 already belongs to own-bag\.$"):
        load_catalogue(folder)


def test_a_file_has_to_be_named_by_its_slug(folder: Path) -> None:
    (folder / "own-bag.toml").rename(folder / "bag.toml")
    with pytest.raises(SceneInvalid, match=r"^bag\.toml: slug: "):
        load_catalogue(folder)


def test_a_file_that_is_no_toml_is_refused_by_name(folder: Path) -> None:
    (folder / "own-bag.toml").write_text("number = = 19", encoding="utf-8")
    with pytest.raises(SceneInvalid, match=r"^own-bag\.toml: This file can't be read as TOML"):
        load_catalogue(folder)


def test_a_missing_table_of_factors_is_refused_by_name(folder: Path) -> None:
    (folder / "factors.toml").unlink()
    with pytest.raises(SceneInvalid, match=r"^factors\.toml: This file is missing\.$"):
        load_catalogue(folder)


@pytest.mark.parametrize(
    ("file", "old", "new", "refusal"),
    [
        ("factors", 'id = "glass-kg"', 'id = "steel-kg"', "factors.toml: steel-kg: This id comes twice."),
        ("factors", 'value = "580"', 'value = "-580"', "factors.toml: glass-kg.value: "),
        ("factors", 'value = "580"', "value = 580", "factors.toml: glass-kg.value: "),
        ("factors", 'value = "580"', 'value = "5.8e2"', "factors.toml: glass-kg.value: "),
        ("factors", 'unit = "g/kWh"', 'unit = "kg/kWh"', "factors.toml: electricity-kwh.unit: "),
        ("factors", "year = 2014", 'year = "2014"', "factors.toml: vegetable-meal-for-fish.year: "),
        ("factors", '"home-electricity"', '"nobody"', "methodology: There is no methodology nobody."),
        ("methodologies", 'formula = "0"', 'formula = ""', "methodologies.toml: behaviour-only.formula: "),
        ("cap_groups", "points = 20", "points = 0", "cap_groups.toml: island-ride.points: "),
        ("cap_groups", "[[cap_groups]]", "[[groups]]", "cap_groups.toml: groups: This key is unknown."),
        ("cap_groups", '"island-ride"', '"rides"', "cap_group: There is no cap group island-ride."),
    ],
)
def test_a_wrong_entry_of_a_table_is_refused_with_file_and_key(
    folder: Path, file: str, old: str, new: str, refusal: str
) -> None:
    path = folder / f"{file}.toml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(SceneInvalid, match=re.escape(refusal)):
        load_catalogue(folder)
