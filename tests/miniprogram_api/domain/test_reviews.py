"""Who decides about an act that waits, for which time, and what stays of the decision."""

from __future__ import annotations

import hashlib

import pytest

from miniprogram_api.domain.limits import LIMITS
from miniprogram_api.domain.refusals import CodeExpired, CoolDown, SceneClosed
from miniprogram_api.domain.reviews import (
    ACCEPTED,
    REFUSED,
    Decider,
    check_decider,
    check_time,
    code_of,
    review_payload,
    worth_of,
)
from tests.miniprogram_api.domain.rules_at_hand import rule
from tests.miniprogram_api.domain.test_corrections import refusal

LITTER, WALK = 16, 4


@pytest.mark.parametrize(
    ("points", "any_points", "refused"),
    [(0, False, False), (50, False, False), (51, False, True), (51, True, False), (10_000, True, False)],
)
def test_above_the_limit_only_an_approver_decides(points: int, any_points: bool, refused: bool) -> None:
    told = refusal(check_decider, Decider(7, any_points), points, LIMITS)
    assert told == (("not_allowed", "review_limit") if refused else None)
    assert refusal(check_decider, Decider(7), 51, LIMITS), "nobody is an approver unless it is said"


@pytest.mark.parametrize(("occurred_at", "fits"), [(1, True), (1000, True), (1001, False), (0, False), (-1, False)])
def test_nothing_is_handed_in_before_it_was_done(occurred_at: int, fits: bool) -> None:
    assert (refusal(check_time, occurred_at, 1000) is None) == fits


@pytest.mark.parametrize(
    ("scene", "variant", "quantity", "points"),
    [(LITTER, 0, 400, 40), (LITTER, 0, 9, 0), (WALK, 0, 39, 6), (WALK, 0, 9, 0), (WALK, 5, 39, 0)],
)
def test_an_act_is_worth_what_its_whole_quantity_would_bring(
    scene: int, variant: int, quantity: int, points: int
) -> None:
    assert worth_of(rule(scene), variant, quantity) == points


def test_without_a_rule_it_is_worth_nothing() -> None:
    assert worth_of(None, 0, 100) == 0


def test_the_word_of_a_refusal_says_why_a_scene_was_closed() -> None:
    assert code_of(SceneClosed(why="season")) == "scene_closed:season"
    assert (code_of(CoolDown(allowed_again_at=5)), code_of(CodeExpired())) == ("cool_down", "code_expired")


def test_a_payload_is_of_exactly_one_decision() -> None:
    said = [
        (7, ACCEPTED, 1000, None, "seen"),
        (8, ACCEPTED, 1000, None, "seen"),
        (7, REFUSED, 1000, None, "seen"),
        (7, ACCEPTED, 1001, None, "seen"),
        (7, ACCEPTED, None, None, "seen"),
        (7, ACCEPTED, 1000, "cool_down", "seen"),
        (7, ACCEPTED, 1000, None, "seen it"),
    ]
    assert len({review_payload(*each) for each in said}) == len(said)
    assert review_payload(*said[0]) == review_payload(*said[0])


def test_what_is_approved_is_the_sha256_of_its_compact_json() -> None:
    accepted = '{"act":"0000000000000007","decision":"accepted","code":"","reason":"seen","occurred_at":"1000"}'
    refused = '{"act":"0000000000000007","decision":"refused","code":"cool_down","reason":"too soon"}'
    assert review_payload(7, ACCEPTED, 1000, None, "seen") == hashlib.sha256(accepted.encode()).digest()
    assert review_payload(7, REFUSED, None, "cool_down", "too soon") == hashlib.sha256(refused.encode()).digest()
