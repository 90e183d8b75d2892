"""Every page of the tourist's app in every state worth a look: for the pictures, for axe and for our own checks."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx
from playwright.sync_api import Browser, BrowserContext, Page

from tests.journeys.callers import Caller, counter, member
from tests.journeys.running_island import RunningIsland

LANGUAGES = {"zh": "zh-CN", "en": "en-GB"}
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"theme": "light", "text": 0},
    "dark": {"theme": "dark", "text": 0},
    "large": {"theme": "light", "text": 1},
    "largest": {"theme": "dark", "text": 2},
}
WIDTHS = (320, 375, 768)
HEIGHT = 812
CONSENT = {"terms": 1, "privacy": 1}
MORNING = ("ferry-arrival", "island-bus", "clean-plate", "tree-care")
POSTCARD, BAG = "灵山岛明信片", "海岛帆布袋"
SHOWN_RESULT = "async (outcome) => { (await import('/static/tourist/pages/result.js')).show(outcome); }"
SHOWN_NOTICE = "async (name) => { (await import('/static/tourist/pages/result.js')).showNotice(name); }"


@dataclass
class Guests:
    """mei after a morning, noa who has just arrived, and what the server said to mei in both languages."""

    server: str
    mei: Caller
    noa: Caller
    code: str
    ids: dict[str, str] = field(default_factory=dict)
    said: dict[str, dict[str, Any]] = field(default_factory=dict)

    def session(self, who: str) -> dict[str, Any]:
        caller = self.mei if who == "mei" else self.noa
        return {"token": caller.headers["Authorization"].partition(" ")[2], "recoveryCode": None}


def a_morning(island: RunningIsland, http: httpx.Client) -> Guests:
    """mei with points, a voucher to use, one used and one given back; one code refused."""
    mei = _arrived(http, f"mei-{uuid4().hex[:6]}")
    guests = Guests(
        island.document["server"], mei, _arrived(http, f"noa-{uuid4().hex[:6]}"), island.code("refill-water")
    )
    codes = {scene: island.code(scene) for scene in MORNING}
    for scene, code in codes.items():
        mei.scan(code, key=f"{scene}-1").raise_for_status()
    items = {one["name"]: one["id"] for one in mei.get("member/items").json()["data"]}
    for name, item in (("used", POSTCARD), ("back", POSTCARD), ("voucher", POSTCARD)):
        voucher = mei.post("member/vouchers", {"item_id": items[item], "quantity": 1}).raise_for_status().json()
        guests.ids[name] = voucher["id"]
        if name == "used":
            shop = next(one for one in island.document["merchants"] if one["name"] == "低碳商店")
            counter(http, shop).post("merchant/redemptions", {"code": voucher["readable_code"]}).raise_for_status()
        if name == "back":
            mei.post(f"member/vouchers/{voucher['id']}/cancel").raise_for_status()
    guests.ids |= {"item": items[POSTCARD], "dear": items[BAG]}
    guests.ids["act"] = mei.get("member/activities").json()["data"][0]["id"]
    scenes = mei.get("member/scenes").json()["data"]
    guests.ids["place"] = next(scene["places"][0]["id"] for scene in scenes if scene["places"])
    guests.ids["member"] = mei.get("member/me").json()["id"]
    guests.said = {language: _said(mei, codes, language) for language in LANGUAGES}
    return guests


def _arrived(http: httpx.Client, name: str) -> Caller:
    return member(http, {"code": f"sim:{name}", "consent": {**CONSENT, "language": "zh"}})


def _said(mei: Caller, codes: dict[str, str], language: str) -> dict[str, Any]:
    """The answers to a scan that counts and to the same code once more, in this language."""
    speaking = Caller(mei.http, {**mei.headers, "Accept-Language": LANGUAGES[language]})
    answer = speaking.scan(codes["clean-plate"], key="clean-plate-1").json()
    problem = speaking.scan(codes["clean-plate"], key="clean-plate-2").json()
    error = {"code": problem["code"], "detail": problem["detail"], "problem": problem}
    return {"answered": {"kind": "answered", "answer": answer}, "refused": {"kind": "refused", "error": error}}


@dataclass(frozen=True)
class Place:
    """One page or state: where it is, who sees it, and what is done there; `cut`: without the server."""

    name: str
    address: str
    who: str | None = "mei"
    act: Callable[[Page, dict[str, Any]], Any] | None = None
    cut: bool = False
    late: bool = False


def places(guests: Guests) -> list[Place]:
    ids = guests.ids
    return [
        Place("arrive", "/", None),
        Place("arrive-notices", "/", None, lambda page, _: page.locator(".arrive-consent button").last.click()),
        Place("arrive-code", f"/S/{guests.code}", None),
        Place("home-new", "/#/", "noa"),
        Place("history-empty", "/#/history", "noa"),
        Place("vouchers-empty", "/#/vouchers", "noa"),
        Place("carbon-empty", "/#/carbon", "noa"),
        Place("home", "/#/"),
        Place("home-no-signal", "/#/", cut=True),
        Place("shop-no-signal", "/#/shop", cut=True),
        Place("scan", "/#/scan"),
        Place("scan-typed", "/#/scan", act=lambda page, _: page.locator(".scanner-ways button").last.click()),
        Place("scan-child", "/#/scan", act=lambda page, _: page.locator(".scan-companion summary").click()),
        Place("scan-child-chosen", "/#/scan", act=_choose_child),
        Place("result-credited-child", "/#/scan", act=_credit_child),
        Place("result-credited", "/#/scan", act=lambda page, said: page.evaluate(SHOWN_RESULT, said["answered"])),
        Place("result-refused", "/#/scan", act=lambda page, said: page.evaluate(SHOWN_RESULT, said["refused"])),
        Place(
            "result-kept", "/#/scan", act=lambda page, _: page.evaluate(SHOWN_RESULT, {"kind": "kept", "lasting": True})
        ),
        Place("result-no-room", "/#/scan", act=lambda page, _: page.evaluate(SHOWN_RESULT, {"kind": "kept"})),
        Place("result-child", "/#/scan", act=lambda page, _: page.evaluate(SHOWN_NOTICE, "companion")),
        Place("late", "/#/", late=True),
        Place("code", "/#/code"),
        Place("scenes", "/#/scenes"),
        Place("scene", "/#/scenes/clean-plate"),
        Place("scene-zero", "/#/scenes/ferry-arrival"),
        Place("place", f"/#/places/{ids['place']}"),
        Place("shop", "/#/shop"),
        Place("shop-item", f"/#/shop/{ids['item']}"),
        Place("shop-dear", f"/#/shop/{ids['dear']}"),
        Place(
            "shop-question", f"/#/shop/{ids['item']}", act=lambda page, _: page.locator("dialog .button-main").click()
        ),
        Place("vouchers", "/#/vouchers", act=lambda page, _: page.locator("main .button-wide").last.click()),
        Place("voucher", f"/#/vouchers/{ids['voucher']}"),
        Place("voucher-question", f"/#/vouchers/{ids['voucher']}", act=_ask_refund),
        Place("voucher-used", f"/#/vouchers/{ids['used']}"),
        Place("voucher-back", f"/#/vouchers/{ids['back']}"),
        Place("history", "/#/history"),
        Place("activity", f"/#/history/{ids['act']}"),
        Place("carbon", "/#/carbon"),
        Place("after", "/#/after"),
        Place("me", "/#/me"),
        Place("me-leave", "/#/me", act=lambda page, _: page.locator(".me-leave > .button").click()),
        Place("consents", "/#/consents"),
        Place("notice-terms", "/#/notices/terms"),
        Place("notice-privacy", "/#/notices/privacy"),
        Place("sessions", "/#/sessions"),
        Place("data", "/#/data"),
        Place("forget", "/#/forget"),
    ]


def _choose_child(page: Page, _: dict[str, Any]) -> None:
    page.locator(".scan-companion summary").click()
    page.locator(".scan-companion input").nth(1).check()


def _credit_child(page: Page, said: dict[str, Any]) -> None:
    page.evaluate(SHOWN_RESULT, {**said["answered"], "companion": 1})


def _ask_refund(page: Page, _: dict[str, Any]) -> None:
    page.locator(".voucher-back .button").click()


def late_scans(guests: Guests, language: str) -> dict[str, Any]:
    """Codes that were judged while nobody looked, as the phone keeps them: one that counts, a child's, one refused."""
    said = guests.said[language]
    result = {name: said["answered"]["answer"][name] for name in ("activity", "points", "reduction_grams")}
    error = said["refused"]["error"]
    one = {"member": guests.ids["member"], "kept_at": "2026-11-22T02:42:00.000Z", "code": ""}
    return {
        "scans.a": {**one, "key": "a", "number": 1, "state": "answered", "result": result},
        "scans.b": {**one, "key": "b", "number": 2, "state": "answered", "result": result, "companion": 1},
        "scans.c": {
            **one,
            "key": "c",
            "number": 3,
            "state": "refused",
            "code_refused": error["code"],
            "detail": error["detail"],
        },
    }


