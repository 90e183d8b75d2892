"""Reversals and adjustments: who may, until when, and how much."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from miniprogram_api.domain.corrections import (
    REASON_LENGTH_MAX,
    AdjustmentState,
    adjustment_payload,
    check_adjustment,
    check_interest,
    check_undecided,
    decide_reversal,
)
from miniprogram_api.domain.limits import LIMITS
from miniprogram_api.domain.refusals import Refusal

NOON = 1_795_320_000  # 2026-11-22
ASKED = AdjustmentState(11, 30, 91, NOON, None)


def refusal(decide: Any, *arguments: Any) -> tuple[str, Any] | None:
    try:
        decide(*arguments)
    except Refusal as refused:
        return refused.code, refused.helps.get("why") or refused.helps
    return None


@pytest.mark.parametrize(
    ("state", "before", "expected"),
    [
        ("credited", False, None),
        ("capped", False, None),
        ("credited", True, ("not_allowed", "act_reversed")),
        ("pending", True, ("not_allowed", "act_pending")),
        ("refused", False, ("not_allowed", "act_refused")),
    ],
)
def test_an_act_is_reversed_once(state: str, before: bool, expected: Any) -> None:
    assert refusal(decide_reversal, state, before) == expected


def test_nobody_decides_about_an_account_that_is_theirs() -> None:
    assert refusal(check_interest, 11, [10, 11]) == ("not_allowed", "conflict_of_interest")
    assert refusal(check_interest, 11, [10, 12]) is None


@pytest.mark.parametrize(
    ("points", "asked_today", "expected"),
    [
        (500, 1500, None),
        (-500, 1500, None),
        (501, 0, ("not_allowed", "adjustment_limit")),
        (-501, 0, ("not_allowed", "adjustment_limit")),
        (500, 1501, ("not_allowed", "adjustment_day_limit")),
        (-1, 2000, ("not_allowed", "adjustment_day_limit")),
        (1, 1999, None),
        (0, 9999, ("invalid_fields", {"fields": [{"field": "points", "reason": "zero"}]})),
    ],
)
def test_a_request_and_a_day_of_requests_have_a_limit(points: int, asked_today: int, expected: Any) -> None:
    assert refusal(check_adjustment, points, asked_today, LIMITS) == expected


@pytest.mark.parametrize(("points", "asked_today", "most"), [(501, 0, 500), (30, 1980, 20), (1, 2500, 0)])
def test_the_refusal_says_how_much_may_still_be_asked_for(points: int, asked_today: int, most: int) -> None:
    with pytest.raises(Refusal) as refused:
        check_adjustment(points, asked_today, LIMITS)
    assert refused.value.helps["points_most"] == most


def test_a_request_is_open_until_somebody_decides_or_its_time_is_over() -> None:
    decided = replace(ASKED, decision="rejected")
    assert [ASKED.state(NOON - 1), ASKED.state(NOON), decided.state(NOON)] == ["asked", "expired", "rejected"]
    assert refusal(check_undecided, ASKED, NOON - 1) is None
    assert refusal(check_undecided, ASKED, NOON) == ("not_allowed", "request_expired")
    assert refusal(check_undecided, decided, NOON - 1) == ("not_allowed", "already_decided")


def test_a_reason_has_room_for_a_few_sentences() -> None:
    assert REASON_LENGTH_MAX == 400


def test_every_word_of_a_request_is_bound_to_its_payload() -> None:
    facts: list[Any] = [1, 11, 30, "the scale was wrong", 91, NOON]
    first = adjustment_payload(*facts)
    assert len(first) == 32
    assert adjustment_payload(*facts) == first
    for place, other in enumerate([2, 12, -30, "the scale was right", 92, NOON + 1]):
        changed = [*facts[:place], other, *facts[place + 1 :]]
        assert adjustment_payload(*changed) != first
