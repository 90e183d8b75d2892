"""The goods that points are exchanged for, as the console lists them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from miniprogram_api.db import db, number_of
from miniprogram_api.domain.items import ItemTerms
from miniprogram_api.domain.refusals import NotFound
from miniprogram_api.queries.items import ItemsAsked, staff_item, staff_items
from miniprogram_api.queries.sessions import StaffCaller
from miniprogram_api.routes.api import STAFF, Answer, Body, Calls, PublicId, caller_language, surroundings, text, whole
from miniprogram_api.routes.paging import Page
from miniprogram_api.routes.scalars import DIGITS
from miniprogram_api.routes.staff.version_shapes import Reason, Start
from miniprogram_api.services.item_versions import Draft, propose_item

calls = Calls("staff", "items")
Name = Annotated[str, text(64)]
Description = Annotated[str, text(500)]
ItemState = Literal["offered", "sold_out", "paused", "new"]


class ItemDocument(Body):
    """What a version says. `limit_per_person` null: no limit; not `active`: paused."""

    name_zh: Name
    name_en: Name
    description_zh: Description
    description_en: Description
    icon: Annotated[str, text(40, pattern=r"^[a-z0-9-]+$")]
    points: Annotated[int, whole(1, 100_000)]
    settlement_fen: Annotated[int, whole(0, 10_000_000)]
    limit_per_person: Annotated[int, whole(1, 1_000)] | None
    active: bool
    position: Annotated[int, whole(0, 9_999)]

    @property
    def terms(self) -> ItemTerms:
        return ItemTerms(**self.model_dump())


class ItemDraftBody(Body):
    """`starts_at` null: as soon as it is decided."""

    document: ItemDocument
    starts_at: Start | None = None

    def draft(self, reason: str) -> Draft:
        return Draft(self.document.terms, self.starts_at, reason)


class ItemVersionBody(ItemDraftBody):
    reason: Reason


class NewItemBody(ItemVersionBody):
    merchant_id: PublicId


class ItemPage(Page):
    """`q`: words of a name; `waiting` 1: only where something waits for a decision."""

    q: Annotated[str, text(64)] | None = None
    state: ItemState | None = None
    merchant: PublicId | None = None
    waiting: Annotated[int, whole(0, 1), DIGITS] = 0


class MerchantStanding(Answer):
    id: PublicId
    name: str
    state: Literal["active", "suspended"]


class ShelfAnswer(Answer):
    """`given`: held by vouchers or redeemed."""

    put_in: int
    remaining: int
    given: int


class ItemVersionDocument(Answer):
    name_zh: str
    name_en: str
    description_zh: str
    description_en: str
    icon: str
    points: int
    settlement_fen: int
    limit_per_person: int | None
    active: bool
    position: int


class StaffItem(ItemVersionDocument):
    """As the version in force has it; `version` null: none is yet, and this is the newest one."""

    id: PublicId
    name: str
    merchant: MerchantStanding
    version: int | None
    state: ItemState
    stock: ShelfAnswer
    version_waits: bool
    stock_waits: bool


class StaffItems(Answer):
    data: list[StaffItem]
    next: str | None


@calls.get("/staff/items", caller=STAFF, query=ItemPage, answer=StaffItems)
def list_items(person: StaffCaller, query: ItemPage) -> dict[str, Any]:
    """All goods in the order of the shop"""
    merchant = None if query.merchant is None else number_of(query.merchant)
    asked = ItemsAsked(query.q, query.state, merchant, bool(query.waiting))
    now = surroundings().clock.now()
    return staff_items(db.session(), asked, caller_language(), now, query.cursor, query.limit)


@calls.post("/staff/items", caller=STAFF, body=NewItemBody, answer=StaffItem, status=201, refuses=("not_found",))
def create_item(person: StaffCaller, body: NewItemBody) -> dict[str, Any]:
    """Propose a new item; it is offered once a second person agrees"""
    merchant, draft = number(body.merchant_id), body.draft(body.reason)
    return found(propose_item(db.session(), merchant, draft, person.person_id, surroundings().clock))


@calls.get("/staff/items/<item_id>", caller=STAFF, answer=StaffItem)
def read_item(person: StaffCaller, item_id: str) -> dict[str, Any]:
    """One item"""
    return found(number(item_id))


def number(item_id: str) -> int:
    """The number behind a public id in a path or body."""
    found_number = number_of(item_id)
    if found_number is None:
        raise NotFound
    return found_number


def found(item_id: int) -> dict[str, Any]:
    """The item as it is now."""
    shown = staff_item(db.session(), item_id, caller_language(), surroundings().clock.now())
    if shown is None:
        raise NotFound
    return shown
