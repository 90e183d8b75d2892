"""What the lists of the tourist make of the server's answers, and how often a page asks for what came in."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

PIER, CANTEEN = {"id": "island-pier", "name": "灵山岛码头"}, {"id": "canteen", "name": "渔家食堂"}


def scene(slug: str, name: str, points: int, **more: Any) -> dict[str, Any]:
    """A scene as GET member/scenes answers it, as far as lists look at it."""
    facts = {"id": slug, "name": name, "how": "", "points": points, "class": "travel", "places": [PIER]}
    facts |= {"open": True, "left_today": "1", "done": "0", "attested": False, "cap": {"amount": "1", "period": "day"}}
    return facts | more


BOAT = scene("ferry-arrival", "乘船上岛", 10, left_today="0", done="1", attested=True)
BUS = scene("island-bus", "公交出行", 5, left_today="3", done="1", attested=True, cap={"amount": "4", "period": "day"})
WATER = scene("refill-water", "自带水杯", 2, left_today="4", how="在饮水机接水", **{"class": "dining"})
PLATE = scene("clean-plate", "光盘行动", 5, attested=True, places=[PIER, CANTEEN], **{"class": "dining"})
ENERGY = scene("home-energy", "家庭节电", 1, open=False, places=[])
SCENES = [BOAT, BUS, WATER, PLATE, ENERGY]


def asked(page: Page, module: str, call: str, *values: Any) -> Any:
    """What a function of a model answers."""
    return page.evaluate(
        """async ([module, call, values]) =>
            (await import(`/static/tourist/models/${module}.js`))[call](...values)""",
        [module, call, list(values)],
    )


@pytest.mark.parametrize(
    ("text", "could_be"),
    [
        ("C" + "A" * 140, True),
        ("https://isle.example/S/" + "E" + "a" * 140, True),  # a later version, which the server knows by its number
        ("HELLO", False),
        ("https://shop.example/pay?id=ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGH", False),
        ("渔家食堂", False),
        ("", False),
    ],
)
def test_what_can_be_no_code_is_not_sent(static_page: Page, text: str, could_be: bool) -> None:
    assert asked(static_page, "scans", "couldBeCode", text) is could_be


def ids(rows: list[dict[str, Any]]) -> list[str]:
    return [row["id"] for row in rows]


@pytest.mark.parametrize(
    ("narrow", "found"),
    [
        ({}, ["ferry-arrival", "island-bus", "refill-water", "clean-plate", "home-energy"]),
        ({"possible": True}, ["island-bus", "refill-water", "clean-plate"]),
        ({"place": "canteen"}, ["clean-plate"]),
        ({"kind": "dining"}, ["refill-water", "clean-plate"]),
        ({"words": " 饮水机 "}, ["refill-water"]),
        ({"words": "渔家 光盘"}, ["clean-plate"]),
        ({"words": "渔家 公交"}, []),
        ({"words": "</script>"}, []),
        ({"place": "island-pier", "possible": True, "kind": "travel"}, ["island-bus"]),
    ],
)
def test_scenes_fit_everything_that_is_asked_for(static_page: Page, narrow: dict[str, Any], found: list[str]) -> None:
    assert ids(asked(static_page, "scenes", "narrowed", SCENES, narrow)) == found


def test_what_is_new_today_comes_before_what_was_done(static_page: Page) -> None:
    assert ids(asked(static_page, "scenes", "suggested", SCENES, 4)) == ["clean-plate", "refill-water", "island-bus"]
    assert [one for one in SCENES if asked(static_page, "scenes", "doneToday", one)] == [BOAT, BUS]


@pytest.mark.parametrize(
    ("missing", "ways"),
    [
        (0, []),
        (5, [("island-bus", 1)]),
        (12, [("island-bus", 3)]),
        (17, [("island-bus", 3), ("clean-plate", 1)]),
        (23, [("island-bus", 3), ("clean-plate", 1), ("refill-water", 2)]),
        (28, [("island-bus", 3), ("clean-plate", 1), ("refill-water", 4)]),
        (29, []),
    ],
)
def test_the_ways_to_missing_points_are_those_of_today_or_none(
    static_page: Page, missing: int, ways: list[tuple[str, int]]
) -> None:
    found = asked(static_page, "scenes", "waysTo", SCENES, missing)
    assert [(way["scene"]["id"], way["times"]) for way in found] == ways


def test_places_are_made_of_the_scenes_that_name_them(static_page: Page) -> None:
    places = asked(static_page, "places", "placesOf", SCENES)
    assert [(one["id"], ids(one["scenes"])) for one in places] == [
        ("island-pier", ["ferry-arrival", "island-bus", "refill-water", "clean-plate"]),
        ("canteen", ["clean-plate"]),
    ]
    assert [asked(static_page, "places", "possibleThere", one) for one in places] == [3, 1]


def test_a_chart_holds_every_day_and_a_week_at_least(static_page: Page) -> None:
    def day(name: str) -> dict[str, Any]:
        return {"day": name, "acts": 1, "points": 5, "reduction_grams": 80}

    week = asked(static_page, "reductions", "everyDay", [day("2026-11-28")])
    assert [one["day"] for one in week] == [f"2026-{rest}" for rest in ("11-28", "11-29", "11-30", *_december(4))]
    assert [one["points"] for one in week] == [5, 0, 0, 0, 0, 0, 0]
    long = asked(static_page, "reductions", "everyDay", [day("2026-12-01"), day("2026-12-20")])
    assert [one["day"] for one in long] == [f"2026-{rest}" for rest in _december(20)]
    assert asked(static_page, "reductions", "everyDay", []) == []


def _december(days: int) -> list[str]:
    return [f"12-{number:02}" for number in range(1, days + 1)]


ITEMS = [
    {"id": "a", "name": "明信片", "description": "一套", "points": 15, "available": True, "why_not": None},
    {"id": "b", "name": "帆布袋", "description": "棉布", "points": 35, "available": True, "why_not": None},
    {
        "id": "c",
        "name": "充电宝",
        "description": "太阳能",
        "points": 900,
        "available": False,
        "why_not": "points_missing",
    },
    {"id": "d", "name": "小菜", "description": "时令", "points": 40, "available": False, "why_not": "points_missing"},
    {"id": "e", "name": "绝版", "description": "-", "points": 10, "available": False, "why_not": "out_of_stock"},
]
SHELF = [
    item | {"points_missing": 0 if item["available"] else item["points"] - 38, "merchant": {"id": shop, "name": shop}}
    for item, shop in zip(ITEMS, ["店", "店", "店", "食堂", "食堂"], strict=True)
]


def test_the_shop_is_narrowed_by_words_merchant_and_what_i_can_have(static_page: Page) -> None:
    def found(**narrow: Any) -> list[str]:
        return ids(asked(static_page, "shop", "narrowed", SHELF, narrow))

    assert (found(), found(affordable=True), found(merchant="食堂")) == (
        ["a", "b", "c", "d", "e"],
        ["a", "b"],
        ["d", "e"],
    )
    assert (found(words="太阳能"), found(words="食堂 时令"), found(words="没有")) == (["c"], ["d"], [])
    assert ids(asked(static_page, "shop", "merchantsOf", SHELF)) == ["店", "食堂"]


def test_the_thing_to_aim_at_is_the_best_i_can_have_or_the_nearest(static_page: Page) -> None:
    assert asked(static_page, "shop", "nextItem", SHELF)["id"] == "b"
    assert asked(static_page, "shop", "nextItem", SHELF[2:])["id"] == "d"
    assert asked(static_page, "shop", "nextItem", SHELF[4:]) is None


ASKING = """async () => {
    const readings = await import('/static/tourist/models/readings.js');
    window.asked = 0;
    window.readings = readings;
    window.end = readings.lookEvery(async () => { window.asked += 1; });
}"""
HIDE = """hidden => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
    document.dispatchEvent(new Event('visibilitychange'));
}"""


def times_asked(page: Page, seconds: int) -> int:
    """How often the page asks in that time."""
    before: int = page.evaluate("() => window.asked")
    page.clock.run_for(seconds * 1000)
    return int(page.evaluate("() => window.asked")) - before


def test_a_page_asks_often_only_after_the_code_was_shown_and_never_while_nobody_looks(static_page: Page) -> None:
    static_page.clock.install()
    static_page.evaluate(ASKING)
    assert 4 <= times_asked(static_page, 240) <= 7, "seldom"
    static_page.evaluate("() => window.readings.codeShown()")
    static_page.evaluate(HIDE, True)
    assert times_asked(static_page, 120) == 0
    static_page.evaluate(HIDE, False)
    assert 8 <= times_asked(static_page, 45) <= 10, "every five seconds, and once at once"
    times_asked(static_page, 60)
    assert times_asked(static_page, 240) <= 7, "seldom again"
    static_page.evaluate("() => window.end()")
    assert times_asked(static_page, 600) == 0
