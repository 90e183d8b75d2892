"""Corrections against everything else at one moment: one of each wins, and the books say how."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

from sqlalchemy.orm import Session

from miniprogram_api.domain.refusals import Refusal
from miniprogram_api.services.adjustment_approvals import approve_adjustment
from miniprogram_api.services.adjustments import AdjustmentWish, ask_adjustment, turn_down_adjustment
from miniprogram_api.services.approvals import REJECTED
from miniprogram_api.services.reversals import ReversalWish, reverse_act
from miniprogram_api.services.vouchers import Wish, exchange_points
from scenes.wire.kinds import KIND_TICKET
from tests.miniprogram_api.cast import Stage, shop, token_hash
from tests.miniprogram_api.services.test_reversals import whole

AT_ONCE, ROUNDS = 8, 3
TREE_CARE = 23


def at_once(stage: Stage, wishes: list[Callable[[Session], object]]) -> Counter[str]:
    """Each wish on a connection of its own at one moment; how many were done, and how many refused with which code."""
    start = Barrier(len(wishes))

    def run(wish: Callable[[Session], object]) -> str:
        start.wait()
        with Session(stage.engine) as session:
            try:
                wish(session)
            except Refusal as refusal:
                return refusal.code
        return "done"

    with ThreadPoolExecutor(len(wishes)) as pool:
        return Counter(pool.map(run, wishes))


def test_an_act_taken_back_by_many_is_taken_back_once(stage: Stage) -> None:
    people = [stage.clerk(f"clerk {number}") for number in range(AT_ONCE)]
    for _ in range(ROUNDS):
        act = stage.scan("mei", stage.code(TREE_CARE, KIND_TICKET)).act["id"]
        wishes = [ReversalWish(act, person, "no tree", f"k{act}") for person in people]
        done = at_once(
            stage, [partial(reverse_act, wish=wish, island=stage.island, clock=stage.clock) for wish in wishes]
        )
        assert done == {"done": 1, "not_allowed": AT_ONCE - 1}
        assert (stage.balance("mei"), stage.debt("mei")) == ((0, 0, 0), 0)
    assert whole(stage)


def _decision(stage: Stage, asked: int, by: int, yes: bool) -> Callable[[Session], object]:
    if yes:
        return lambda session: approve_adjustment(session, asked, by, None, stage.clock)
    return lambda session: turn_down_adjustment(session, asked, REJECTED, by, "no", stage.clock)


def test_a_request_decided_by_many_is_decided_once(stage: Stage) -> None:
    lin, people = stage.clerk("lin"), [stage.clerk(f"clerk {number}") for number in range(AT_ONCE)]
    before = 0
    for number in range(ROUNDS):
        wish = AdjustmentWish(stage.members["mei"], 10, "no network", lin, f"a{number}")
        asked = ask_adjustment(stage.session, wish, stage.island, stage.clock)
        decisions = [_decision(stage, asked, by, place % 2 == 1) for place, by in enumerate(people)]
        done = at_once(stage, decisions)
        assert done == {"done": 1, "not_allowed": AT_ONCE - 1}
        [decision] = stage.rows(f"SELECT decision FROM approvals WHERE subject_id = {asked}")
        before += 10 if decision == ("approved",) else 0
        assert stage.balance("mei")[0] == before
    assert whole(stage)


def test_points_are_spent_or_taken_back_and_never_both(stage: Stage) -> None:
    item, lin = shop(stage, points=30, stock=100), stage.clerk("lin")
    for number in range(ROUNDS * 2):
        debt_before, held_before = stage.debt("bo"), stage.balance("bo")[1]
        act = stage.scan("bo", stage.code(TREE_CARE, KIND_TICKET, counter=1000 + number)).act
        stage.clock.advance(40 * 86_400)  # another month: the limit of the scene has room again
        take = ReversalWish(act["id"], lin, "no tree", f"r{number}")
        spend = Wish(token_hash("bo"), item, 1, f"e{number}")
        at_once(
            stage,
            [
                partial(reverse_act, wish=take, island=stage.island, clock=stage.clock),
                partial(exchange_points, wish=spend, island=stage.island, clock=stage.clock),
            ],
        )
        available, held, _ = stage.balance("bo")
        spent = held - held_before
        assert (spent in (0, 30), available) == (True, 0)
        assert stage.debt("bo") - debt_before == spent, "what was spent of an act that never was is owed"
    assert whole(stage)
