"""Seasons and periods of a rule at their edges: one day more costs, the same days in other words cost nothing."""

from __future__ import annotations

from typing import Any

import pytest

from miniprogram_api.domain.rule_changes import rule_changes
from tests.miniprogram_api.domain.test_rule_changes import BUS, text_of


def costs(field: str, before: Any, after: Any) -> bool:
    old, new = text_of(BUS), text_of(BUS)
    old.document[field], new.document[field] = before, after
    [change] = rule_changes(old, new)
    assert (change.field, change.before, change.after) == (field, before, after)
    return change.costs


@pytest.mark.parametrize(
    ("before", "after", "more"),
    [
        (["05-01", "10-07"], ["05-02", "10-06"], False),
        (["05-01", "10-07"], ["05-01", "10-08"], True),
        (["05-01", "10-07"], ["04-30", "10-07"], True),
        (["11-15", "02-28"], ["11-15", "03-01"], True),
        (["11-15", "02-28"], ["11-14", "02-28"], True),
        (["11-15", "02-28"], ["11-15", "02-27"], False),
        (["11-15", "02-28"], ["11-16", "02-28"], False),
        (["06-05", "06-05"], ["06-05", "06-06"], True),
        (["06-01", "06-30"], ["06-05", "06-05"], False),
        (["06-05", "06-05"], ["05-31", "05-31"], True),
        (["01-02", "12-31"], None, True),
        (["01-01", "12-30"], None, True),
        (["01-01", "12-31"], None, False),
        (["12-31", "12-30"], None, False),  # over New Year, every day
        (None, ["01-01", "12-31"], False),
        (None, ["11-15", "02-28"], False),
    ],
)
def test_a_season_costs_when_it_has_a_day_that_it_had_not(before: Any, after: Any, more: bool) -> None:
    assert costs("season", before, after) is more


@pytest.mark.parametrize(
    ("before", "after", "more"),
    [
        ("week", "day", True),
        ("month", "week", True),
        ("month", "night", True),
        ("day", "week", False),
        ("week", "month", False),
        ("night", "day", False),
    ],
)
def test_a_shorter_period_costs(before: str, after: str, more: bool) -> None:
    assert costs("period", before, after) is more


def test_a_factor_that_comes_with_its_variant_is_counted_there_alone() -> None:
    old, new = text_of(BUS), text_of(BUS)
    new.factors.append({**new.factors[0], "id": "another"})
    [change] = rule_changes(old, new)
    assert (change.field, change.costs) == ("factors.another", False)
