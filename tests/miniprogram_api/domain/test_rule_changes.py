"""What can cost points or changes published figures needs a second person; texts, pauses and lower limits don't."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import asdict
from typing import Any

import pytest

from miniprogram_api.domain.changes import Change, needs_second_person
from miniprogram_api.domain.rule_changes import Judged, RuleText, examples, rule_changes
from miniprogram_api.domain.venue_changes import venue_changes
from scenes.catalogue import load_catalogue
from scenes.validation import parse_scene

CATALOGUE = load_catalogue()
CANS, BUS, ROOM, WEEKLY = 18, 2, 12, 21


def text_of(number: int) -> RuleText:
    document = deepcopy(CATALOGUE.documents[number])
    used = sorted({variant["factor"] for variant in document["variants"]})
    return RuleText(document, [asdict(CATALOGUE.factors[name]) for name in used])


def changed(number: int, **changes: Any) -> list[Change]:
    """Keys of the document, or of its first variant as `variant_points`."""
    after = text_of(number)
    for key, value in changes.items():
        if key.startswith("variant_"):
            after.document["variants"][0][key.removeprefix("variant_")] = value
        else:
            after.document[key] = value
    return rule_changes(text_of(number), after)


COSTS = [
    (CANS, {"variant_points": 2}, "variants.0.points"),
    (CANS, {"variant_max_quantity": 9999}, "variants.0.max_quantity"),
    (ROOM, {"cap": 2}, "cap"),
    (ROOM, {"cap_scope": "member"}, "cap_scope"),
    (WEEKLY, {"period": "day"}, "period"),
    (BUS, {"cool_down_seconds": 1199}, "cool_down_seconds"),
    (BUS, {"cap_group": None}, "cap_group"),
    (BUS, {"cap_group": "other"}, "cap_group"),
    (BUS, {"proofs": ["GK", "ST", "TK", "DK"]}, "proofs"),
    (22, {"audience": "both"}, "audience"),
    (22, {"audience": "visitors"}, "audience"),
    (BUS, {"variant_factor": "e-shuttle-ride"}, "variants.0.factor"),
]
COSTS_NOTHING = [
    (CANS, {"name_zh": "瓶罐", "how_en": "Bring them back.", "icon": "bottle", "active": False}),
    (4, {"variant_points": 1, "variant_step": 20, "variant_min_quantity": 20, "variant_max_quantity": 80}),
    (BUS, {"cap": 3, "period": "month", "cool_down_seconds": 1201}),
    (BUS, {"proofs": ["TK"]}),
    (BUS, {"proofs": ["TK", "ST", "GK"]}),
    (BUS, {"audience": "visitors", "season": ["05-01", "10-07"]}),
    (CANS, {"cap_group": "island-ride", "exclusive_group": "bottles"}),
]


@pytest.mark.parametrize(("number", "changes", "field"), COSTS)
def test_what_can_cost_points_is_named(number: int, changes: dict[str, Any], field: str) -> None:
    found = changed(number, **changes)
    assert [change.field for change in found if change.costs] == [field]
    assert needs_second_person(found)


@pytest.mark.parametrize(("number", "changes"), COSTS_NOTHING)
def test_what_cant_is_listed_and_needs_nobody_else(number: int, changes: dict[str, Any]) -> None:
    found = changed(number, **changes)
    assert len(found) == len(changes) - (changes.get("proofs") == ["GK", "ST", "TK"])
    assert not needs_second_person(found)


def test_resuming_after_a_pause_needs_a_second_person() -> None:
    before, after = text_of(BUS), text_of(BUS)
    before.document["active"] = False
    assert rule_changes(before, after) == [Change("active", False, True, True)]


@pytest.mark.parametrize(
    ("before", "after", "costs"),
    [
        (None, ["05-01", "10-07"], False),
        (["05-01", "10-07"], None, True),
        (["05-01", "10-07"], ["06-01", "09-30"], False),
        (["05-01", "10-07"], ["06-01", "10-08"], True),
        (["11-15", "03-15"], ["12-01", "02-28"], False),
        (["11-15", "03-15"], ["10-01", "12-31"], True),
    ],
)
def test_a_season_that_grows_costs_and_one_that_shrinks_does_not(before: Any, after: Any, costs: bool) -> None:
    old, new = text_of(BUS), text_of(BUS)
    old.document["season"], new.document["season"] = before, after
    assert rule_changes(old, new) == [Change("season", before, after, costs)]


def test_a_variant_that_is_added_costs_and_one_that_goes_does_not() -> None:
    one, two = text_of(CANS), text_of(CANS)
    second = one.document["variants"].pop()
    assert rule_changes(one, two)[0] == Change("variants.1", None, second, True)
    gone = rule_changes(two, one)
    assert gone[0] == Change("variants.1", second, None, False)
    assert not needs_second_person(gone)


@pytest.mark.parametrize(
    ("field", "value", "costs"), [("value", "79", True), ("source", "-", True), ("note_en", "-", False)]
)
def test_published_figures_change_with_a_second_person(field: str, value: str, costs: bool) -> None:
    after = text_of(BUS)
    after.factors[0] |= {field: value, "version": 2}
    found = {change.field: change.costs for change in rule_changes(text_of(BUS), after)}
    assert found == {f"factors.bus-ride.{field}": costs, "factors.bus-ride.version": False}


def test_everything_of_a_new_scene_that_decides_needs_a_second_person() -> None:
    found = rule_changes(None, text_of(BUS))
    assert {change.field for change in found if not change.costs} >= {"name_zh", "icon"}
    assert {change.field for change in found if change.costs} >= {"cap", "proofs", "variants.0"}
    assert all(change.before is None for change in found)


def judged(text: RuleText) -> Judged:
    return Judged(parse_scene(text.document, CATALOGUE.factors, "rule"), CATALOGUE.factors)


def test_examples_show_a_usual_and_a_largest_act_before_and_after() -> None:
    before, after = text_of(16), text_of(16)
    after.document["variants"][0] |= {"points": 20, "min_quantity": 200, "max_quantity": 2000}
    shown = examples(judged(before), judged(after), 100)
    assert [(one.quantity, one.before, one.after) for one in shown] == [(200, (20, 0), (40, 0)), (2000, None, (400, 0))]


PROFILE = {
    "attended": False,
    "scenes": {"9": {"proofs": ["TK"], "max_quantity": 5}},
    "group": {"per_code": 60, "seats": 300, "window_minutes": 30},
    "ceilings": {"points_per_hour": 20_000},
    "ticket_days": 14,
    "routes": [{"start": 9, "end": 1, "quantity": 30}],
}


@pytest.mark.parametrize(
    ("changes", "field", "costs"),
    [
        ({"attended": True}, "profile.attended", True),
        ({"ticket_days": 15}, "profile.ticket_days", True),
        ({"ticket_days": 13}, "profile.ticket_days", False),
        ({"scenes": {}}, "profile.scenes.9", False),
        ({"scenes": {"9": {"proofs": ["TK", "DK"], "max_quantity": 5}}}, "profile.scenes.9.proofs", True),
        ({"scenes": {"9": {"proofs": ["TK"], "max_quantity": 6}}}, "profile.scenes.9.max_quantity", True),
        ({"scenes": {"9": {"proofs": ["TK"], "max_quantity": 4}}}, "profile.scenes.9.max_quantity", False),
        ({"group": {"per_code": 60, "seats": 301, "window_minutes": 30}}, "profile.group.seats", True),
        ({"group": {"per_code": 60, "seats": 300, "window_minutes": 29}}, "profile.group.window_minutes", True),
        ({"group": {"per_code": 59, "seats": 300, "window_minutes": 30}}, "profile.group.per_code", False),
        ({"ceilings": {"points_per_hour": 20_001}}, "profile.ceilings.points_per_hour", True),
        ({"routes": []}, "profile.routes", False),
        ({"routes": [{"start": 9, "end": 1, "quantity": 31}]}, "profile.routes", True),
    ],
)
def test_more_at_a_place_needs_a_second_person(changes: dict[str, Any], field: str, costs: bool) -> None:
    names = {"name_zh": "码头", "name_en": "Pier"}
    found = venue_changes({**names, "profile": PROFILE}, {**names, "profile": {**PROFILE, **changes}})
    assert [(change.field, change.costs) for change in found] == [(field, costs)]
