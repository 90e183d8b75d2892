"""The screen's calls about the quiz. The right answer leaves this process only after it was given or missed twice."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, jsonify, request

from kiosk.machine import Machine
from kiosk.quiz import AGAIN, ASKING, RIGHT_ANSWERS, Marked, Quiz
from kiosk.screen_bodies import as_agreed
from scenes.wire.fields import members, whole_number

OPTIONS_MAX = 8


def add_quizzes(app: Flask, machine: Machine) -> None:
    """Adds the calls to the screen's application."""

    @app.post("/api/quizzes")
    def create_quiz() -> tuple[Response, int]:
        return jsonify(_shown_quiz(machine.quizzes.begin())), 201

    @app.post("/api/quizzes/<quiz_id>/answers")
    def create_answer(quiz_id: str) -> tuple[Response, int]:
        with as_agreed():
            body = members(request.get_json(silent=True), "", ("option",))
            option = whole_number(body["option"], "option", 0, OPTIONS_MAX)
        return jsonify(_shown_mark(machine.quizzes.answer(quiz_id, option))), 201


def _shown_quiz(quiz: Quiz) -> dict[str, Any]:
    return {
        "id": quiz.id,
        "state": quiz.state,
        "right": quiz.right,
        "of": RIGHT_ANSWERS,
        "question": _shown_question(quiz) if quiz.state == ASKING else None,
    }


def _shown_question(quiz: Quiz) -> dict[str, Any]:
    question = quiz.question
    return {
        "id": question.id,
        "words": question.words.as_json(),
        "options": [question.options[place].as_json() for place in quiz.order],
        "missed": list(quiz.missed_options),
    }


def _shown_mark(marked: Marked) -> dict[str, Any]:
    question = marked.question
    told = marked.result != AGAIN
    return {
        "result": marked.result,
        "answer": question.options[0].as_json() if told else None,
        "why": question.why.as_json() if told else None,
        "source": question.source.as_json() if told else None,
        "quiz": _shown_quiz(marked.quiz),
    }
