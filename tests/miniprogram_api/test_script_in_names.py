"""Script in every name that somebody can choose, in a real browser: it is shown and has no effect (R10)."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pyotp
import pytest
from playwright.sync_api import Browser, Page, Playwright, expect
from sqlalchemy import insert, update

from miniprogram_api.clock import SystemClock
from miniprogram_api.domain.permissions import STAFF as STAFF_MAY
from miniprogram_api.models import (
    Item,
    ItemVersion,
    Kiosk,
    Member,
    MemberSession,
    Merchant,
    MerchantPerson,
    Stock,
    Venue,
)
from miniprogram_api.services.appointments import NewPerson, appoint_person
from scenes.wire.kinds import KIND_TICKET
from tests.benchmarks.servers import served
from tests.browser.conftest import CHROMIUM, CHROMIUM_FLAGS
from tests.miniprogram_api.cast import BASE_URL, Stage, keys_in, shop, staged
from tests.miniprogram_api.routes.test_roles import SECRET

pytestmark = [pytest.mark.browser, pytest.mark.parametrize("database", ["sqlite"], indirect=True)]

EVIL = "\"'><img src=x onerror=pwned=1><script>pwned=1</script>{{7*7}}${pwned=1}"
CHENS_ITEM, EVIL_ITEM = 72, 75
REFILL, TREE_CARE = 9, 23
TOURIST = (
    "",
    "history",
    "history/{act}",
    "scenes",
    "scenes/refill-water",
    "shop",
    f"shop/{EVIL_ITEM:016x}",
    "vouchers",
)
TOURIST += ("vouchers/{voucher}", "me", "carbon", "badges", "code", EVIL, "history/" + EVIL)
MERCHANT = ("", "acts", "redemptions", "people", "settings")
STAFF = ("", "members", "members/{member}", "reviews", "notices", f"items/{EVIL_ITEM:016x}", "merchants", "venues")
STAFF += ("kiosks/1", "people", "audit")


@pytest.fixture
def island(database: str, tmp_path: Path) -> Iterator[tuple[Stage, str]]:
    """Everybody and everything has the same odd name; five accounts on one phone have earned, the last waits."""
    with staged(database, keys_in(tmp_path), SystemClock()) as stage:
        item = shop(stage, points=2)
        for number in range(4):
            _on_one_phone(stage, stage.member(f"m{number}"), f"m{number}")
        for who in ("m0", "m1", "m2", "m3"):
            stage.scan(who, stage.code(REFILL))
        stage.scan("m0", stage.code(TREE_CARE, KIND_TICKET))
        _on_one_phone(stage, stage.members["mei"], "mei")
        assert stage.scan("mei", stage.code(REFILL)).act["state"] == "pending"
        _rename(stage, item)
        lin = NewPerson(
            "lin", EVIL, "correct horse", "operator", SECRET, tuple(role for role in STAFF_MAY if role != "operator")
        )
        appoint_person(stage.session, lin, "system:test", stage.clock)
        environment = {
            "DATABASE_URL": database,
            "CODE_BASE_URL": BASE_URL,
            "TANYU_ENVIRONMENT": "demonstration",
            "TANYU_KEYS_FILE": str(tmp_path / "keys.json"),
            "TANYU_ISLAND_NAME": EVIL,
        }
        with served("miniprogram_api.wsgi:application", environment) as port:
            yield stage, f"http://127.0.0.1:{port}"


def _on_one_phone(stage: Stage, member: int, who: str) -> None:
    with stage.engine.begin() as connection:
        connection.execute(update(MemberSession).where(MemberSession.member_id == member).values(device="one phone"))


def _rename(stage: Stage, item: int) -> None:
    both = {"name_zh": EVIL, "name_en": EVIL}
    words = {**both, "description_zh": EVIL, "description_en": EVIL, "icon": EVIL}
    offered = {"points": 2, "settlement_fen": 1, "limit_per_person": None, "active": True, "position": 1}
    with stage.engine.begin() as connection:
        connection.execute(update(Member).values(nickname=EVIL))
        connection.execute(update(Merchant).values(**both, place_zh=EVIL, place_en=EVIL))
        connection.execute(update(MerchantPerson).values(name=EVIL))
        connection.execute(update(Venue).values(**both))
        connection.execute(update(Kiosk).values(name=EVIL, versions=json.dumps({"kiosk": EVIL}), paper=EVIL))
        connection.execute(insert(Item).values(id=EVIL_ITEM, merchant_id=71))
        connection.execute(
            insert(ItemVersion).values(
                item_id=EVIL_ITEM, version=1, starts_at=0, created_at=1, asked_by=None, reason=EVIL, **words, **offered
            )
        )
        connection.execute(insert(Stock).values(item_id=EVIL_ITEM, put_in=9, remaining=9))


@pytest.fixture
def chromium(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=CHROMIUM, headless=True, args=CHROMIUM_FLAGS)
    yield browser
    browser.close()


@pytest.fixture
def open_page(chromium: Browser, island: tuple[Stage, str]) -> Callable[..., Page]:
    """A page of a browser that keeps this and sends these cookies; whatever it runs or asks for is written down."""

    def opened(kept: dict[str, Any], cookies: list[Any], happened: list[str]) -> Page:
        context = chromium.new_context(locale="en-GB", service_workers="block")
        context.add_cookies(cookies)
        context.add_init_script(
            "for (const [name, value] of Object.entries(" + json.dumps(kept) + "))"
            " localStorage.setItem('tanyu.' + name, JSON.stringify(value))"
        )
        page = context.new_page()
        page.on("dialog", lambda dialog: happened.append(f"dialog {dialog.message}"))
        page.on("pageerror", lambda error: happened.append(f"error {error}"))
        page.on("request", lambda asked: None if asked.url.startswith(island[1]) else happened.append(asked.url))
        return page

    return opened


def walk(page: Page, address: str, places: list[str]) -> int:
    """On how many of these places the odd name is shown; on none may it be anything but text."""
    shown = 0
    page.goto(address)
    for place in places:
        page.evaluate("place => { location.hash = '#/' + place }", place)
        page.wait_for_timeout(100)  # the page begins to ask
        expect(page.locator(".spinner")).to_have_count(0)
        assert page.evaluate("typeof window.pwned") == "undefined", place
        odd = page.evaluate("[...document.querySelectorAll('img[src=x], [onerror], body script:not([src])')].length")
        assert odd == 0, place
        shown += EVIL in page.locator("body").inner_text()
    return shown


def test_script_in_a_name_is_shown_on_the_pages_of_a_tourist_and_does_nothing(
    open_page: Callable[..., Page], island: tuple[Stage, str]
) -> None:
    stage, server = island
    wish = {"item_id": f"{EVIL_ITEM:016x}", "quantity": 1}
    headers = {"Authorization": "Bearer m0", "Idempotency-Key": "v1"}
    voucher = httpx.post(f"{server}/api/v1/member/vouchers", json=wish, headers=headers)
    assert voucher.status_code == 201, voucher.text
    [(act,)] = stage.rows(f"SELECT id FROM acts WHERE member_id = {stage.members['m0']} AND scene = {REFILL}")
    happened: list[str] = []
    kept = {"session": {"token": "m0", "recoveryCode": EVIL}, "device": EVIL}
    page = open_page(kept, [], happened)
    ids = {"act": f"{act:016x}", "voucher": voucher.json()["id"]}
    places = [place if place == EVIL else place.replace("{act}", ids["act"]) for place in TOURIST]
    shown = walk(page, f"{server}/", [place.replace("{voucher}", ids["voucher"]) for place in places])
    assert happened == []
    assert shown >= 5


def test_script_in_a_name_is_shown_at_the_counter_and_does_nothing(
    open_page: Callable[..., Page], island: tuple[Stage, str]
) -> None:
    happened: list[str] = []
    person = {"name": EVIL, "role": "owner"}
    kept = {"counter.session": {"token": "chen", "merchant": {"id": "0" * 16, "name": EVIL}, "person": person}}
    shown = walk(open_page(kept, [], happened), f"{island[1]}/merchant/", list(MERCHANT))
    assert happened == []
    assert shown >= 3


def test_script_in_a_name_is_shown_in_the_console_and_does_nothing(
    open_page: Callable[..., Page], island: tuple[Stage, str]
) -> None:
    stage, server = island
    body = {"login": "lin", "password": "correct horse", "totp": pyotp.TOTP(SECRET).now()}
    signed_in = httpx.post(f"{server}/api/v1/staff/sessions", json=body)
    assert signed_in.status_code == 201, signed_in.text
    cookie = {"name": "island_session", "value": signed_in.cookies["island_session"], "url": server}
    happened: list[str] = []
    page = open_page({}, [cookie], happened)
    member = f"{stage.members['mei']:016x}"
    shown = walk(page, f"{server}/staff/", [place.replace("{member}", member) for place in STAFF])
    assert happened == []
    assert shown >= 8
