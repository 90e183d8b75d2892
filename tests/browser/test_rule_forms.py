"""The console's forms of scenes and places: what they show and send is what the documents say."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page

from miniprogram_api.commands.demonstration import read_description, venue_of
from scenes.catalogue import Catalogue, load_catalogue
from scenes.reduction import points_for, reduction_grams, whole_unit
from scenes.wire.profile import profile_document

pytestmark = pytest.mark.browser

FIRST_MOMENT = datetime(2026, 11, 22, 15, 59, 59)  # UTC; a second later it is Monday on the island


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load_catalogue()


def ask(page: Page, module: str, body: str, given: Any) -> Any:
    """What `body` (a function of the module and of `given`) answers."""
    script = f"async (given) => ({body})(await import('/static/staff/models/{module}.js'), given)"
    return page.evaluate(script, given)


def test_every_scene_leaves_the_form_as_it_entered(static_page: Page, catalogue: Catalogue) -> None:
    documents = [dict(document) for document in catalogue.documents.values()]
    again = ask(static_page, "scene_form", "(m, all) => all.map((one) => m.documentOf(m.formOf(one)))", documents)
    assert [one["slug"] for one, other in zip(documents, again, strict=True) if one != other] == []


def test_no_scene_in_force_has_a_trouble(static_page: Page, catalogue: Catalogue) -> None:
    given = [[asdict(one) for one in catalogue.factors.values()], list(catalogue.documents.values())]
    script = """async ([factors, all]) => {
        const { formOf } = await import('/static/staff/models/scene_form.js');
        const { troublesOf } = await import('/static/staff/models/scene_troubles.js');
        const known = new Map(factors.map((factor) => [factor.id, factor]));
        return all.map((one) => troublesOf(formOf(one), known));
    }"""
    assert static_page.evaluate(script, given) == [{}] * len(catalogue.documents)


# What is written into the form of a scene that weighs, and what is said beside which field.
SLIPS: list[tuple[str, Any, str, str]] = [
    ("name_en", " ", "name_en", "trouble.empty"),
    ("cap", "0.255", "cap", "trouble.fine"),
    ("cap", "700", "cap", "trouble.range"),
    ("cap", "0.1", "cap", "trouble.cap_below_min"),
    ("variants[0].points", "two", "variants[0].points", "trouble.number"),
    ("variants[0].points", "1.5", "variants[0].points", "trouble.whole"),
    ("variants[0].max_quantity", "0.1", "variants[0].min_quantity", "trouble.above_max"),
    ("variants[0].factor", "", "variants[0].factor", "trouble.factor"),
    ("cool_down", {"amount": "32", "unit": "day"}, "cool_down_seconds", "trouble.cool_down"),
    ("proofs", [], "proofs", "trouble.proofs"),
    ("season", ["4-1", "10-31"], "season", "trouble.season"),
    ("period", "night", "period", "trouble.night"),
    ("slug", "Pick litter", "slug", "trouble.slug"),
]


def test_what_the_server_would_refuse_is_said_beside_its_field(static_page: Page, catalogue: Catalogue) -> None:
    script = """async ([factors, document, slips]) => {
        const { formOf, withValue } = await import('/static/staff/models/scene_form.js');
        const { troublesOf } = await import('/static/staff/models/scene_troubles.js');
        const known = new Map(factors.map((factor) => [factor.id, factor]));
        const found = slips.map(([field, written]) => troublesOf(withValue(formOf(document), field, written), known));
        return found.map((troubles) => Object.entries(troubles).map(([name, { word }]) => [name, word]));
    }"""
    factors = [asdict(one) for one in catalogue.factors.values()]
    found = static_page.evaluate(script, [factors, catalogue.documents[16], [[slip[0], slip[1]] for slip in SLIPS]])
    assert found == [[[where, word]] for _, _, where, word in SLIPS]


def test_the_examples_of_a_decision_are_what_the_server_would_book(static_page: Page, catalogue: Catalogue) -> None:
    factors = [asdict(one) for one in catalogue.factors.values()]
    given = [{"document": one, "factors": factors} for one in catalogue.documents.values()]
    shown = ask(static_page, "scene_examples", "(m, all) => all.map((one) => m.examplesOf(null, one, 'zh'))", given)
    for scene, examples in zip(catalogue.scenes.values(), shown, strict=True):
        for variant, example in zip(scene.variants, examples, strict=True):
            quantity = max(whole_unit(variant.unit), variant.step)
            grams = reduction_grams(quantity, variant.unit, catalogue.factors[variant.factor].value)
            assert (example["points_before"], example["grams_before"]) == (None, None)
            assert (example["points_after"], example["grams_after"]) == (points_for(quantity, variant), grams)


def test_every_place_leaves_the_form_as_it_entered(static_page: Page, catalogue: Catalogue) -> None:
    scenes = [
        {"number": one.number, "unit": one.unit, "proofs": list(one.proofs), "variants": []}
        for one in catalogue.scenes.values()
    ]
    venues = [venue_of(row, catalogue) for row in read_description()["venue"]]
    documents = [
        {"name_zh": one.name_zh, "name_en": one.name_en, "profile": profile_document(one.profile)} for one in venues
    ]
    body = (
        "(m, [all, scenes]) => all.map((one) => m.venueForm(one, scenes))"
        ".map((form) => [m.venueDocument(form, scenes), m.venueTroubles(form, scenes)])"
    )
    again = ask(static_page, "venue_form", body, [documents, scenes])
    assert again == [[document, {}] for document in documents]


def test_next_monday_is_the_islands_and_still_ahead(static_page: Page) -> None:
    first = (FIRST_MOMENT - datetime(1970, 1, 1)).total_seconds() * 1000
    moments = [first, first + 1000, first + timedelta(days=7).total_seconds() * 1000]
    body = "(m, all) => all.map((now) => m.islandMoment(m.startOf({ kind: 'monday' }, now)).slice(0, 19))"
    expected = ["2026-11-23T00:00:00", "2026-11-30T00:00:00", "2026-11-30T00:00:00"]
    assert ask(static_page, "starts", body, moments) == expected


def test_a_chosen_moment_is_read_as_the_islands_time(static_page: Page) -> None:
    body = "(m, moment) => m.islandMoment(m.startOf({ kind: 'moment', moment }, 0))"
    assert ask(static_page, "starts", body, "2026-12-01T08:30") == "2026-12-01T08:30:00+08:00"
    assert ask(static_page, "starts", "(m, moment) => m.startOf({ kind: 'moment', moment }, 0)", "") is None
