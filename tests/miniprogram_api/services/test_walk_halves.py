"""One end of a walk waits for the other end and not for a person; a person may decide about it all the same."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from miniprogram_api.domain.limits import LIMITS
from miniprogram_api.domain.reviews import Decider
from miniprogram_api.queries.console import today
from miniprogram_api.queries.reviews import Reader, ReviewSearch, review_page, waiting_count
from miniprogram_api.services.reviews import Outcome, Refusing, Resolution, refuse_act, resolve_act
from tests.miniprogram_api.cast import NOON, Stage
from tests.miniprogram_api.journals import Machine
from tests.miniprogram_api.services.test_readings import HOUR, TRAIL, trailheads, walk, walked
from tests.miniprogram_api.services.test_reviews import activity, late_ticket, shown
from tests.miniprogram_api.test_races import check_books


@pytest.fixture
def ends(stage: Stage) -> Iterator[tuple[Machine, Machine]]:
    yield trailheads(stage)
    check_books(stage)


@pytest.fixture
def lin(stage: Stage) -> Decider:
    return Decider(stage.clerk("lin"))


def half(stage: Stage, end: Machine) -> int:
    """Mei was read at this end, and it is told."""
    walk(stage, (end, HOUR))
    end.upload()
    [(act,)] = stage.rows("SELECT id FROM acts WHERE reason = 'trail_half'")
    return int(str(act))


def listed(stage: Stage, **search: object) -> list[str]:
    stage.session.rollback()
    reader = Reader(stage.island.directory, "en", LIMITS)
    page = review_page(stage.session, ReviewSearch(**search), reader, stage.clock.now())  # type: ignore[arg-type]  # by name
    return [row["id"] for row in page["data"]]


def accept(stage: Stage, act: int, by: Decider) -> Outcome:
    return resolve_act(stage.session, Resolution(act, None, by, "I walked beside her"), stage.island, stage.clock)


def test_it_is_no_work_for_the_staff_unless_they_ask_for_it(stage: Stage, ends: tuple[Machine, Machine]) -> None:
    waits = late_ticket(stage)
    act = half(stage, ends[0])
    assert listed(stage) == listed(stage, member=stage.members["mei"]) == [f"{waits:016x}"]
    assert listed(stage, scene=TRAIL) == []
    assert listed(stage, reason="trail_half") == [f"{act:016x}"]
    stage.session.rollback()
    assert waiting_count(stage.session) == 1
    needs = today(stage.session, "en", stage.clock.now())["needs_person"]
    assert [need["id"] for need in needs if need["kind"] == "acts_pending"] == ["clock_untrusted"]


def test_the_member_sees_that_it_waits_for_the_other_end(stage: Stage, ends: tuple[Machine, Machine]) -> None:
    half(stage, ends[0])
    [one] = shown(stage)
    assert (one["state"], one["reason"], one["points"]) == ("pending", "trail_half", 0)
    assert "other end" in str(one["reason_text"])


def test_accepted_it_counts_with_the_length_that_was_stored(
    stage: Stage, ends: tuple[Machine, Machine], lin: Decider
) -> None:
    up, down = ends
    act = half(stage, up)
    outcome = accept(stage, act, lin)
    assert (outcome.state, outcome.points) == ("credited", 8)
    assert walked(stage) == [("credited", None, 40, 8, NOON)]
    walk(stage, (down, 0))  # the other end finds no half any more, and is one itself
    down.upload()
    assert stage.balance("mei")[0] == 8
    assert [one["reason"] for one in shown(stage)] == ["trail_half", None]


def test_refused_it_is_no_half_of_a_walk_any_more(stage: Stage, ends: tuple[Machine, Machine], lin: Decider) -> None:
    up, down = ends
    act = half(stage, up)
    refuse_act(stage.session, Refusing(act, lin, "she took the bus"), stage.island, stage.clock)
    walk(stage, (down, 0))
    down.upload()
    assert stage.balance("mei")[0] == 0
    told = activity(stage, act)
    assert told is not None
    assert (told["state"], told["reason_text"]) == ("refused", "she took the bus")
