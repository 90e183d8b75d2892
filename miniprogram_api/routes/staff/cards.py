"""Residents' cards: made, printed and revoked at the desk."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from flask import Response
from pydantic import Field

from miniprogram_api.db import db, number_of
from miniprogram_api.domain.corrections import REASON_LENGTH_MAX
from miniprogram_api.domain.refusals import InvalidFields, NotFound
from miniprogram_api.queries.cards import card_number, card_page, card_shown
from miniprogram_api.queries.members import member_shown
from miniprogram_api.queries.sessions import StaffCaller
from miniprogram_api.routes.api import STAFF, Answer, Body, Calls, Moment, PublicId, surroundings, text
from miniprogram_api.routes.paging import Page
from miniprogram_api.routes.staff.card_sheet import Issuer, card_sheets
from miniprogram_api.services import cards
from miniprogram_api.services.residents import admit_resident

calls = Calls("staff", "cards")
SHEET_CARDS_MAX = 50


class CardSearch(Page):
    """`search`: a card's number, a member's id, or words of a nickname; `member`: only that member's."""

    search: Annotated[str, text(64)] | None = None
    member: PublicId | None = None


class ResidentBody(Body):
    """`nickname` is printed on the card; no real name is needed."""

    nickname: Annotated[str, text(24)]


class CardBody(Body):
    member_id: PublicId


class CardRevocation(Body):
    reason: Annotated[str, text(REASON_LENGTH_MAX, 3)]


class SheetBody(Body):
    """The cards in the order in which they are to be printed."""

    cards: Annotated[list[PublicId], Field(min_length=1, max_length=SHEET_CARDS_MAX)]


class Resident(Answer):
    id: PublicId
    nickname: str
    kind: Literal["resident"]


class CardMember(Answer):
    id: PublicId
    nickname: str


class CardAnswer(Answer):
    """`created_by` and `revoked_by` are names of the staff."""

    id: PublicId
    member: CardMember
    state: Literal["valid", "expired", "revoked"]
    valid_from: Moment
    valid_until: Moment
    created_at: Moment
    created_by: str
    revoked_at: Moment | None
    revoked_by: str | None


class Cards(Answer):
    data: list[CardAnswer]
    next: str | None


@calls.post("/staff/members", caller=STAFF, body=ResidentBody, answer=Resident, status=201)
def create_member(person: StaffCaller, body: ResidentBody) -> dict[str, Any]:
    """Admit a resident who has no phone"""
    member_id = admit_resident(db.session(), body.nickname, person.person_id, surroundings().clock)
    return member_shown(db.session(), member_id)


@calls.get("/staff/cards", caller=STAFF, query=CardSearch, answer=Cards)
def list_cards(person: StaffCaller, query: CardSearch) -> dict[str, Any]:
    """Residents' cards, newest first"""
    member = None if query.member is None else number_of(query.member) or 0
    return card_page(db.session(), query.search, member, query.cursor, query.limit, surroundings().clock.now())


@calls.post(
    "/staff/cards", caller=STAFF, body=CardBody, answer=CardAnswer, status=201, refuses=("not_allowed", "not_found")
)
def create_card(person: StaffCaller, body: CardBody) -> dict[str, Any]:
    """Make a card for a resident

    The card that the member had until now is revoked with it.
    """
    here, member = surroundings(), number_of(body.member_id)
    if member is None:
        raise InvalidFields(fields=[{"field": "member_id", "reason": "no such id"}])
    return _found(cards.issue_card(db.session(), member, person.person_id, here.island, here.clock))


@calls.post("/staff/cards/<card_id>/revoke", caller=STAFF, body=CardRevocation, answer=CardAnswer, status=201)
def revoke_card(person: StaffCaller, card_id: str, body: CardRevocation) -> dict[str, Any]:
    """No reader takes this card any more"""
    card = _number(card_id)
    cards.revoke_card(db.session(), card, person.person_id, body.reason, surroundings().clock)
    return _found(card)


@calls.post("/staff/cards/sheets", caller=STAFF, body=SheetBody, status=200, refuses=("not_allowed", "not_found"))
def print_card_sheets(person: StaffCaller, body: SheetBody) -> Response:
    """Sheets of cards as PDF, ten on each A4 page"""
    here = surroundings()
    numbers = [_number(card) for card in dict.fromkeys(body.cards)]
    faces = cards.print_cards(db.session(), numbers, person.person_id, here.island, here.clock)
    pdf = card_sheets(faces, Issuer(here.settings.island_name, here.settings.help_contact))
    headers = {"Content-Disposition": 'attachment; filename="resident-cards.pdf"'}
    return Response(pdf, 200, headers, content_type="application/pdf")


def _number(card_id: str) -> bytes:
    card = card_number(card_id)
    if card is None:
        raise NotFound
    return card


def _found(card: bytes) -> dict[str, Any]:
    shown = card_shown(db.session(), card, surroundings().clock.now())
    assert shown is not None, "a card is never removed"
    return shown
