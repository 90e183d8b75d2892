"""Everybody decides about the same act at one moment: exactly one decision counts, and the books are whole."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from miniprogram_api.domain.reviews import Decider
from miniprogram_api.services.questions import answer_question, ask_member
from miniprogram_api.services.reversals import ReversalWish, reverse_act
from miniprogram_api.services.reviews import Refusing, Resolution, refuse_act, resolve_act
from tests.miniprogram_api.cast import Stage
from tests.miniprogram_api.services.test_correction_races import at_once
from tests.miniprogram_api.services.test_reversals import whole
from tests.miniprogram_api.services.test_reviews import CLEAN_PLATE, DAY, late_ticket, shown
from tests.miniprogram_api.services.test_twins import scans

PEOPLE, ROUNDS = 6, 4
Wish = Callable[[Session], object]


def accepts(stage: Stage, act: int, by: Decider | None) -> Wish:
    wish = Resolution(act, None, by, "seen") if by else Resolution(act, code="clock_known")
    return lambda session: resolve_act(session, wish, stage.island, stage.clock)


def refuses(stage: Stage, act: int, by: Decider) -> Wish:
    return lambda session: refuse_act(session, Refusing(act, by, "not seen"), stage.island, stage.clock)


def staff(stage: Stage) -> list[Decider]:
    return [Decider(stage.clerk(f"clerk {number}")) for number in range(PEOPLE)]


def decided(stage: Stage) -> tuple[int, ...]:
    """Decisions, acts that count, entries of acts, approvals."""
    return (
        stage.count("reviews"),
        stage.count("acts WHERE state <> 'pending'"),
        stage.count("entries WHERE kind = 'earn'"),
        stage.count("approvals"),
    )


def test_many_who_accept_at_once_credit_once(stage: Stage) -> None:
    people = staff(stage)
    for number in range(ROUNDS):
        act = late_ticket(stage)
        done = at_once(stage, [accepts(stage, act, person) for person in people])
        assert done == {"done": 1, "not_allowed": PEOPLE - 1}
        assert decided(stage) == (number + 1,) * 4
        assert stage.balance("mei")[0] == 5 * (number + 1)
        stage.clock.advance(DAY)
    assert whole(stage)


def test_of_yes_and_no_at_once_one_counts_and_the_balance_says_which(stage: Stage) -> None:
    people, credited = staff(stage), 0
    for number in range(ROUNDS):
        act = late_ticket(stage)
        wishes = [(accepts if place % 2 else refuses)(stage, act, person) for place, person in enumerate(people)]
        assert at_once(stage, wishes) == {"done": 1, "not_allowed": PEOPLE - 1}
        [(decision,)] = stage.rows(f"SELECT decision FROM reviews WHERE act_id = {act}")
        credited += decision == "accepted"
        assert decided(stage) == (number + 1, credited, credited, number + 1)
        assert stage.balance("mei")[0] == 5 * credited
        stage.clock.advance(DAY)
    assert whole(stage)


def test_the_system_and_people_at_once_decide_once_and_the_system_learns_how_it_stands(stage: Stage) -> None:
    people = staff(stage)[:2]
    for number in range(ROUNDS):
        act = late_ticket(stage)
        wishes = [accepts(stage, act, None), accepts(stage, act, None)]
        done = at_once(stage, [*wishes, accepts(stage, act, people[0]), refuses(stage, act, people[1])])
        assert done["done"] in (2, 3)
        assert stage.count("reviews") == number + 1
        assert len(shown(stage)) == number + 1
        stage.clock.advance(DAY)
    assert stage.balance("mei")[0] == 5 * stage.count("acts WHERE state = 'credited'")
    assert whole(stage)


def test_a_reversal_at_the_moment_of_the_decision_comes_before_it_or_after(stage: Stage) -> None:
    lin = Decider(stage.clerk("lin"))
    for number in range(ROUNDS):
        act = late_ticket(stage)
        wish = ReversalWish(act, lin.person_id, "no plate", f"k{number}")
        back = [lambda session, wish=wish: reverse_act(session, wish, stage.island, stage.clock)] * 3
        done = at_once(stage, [accepts(stage, act, lin), *back])
        assert done["done"] >= 1
        assert stage.count("reviews") == number + 1
        left = 5 * (number + 1 - stage.count("reversals"))
        assert (stage.balance("mei")[0], stage.debt("mei")) == (left, 0)
        stage.clock.advance(DAY)
    assert whole(stage)


def test_an_act_of_the_same_meal_at_the_same_moment_counts_once(stage: Stage) -> None:
    lin = Decider(stage.clerk("lin"))
    for number in range(ROUNDS):
        act, fresh = late_ticket(stage), stage.code(CLEAN_PLATE)
        at_once(stage, [accepts(stage, act, lin), scans(stage, "mei", fresh)])
        assert stage.count("acts WHERE state = 'credited'") == number + 1
        assert stage.balance("mei")[0] == 5 * (number + 1)
        assert stage.count("reviews") == number + 1
        stage.clock.advance(DAY)
    assert whole(stage)


def test_one_question_and_one_answer_of_many_at_once(stage: Stage) -> None:
    people = staff(stage)
    act, mei = late_ticket(stage), stage.members["mei"]

    def asks(by: Decider) -> Wish:
        return lambda session: ask_member(session, act, by.person_id, f"{by.person_id}?", stage.clock)

    def answers(words: str) -> Wish:
        return lambda session: answer_question(session, mei, act, words, stage.clock)

    assert at_once(stage, [asks(person) for person in people]) == {"done": 1, "not_allowed": PEOPLE - 1}
    words = [f"at {number}" for number in range(PEOPLE)]
    assert at_once(stage, [answers(one) for one in words]) == {"done": 1, "not_allowed": PEOPLE - 1}
    assert stage.count("review_notes") == 2
