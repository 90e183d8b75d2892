"""A till in a real browser: two acts of a guest confirmed by the code of a phone, and taken back within two minutes.

The canteen confirms; the phone's code is made of the pass that the server gave it. After each step the books are read
from the database.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from uuid import uuid4

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from scenes.wire.binary_text import binary_bytes
from scenes.wire.code_text import code_text
from scenes.wire.member_code import PASS_BYTES, SLOT_SECONDS, SLOTS_MAX, VALUE_BYTES, member_code
from tests.journeys.callers import Caller, member
from tests.journeys.running_island import RunningIsland
from tests.journeys.test_corrections import PHONE, browser, open_page
from tests.journeys.test_second_thoughts import entries, lose_the_first_answer
from tests.journeys.test_whole_road import Books

__all__ = ["browser", "open_page"]  # fixtures
pytestmark = pytest.mark.browser

CANTEEN, PLATE, POINTS_OF_BOTH = "渔家食堂", "光盘行动", 9
MASKED = "m**"  # a counter reads no more of mei's name; no other journey confirms acts at the canteen
BEGINS = slice(10, 14)  # where a pass says with which second its first minute begins


def code_of_phone(mei: Caller, minutes: int = 0) -> str:
    """What the phone shows, or will show in so many minutes."""
    for one in mei.get("member/pass").json()["passes"]:
        signed = binary_bytes(one["pass"], PASS_BYTES, "pass")
        slot = int(time.time() - int.from_bytes(signed[BEGINS], "big")) // SLOT_SECONDS + 1 + minutes
        if 1 <= slot <= SLOTS_MAX:
            return code_text(member_code(signed, binary_bytes(one["last_value"], VALUE_BYTES, "last_value"), slot))
    raise AssertionError("no pass is good now")


@pytest.fixture
def till(open_page: Callable[..., Page], island: RunningIsland) -> Page:
    """The canteen's counter, signed in, on its page of acts."""
    sign_in = next(one for one in island.document["merchants"] if one["name"] == CANTEEN)
    page = open_page(PHONE)
    page.goto(island.document["server"] + "/merchant/")
    page.get_by_label("登录名").fill(sign_in["login"])
    page.get_by_label("密码").fill(sign_in["password"])
    page.get_by_role("button", name="登录").click()
    page.get_by_role("link", name="登记低碳行为").click()
    return page


def hand_in(till: Page, code: str) -> Locator:
    """Answers the result over the whole screen, which stays while its key has the focus."""
    till.get_by_label("会员码或居民卡").fill(code)
    till.get_by_role("button", name="登记", exact=True).click()
    result = till.get_by_role("alertdialog", name="已登记")
    result.get_by_role("button", name="撤回这次登记").focus()
    return result


def test_two_acts_are_confirmed_by_one_code_and_taken_back_at_once_and_later_from_the_list(
    till: Page, island: RunningIsland, http: httpx.Client
) -> None:
    name = f"mei-{uuid4().hex[:6]}"
    books, mei = Books(island, name), member(http, {"code": f"sim:{name}"})
    expect(till.get_by_role("button", name="先选行为")).to_be_disabled()
    till.get_by_role("button", name=PLATE).click()
    till.get_by_role("button", name="平常这餐吃鱼").click()
    till.get_by_role("button", name="扫会员码（2 项）").click()

    keys = lose_the_first_answer(till, "**/merchant/acts")
    result = hand_in(till, code_of_phone(mei))
    expect(result).to_contain_text(f"+{POINTS_OF_BOTH}")
    expect(result).to_contain_text(MASKED)
    expect(result).not_to_contain_text(name)
    assert (len(keys), len(set(keys))) == (2, 1), "asked twice, with one key"
    assert (books.balance[0], entries(books, "earn")) == (POINTS_OF_BOTH, 2)
    result.get_by_role("button", name="撤回这次登记").click()
    rows = till.get_by_role("listitem").filter(has_text=MASKED)
    newest = rows.first  # other visitors of this till may be called m** as well
    expect(newest).to_contain_text("已撤回")
    expect(newest.get_by_role("button", name="撤销")).to_have_count(0)
    before = rows.count()
    assert (books.balance[0], entries(books, "reverse")) == (0, 2)

    hand_in(till, code_of_phone(mei, minutes=1)).get_by_role("button", name="下一位").click()
    assert books.balance[0] == POINTS_OF_BOTH
    expect(rows).to_have_count(before + 1)
    newest.get_by_role("button", name="撤销").click()
    expect(newest).to_contain_text("已撤回")
    expect(rows.nth(1)).to_contain_text("已撤回")
    assert (books.balance[0], entries(books, "earn"), entries(books, "reverse")) == (0, 4, 4)


def test_a_code_of_another_minute_confirms_nothing_and_the_till_says_why(
    till: Page, island: RunningIsland, http: httpx.Client
) -> None:
    name = f"bo-{uuid4().hex[:6]}"
    books, bo = Books(island, name), member(http, {"code": f"sim:{name}"})
    till.get_by_role("button", name=PLATE).click()
    till.get_by_role("button", name="扫会员码（1 项）").click()
    till.get_by_label("会员码或居民卡").fill(code_of_phone(bo, minutes=5))
    till.get_by_role("button", name="登记", exact=True).click()
    expect(till.get_by_role("alertdialog", name="没有登记")).to_contain_text("code_expired")
    assert entries(books, "earn") == 0
