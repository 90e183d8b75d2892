"""An act that waited is decided about once: it counts as of its corrected time, by the rules of then, or it doesn't."""

from __future__ import annotations

from dataclasses import replace

import pytest

from miniprogram_api.domain.calendar import day_number
from miniprogram_api.domain.limits import LIMITS
from miniprogram_api.domain.refusals import CodeAlreadyUsed, InvalidFields, NotAllowed, NotFound
from miniprogram_api.domain.reviews import Decider
from miniprogram_api.queries.history import member_activity, member_history
from miniprogram_api.queries.island import island_figures
from miniprogram_api.services.daily_sums import close_days
from miniprogram_api.services.leases import take_lease
from miniprogram_api.services.questions import answer_question, ask_member
from miniprogram_api.services.reviews import Outcome, Refusing, Resolution, refuse_act, resolve_act
from scenes.wire.kinds import KIND_TICKET
from tests.miniprogram_api.cast import Stage
from tests.miniprogram_api.lived_island import reverse
from tests.miniprogram_api.services.test_reversals import whole

WALK, CLEAN_PLATE, REFILL, TREE_CARE = 4, 6, 9, 23
HOUR, DAY = 3600, 86_400


@pytest.fixture
def lin(stage: Stage) -> Decider:
    return Decider(stage.clerk("lin"))


def late_ticket(stage: Stage, scene: int = CLEAN_PLATE, who: str = "mei", **more: object) -> int:
    """A ticket whose kiosk didn't know the time, handed in: the id of the act that waits."""
    code = stage.code(scene, KIND_TICKET, issued_at=0, **more)
    act = stage.scan(who, code, key=f"scan-{stage.counter}").act
    assert (act["state"], act["reason"]) == ("pending", "clock_untrusted")
    return int(act["id"])


def told(stage: Stage, act: int, occurred_at: int | None = None) -> Outcome:
    """The journal came and gave the time."""
    wish = Resolution(act, occurred_at or stage.clock.now() - HOUR, code="clock_known")
    return resolve_act(stage.session, wish, stage.island, stage.clock)


def accept(stage: Stage, act: int, by: Decider, occurred_at: int | None = None, reason: str = "seen") -> Outcome:
    return resolve_act(stage.session, Resolution(act, occurred_at, by, reason), stage.island, stage.clock)


def refuse(stage: Stage, act: int, by: Decider, reason: str = "nobody was there") -> Outcome:
    return refuse_act(stage.session, Refusing(act, by, reason), stage.island, stage.clock)


def shown(stage: Stage, who: str = "mei", language: str = "en") -> list[dict[str, object]]:
    stage.session.rollback()
    directory = stage.island.directory
    found = member_history(stage.session, stage.members[who], directory, language, None, 50)["data"]
    assert isinstance(found, list)
    return found


def activity(stage: Stage, act: int, who: str = "mei", language: str = "en") -> dict[str, object] | None:
    stage.session.rollback()
    return member_activity(stage.session, stage.members[who], act, stage.island.directory, language)


def booked(stage: Stage) -> tuple[object, ...]:
    tables = ("reviews", "entries", "transfers", "acts", "approvals", "caps", "lots")
    return (*map(stage.count, tables), stage.rows("SELECT * FROM member_balances ORDER BY member_id"))


def test_a_time_that_came_later_credits_the_act_as_of_then(stage: Stage) -> None:
    act = late_ticket(stage)
    handed_in, then = stage.clock.now(), stage.clock.now() - 2 * HOUR
    stage.clock.advance(DAY)
    outcome = told(stage, act, then)
    assert (outcome.state, outcome.points, outcome.now) == ("credited", 5, True)
    [one] = shown(stage)
    assert (one["id"], one["state"], one["points"]) == (f"{act:016x}", "credited", 5)
    assert (one["occurred_at"], one["recorded_at"]) == (then, handed_in)
    assert stage.balance("mei")[0] == 5
    assert whole(stage)


def test_a_person_accepts_and_signs_for_it(stage: Stage, lin: Decider) -> None:
    act = late_ticket(stage)
    stage.clock.advance(60)
    outcome = accept(stage, act, lin, reason="the waiter remembers her")
    assert (outcome.state, outcome.points) == ("credited", 5)
    decided = stage.rows("SELECT decision, decided_by, code, reason, decided_at FROM reviews")
    assert decided == [("accepted", lin.person_id, None, "the waiter remembers her", stage.clock.now())]
    approved = stage.rows("SELECT subject, subject_id, decision, decided_by FROM approvals")
    assert approved == [("review", act, "approved", lin.person_id)]
    assert sorted(stage.rows("SELECT kind, caller_kind FROM entries")) == [("approval", "staff"), ("earn", "staff")]
    [(leaf,)] = stage.rows("SELECT leaf FROM entries WHERE kind = 'approval'")
    assert b'"points":5' in bytes(leaf)  # type: ignore[arg-type]  # a leaf is bytes
    [(line, actor)] = stage.rows("SELECT act, actor FROM audit_events WHERE object LIKE 'act:%'")
    assert (line, actor) == ("review_accepted", f"staff:{lin.person_id:016x}")
    assert whole(stage)


