"""What the console says before a correction is what the books do; a lost answer is asked for under the same key."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from miniprogram_api.domain.debts import pay_debt, take_back
from miniprogram_api.domain.lots import LotState, LotUse

pytestmark = pytest.mark.browser

TODAY, LAST_DAY = 20261124, 20271231
AMOUNTS = (0, 1, 15, 30, 500)


def booked(points: int, available: int, debt: int) -> dict[str, int]:
    """What the server's own decisions make of a balance."""
    if points > 0:
        paid = pay_debt(debt, [LotUse(LAST_DAY, 0, points)]).points
        return {"available": available + points - paid, "debt": debt - paid, "paid": paid, "short": 0}
    taken = take_back(-points, [LotState(LAST_DAY, 0, available)], TODAY)
    return {"available": available - taken.points, "debt": debt + taken.debt, "paid": 0, "short": taken.debt}


def test_the_balance_shown_before_a_correction_is_the_one_that_is_booked(static_page: Page) -> None:
    cases = [
        {"points": sign * points, "available": available, "debt": debt}
        for points in AMOUNTS[1:]
        for sign in (1, -1)
        for available in AMOUNTS
        for debt in AMOUNTS
    ]
    shown = static_page.evaluate(
        """async (cases) => {
            const { balanceAfter } = await import('/static/staff/models/members.js');
            return cases.map(({ points, ...balance }) => balanceAfter(points, balance));
        }""",
        cases,
    )
    differing = [case for case, answer in zip(cases, shown, strict=True) if booked(**case) != answer]
    assert differing == []


# Each call's content and what becomes of it, with the number of the key that it goes under.
CALLS = [
    ("no tree", "lost", 0),
    ("no tree", "busy", 0),
    ("another reason", "lost", 1),
    ("another reason", "answered", 1),
    ("another reason", "refused", 2),
    ("another reason", "answered", 3),
]


def test_a_call_keeps_its_key_until_it_is_answered(static_page: Page) -> None:
    keys = static_page.evaluate(
        """async (calls) => {
            const { postOnce } = await import('/static/staff/models/once.js');
            const { session } = await import('/static/staff/models/session.js');
            session.set({ person: { id: 'lin' }, may: [], csrf: 'c' });
            const statuses = { answered: 201, busy: 503, refused: 403 };
            const keys = [];
            for (const [reason, outcome] of calls) {
                window.fetch = async (address, { headers }) => {
                    keys.push(headers['Idempotency-Key']);
                    if (outcome === 'lost') throw new TypeError('connection reset');
                    const type = statuses[outcome] < 300 ? 'application/json' : 'application/problem+json';
                    return new Response('{}', { status: statuses[outcome], headers: { 'Content-Type': type } });
                };
                await postOnce('staff/activities/1/reversals', { reason }).catch(() => {});
            }
            return keys;
        }""",
        [[reason, outcome] for reason, outcome, _ in CALLS],
    )
    known = list(dict.fromkeys(keys))
    assert [known.index(key) for key in keys] == [number for _, _, number in CALLS]
    assert all(key and len(key) == 22 for key in keys)
