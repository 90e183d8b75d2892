"""The quiz: five right answers, one try again for each question, and one code or reading for a quiz that was passed."""

from __future__ import annotations

import random
from typing import Any

import pytest

from kiosk.machine import Machine
from kiosk.quiz import Quiz, Quizzes
from kiosk.quiz_questions import read_questions
from kiosk.reading_refusals import QuizGone, QuizNeeded
from kiosk.refusals import FieldsNotValid
from kiosk.screen import create_screen
from tests.kiosk.conftest import MovedClock
from tests.kiosk.office import Office
from tests.kiosk.shown_codes import agree, phone
from tests.kiosk.test_intake import readings
from tests.kiosk.test_issue import issued_items


@pytest.fixture
def quizzes() -> Quizzes:
    return Quizzes(chance=random.Random(24))


def right_option(quiz: Quiz) -> int:
    return quiz.order.index(0)


def wrong_option(quiz: Quiz) -> int:
    return next(place for place, option in enumerate(quiz.order) if option != 0 and place not in quiz.missed_options)


def test_every_question_has_its_source_and_one_right_answer_among_three() -> None:
    questions = read_questions()
    assert len(questions) >= 8
    assert len({question.id for question in questions}) == len(questions)
    for question in questions:
        texts = [question.words, question.why, question.source, *question.options]
        assert all(text.zh.strip() and text.en.strip() for text in texts), question.id
        assert len({option.zh for option in question.options}) == len({option.en for option in question.options}) == 3
        assert question.address.startswith(("http://", "https://")), question.id


def test_five_right_answers_pass(quizzes: Quizzes) -> None:
    quiz = quizzes.begin()
    asked = []
    for _ in range(5):
        assert quiz.state == "asking"
        asked.append(quiz.question.id)
        assert quizzes.answer(quiz.id, right_option(quiz)).result == "right"
    assert (quiz.state, len(set(asked))) == ("passed", 5)
    with pytest.raises(QuizGone):
        quizzes.answer(quiz.id, 0)


def test_a_question_has_one_try_again_and_a_missed_one_does_not_count(quizzes: Quizzes) -> None:
    quiz = quizzes.begin()
    first = quiz.question
    missed = wrong_option(quiz)
    assert quizzes.answer(quiz.id, missed).result == "again"
    assert quiz.question is first
    with pytest.raises(FieldsNotValid):
        quizzes.answer(quiz.id, missed)
    assert quizzes.answer(quiz.id, right_option(quiz)).result == "right"
    second = quiz.question
    quizzes.answer(quiz.id, wrong_option(quiz))
    marked = quizzes.answer(quiz.id, wrong_option(quiz))
    assert (marked.result, marked.question, quiz.right) == ("missed", second, 1)
    assert quiz.question not in (first, second)


def test_a_quiz_that_can_no_longer_be_passed_has_failed(quizzes: Quizzes) -> None:
    quiz = quizzes.begin()
    for _ in range(len(read_questions()) - 4):
        assert quiz.state == "asking"
        quizzes.answer(quiz.id, wrong_option(quiz))
        quizzes.answer(quiz.id, wrong_option(quiz))
    assert quiz.state == "failed"
    with pytest.raises(QuizNeeded), quizzes.used(quiz.id):
        pass


def test_questions_and_options_come_in_another_order_each_time(quizzes: Quizzes) -> None:
    begun = [quizzes.begin() for _ in range(12)]
    assert len({quiz.question.id for quiz in begun}) > 1
    assert len({tuple(quiz.order) for quiz in begun}) > 1


# At the screen


@pytest.fixture
def centre(pier: Machine, office: Office) -> Machine:
    agree(pier, office, 2)
    return pier


@pytest.fixture
def page(centre: Machine) -> Any:
    return create_screen(centre, "token").test_client()


def passed(page: Any, centre: Machine) -> str:
    quiz = page.post("/api/quizzes", json={}).json
    for _ in range(5):
        standing = centre.quizzes._quizzes[quiz["id"]]
        answer = page.post(f"/api/quizzes/{quiz['id']}/answers", json={"option": right_option(standing)})
        assert answer.json["result"] == "right"
    assert answer.json["quiz"]["state"] == "passed"
    return str(quiz["id"])


def test_the_page_is_told_the_answer_only_afterwards(page: Any, centre: Machine) -> None:
    quiz = page.post("/api/quizzes", json={}).json
    assert (quiz["right"], quiz["of"], len(quiz["question"]["options"])) == (0, 5, 3)
    assert set(quiz["question"]) == {"id", "words", "options", "missed"}
    standing = centre.quizzes._quizzes[quiz["id"]]
    for result, told in (("again", False), ("missed", True)):
        marked = page.post(f"/api/quizzes/{quiz['id']}/answers", json={"option": wrong_option(standing)}).json
        assert (marked["result"], marked["answer"] is not None, marked["source"] is not None) == (result, told, told)
    assert marked["quiz"]["question"]["id"] != quiz["question"]["id"]


@pytest.mark.parametrize("way", ["single", "ticket"])
def test_no_code_without_the_quiz_and_one_with_it(page: Any, centre: Machine, time_now: MovedClock, way: str) -> None:
    for quiz in (None, "nobody"):
        refused = page.post("/api/codes", json={"scene": 24, "way": way} | ({"quiz": quiz} if quiz else {}))
        assert (refused.status_code, refused.json["code"]) == (409, "quiz_needed")
    assert issued_items(centre.folder) == []
    quiz = passed(page, centre)
    assert page.post("/api/codes", json={"scene": 24, "way": way, "quiz": quiz}).status_code == 201
    time_now.move(10)
    assert page.post("/api/codes", json={"scene": 24, "way": way, "quiz": quiz}).json["code"] == "quiz_needed"
    assert len(issued_items(centre.folder)) == 1


def test_a_reading_uses_the_quiz_up_and_a_refused_one_does_not(
    page: Any, centre: Machine, time_now: MovedClock
) -> None:
    quiz = passed(page, centre)
    lines = [{"scene": 24, "quiz": quiz}]
    text = phone(time_now).text(time_now.wall)
    assert page.post("/api/readings", json={"code": "X" * 40, "lines": lines}).status_code >= 400
    assert page.post("/api/readings", json={"code": text, "lines": lines}).status_code == 201
    time_now.move(60)
    later = phone(time_now).text(time_now.wall)
    assert page.post("/api/readings", json={"code": later, "lines": lines}).json["code"] == "quiz_needed"
    assert len(readings(centre.folder)) == 1
