"""The stock of an item: pieces put in or taken out, each time with a reason."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator

from miniprogram_api.db import db
from miniprogram_api.queries.item_versions import stock_change, stock_changes
from miniprogram_api.queries.sessions import StaffCaller
from miniprogram_api.routes.api import STAFF, Answer, Body, Calls, Moment, PublicId, surroundings, whole
from miniprogram_api.routes.paging import Page
from miniprogram_api.routes.staff.decisions import declare_decisions
from miniprogram_api.routes.staff.items import found, number
from miniprogram_api.routes.staff.version_shapes import Digest, NamedPerson, Reason
from miniprogram_api.services.stock import StockWish, change_stock, decide_stock, payload_of_change
from miniprogram_api.services.version_decisions import Verdict

calls = Calls("staff", "stock")
PIECES_MAX = 100_000


def _some(pieces: int) -> int:
    if pieces == 0:
        raise ValueError("no pieces are no change")
    return pieces


class StockBody(Body):
    """`pieces` put in, or taken out where negative."""

    pieces: Annotated[int, whole(-PIECES_MAX, PIECES_MAX), AfterValidator(_some)]
    reason: Reason


class StockChangeAnswer(Answer):
    id: PublicId
    pieces: int
    state: Literal["asked", "done", "rejected", "withdrawn"]
    reason: str
    asked_by: NamedPerson | None
    asked_at: Moment
    decided_by: NamedPerson | None
    decided_at: Moment | None
    decision_reason: str | None
    second_person: bool
    payload: Digest


class StockChanges(Answer):
    data: list[StockChangeAnswer]
    next: str | None


@calls.get("/staff/items/<item_id>/stock", caller=STAFF, query=Page, answer=StockChanges)
def list_stock_changes(person: StaffCaller, item_id: str, query: Page) -> dict[str, Any]:
    """What was put in and taken out, newest first"""
    item = number(item_id)
    found(item)
    return stock_changes(db.session(), item, payload_of_change, query.cursor, query.limit)


@calls.post(
    "/staff/items/<item_id>/stock",
    caller=STAFF,
    body=StockBody,
    keyed="required",
    answer=StockChangeAnswer,
    status=201,
    refuses=("out_of_stock",),
)
def create_stock_change(person: StaffCaller, item_id: str, body: StockBody, key: str) -> dict[str, Any]:
    """Put pieces in, or take some out

    Much at once waits for a second person. A repeat with the same key answers the same change.
    """
    here, item = surroundings(), number(item_id)
    wish = StockWish(item, body.pieces, body.reason, person.person_id, key)
    return _found(change_stock(db.session(), wish, here.island.limits, here.clock))


def _decided(verdict: Verdict, item_id: str, change_id: str) -> dict[str, Any]:
    change = number(change_id)
    decide_stock(db.session(), number(item_id), change, verdict, surroundings().clock)
    return _found(change)


declare_decisions(
    calls,
    "/staff/items/<item_id>/stock/<change_id>",
    "stock_change",
    StockChangeAnswer,
    _decided,
    (
        "Let somebody else's pieces be put in",
        "Say no to somebody else's pieces",
        "Take back pieces that I asked to put in",
    ),
)


def _found(change_id: int) -> dict[str, Any]:
    return stock_change(db.session(), change_id, payload_of_change)
