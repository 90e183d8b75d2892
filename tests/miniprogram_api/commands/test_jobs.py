"""Jobs end what is overdue, by one process at a time, and a process that was away catches up."""

from __future__ import annotations

from miniprogram_api.commands.jobs import Runner
from tests.miniprogram_api.cast import Stage, shop
from tests.miniprogram_api.services.test_vouchers import exchange, rich

DAY = 86_400


def test_a_round_ten_days_late_ends_overdue_vouchers_and_then_their_dead_points(stage: Stage) -> None:
    item = shop(stage)
    rich(stage)
    exchange(stage, item)
    runner = Runner(stage.engine, stage.clock, "one")
    assert runner.run_all() == {"expire_vouchers": 0, "expire_points": 0}
    stage.clock.advance(500 * DAY)
    assert runner.run_all() == {"expire_vouchers": 1, "expire_points": 1}
    # 60 points were earned in 2026 and live to the end of 2027; those that were held got seven days more.
    assert stage.balance("mei")[:2] == (35, 0)
    stage.clock.advance(8 * DAY)
    assert runner.run_all() == {"expire_vouchers": 0, "expire_points": 1}
    assert stage.balance("mei")[:2] == (0, 0)
    assert stage.rows("SELECT state, COUNT(*) FROM job_runs GROUP BY state") == [("done", 6)]


def test_a_second_process_waits_while_the_first_holds_the_lease_and_takes_over_when_it_is_gone(stage: Stage) -> None:
    first, second = Runner(stage.engine, stage.clock, "one"), Runner(stage.engine, stage.clock, "two")
    assert first.run_all() is not None
    assert second.run_all() is None
    stage.clock.advance(91)
    assert second.run_all() is not None
    assert first.run_all() is None
