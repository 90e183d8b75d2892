"""A till or desk confirms what a guest did, by the guest's member code or card."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from miniprogram_api.db import db, number_of
from miniprogram_api.queries.desks import desk_read, desk_readings, till_scenes
from miniprogram_api.queries.sessions import MerchantCaller
from miniprogram_api.routes.api import (
    MERCHANT,
    Answer,
    Body,
    Calls,
    CodeText,
    Moment,
    Problem,
    PublicId,
    caller_language,
    surroundings,
    text,
    whole,
)
from miniprogram_api.routes.paging import Page
from miniprogram_api.services.desk_undos import DeskUndoWish, undo_desk_act
from miniprogram_api.services.desks import DeskLine, DeskReading, read_at_desk
from miniprogram_api.services.tills import till_of
from scenes.wire.journal_content import READ_LINES_MAX, ROOM_CHARACTERS_MAX

calls = Calls("merchant", "acts")
RECORD_CHARACTERS_MAX = 200
QUANTITY_MAX = 65_535


class ActAsked(Body):
    """`quantity` in code units; `room` where a scene counts by room; `record` where nothing else proves it."""

    scene: Annotated[str, text(64)]
    variant: Annotated[int, whole(0, 255)] = 0
    quantity: Annotated[int, whole(1, QUANTITY_MAX)]
    room: Annotated[str, text(ROOM_CHARACTERS_MAX)] | None = None
    record: Annotated[str, text(RECORD_CHARACTERS_MAX)] | None = None


class ActsBody(Body):
    """`code`: the member code or resident card that was read."""

    code: CodeText
    acts: Annotated[list[ActAsked], Field(min_length=1, max_length=READ_LINES_MAX)]


class ActResult(Answer):
    """One line. `code` says why it was refused; `reason_text` why it brought less or waits."""

    scene: str
    variant: int
    quantity: int
    name: str | None = None
    state: Literal["credited", "capped", "pending", "refused", "reversed"]
    points: int
    reduction_grams: int
    reason_text: str | None = None
    code: str | None = None


class ActsAnswer(Answer):
    """`nickname` is masked; `person` confirmed it."""

    id: PublicId
    results: list[ActResult]
    created_at: Moment
    undone_at: Moment | None
    person: str
    nickname: str


class ActsList(Answer):
    data: list[ActsAnswer]
    next: str | None


class TillVariant(Answer):
    number: int
    name: str
    points: int
    min_quantity: int
    max_quantity: int


class TillScene(Answer):
    """`whole_unit`: how many code units make one of `unit`."""

    id: str
    name: str
    icon: str
    unit: str
    whole_unit: int
    needs_room: bool
    needs_record: bool
    variants: list[TillVariant]


class TillScenes(Answer):
    data: list[TillScene]
    next: str | None


@calls.get("/merchant/scenes", caller=MERCHANT, answer=TillScenes, refuses=("merchant_suspended",))
def list_scenes(merchant: MerchantCaller) -> dict[str, Any]:
    """What this till may confirm; nothing where the merchant has no place for it"""
    here = surroundings()
    directory, now = here.island.directory, here.clock.now()
    till = till_of(db.session(), merchant.merchant_id, merchant.person_id, directory, here.island.limits)
    offers = till.offers(now) if till else {}
    return {"data": till_scenes(directory.rules(now), offers, caller_language()), "next": None}


@calls.post(
    "/merchant/acts",
    caller=MERCHANT,
    body=ActsBody,
    keyed="required",
    answer=ActsAnswer,
    status=201,
    refuses=(
        "code_malformed",
        "code_unknown_version",
        "code_signature_invalid",
        "code_expired",
        "code_already_used",
        "merchant_suspended",
        "not_allowed",
        "proof_not_allowed",
        "cool_down",
        "scene_closed",
        "quantity_too_small",
    ),
)
def create_acts(merchant: MerchantCaller, body: ActsBody, key: str) -> dict[str, Any]:
    """Confirm one to eight acts of a guest

    Each line is judged for itself; the call is refused only when every line is. A repeat with the same key answers
    the same acts as they are now.
    """
    here = surroundings()
    lines = tuple(DeskLine(**line.model_dump()) for line in body.acts)
    reading = DeskReading(merchant.merchant_id, merchant.person_id, body.code, lines, key)
    return _shown(read_at_desk(db.session(), reading, here.island, here.clock))


@calls.post(
    "/merchant/acts/<acts_id>/undo",
    caller=MERCHANT,
    keyed="required",
    answer=ActsAnswer,
    status=201,
    refuses=("undo_too_late", "idempotency_conflict"),
)
def create_acts_undo(merchant: MerchantCaller, acts_id: str, key: str) -> dict[str, Any]:
    """Take all acts of one reading back within two minutes

    The code stays used: the guest shows the next minute's. A repeat with the same key does nothing more.
    """
    here, number = surroundings(), number_of(acts_id)
    if number is None:
        raise Problem("not_found")
    wish = DeskUndoWish(merchant.merchant_id, merchant.person_id, number, key)
    undo_desk_act(db.session(), wish, here.island, here.clock)
    return _shown(number)


@calls.get("/merchant/acts", caller=MERCHANT, query=Page, answer=ActsList)
def list_acts(merchant: MerchantCaller, query: Page) -> dict[str, Any]:
    """What this merchant's people confirmed, newest first"""
    directory = surroundings().island.directory
    return desk_readings(db.session(), merchant.merchant_id, directory, caller_language(), query.cursor, query.limit)


def _shown(number: int) -> dict[str, Any]:
    return desk_read(db.session(), number, surroundings().island.directory, caller_language())
