"""The tourist's app by keyboard and ear: where the focus goes, what is said, and that nothing moves."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.tourist_places import Guests, arrive_at, phone, place_named

pytestmark = pytest.mark.browser

FOCUSED = """() => {
  const one = document.activeElement;
  const box = one.getBoundingClientRect();
  const foot = Boolean(one.closest('.app-foot'));
  const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
  const seen = document.elementFromPoint(x, y);
  const touched = one.closest('label') ?? one;
  return {
    name: (one.getAttribute('aria-label') || one.labels?.[0]?.innerText || touched.innerText || '').trim(),
    body: one === document.body, foot,
    top: Math.round(box.top + scrollY), covered: !(seen && (touched.contains(seen) || seen.contains(one))),
    outline: getComputedStyle(one.matches('.segment input') ? one.nextElementSibling : one).outlineStyle,
  };
}"""


@pytest.fixture
def page(phones: Browser, guests: Guests) -> Iterator[Page]:
    """mei's phone at home."""
    home = place_named(guests, "home")
    with phone(phones, guests, home, "zh", "light") as context:
        page = context.new_page()
        arrive_at(page, guests, home, "zh")
        yield page


def test_a_new_page_takes_the_focus_to_its_title(page: Page) -> None:
    page.locator(".tab-shop").click()
    expect(page.get_by_role("heading", level=1, name="积分商店")).to_be_focused()
    page.locator(".tab-me").click()
    expect(page.get_by_role("heading", level=1, name="我的")).to_be_focused()
    page.go_back()
    expect(page.get_by_role("heading", level=1, name="积分商店")).to_be_focused()


def test_a_sheet_takes_the_focus_and_gives_it_back(page: Page) -> None:
    page.locator(".tab-shop").click()
    good = page.locator(".good").first
    good.focus()
    page.keyboard.press("Enter")
    sheet = page.get_by_role("dialog")
    expect(sheet).to_be_visible()
    assert page.evaluate("() => Boolean(document.activeElement.closest('dialog'))")
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    expect(good).to_be_focused()


@pytest.mark.parametrize("name", ["home", "scenes", "shop", "me", "history", "carbon", "voucher", "scan"])
def test_the_focus_walks_down_the_page_and_is_always_seen(phones: Browser, guests: Guests, name: str) -> None:
    place = place_named(guests, name)
    with phone(phones, guests, place, "zh", "large", 320) as context:
        page = context.new_page()
        arrive_at(page, guests, place, "zh")
        walked: list[dict[str, object]] = []
        for _ in range(80):
            page.keyboard.press("Tab")
            focused = page.evaluate(FOCUSED)
            if focused["body"] or focused in walked:
                break
            walked.append(focused)
        assert len(walked) >= 2
        assert [one["name"] for one in walked if one["covered"] or not one["name"] or one["outline"] == "none"] == []
        tops = [int(str(one["top"])) for one in walked if not one["foot"]]
        assert [(one, other) for one, other in pairwise(tops) if other < one - 60] == []


@pytest.mark.parametrize("name", ["home", "scan", "code", "voucher", "result-credited"])
def test_nothing_moves_for_who_asked_for_stillness(phones: Browser, guests: Guests, name: str) -> None:
    place = place_named(guests, name)
    with phone(phones, guests, place, "zh", "light") as context:
        page = context.new_page()
        arrive_at(page, guests, place, "zh")
        assert page.evaluate("() => document.getAnimations().filter((one) => one.playState === 'running').length") == 0


def test_what_changes_by_itself_is_said(phones: Browser, guests: Guests) -> None:
    """The signal's going and a scan's answer are in live regions, so a screen reader hears them."""
    place = place_named(guests, "result-refused")
    with phone(phones, guests, place, "zh", "light") as context:
        page = context.new_page()
        arrive_at(page, guests, place, "zh")
        assert page.get_by_role("dialog").locator("[role=status], [role=alert]").count() == 1
        page.keyboard.press("Escape")
        context.set_offline(True)
        expect(page.get_by_role("status").filter(has_text="没有信号")).to_be_visible()
