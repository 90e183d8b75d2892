"""The console's forms of scenes and places: what they show and send is what the documents say."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from miniprogram_api.commands.demonstration import read_description, venue_of
from miniprogram_api.domain.rule_changes import RuleText, rule_changes
from miniprogram_api.services.rule_documents import write
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
# The same for a factor that is written anew.
FACTOR_SLIPS: list[tuple[str, str, str]] = [
    ("value", "-3", "trouble.decimal"),
    ("value", "1e3", "trouble.decimal"),
    ("year", "1989", "trouble.range"),
    ("year", "then", "trouble.range"),
    ("source", "  ", "trouble.empty"),
    ("source_tag", "Z" * 49, "trouble.long"),
    ("note_zh", "", "trouble.empty"),
]
# A form of a scene whose factor was opened.
OPENED = """async ([factors, document, given]) => {
    const { formOf, withValue } = await import('/static/staff/models/scene_form.js');
    const { troublesOf } = await import('/static/staff/models/scene_troubles.js');
    const form = await import('/static/staff/models/factor_form.js');
    const known = new Map(factors.map((factor) => [factor.id, factor]));
    const newest = new Map(factors.map(({ id, version }) => [id, version]));
    const [id] = form.usedFactors(formOf(document));
    const opened = { ...formOf(document), factors: { [id]: form.factorForm(known.get(id)) } };
    const written = given.map(([key, value]) => withValue(opened, `factors.${id}.${key}`, value));
    const words = (one) => Object.entries(troublesOf(one, known)).map(([name, { word }]) => [name, word]);
    const sent = written.map((one) => form.factorDocuments(one, { factors: known, newest }));
    return { troubles: written.map(words), sent };
}"""


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


def test_what_the_server_would_refuse_of_a_factor_is_said_beside_its_field(
    static_page: Page, catalogue: Catalogue
) -> None:
    factors = [asdict(one) for one in catalogue.factors.values()]
    slips = [[key, written] for key, written, _ in FACTOR_SLIPS]
    found = static_page.evaluate(OPENED, [factors, catalogue.documents[16], slips])["troubles"]
    factor = catalogue.documents[16]["variants"][0]["factor"]
    assert found == [[[f"factors.{factor}.{key}", word]] for key, _, word in FACTOR_SLIPS]


def test_every_factor_leaves_the_form_as_it_entered_and_a_changed_one_as_its_next_version(
    static_page: Page, catalogue: Catalogue
) -> None:
    factors = [asdict(one) for one in catalogue.factors.values()]
    for document in catalogue.documents.values():
        before = asdict(catalogue.factors[document["variants"][0]["factor"]])
        given = [["value", before["value"]], ["value", " 12.50 "], ["year", "2027"]]
        found = static_page.evaluate(OPENED, [factors, document, given])
        assert found["sent"] == [
            [],
            [before | {"value": "12.50", "version": 2}],
            [before | {"year": 2027, "version": 2}],
        ]
        write(document, [one for one in factors if one["id"] != before["id"]] + found["sent"][1])


EDITOR = """async ([factors, methodologies, document]) => {
    const { html, render } = await import('/static/shared/js/view.js');
    (await import('/static/shared/js/preferences.js')).setPreference('language', 'zh');
    await (await import('/static/shared/js/i18n.js')).startWords('staff');
    const { formOf } = await import('/static/staff/models/scene_form.js');
    const { SceneEditor } = await import('/static/staff/pages/scene_editor.js');
    const known = {
        factors: new Map(factors.map((factor) => [factor.id, factor])), groups: [], methodologies,
        newest: new Map(factors.map(({ id, version }) => [id, version])),
    };
    window.asked = [];
    const preview = async (change) => {
        window.asked.push(change);
        const changes = (change.factors ?? []).map(({ id, value }) =>
            ({ field: `factors.${id}.value`, before: known.factors.get(id).value, after: value, costs: true }));
        return { changes, examples: [], second_person: true, puts_aside: [], starts_at: null };
    };
    const given = { draft: 'test', first: formOf(document), known, preview, send: preview, word: 'ask.do' };
    render(html`<${SceneEditor} ...${given} />`, window.document.body);
}"""


def test_a_factor_is_changed_in_the_editor_of_its_scene_and_its_change_costs_a_second_person(
    static_page: Page, catalogue: Catalogue
) -> None:
    scene, factors = catalogue.documents[16], [asdict(one) for one in catalogue.factors.values()]
    named = [{"id": one.id, "name": one.name_zh} for one in catalogue.methodologies.values()]
    static_page.evaluate(EDITOR, [factors, named, scene])
    before = asdict(catalogue.factors[scene["variants"][0]["factor"]])
    part = static_page.get_by_role("region", name=f"因子 {before['id']}")
    expect(part.get_by_label("数值")).to_have_count(0)
    part.get_by_role("button", name="修改因子").click()
    expect(part.get_by_label("年份")).to_have_value(str(before["year"]))
    expect(part.get_by_label("方法学")).to_have_value(before["methodology"])
    part.get_by_label("数值").fill("far too much")
    expect(part).to_contain_text("应是不带负号的小数")
    part.get_by_label("数值").fill("321.5")
    part.get_by_label("来源", exact=True).fill("Island survey 2026")
    preview = static_page.get_by_role("complementary")
    expect(preview).to_contain_text("321.5")
    expect(preview).to_contain_text("需另一位同事批准")
    change = static_page.evaluate("window.asked.at(-1)")
    assert change["document"] == scene
    assert change["factors"] == [before | {"value": "321.5", "source": "Island survey 2026", "version": 2}]
    others = [one for one in factors if one["id"] != before["id"]]
    after = write(change["document"], others + change["factors"]).text
    changes = rule_changes(RuleText(scene, [before]), after)
    assert {one.field.rpartition(".")[2]: one.costs for one in changes} == {
        "value": True,
        "source": True,
        "version": False,
    }
    part.get_by_role("button", name="不改了").click()
    expect(part.get_by_label("数值")).to_have_count(0)
    expect(preview).not_to_contain_text("321.5")
    assert "factors" not in static_page.evaluate("window.asked.at(-1)"), "what was closed is not sent"


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
