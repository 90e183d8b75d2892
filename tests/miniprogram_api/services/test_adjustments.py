"""Points by hand: one asks, another approves exactly that, once, within a week and within limits."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError

from miniprogram_api.domain.refusals import IdempotencyConflict, InvalidFields, NotAllowed, NotFound
from miniprogram_api.services.adjustment_approvals import approve_adjustment
from miniprogram_api.services.adjustments import (
    AdjustmentWish,
    adjustment_of,
    ask_adjustment,
    payload_of_request,
    turn_down_adjustment,
)
from miniprogram_api.services.approvals import REJECTED, WITHDRAWN
from tests.miniprogram_api.cast import Stage
from tests.miniprogram_api.services.test_reversals import lots, whole

DAY = 86_400


class Office:
    """lin asks and wen approves."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.lin, self.wen = stage, stage.clerk("lin"), stage.clerk("wen")

    def ask(self, points: int, key: str = "a1", who: str = "mei", reason: str = "no network at the pier") -> int:
        wish = AdjustmentWish(self.stage.members[who], points, reason, self.lin, key)
        return ask_adjustment(self.stage.session, wish, self.stage.island, self.stage.clock)

    def approve(self, number: int, by: int | None = None, seen: bytes | None = None) -> None:
        approve_adjustment(self.stage.session, number, by or self.wen, seen, self.stage.clock)

    def turn_down(self, number: int, decision: str = REJECTED, by: int | None = None) -> None:
        turn_down_adjustment(self.stage.session, number, decision, by or self.wen, "not so", self.stage.clock)

    def declare(self, person: int, who: str) -> None:
        member = self.stage.members[who]
        with self.stage.engine.begin() as connection:
            connection.exec_driver_sql(f"INSERT INTO person_members VALUES ({person}, {member}, 1)")


@pytest.fixture
def office(stage: Stage) -> Office:
    return Office(stage)


def why(refused: pytest.ExceptionInfo[NotAllowed]) -> object:
    return refused.value.helps["why"]


def test_nothing_moves_before_somebody_else_approves(stage: Stage, office: Office) -> None:
    number = office.ask(40)
    assert (stage.balance("mei"), stage.count("entries")) == ((0, 0, 0), 0)
    office.approve(number)
    assert stage.balance("mei") == (40, 0, 0)
    assert lots(stage) == [(20271231, 40, 40)]
    assert stage.rows("SELECT kind FROM entries ORDER BY kind") == [("adjust",), ("approval",)]
    assert whole(stage)


def test_who_asked_does_not_approve(stage: Stage, office: Office) -> None:
    number = office.ask(40)
    with pytest.raises(NotAllowed) as refused:
        office.approve(number, by=office.lin)
    assert (why(refused), stage.balance("mei")[0]) == ("own_request", 0)


def test_the_database_knows_no_approval_by_who_asked(stage: Stage, office: Office) -> None:
    office.approve(office.ask(40))
    columns = "subject, subject_id, version, payload, decision, alone, asked_by, decided_by, reason, decided_at"
    with pytest.raises(IntegrityError, match="second_person"), stage.engine.begin() as connection:
        connection.exec_driver_sql(
            f"INSERT INTO approvals (id, {columns}, entry_id) SELECT id + 1, subject, subject_id + 1, version, payload,"
            " decision, 0, asked_by, asked_by, reason, decided_at, entry_id FROM approvals"
        )


def test_an_approval_counts_once(stage: Stage, office: Office) -> None:
    number = office.ask(40)
    office.approve(number)
    office.approve(number)
    with pytest.raises(NotAllowed) as refused:
        office.approve(number, by=stage.clerk("another"))
    assert (why(refused), stage.balance("mei")[0]) == ("already_decided", 40)


def test_what_was_rejected_or_withdrawn_is_not_approved_any_more(stage: Stage, office: Office) -> None:
    rejected, withdrawn = office.ask(40), office.ask(50, key="a2")
    office.turn_down(rejected)
    office.turn_down(withdrawn, WITHDRAWN, by=office.lin)
    office.turn_down(rejected)  # again: nothing more
    for number in (rejected, withdrawn):
        with pytest.raises(NotAllowed):
            office.approve(number)
    decisions = stage.rows("SELECT decision FROM approvals ORDER BY decision")
    assert (decisions, stage.balance("mei")[0]) == ([("rejected",), ("withdrawn",)], 0)
    assert whole(stage)


