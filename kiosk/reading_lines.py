"""The acts of one reading: which scenes a shown code may stand for here, how much, and in which room."""

from __future__ import annotations

from dataclasses import dataclass

from kiosk.clock import KioskClock
from kiosk.issue import allowed_quantity, open_offer
from kiosk.offers import Offer, Offers
from kiosk.promise import points_up_to
from kiosk.reading_refusals import QuizNeeded, WeightNeeded
from kiosk.refusals import FieldsNotValid, ProofNotAllowed
from scenes.wire.errors import FieldsInvalid
from scenes.wire.fields import words
from scenes.wire.journal import ReadLine
from scenes.wire.journal_content import READ_LINES_MAX, ROOM_CHARACTERS_MAX


@dataclass(frozen=True, slots=True)
class AskedLine:
    """An act as it was chosen on the screen; `quantity` in code units, None for the usual one.

    `weighed`: the quantity is what the scale said. `quiz_passed`: the person has answered this kiosk's quiz.
    """

    scene: int
    variant: int = 0
    quantity: int | None = None
    room: str | None = None
    weighed: bool = False
    quiz_passed: bool = False


def checked_lines(offers: Offers, clock: KioskClock, asked: tuple[AskedLine, ...]) -> tuple[ReadLine, ...]:
    """The lines as the journal keeps them; raises a Refusal for the first that this place does not offer so."""
    if not 1 <= len(asked) <= READ_LINES_MAX:
        raise FieldsNotValid("lines", f"from 1 to {READ_LINES_MAX}")
    kept = tuple(_checked(offers, clock, line, f"lines[{place}]") for place, line in enumerate(asked))
    acts = [(line.scene, line.room) for line in kept]
    if len(set(acts)) < len(acts):
        raise FieldsNotValid("lines", "one act stands there twice")
    return kept


def line_points(offers: Offers, line: ReadLine) -> int:
    """The most that this line can earn by the agreement's rule."""
    offer = offers.get(line.scene)
    variant = None if offer is None else offer.scene.variant(line.variant)
    assert offer is not None, "the line was just checked"
    assert variant is not None, "the line was just checked"
    return points_up_to(offer.scene, variant, line.quantity)


def _checked(offers: Offers, clock: KioskClock, line: AskedLine, where: str) -> ReadLine:
    offer = open_offer(offers, line.scene, clock)
    if not offer.offers_reading():
        raise ProofNotAllowed
    if offer.needs_quiz and not line.quiz_passed:
        raise QuizNeeded
    if offer.is_weighed and not line.weighed:
        raise WeightNeeded
    asked = offers.route_quantity() if offer.is_walked else line.quantity
    if offer.is_walked and asked is None:
        raise ProofNotAllowed  # a place without a way in the table is no end of one
    quantity = allowed_quantity(offer, line.variant, asked, where)
    return ReadLine(line.scene, line.variant, quantity, _room(offer, line.room, where))


def _room(offer: Offer, room: str | None, where: str) -> str | None:
    """The room where the cap is one room's; a room that nobody asked for is not kept."""
    if offer.scene.cap_scope != "room":
        return None
    try:
        return words(room.strip() if isinstance(room, str) else room, f"{where}.room", ROOM_CHARACTERS_MAX)
    except FieldsInvalid as reason:
        raise FieldsNotValid(reason.field, reason.reason) from reason
