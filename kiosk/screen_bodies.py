"""The bodies that the kiosk's own page sends, read strictly: what a person chose, completed by what devices know."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import Any

from kiosk.groups import DEFAULT_VARIANT
from kiosk.issue import CodeRequest
from kiosk.machine import Machine
from kiosk.reading_lines import AskedLine
from kiosk.refusals import FieldsNotValid
from scenes.wire.code_text import CODE_TEXT_MAX
from scenes.wire.errors import FieldsInvalid
from scenes.wire.fields import choice, members, path, sequence, whole_number, words
from scenes.wire.journal_content import READ_LINES_MAX, ROOM_CHARACTERS_MAX

ID_CHARACTERS_MAX = 32
SCREEN_WAYS = ("single", "ticket")


@dataclass(frozen=True, slots=True)
class ScreenReading:
    """What was shown to the reader, and the acts that it stands for; a weighing or a quiz is named by its id."""

    code: str
    lines: tuple[dict[str, Any], ...]


@contextmanager
def as_agreed() -> Iterator[None]:
    """Turns what the wire's strict readers say into the screen's refusal."""
    try:
        yield
    except FieldsInvalid as reason:
        raise FieldsNotValid(reason.field, reason.reason) from reason


@contextmanager
def completed_request(machine: Machine, body: object) -> Iterator[CodeRequest]:
    """The code that the body of POST /api/codes asks for, with the weight and the quiz that it names.

    Both are used up when the block ends without a refusal. Raises FieldsNotValid and what weighings and quizzes raise.
    """
    with as_agreed():
        asked = members(body, "", ("scene", "way"), ("variant", "quantity", "weighing", "quiz"))
        request = CodeRequest(**_act(asked, ""), way=choice(asked["way"], "way", SCREEN_WAYS))
        weighing, quiz = _id(asked, "weighing", ""), _id(asked, "quiz", "")
    with ExitStack() as stack:
        if weighing is not None:
            quantity = _weighed(stack, machine, weighing, request.scene, request.variant)
            request = replace(request, quantity=quantity, weighed=True)
        yield replace(request, quiz_passed=stack.enter_context(machine.quizzes.used(quiz)))


@contextmanager
def completed_lines(machine: Machine, lines: tuple[dict[str, Any], ...]) -> Iterator[tuple[AskedLine, ...]]:
    """The acts of a reading, as `completed_request` does it for one code."""
    with ExitStack() as stack:
        completed = []
        for place, line in enumerate(lines):
            where = f"lines[{place}]"
            with as_agreed():
                act = AskedLine(**_act(line, where), room=_room(line, where))
                weighing, quiz = _id(line, "weighing", where), _id(line, "quiz", where)
            if weighing is not None:
                act = replace(act, quantity=_weighed(stack, machine, weighing, act.scene, act.variant), weighed=True)
            completed.append(replace(act, quiz_passed=stack.enter_context(machine.quizzes.used(quiz))))
        yield tuple(completed)


def screen_reading(body: object) -> ScreenReading:
    """The body of POST /api/readings; raises FieldsNotValid."""
    with as_agreed():
        asked = members(body, "", ("code", "lines"))
        lines = sequence(asked["lines"], "lines", READ_LINES_MAX, least=1)
        return ScreenReading(shown_text(asked["code"]), tuple(_line(line, place) for place, line in enumerate(lines)))


def shown_text(value: object) -> str:
    """The text of what was shown; whether it is a code is for the intake to say. Raises FieldsInvalid."""
    if not isinstance(value, str) or len(value) > CODE_TEXT_MAX:
        raise FieldsInvalid("code", "not a text that a code could be")
    return value


def _line(value: object, place: int) -> dict[str, Any]:
    return members(value, f"lines[{place}]", ("scene",), ("variant", "quantity", "room", "weighing", "quiz"))


def _act(asked: dict[str, Any], where: str) -> dict[str, Any]:
    quantity = asked.get("quantity")
    return {
        "scene": whole_number(asked["scene"], path(where, "scene"), 1, 255),
        "variant": whole_number(asked.get("variant", DEFAULT_VARIANT), path(where, "variant"), 0, 255),
        "quantity": None if quantity is None else whole_number(quantity, path(where, "quantity"), 1, 65_535),
    }


def _room(asked: dict[str, Any], where: str) -> str | None:
    room = asked.get("room")
    return None if room is None else words(room, path(where, "room"), ROOM_CHARACTERS_MAX)


def _id(asked: dict[str, Any], name: str, where: str) -> str | None:
    found = asked.get(name)
    return None if found is None else words(found, path(where, name), ID_CHARACTERS_MAX)


def _weighed(stack: ExitStack, machine: Machine, weighing: str, scene: int, variant: int) -> int:
    """What the scale said in this weighing, which has to be one of this very scene and variant."""
    session = stack.enter_context(machine.weighings.handed_in(weighing))
    if (session.offer.scene.number, session.variant) != (scene, variant):
        raise FieldsNotValid("weighing", "of another scene")
    assert session.quantity is not None, "a finished weighing has its quantity"
    return session.quantity
