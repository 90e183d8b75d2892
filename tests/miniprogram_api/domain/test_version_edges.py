"""Versions at the second: which is put aside, when one is over, which number comes next, what was overtaken."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from miniprogram_api.domain.refusals import Refusal
from miniprogram_api.domain.versions import (
    Version,
    check_not_overtaken,
    check_start,
    next_number,
    put_aside,
    state_of,
    versions_of,
)

NOW, DAY = 1_795_320_000, 86_400
FIRST = Version(1, 0, seeded=True)


def approved(version: int, starts_at: int) -> Version:
    return Version(version, starts_at, decision="approved")


def refused(decide: Any, *arguments: Any) -> Any:
    try:
        decide(*arguments)
    except Refusal as refusal:
        return refusal.helps.get("why") or refusal.helps["fields"][0]["reason"]
    return None


def test_a_version_that_nobody_asked_for_was_there_from_the_first_day() -> None:
    rows = [
        SimpleNamespace(version=1, starts_at=0, asked_by=None, decision=None),
        SimpleNamespace(version=2, starts_at=NOW, asked_by=91, decision="approved"),
        SimpleNamespace(version=3, starts_at=NOW, asked_by=91, decision=None),
    ]
    found = versions_of(rows)
    assert found == [FIRST, approved(2, NOW), Version(3, NOW)]
    assert [(one.counts, one.waits) for one in found] == [(True, False), (True, False), (False, True)]


def test_versions_are_numbered_from_one() -> None:
    assert [next_number([]), next_number([FIRST]), next_number([approved(4, NOW), FIRST])] == [1, 2, 5]


@pytest.mark.parametrize(("starts_at", "aside"), [(NOW - 1, False), (NOW, True), (NOW + 1, True)])
def test_a_plan_from_this_second_on_is_put_aside_by_a_newer_one(starts_at: int, aside: bool) -> None:
    planned = approved(2, starts_at)
    assert put_aside([FIRST, planned], NOW) == ([planned] if aside else [])


def test_what_is_over_already_or_was_never_approved_is_not_put_aside_again() -> None:
    over = [FIRST, approved(2, NOW + DAY), approved(3, NOW + DAY)]
    assert put_aside(over, NOW) == [over[2]]
    assert put_aside([FIRST, Version(2, NOW), Version(3, NOW, decision="rejected")], NOW) == []


@pytest.mark.parametrize(
    ("newer_starts", "now", "state"),
    [
        (NOW + DAY, NOW, "in_force"),
        (NOW + DAY, NOW + DAY - 1, "in_force"),
        (NOW + DAY, NOW + DAY, "ended"),
        (NOW, NOW - 1, "ended"),  # the newer one starts with it, so it never begins
        (NOW - 1, NOW - 2, "ended"),
        (NOW + 1, NOW - 1, "approved"),
    ],
)
def test_a_version_is_in_force_until_a_newer_one_begins(newer_starts: int, now: int, state: str) -> None:
    mine = approved(2, NOW)
    assert state_of([FIRST, mine, approved(3, newer_starts)], mine, now) == state


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (approved(3, NOW), "version_overtaken"),
        (approved(3, NOW - 1), "version_overtaken"),
        (approved(3, NOW + 1), None),
        (approved(1, NOW), None),
        (approved(2, NOW), None),
        (Version(3, NOW), None),
        (Version(3, NOW, decision="rejected"), None),
    ],
)
def test_a_version_that_would_never_be_in_force_is_not_approved(other: Version, why: str | None) -> None:
    assert refused(check_not_overtaken, [FIRST, other], Version(2, NOW)) == why


@pytest.mark.parametrize(
    ("starts_at", "why"),
    [(NOW + 4, "start_passed"), (NOW + 5, None), (NOW + 366 * DAY, None), (NOW + 366 * DAY + 1, "too_far")],
)
def test_a_start_is_neither_so_near_that_a_worker_misses_it_nor_more_than_a_year_away(
    starts_at: int, why: str | None
) -> None:
    assert refused(check_start, starts_at, NOW) == why
