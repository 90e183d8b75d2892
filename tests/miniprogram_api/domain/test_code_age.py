"""How old a code may be: to the second, on both sides."""

from __future__ import annotations

import pytest

from miniprogram_api.domain.code_age import check_age
from miniprogram_api.domain.limits import LIMITS
from miniprogram_api.domain.refusals import CodeExpired
from scenes.wire.kinds import KIND_GROUP, KIND_SINGLE_USE, KIND_TICKET

DAY = 86_400
ISSUED = 1_795_320_000


@pytest.mark.parametrize("kind", [KIND_SINGLE_USE, KIND_GROUP])
@pytest.mark.parametrize(("age", "good"), [(-31, False), (-30, True), (0, True), (90, True), (91, False)])
def test_a_screen_code_is_seen_within_ninety_seconds(kind: int, age: int, good: bool) -> None:
    judge(kind, age, good, "ask_for_a_new_code")


@pytest.mark.parametrize(
    ("age", "good"), [(-31, False), (-30, True), (3 * DAY, True), (3 * DAY + 1, False), (14 * DAY, False)]
)
def test_a_ticket_lives_as_many_days_as_its_place_says(age: int, good: bool) -> None:
    judge(KIND_TICKET, age, good, "ticket_too_old")


def judge(kind: int, age: int, good: bool, way_on: str) -> None:
    if good:
        check_age(kind, ISSUED, ISSUED + age, 3, LIMITS)
        return
    with pytest.raises(CodeExpired) as refused:
        check_age(kind, ISSUED, ISSUED + age, 3, LIMITS)
    assert refused.value.helps == {"way_on": way_on}
