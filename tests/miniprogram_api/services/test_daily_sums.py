"""Days that are over are added up once: totals stay what the acts say, whenever the job comes and however often."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from miniprogram_api.commands.reconcile import differences, snapshot
from miniprogram_api.domain.calendar import day_begins, day_number
from miniprogram_api.queries.console import today
from miniprogram_api.queries.island import IslandFigures, island_figures
from miniprogram_api.services.daily_sums import MARGIN_SECONDS, close_day, close_days, day_to_close
from miniprogram_api.services.leases import Fence, LeaseLost, take_lease
from scenes.wire.kinds import KIND_TICKET
from tests.miniprogram_api.cast import NOON, Stage

DAY = 86_400
FIRST = day_number(NOON)
REFILL, TREE_CARE, CLEAN_PLATE = 9, 23, 6
COLUMNS = "scene, day, acts, points, reduction_grams, members, reversed_acts, reversed_points, reversed_grams"


def lease(stage: Stage, holder: str = "jobs") -> Fence:
    fence = take_lease(stage.session, holder, stage.clock)
    assert fence is not None
    return fence


def close(stage: Stage) -> int:
    return close_days(stage.session, lease(stage), stage.clock)


def figures(stage: Stage) -> IslandFigures:
    shown = island_figures(stage.session, stage.clock.now())
    stage.session.rollback()
    return shown


def sums(stage: Stage) -> list[tuple[object, ...]]:
    return stage.rows(f"SELECT {COLUMNS} FROM daily_sums ORDER BY day, scene")


def midnight(stage: Stage, day: int, seconds: int = 0) -> None:
    stage.clock.advance(day_begins(day) + seconds - stage.clock.now())


def take_back(stage: Stage, act: int) -> None:
    """What a reversal leaves in its own table; the member's points don't matter here."""
    with stage.engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO people (id, login, name, password_hash, totp_last_step, created_at)"
                " SELECT 5, 'lin', '林', '-', 0, 0 WHERE NOT EXISTS (SELECT 1 FROM people)"
            )
        )
        connection.execute(
            text(
                "INSERT INTO reversals (act_id, entry_id, person_id, reason, reversed_at)"
                " SELECT id, entry_id, 5, 'a slip', :now FROM acts WHERE id = :act"
            ),
            {"act": act, "now": stage.clock.now()},
        )


def two_days(stage: Stage) -> int:
    """Three acts on the first day and one on the next; answers the first act."""
    first = int(stage.scan("mei", stage.code(TREE_CARE, KIND_TICKET)).act["id"])
    stage.scan("mei", stage.code(CLEAN_PLATE))
    stage.scan("bo", stage.code(TREE_CARE, KIND_TICKET))
    stage.clock.advance(DAY)
    stage.scan("mei", stage.code(REFILL))
    return first


def test_a_day_is_closed_an_hour_after_it_is_over_and_once(stage: Stage) -> None:
    two_days(stage)
    midnight(stage, FIRST + 1, MARGIN_SECONDS - 1)
    assert day_to_close(stage.session, stage.clock.now()) is None, "an act of the last second may still come"
    assert close(stage) == 0
    stage.clock.advance(1)
    assert close(stage) == 1
    grams = int(str(stage.rows(f"SELECT SUM(reduction_grams) FROM acts WHERE scene = {CLEAN_PLATE}")[0][0]))
    points = int(str(stage.rows(f"SELECT SUM(points) FROM acts WHERE scene = {CLEAN_PLATE}")[0][0]))
    written = [
        (0, FIRST, 3, 60 + points, grams, 2, 0, 0, 0),
        (CLEAN_PLATE, FIRST, 1, points, grams, 1, 0, 0, 0),
        (TREE_CARE, FIRST, 2, 60, 0, 2, 0, 0, 0),
    ]
    assert sums(stage) == written
    assert close(stage) == 0
    assert not close_day(stage.session, FIRST, lease(stage), stage.clock)
    assert sums(stage) == written


def test_totals_are_the_same_before_and_after_and_today_is_only_today(stage: Stage) -> None:
    two_days(stage)
    before = figures(stage)
    assert (before.total[0], before.today[0]) == (4, 1)
    assert close(stage) == 1
    assert figures(stage) == before
    shown = today(stage.session, "zh", stage.clock.now())
    assert (shown["acts"], shown["points"]) == before.today[:2]
    midnight(stage, FIRST + 2, 60)
    assert figures(stage).today == (0, 0, 0)
    assert figures(stage).total == before.total, "the day before is over and not closed yet"


def test_a_job_that_was_away_for_ten_days_closes_each_of_them_also_those_without_acts(stage: Stage) -> None:
    two_days(stage)
    midnight(stage, FIRST + 12, MARGIN_SECONDS)
    before = figures(stage)
    assert close(stage) == 12
    assert stage.rows("SELECT COUNT(*), SUM(acts) FROM daily_sums WHERE scene = 0") == [(12, 4)]
    assert figures(stage) == before


def test_an_act_that_occurred_on_a_closed_day_counts_where_it_was_recorded(stage: Stage) -> None:
    two_days(stage)
    late = stage.code(REFILL, KIND_TICKET, issued_at=NOON)
    stage.clock.advance(DAY)
    assert close(stage) == 2
    stage.scan("bo", late)
    assert stage.rows("SELECT MIN(occurred_at) FROM acts WHERE scene = 9") == [(NOON,)]
    assert (figures(stage).total[0], figures(stage).today[0]) == (5, 0)
    stage.clock.advance(DAY)
    assert close(stage) == 1
    assert (figures(stage).total[0], figures(stage).today[0]) == (5, 0)


def test_what_is_reversed_leaves_today_and_the_total_and_stands_under_the_day_of_its_reversal(stage: Stage) -> None:
    first = two_days(stage)
    assert close(stage) == 1
    take_back(stage, first)
    assert figures(stage).total[:2] == (3, figures(stage).today[1] + 30 + 5)
    assert figures(stage).today[0] == 1, "it occurred yesterday"
    of_today = int(stage.scan("bo", stage.code(REFILL)).act["id"])
    take_back(stage, of_today)
    assert figures(stage).today[0] == 1
    assert sorted(row.scene for row in figures(stage).latest) == [CLEAN_PLATE, REFILL, TREE_CARE]
    before = figures(stage).total
    stage.clock.advance(DAY)
    assert close(stage) == 1
    assert stage.rows(f"SELECT acts, reversed_acts FROM daily_sums WHERE scene = 0 AND day = {FIRST + 1}") == [(2, 2)]
    assert figures(stage).total == before
    assert [one for one in found(stage) if "daily_sums" in one] == []


def test_a_process_that_lost_its_lease_writes_nothing(stage: Stage) -> None:
    two_days(stage)
    lost = lease(stage, "one")
    stage.clock.advance(91)
    lease(stage, "two")
    with pytest.raises(LeaseLost):
        close_days(stage.session, lost, stage.clock)
    assert sums(stage) == []


def test_an_island_without_acts_has_no_day_to_close(stage: Stage) -> None:
    assert close(stage) == 0
    assert figures(stage) == IslandFigures((0, 0, 0), (0, 0, 0), ())


def found(stage: Stage) -> list[str]:
    with snapshot(stage.engine) as connection:
        return [difference.sentence for difference in differences(connection)]


@pytest.mark.parametrize(
    ("edit", "sentence"),
    [
        ("UPDATE daily_sums SET points = points + 1 WHERE scene = 23", "2026-11-22 scene 23: points is 61"),
        ("UPDATE daily_sums SET reduction_grams = 1 WHERE scene = 0", "2026-11-22 scene 0: reduction_grams is 1"),
        ("UPDATE daily_sums SET members = 1 WHERE scene = 0", "2026-11-22 scene 0: members is 1, the books say 2"),
        ("UPDATE daily_sums SET reversed_acts = 1 WHERE scene = 0", "scene 0: reversed_acts is 1, the books say 0"),
        ("DELETE FROM daily_sums WHERE scene = 23", "2026-11-22 scene 23: acts is missing, the books say 2"),
        (
            "INSERT INTO daily_sums SELECT 7, day, 1, 5, 9, 1, 0, 0, 0 FROM daily_sums WHERE scene = 0",
            "2026-11-22 scene 7: points is 5, the books say 0",
        ),
        (
            "INSERT INTO daily_sums SELECT 0, day + 1, 0, 0, 0, 0, 0, 0, 0 FROM daily_sums WHERE scene = 0",
            "2026-11-23 scene 9: acts is missing, the books say 1",
        ),
    ],
)
def test_sums_that_the_acts_do_not_add_up_to_are_named(stage: Stage, edit: str, sentence: str) -> None:
    two_days(stage)
    close(stage)
    assert found(stage) == []
    with stage.engine.begin() as connection:
        connection.execute(text(edit))
    assert any(sentence in one for one in found(stage)), found(stage)


def test_sums_that_were_removed_are_made_again(stage: Stage) -> None:
    two_days(stage)
    close(stage)
    written = sums(stage)
    with stage.engine.begin() as connection:
        connection.execute(text("DELETE FROM daily_sums"))
    assert figures(stage).total[0] == 4
    assert close(stage) == 1
    assert sums(stage) == written