def place_named(guests: Guests, name: str) -> Place:
    return next(place for place in places(guests) if place.name == name)


@contextmanager
def phone(
    browser: Browser, guests: Guests, place: Place, language: str, look: str, width: int = 375
) -> Iterator[BrowserContext]:
    """A phone with these looks on which this place's person is signed in."""
    context = browser.new_context(
        viewport={"width": width, "height": HEIGHT},
        locale=LANGUAGES[language],
        reduced_motion="reduce",
        service_workers="block",
        permissions=["camera"],
    )
    kept: dict[str, Any] = {"preferences": {"language": language, **LOOKS[look]}}
    if place.who:
        kept |= {"session": guests.session(place.who), "mine.consent": CONSENT}
    if place.late:
        kept |= {"mine.me": guests.mei.get("member/me").json(), **late_scans(guests, language)}
    values = json.dumps({f"tanyu.{name}": json.dumps(value) for name, value in kept.items()})
    context.add_init_script(
        f"for (const [k, v] of Object.entries({values})) localStorage.getItem(k) ?? localStorage.setItem(k, v);"
    )
    try:
        yield context
    finally:
        context.close()


def arrive_at(page: Page, guests: Guests, place: Place, language: str) -> None:
    """Open the place and wait until it has drawn itself."""
    page.goto(guests.server + place.address)
    settle(page)
    if place.cut:
        page.context.route("**/api/**", lambda route: route.abort())
        page.reload()
        settle(page)
    if place.act:
        place.act(page, guests.said.get(language, {}))
        settle(page)


def settle(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    page.wait_for_function(
        "() => document.querySelector('h1, dialog[open]') && !document.querySelector('main .spinner')"
    )
