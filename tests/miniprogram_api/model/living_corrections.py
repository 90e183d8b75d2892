"""The staff put right what was wrong: acts reversed, points adjusted by two people."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import Bundle, MultipleResults, multiple, precondition, rule

from miniprogram_api.services.adjustment_approvals import approve_adjustment
from miniprogram_api.services.adjustments import AdjustmentWish, ask_adjustment, turn_down_adjustment
from miniprogram_api.services.reversals import ReversalWish, reverse_act
from tests.miniprogram_api.model.correcting import Request
from tests.miniprogram_api.model.living import WHO
from tests.miniprogram_api.model.living_vouchers import LivingVouchers

STAFF = st.sampled_from(["lin", "wen"])
POINTS = st.sampled_from([1, 5, 30, 60, 200, 500, 501, 0, -1, -5, -30, -60, -200, -500, -501])
DECISIONS = st.lists(st.tuples(STAFF, st.sampled_from(["approved"] * 3 + ["rejected", "withdrawn"])), max_size=3)


class IslandLife(LivingVouchers):
    """Everything that can happen to points."""

    requests: Bundle[Request] = Bundle("requests")

    def _person(self, login: str) -> int:
        return {"lin": self.ground.lin, "wen": self.ground.wen}[login]

    @precondition(lambda self: self.model.scans.acts)
    @rule(which=st.integers(0, 20), by=STAFF, times=st.integers(1, 2))
    def reverse(self, which: int, by: str, times: int) -> None:
        """One of the last acts."""
        acts, key, stage, person = self.model.scans.acts, self.fresh_key(), self.stage, self._person(by)
        act = acts[-1 - which % len(acts)]
        wish = ReversalWish(act.number, person, "not at the pier", key)
        for _ in range(times):
            came = self.same(
                lambda: self.model.foresee_reversal(act, person, wish.reason, key, self.now),
                lambda: reverse_act(stage.session, wish, stage.island, stage.clock),
            )
            if came and came[0] is not None:
                self.model.book_reversal(act, person, wish.reason, key, self.now)

    @rule(target=requests, who=WHO, points=POINTS, by=STAFF, again=st.booleans(), decisions=DECISIONS)
    def ask(
        self, who: str, points: int, by: str, again: bool, decisions: list[tuple[str, str]]
    ) -> MultipleResults[Any]:
        member, stage, person = self.stage.members[who], self.stage, self._person(by)
        wish = AdjustmentWish(member, points, "the scale was wrong", person, self.fresh_key())
        came = self.same(
            lambda: self.model.foresee_request(person, member, points, self.now),
            lambda: ask_adjustment(stage.session, wish, stage.island, stage.clock),
        )
        if came is None:
            return multiple()
        request = self.model.book_request(came[1], person, member, points, self.now)
        if again:
            assert ask_adjustment(stage.session, wish, stage.island, stage.clock) == request.number
        self.decide(request, decisions)
        return multiple(request)

    @rule(request=requests, decisions=DECISIONS)
    def decide(self, request: Request, decisions: list[tuple[str, str]]) -> None:
        """One after the other says yes or no."""
        for login, decision in decisions:
            self.the_books_are_what_the_model_says()
            self._decide(request, self._person(login), decision)

    def _decide(self, request: Request, person: int, decision: str) -> None:
        stage = self.stage

        def do() -> None:
            if decision == "approved":
                approve_adjustment(stage.session, request.number, person, None, stage.clock)
            else:
                turn_down_adjustment(stage.session, request.number, decision, person, "no", stage.clock)

        came = self.same(lambda: self.model.requests.check_decide(request, person, decision, self.now), do)
        if came and came[0]:
            self.model.book_decision(request, person, decision, self.now)
