"""What every machine on the island has: the books, the model, a clock, and a look at both after each step."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from miniprogram_api.commands.jobs import end_expired_points, end_overdue_vouchers
from miniprogram_api.commands.reconcile import differences, snapshot
from miniprogram_api.domain.refusals import Refusal
from miniprogram_api.services.leases import take_lease
from tests.miniprogram_api.model.ground import Ground
from tests.miniprogram_api.model.island_model import IslandModel
from tests.miniprogram_api.model.island_time import DAY, HOUR, MINUTE, midnight_before
from tests.miniprogram_api.model.outcome import No, Refused
from tests.miniprogram_api.model.picture import picture_of

Plan = TypeVar("Plan")
Done = TypeVar("Done")

# A noon, and the last minutes of a week, of a month, of the day before a leap day and of two years, at UTC+8.
BEGINNINGS = (1_795_320_000, 1_798_991_400, 1_796_054_340, 1_835_365_800, 1_798_732_200, 1_830_268_740)
WHO = st.sampled_from(["mei", "bo", "guest"])
PAUSES = st.sampled_from(
    [
        *(1, MINUTE, 2 * MINUTE, 2 * MINUTE + 1, 10 * MINUTE, 30 * MINUTE, 90 * MINUTE, 3 * HOUR, 6 * HOUR, 18 * HOUR),
        *(DAY, DAY, 3 * DAY, 8 * DAY, 14 * DAY, 25 * DAY, 30 * DAY, 120 * DAY, 400 * DAY, None, None),
    ]
)


class Living(RuleBasedStateMachine):
    """Time goes by, and the jobs come when they come."""

    def __init__(self, ground: Ground) -> None:
        super().__init__()
        self.ground, self.stage = ground, ground.stage
        self.model: IslandModel = ground.begin(BEGINNINGS[0])
        self._numbers = itertools.count(1)

    @property
    def now(self) -> int:
        return int(self.stage.clock.now())

    def fresh_key(self) -> str:
        return f"key-{next(self._numbers)}"

    def same(self, foresee: Callable[[], Plan], do: Callable[[], Done]) -> tuple[Plan, Done] | None:
        """The plan and what came of it; None when both refuse, with the same code and the same help."""
        plan: Any
        done: Any
        try:
            plan = foresee()
        except No as no:
            plan = no.refused
        try:
            done = do()
        except Refusal as refusal:
            done = Refused(refusal.code, refusal.helps)
        if isinstance(plan, Refused) or isinstance(done, Refused):
            assert done == plan, f"{done}, the model says {plan}"
            return None
        return plan, done

    @rule(seconds=PAUSES, jobs=st.sampled_from([0, 0, 1, 2]))
    def time_passes(self, seconds: int | None, jobs: int) -> None:
        """So many seconds, or until two minutes before midnight and then over it; the jobs run late, and twice."""
        if seconds is None:
            to_midnight = midnight_before(self.now) + DAY - self.now
            seconds = to_midnight - 2 * MINUTE if to_midnight > 2 * MINUTE else to_midnight
        self.stage.clock.advance(seconds)
        for _ in range(jobs):
            fence = take_lease(self.stage.session, "jobs", self.stage.clock)
            assert fence is not None
            vouchers = end_overdue_vouchers(self.stage.session, fence, self.stage.clock)
            members = end_expired_points(self.stage.session, fence, self.stage.clock)
            assert (vouchers, members) == self.model.book_expiry(self.now)

    @invariant()
    def the_books_are_what_the_model_says(self) -> None:
        picture = picture_of(self.stage.engine)
        picture.check_invariants()
        picture.check_same(self.model.picture())

    def teardown(self) -> None:
        with snapshot(self.stage.engine) as connection:
            assert [difference.sentence for difference in differences(connection)] == []