def test_whoever_waits_sees_one_activity_under_one_id_whatever_comes_of_it(stage: Stage, lin: Decider) -> None:
    code = stage.code(CLEAN_PLATE, KIND_TICKET, issued_at=0)
    act = stage.scan("mei", code, key="k1").act["id"]
    outcome = accept(stage, act, lin)
    for asked in (act, outcome.resolved_act_id):
        one = activity(stage, asked)
        assert one is not None
        assert (one["id"], one["state"], one["points"]) == (f"{act:016x}", "credited", 5)
    again = stage.scan("mei", code, key="k1")
    assert (again.act["id"], again.act["state"], again.balance.available) == (act, "credited", 5)
    with pytest.raises(CodeAlreadyUsed) as used:
        stage.scan("mei", code)
    assert used.value.helps == {"activity": f"{act:016x}"}
    with pytest.raises(CodeAlreadyUsed) as of_another:
        stage.scan("bo", code)
    assert of_another.value.helps == {}
    assert (len(shown(stage)), stage.count("acts"), activity(stage, act, "bo")) == (1, 2, None)


def test_refused_by_a_person_it_shows_their_sentence_and_nothing_is_booked(stage: Stage, lin: Decider) -> None:
    act = late_ticket(stage)
    before = (stage.count("acts"), stage.balance("mei"), stage.count("caps"), stage.count("lots"))
    assert refuse(stage, act, lin, "the ticket was found in the street").state == "refused"
    [one] = shown(stage)
    assert (one["state"], one["reason"]) == ("refused", "by_staff")
    assert (one["reason_text"], one["points"]) == ("the ticket was found in the street", 0)
    assert (stage.count("acts"), stage.balance("mei"), stage.count("caps"), stage.count("lots")) == before
    assert stage.rows("SELECT kind FROM entries") == [("approval",)], "the decision has its leaf"
    assert whole(stage)


def test_an_accepted_act_is_taken_back_under_the_id_that_people_know(stage: Stage, lin: Decider) -> None:
    act = late_ticket(stage)
    with pytest.raises(NotAllowed) as waits:
        reverse(stage, act, lin.person_id, key="r1")
    assert waits.value.helps == {"why": "act_pending"}
    accept(stage, act, lin)
    for _ in range(2):
        reverse(stage, act, lin.person_id, key="r1")
    assert (stage.balance("mei"), stage.count("reversals")) == ((0, 0, 0), 1)
    [one] = shown(stage)
    assert (one["id"], one["state"]) == (f"{act:016x}", "reversed")
    assert stage.rows("SELECT object FROM audit_events WHERE act = 'act_reversed'") == [(f"act:{act:016x}",)]
    assert accept(stage, late_ticket(stage), lin).state == "credited", "there is room again, and no cool-down"
    assert whole(stage)


def test_a_refused_act_is_not_taken_back(stage: Stage, lin: Decider) -> None:
    act = late_ticket(stage)
    refuse(stage, act, lin)
    with pytest.raises(NotAllowed) as refused:
        reverse(stage, act, lin.person_id, key="r1")
    assert refused.value.helps == {"why": "act_refused"}


def test_a_decision_stays_and_its_repeat_does_nothing_more(stage: Stage, lin: Decider) -> None:
    act, wen = late_ticket(stage), Decider(stage.clerk("wen"))
    accept(stage, act, lin)
    before = booked(stage)
    assert accept(stage, act, lin, reason="again").now is False
    assert told(stage, act).state == "credited"
    assert refuse_act(stage.session, Refusing(act, code="unpaired"), stage.island, stage.clock).state == "credited"
    for decide in (accept, refuse):
        with pytest.raises(NotAllowed):
            decide(stage, act, wen)
    with pytest.raises(NotAllowed):
        refuse(stage, act, lin)
    assert booked(stage) == before


def test_the_system_refuses_with_a_word(stage: Stage) -> None:
    act = late_ticket(stage)
    wish = Refusing(act, code="code_expired")
    assert refuse_act(stage.session, wish, stage.island, stage.clock).now
    one = activity(stage, act)
    assert one is not None
    assert (one["state"], one["reason"]) == ("refused", "code_expired")
    assert (stage.count("approvals"), stage.count("entries")) == (0, 0)
    assert whole(stage)


def test_nobody_decides_about_an_act_of_their_own(stage: Stage, lin: Decider) -> None:
    act = late_ticket(stage)
    with stage.engine.begin() as connection:
        connection.exec_driver_sql(f"INSERT INTO person_members VALUES ({lin.person_id}, {stage.members['mei']}, 1)")
    before = booked(stage)
    for decide in (accept, refuse):
        with pytest.raises(NotAllowed) as refused:
            decide(stage, act, lin)
        assert refused.value.helps == {"why": "conflict_of_interest"}
    with pytest.raises(NotAllowed):
        ask_member(stage.session, act, lin.person_id, "Was it you?", stage.clock)
    assert booked(stage) == before


