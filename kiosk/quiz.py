"""The quiz before the points of `learn-carbon`: five right answers, each question with one try again.

A question that was missed twice shows its answer and source and does not count; another takes its place as long as
there are enough left. A quiz that was passed is good for one code or one reading.
"""

from __future__ import annotations

import random
import secrets
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from kiosk.quiz_questions import Question, read_questions
from kiosk.reading_refusals import QuizGone, QuizNeeded
from kiosk.refusals import FieldsNotValid

RIGHT_ANSWERS = 5
TRIES = 2
QUIZZES_AT_HAND_MAX = 16
ASKING, PASSED, FAILED, USED = "asking", "passed", "failed", "used"
RIGHT, AGAIN, MISSED = "right", "again", "missed"


@dataclass(slots=True)
class Quiz:
    """One person's quiz. `order` holds for the question that stands the places of its options as shown."""

    id: str
    left: list[Question]
    order: list[int] = field(default_factory=list)
    missed_options: list[int] = field(default_factory=list)
    right: int = 0
    state: str = ASKING

    @property
    def question(self) -> Question:
        return self.left[0]


@dataclass(frozen=True, slots=True)
class Marked:
    """What became of one answer; `question` is the one that was answered."""

    result: str
    question: Question
    quiz: Quiz


class Quizzes:
    """The quizzes that are under way at this kiosk."""

    def __init__(self, questions: Sequence[Question] | None = None, chance: random.Random | None = None) -> None:
        self._questions = read_questions() if questions is None else questions
        self._chance = chance or random.SystemRandom()
        self._lock = threading.Lock()
        self._quizzes: OrderedDict[str, Quiz] = OrderedDict()

    def begin(self) -> Quiz:
        """A new quiz with the questions in a new order."""
        quiz = Quiz(secrets.token_urlsafe(9), self._chance.sample(list(self._questions), len(self._questions)))
        self._shuffle(quiz)
        with self._lock:
            self._quizzes[quiz.id] = quiz
            while len(self._quizzes) > QUIZZES_AT_HAND_MAX:
                self._quizzes.popitem(last=False)
        return quiz

    def answer(self, quiz_id: str, option: int) -> Marked:
        """Marks an answer; `option` is the place of an option as shown. Raises QuizGone or FieldsNotValid."""
        with self._lock:
            quiz = self._get(quiz_id)
            if quiz.state != ASKING:
                raise QuizGone
            if not 0 <= option < len(quiz.order) or option in quiz.missed_options:
                raise FieldsNotValid("option", "none that can be chosen")
            question = quiz.question
            if quiz.order[option] == 0:
                quiz.right += 1
                return Marked(RIGHT, question, self._next(quiz))
            quiz.missed_options.append(option)
            if len(quiz.missed_options) < TRIES:
                return Marked(AGAIN, question, quiz)
            return Marked(MISSED, question, self._next(quiz))

    @contextmanager
    def used(self, quiz_id: str | None) -> Iterator[bool]:
        """True inside the block when this quiz was passed; it is used up by the block unless a refusal leaves it.

        None is no quiz: False. Raises QuizNeeded for one that was not passed, was used already or is not known.
        """
        if quiz_id is None:
            yield False
            return
        with self._lock:
            quiz = self._quizzes.get(quiz_id)
            if quiz is None or quiz.state != PASSED:
                raise QuizNeeded
            quiz.state = USED
        try:
            yield True
        except BaseException:
            quiz.state = PASSED
            raise

    def _next(self, quiz: Quiz) -> Quiz:
        quiz.left.pop(0)
        if quiz.right == RIGHT_ANSWERS:
            quiz.state = PASSED
        elif quiz.right + len(quiz.left) < RIGHT_ANSWERS:
            quiz.state = FAILED
        else:
            self._shuffle(quiz)
        return quiz

    def _shuffle(self, quiz: Quiz) -> None:
        places = range(len(quiz.question.options))
        quiz.order, quiz.missed_options = self._chance.sample(places, len(places)), []

    def _get(self, quiz_id: str) -> Quiz:
        quiz = self._quizzes.get(quiz_id)
        if quiz is None:
            raise QuizGone
        return quiz
