"""The member code as the phone shows it: by the server's clock, without signal, and none once the passes are over."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from playwright.sync_api import Page

from scenes.wire.binary_text import binary_text
from scenes.wire.member_code import MemberCode, last_value, make_pass, open_member_code
from scenes.wire.signing import generate_private_key, public_key_of
from tests.miniprogram_api.cast import BASE_URL, NOON

pytestmark = pytest.mark.browser

DAY = 86_400
PRIVATE, SEED = generate_private_key(), generate_private_key()


def answer_of_the_server(begins: int = NOON) -> dict[str, Any]:
    """What GET member/pass says at noon."""
    passes = []
    for number in range(3):
        alias = bytes([number] * 8)
        last = last_value(SEED, alias)
        signed = make_pass(1, alias, begins + number * DAY, 1440, last, PRIVATE)
        passes.append({"pass": binary_text(signed), "last_value": binary_text(last)})
    return {"server_time": datetime.fromtimestamp(NOON, UTC).isoformat(), "passes": passes}


@pytest.fixture
def phone(static_page: Page) -> Page:
    """A phone that is signed in, and a server that answers as long as `answers` is not null."""
    static_page.clock.install(time=datetime.fromtimestamp(NOON, UTC))
    static_page.clock.pause_at(datetime.fromtimestamp(NOON + 1, UTC))
    static_page.evaluate(
        """async (answer) => {
            localStorage.setItem('tanyu.session', JSON.stringify({ token: 'mei', recoveryCode: null }));
            window.answers = answer;
            window.fetch = async () => {
                if (!window.answers) throw new TypeError('no signal');
                const headers = { 'Content-Type': 'application/json' };
                return new Response(JSON.stringify(window.answers), { headers });
            };
            window.passes = await import('/static/tourist/models/passes.js');
            await window.passes.fetchPasses();
            window.answers = null;
        }""",
        answer_of_the_server(),
    )
    return static_page


def shown(phone: Page) -> MemberCode | None:
    text = phone.evaluate("() => window.passes.codeNow()")
    return text and open_member_code(text, BASE_URL, {1: public_key_of(PRIVATE)}.get)


def at(phone: Page, seconds: int) -> None:
    """The phone's own clock, in seconds after noon."""
    phone.clock.set_system_time(datetime.fromtimestamp(NOON + seconds, UTC))


@pytest.mark.parametrize(
    ("seconds", "alias", "slot"),
    [(0, 0, 1), (58, 0, 1), (60, 0, 2), (DAY - 2, 0, 1440), (DAY, 1, 1), (3 * DAY - 2, 2, 1440)],
)
def test_without_signal_each_minute_shows_a_code_that_a_reader_opens(
    phone: Page, seconds: int, alias: int, slot: int
) -> None:
    at(phone, seconds + 1)  # the phone was a second ahead when it asked
    code = shown(phone)
    assert code
    assert (code.alias, code.slot) == (bytes([alias] * 8), slot)
    assert code.fits(NOON + seconds)


def test_after_three_days_without_signal_there_is_no_code(phone: Page) -> None:
    at(phone, 3 * DAY + 2)
    assert shown(phone) is None
    assert phone.evaluate("() => window.passes.loadPasses().then((kept) => kept.passes.length)") == 3


def test_a_phone_whose_clock_is_wrong_shows_the_minute_of_the_server(phone: Page) -> None:
    at(phone, -7 * DAY)
    phone.evaluate("(answer) => { window.answers = answer; }", answer_of_the_server())
    phone.evaluate("() => window.passes.fetchPasses()")
    code = shown(phone)
    assert code
    assert code.fits(NOON)


@pytest.mark.parametrize("damage", ["last_value", "pass"])
def test_damaged_passes_are_forgotten_and_fetched_again(phone: Page, damage: str) -> None:
    phone.evaluate(
        """(damage) => {
            const kept = JSON.parse(localStorage.getItem('tanyu.mine.passes'));
            kept.passes[0][damage] = kept.passes[1].last_value;
            localStorage.setItem('tanyu.mine.passes', JSON.stringify(kept));
        }""",
        damage,
    )
    assert shown(phone) is None
    assert phone.evaluate("() => window.passes.keptPasses()") is None
    phone.evaluate("(answer) => { window.answers = answer; }", answer_of_the_server())
    phone.evaluate("() => window.passes.loadPasses()")
    assert shown(phone) is not None


def test_passes_that_arrive_after_the_sign_out_are_not_kept(phone: Page) -> None:
    kept = phone.evaluate(
        """async (answer) => {
            const { session } = await import('/static/tourist/models/session.js');
            localStorage.removeItem('tanyu.mine.passes');
            window.answers = answer;
            const asked = window.passes.fetchPasses();
            session.set({ token: null, recoveryCode: null });
            await asked;
            return localStorage.getItem('tanyu.mine.passes');
        }""",
        answer_of_the_server(),
    )
    assert kept is None