def test_above_the_limit_it_is_an_approver_s(stage: Stage, lin: Decider) -> None:
    stage.island = replace(stage.island, limits=replace(LIMITS, review_points=29))
    act, before = late_ticket(stage, TREE_CARE), booked(stage)
    for decide in (accept, refuse):
        with pytest.raises(NotAllowed) as refused:
            decide(stage, act, lin)
        assert refused.value.helps == {"why": "review_limit", "points_most": 29}
    assert booked(stage) == before
    assert accept(stage, act, Decider(stage.clerk("wen"), any_points=True)).points == 30


@pytest.mark.parametrize("seconds", [1, DAY])
def test_a_person_s_time_lies_before_it_was_handed_in(stage: Stage, lin: Decider, seconds: int) -> None:
    act = late_ticket(stage)
    stage.clock.advance(2 * DAY)
    for moment in (stage.clock.now() - 2 * DAY + seconds, 0, -5):
        with pytest.raises(InvalidFields):
            accept(stage, act, lin, moment)
    assert stage.count("reviews") == 0


def test_only_acts_that_wait_are_decided_about(stage: Stage, lin: Decider) -> None:
    credited = stage.scan("mei", stage.code(REFILL)).act["id"]
    before = booked(stage)
    for number, refusal in ((credited, NotAllowed), (1, NotFound)):
        for decide in (accept, refuse):
            with pytest.raises(refusal):
                decide(stage, number, lin)
    assert booked(stage) == before


def test_two_ends_of_a_walk_become_one_activity(stage: Stage) -> None:
    first = late_ticket(stage, WALK, quantity=10)
    stage.clock.advance(HOUR)
    second = late_ticket(stage, WALK, quantity=10)
    wish = Resolution(second, stage.clock.now(), code="trail_paired", quantity=30, joined=first)
    outcome = resolve_act(stage.session, wish, stage.island, stage.clock)
    assert (outcome.state, outcome.points) == ("credited", 6)
    [one] = shown(stage)
    assert (one["id"], one["quantity"]) == (f"{second:016x}", 30)
    assert activity(stage, first) == one, "the other end leads to it"
    assert told(stage, first).state == "joined"
    assert whole(stage)


def test_the_figures_of_the_island_count_it_once_and_on_the_day_it_was_decided(stage: Stage, lin: Decider) -> None:
    act, handed_in = late_ticket(stage), stage.clock.now()
    assert island_figures(stage.session, stage.clock.now()).total == (0, 0, 0)
    stage.clock.advance(DAY)
    accept(stage, act, lin)
    stage.session.rollback()
    figures = island_figures(stage.session, stage.clock.now())
    assert (figures.total[:2], figures.today[:2], len(figures.latest)) == ((1, 5), (0, 0), 1)
    stage.clock.advance(3 * DAY)
    fence = take_lease(stage.session, "jobs", stage.clock)
    assert fence is not None
    assert close_days(stage.session, fence, stage.clock) >= 2
    days = stage.rows("SELECT day, acts, points FROM daily_sums WHERE scene = 0 AND acts > 0")
    assert days == [(day_number(handed_in) + 1, 1, 5)]
    assert island_figures(stage.session, stage.clock.now()).total[:2] == (1, 5)
    assert whole(stage)


def test_the_member_is_asked_once_and_answers_once(stage: Stage, lin: Decider) -> None:
    act, wen = late_ticket(stage), stage.clerk("wen")
    mei, bo = stage.members["mei"], stage.members["bo"]

    def answer(who: int, words: str) -> None:
        answer_question(stage.session, who, act, words, stage.clock)

    with pytest.raises(NotAllowed):
        answer(mei, "nobody asked")
    for _ in range(2):
        ask_member(stage.session, act, lin.person_id, "When did you eat?", stage.clock)
    with pytest.raises(NotAllowed):
        ask_member(stage.session, act, wen, "And where?", stage.clock)
    with pytest.raises(NotFound):
        answer(bo, "not mine")
    stage.clock.advance(60)
    for _ in range(2):
        answer(mei, "at noon")
    with pytest.raises(NotAllowed):
        answer(mei, "at one")
    one = activity(stage, act)
    asked_at = stage.clock.now() - 60
    assert one is not None
    assert one["question"] == {
        "text": "When did you eat?",
        "asked_at": asked_at,
        "answer": "at noon",
        "answered_at": stage.clock.now(),
    }
    accept(stage, act, lin)
    kept = activity(stage, act)
    assert kept is not None
    assert kept["question"] == one["question"]
    with pytest.raises(NotAllowed):
        ask_member(stage.session, act, lin.person_id, "Why?", stage.clock)
    assert whole(stage)


def test_after_the_decision_nothing_is_answered(stage: Stage, lin: Decider) -> None:
    act = late_ticket(stage)
    ask_member(stage.session, act, lin.person_id, "When did you eat?", stage.clock)
    refuse(stage, act, lin)
    with pytest.raises(NotAllowed) as decided:
        answer_question(stage.session, stage.members["mei"], act, "at noon", stage.clock)
    assert decided.value.helps == {"why": "act_decided"}
    assert stage.count("review_notes") == 1
