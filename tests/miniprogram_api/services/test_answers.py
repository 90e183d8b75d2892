"""What a member wrote to the staff can be emptied; that something was said stays, and the books still add up."""

from __future__ import annotations

import json

import pytest
from sqlalchemy.exc import DBAPIError

from miniprogram_api.domain.refusals import NotAllowed
from miniprogram_api.domain.reviews import Decider
from miniprogram_api.migrations import downgrade, upgrade
from miniprogram_api.services.questions import answer_question, ask_member
from tests.miniprogram_api.cast import Stage
from tests.miniprogram_api.services.test_reviews import activity, late_ticket
from tests.miniprogram_api.test_append_only import application_engine
from tests.miniprogram_api.test_reconcile import found as differences_found

WORDS = "I sat with 阿梅's aunt, 138 0000 0000"
EMPTIED = "UPDATE review_answers SET text = NULL, salt = NULL"


@pytest.fixture
def answered(stage: Stage) -> int:
    """The act about which mei was asked and has answered."""
    act = late_ticket(stage)
    ask_member(stage.session, act, Decider(stage.clerk("lin")).person_id, "Where did you sit?", stage.clock)
    answer_question(stage.session, stage.members["mei"], act, WORDS, stage.clock)
    return act


def question(stage: Stage, act: int) -> dict[str, object]:
    shown = activity(stage, act)
    assert shown is not None
    assert isinstance(shown["question"], dict)
    return shown["question"]


def everything_stored(stage: Stage) -> str:
    stage.session.rollback()
    tables = ("review_notes", "review_answers", "audit_events", "acts", "entries", "approvals", "notices")
    return json.dumps({table: stage.rows(f"SELECT * FROM {table}") for table in tables}, default=repr)


def test_the_words_stand_in_one_place_that_the_server_may_empty(stage: Stage, answered: int) -> None:
    assert question(stage, answered)["answer"] == WORDS
    stored = everything_stored(stage)
    assert stored.count("138 0000 0000") == 1
    application = application_engine(stage.engine)
    with application.begin() as connection:
        connection.exec_driver_sql(EMPTIED)
    application.dispose()
    assert "138 0000 0000" not in everything_stored(stage)
    assert question(stage, answered)["answer"] is None
    assert question(stage, answered)["answered_at"] == stage.clock.now(), "that there was one stays"
    assert differences_found(stage.engine) == []
    with pytest.raises(NotAllowed) as refused:
        answer_question(stage.session, stage.members["mei"], answered, WORDS, stage.clock)
    assert refused.value.helps == {"why": "already_answered"}


@pytest.mark.parametrize(
    "change", ["UPDATE review_answers SET text = 'on the boat'", "DELETE FROM review_answers"], ids=["other", "none"]
)
def test_words_that_were_changed_or_removed_are_found(stage: Stage, answered: int, change: str) -> None:
    with stage.engine.begin() as connection:
        connection.exec_driver_sql(change)
    assert len(differences_found(stage.engine)) == 1


def test_half_of_it_is_not_emptied(stage: Stage, answered: int) -> None:
    with pytest.raises(DBAPIError), stage.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE review_answers SET text = NULL")


def test_answers_of_before_are_moved_and_come_back(stage: Stage, answered: int) -> None:
    stage.session.rollback()
    downgrade(stage.engine, "20261205_notices")
    notes = "SELECT text FROM review_notes WHERE kind = 'answer'"
    assert stage.rows(notes) == [(WORDS,)]
    upgrade(stage.engine)
    assert WORDS not in str(stage.rows(notes))
    assert question(stage, answered)["answer"] == WORDS
    assert differences_found(stage.engine) == []
    with pytest.raises(DBAPIError), stage.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE review_notes SET text = 'else'")