def test_only_who_asked_withdraws_and_only_somebody_else_rejects(stage: Stage, office: Office) -> None:
    number = office.ask(40)
    for decision, by, expected in ((REJECTED, office.lin, "own_request"), (WITHDRAWN, office.wen, "not_your_request")):
        with pytest.raises(NotAllowed) as refused:
            office.turn_down(number, decision, by)
        assert why(refused) == expected
    assert stage.count("approvals") == 0


def test_a_request_that_was_approved_is_not_rejected_afterwards(stage: Stage, office: Office) -> None:
    number = office.ask(40)
    office.approve(number)
    with pytest.raises(NotAllowed):
        office.turn_down(number)
    assert stage.count("approvals") == 1


def test_a_week_later_the_request_is_over(stage: Stage, office: Office) -> None:
    number = office.ask(40)
    stage.clock.advance(7 * DAY)
    with pytest.raises(NotAllowed) as refused:
        office.approve(number)
    assert (why(refused), stage.balance("mei")[0]) == ("request_expired", 0)


def test_the_approval_is_bound_to_what_the_approver_saw(stage: Stage, office: Office) -> None:
    first, other = office.ask(40), office.ask(400, key="a2")
    stage.session.rollback()
    with stage.engine.connect() as connection:
        seen = payload_of_request(adjustment_of(connection, first))
    with pytest.raises(IdempotencyConflict):
        office.approve(other, seen=seen)
    assert stage.balance("mei")[0] == 0
    office.approve(first, seen=seen)
    assert stage.balance("mei")[0] == 40
    stored = stage.rows("SELECT payload FROM approvals WHERE decision = 'approved'")
    assert [bytes(row[0]) for row in stored] == [seen]  # type: ignore[call-overload]  # a column of bytes


def test_points_are_taken_from_the_soonest_to_end_and_the_rest_is_owed(stage: Stage, office: Office) -> None:
    office.approve(office.ask(40))
    office.approve(office.ask(-60, key="a2"))
    assert (stage.balance("mei"), stage.debt("mei")) == ((0, 0, 0), 20)
    assert whole(stage)


@pytest.mark.parametrize("points", [501, -501])
def test_one_request_has_a_limit(stage: Stage, office: Office, points: int) -> None:
    with pytest.raises(NotAllowed) as refused:
        office.ask(points)
    assert (why(refused), stage.count("adjustments")) == ("adjustment_limit", 0)


def test_what_one_person_asks_for_in_a_day_has_a_limit_and_the_next_day_has_its_own(
    stage: Stage, office: Office
) -> None:
    for number in range(4):
        office.ask(500 if number % 2 else -500, key=f"a{number}")
    with pytest.raises(NotAllowed) as refused:
        office.ask(1, key="more")
    assert (why(refused), refused.value.helps["points_most"]) == ("adjustment_day_limit", 0)
    stage.clock.advance(12 * 3600)  # midnight on the island
    office.ask(500, key="tomorrow")
    assert stage.count("adjustments") == 5


def test_what_was_turned_down_does_not_count_against_the_day(stage: Stage, office: Office) -> None:
    for number in range(4):
        office.turn_down(office.ask(500, key=f"a{number}"))
    office.ask(500, key="again")
    assert stage.count("adjustments") == 5


@pytest.mark.parametrize("who", ["lin", "wen"])
def test_nobody_decides_about_an_account_of_their_own(stage: Stage, office: Office, who: str) -> None:
    number = office.ask(40)
    office.declare(getattr(office, who), "mei")
    with pytest.raises(NotAllowed) as refused:
        office.approve(number)
    assert (why(refused), stage.balance("mei")[0]) == ("conflict_of_interest", 0)


def test_nobody_asks_for_points_of_their_own(stage: Stage, office: Office) -> None:
    office.declare(office.lin, "mei")
    with pytest.raises(NotAllowed):
        office.ask(40)
    assert stage.count("adjustments") == 0


def test_the_same_key_is_the_same_request_and_another_content_a_conflict(stage: Stage, office: Office) -> None:
    number = office.ask(40)
    assert office.ask(40) == number
    with pytest.raises(IdempotencyConflict):
        office.ask(41)
    assert stage.count("adjustments") == 1


def test_zero_points_and_nobody_are_refused(stage: Stage, office: Office) -> None:
    with pytest.raises(InvalidFields):
        office.ask(0)
    stage.members["nobody"] = 5
    with pytest.raises(NotFound):
        office.ask(10, who="nobody")
    with pytest.raises(NotFound):
        office.approve(12345)
    assert stage.count("adjustments") == 0
