"""The merchants, as staff look after them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from miniprogram_api.db import db
from miniprogram_api.domain.refusals import NotFound
from miniprogram_api.queries.merchants import merchant_versions, staff_merchant, staff_merchants
from miniprogram_api.queries.sessions import StaffCaller
from miniprogram_api.routes.api import (
    STAFF,
    Answer,
    Body,
    Calls,
    Moment,
    PublicId,
    caller_language,
    surroundings,
    text,
    whole,
)
from miniprogram_api.routes.merchant.people import CounterOnce, CounterPersonAnswer, Login, shown_once
from miniprogram_api.routes.paging import Page
from miniprogram_api.routes.scalars import DIGITS
from miniprogram_api.routes.staff.decisions import declare_decisions
from miniprogram_api.routes.staff.items import number
from miniprogram_api.routes.staff.version_shapes import (
    Digest,
    FieldChange,
    NamedPerson,
    Reason,
    State,
    version_number,
)
from miniprogram_api.services import counter_people, merchant_places, merchant_standing
from miniprogram_api.services.counter_people import Keeper
from miniprogram_api.services.merchant_standing import (
    Admission,
    admit,
    ask_to_resume,
    decide_merchant,
    name_merchant,
    payload_of_merchant,
)
from miniprogram_api.services.people import actor_of
from miniprogram_api.services.version_decisions import Verdict

calls = Calls("staff", "merchants")
Name = Annotated[str, text(64)]
MerchantState = Literal["active", "suspended"]


class NewMerchantBody(Body):
    """`login` is the owner's: small letters, digits, and . _ - after the first."""

    name_zh: Name
    name_en: Name
    place_zh: Name
    place_en: Name
    login: Login
    owner: Annotated[str, text(40)]
    reason: Reason


class MerchantChange(Body):
    """What isn't there stays as it is."""

    name_zh: Name | None = None
    name_en: Name | None = None
    place_zh: Name | None = None
    place_en: Name | None = None
    reason: Reason


class ReasonBody(Body):
    reason: Reason


class MerchantPlace(Body):
    """`venue_id` null: nothing is confirmed at its till."""

    venue_id: Annotated[str, text(64)] | None
    reason: Reason


class MerchantPage(Page):
    """`q`: words of a name or place; `waiting` 1: only where something waits for a decision."""

    q: Annotated[str, text(64)] | None = None
    state: MerchantState | None = None
    waiting: Annotated[int, whole(0, 1), DIGITS] = 0


class StaffMerchant(Answer):
    """`payable_fen` is owed for redeemed vouchers and not yet settled; `venue_id` is the place of its till, null where
    nothing is confirmed; `people` only where one merchant is read."""

    id: PublicId
    name: str
    name_zh: str
    name_en: str
    place: str
    place_zh: str
    place_en: str
    state: MerchantState
    created_at: Moment
    payable_fen: int
    items: int
    people_count: int
    version_waits: bool
    venue_id: str | None
    people: list[CounterPersonAnswer] | None = None


class StaffMerchants(Answer):
    data: list[StaffMerchant]
    next: str | None


class AdmittedAnswer(Answer):
    """`password` is shown once; the owner changes it at the first sign-in."""

    merchant: StaffMerchant
    login: str
    password: str
    valid_until: Moment


class MerchantDocument(Answer):
    name_zh: str
    name_en: str
    place_zh: str
    place_en: str
    state: MerchantState


class MerchantVersionAnswer(Answer):
    version: int
    change: Literal["admitted", "named", "suspended", "resumed"]
    state: State
    starts_at: Moment | None
    reason: str
    asked_by: NamedPerson | None
    asked_at: Moment
    decided_by: NamedPerson | None
    decided_at: Moment | None
    decision_reason: str | None
    second_person: bool
    payload: Digest
    changes: list[FieldChange]
    document: MerchantDocument


class MerchantVersions(Answer):
    data: list[MerchantVersionAnswer]
    next: str | None


@calls.get("/staff/merchants", caller=STAFF, query=MerchantPage, answer=StaffMerchants)
def list_merchants(person: StaffCaller, query: MerchantPage) -> dict[str, Any]:
    """All merchants, newest first"""
    language, waiting = caller_language(), bool(query.waiting)
    return staff_merchants(db.session(), query.q, query.state, waiting, language, query.cursor, query.limit)


@calls.post("/staff/merchants", caller=STAFF, body=NewMerchantBody, answer=AdmittedAnswer, status=201)
def create_merchant(person: StaffCaller, body: NewMerchantBody) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Admit a merchant, with a one-time password for its owner"""
    made = admit(db.session(), Admission(**body.model_dump()), person.person_id, surroundings().clock)
    answer = {"login": made.login, "password": made.password, "valid_until": made.valid_until}
    return {**answer, "merchant": _found(made.merchant_id)}, 201, {"Cache-Control": "no-store"}


@calls.get("/staff/merchants/<merchant_id>", caller=STAFF, answer=StaffMerchant)
def read_merchant(person: StaffCaller, merchant_id: str) -> dict[str, Any]:
    """One merchant with the people of its counter"""
    return _found(number(merchant_id))


@calls.patch("/staff/merchants/<merchant_id>", caller=STAFF, body=MerchantChange, answer=StaffMerchant)
def change_merchant(person: StaffCaller, merchant_id: str, body: MerchantChange) -> dict[str, Any]:
    """Other names or another place, at once"""
    merchant, names = number(merchant_id), body.model_dump(exclude={"reason"}, exclude_none=True)
    name_merchant(db.session(), merchant, names, body.reason, person.person_id, surroundings().clock)
    return _found(merchant)


@calls.post("/staff/merchants/<merchant_id>/place", caller=STAFF, body=MerchantPlace, answer=StaffMerchant)
def place_merchant(person: StaffCaller, merchant_id: str, body: MerchantPlace) -> dict[str, Any]:
    """Say which place's acts its till may confirm, from the next reading on"""
    merchant = number(merchant_id)
    clock = surroundings().clock
    merchant_places.place_merchant(db.session(), merchant, body.venue_id, body.reason, person.person_id, clock)
    return _found(merchant)


@calls.post("/staff/merchants/<merchant_id>/suspend", caller=STAFF, body=ReasonBody, answer=StaffMerchant)
def suspend_merchant(person: StaffCaller, merchant_id: str, body: ReasonBody) -> dict[str, Any]:
    """Suspend a merchant at once

    Nothing is exchanged or redeemed there until a second person has agreed that it works again.
    """
    merchant = number(merchant_id)
    merchant_standing.suspend_merchant(db.session(), merchant, body.reason, person.person_id, surroundings().clock)
    return _found(merchant)


@calls.post(
    "/staff/merchants/<merchant_id>/resume", caller=STAFF, body=ReasonBody, answer=MerchantVersionAnswer, status=201
)
def resume_merchant(person: StaffCaller, merchant_id: str, body: ReasonBody) -> dict[str, Any]:
    """Ask that a merchant works again; a second person decides"""
    merchant = number(merchant_id)
    version = ask_to_resume(db.session(), merchant, body.reason, person.person_id, surroundings().clock)
    return _version(merchant, version)


@calls.get("/staff/merchants/<merchant_id>/versions", caller=STAFF, answer=MerchantVersions)
def list_merchant_versions(person: StaffCaller, merchant_id: str) -> dict[str, Any]:
    """What a merchant was called and whether it worked, newest first"""
    return {"data": _versions(number(merchant_id)), "next": None}


@calls.post("/staff/merchants/<merchant_id>/people/<person_id>/password", caller=STAFF, answer=CounterOnce, status=201)
def reset_counter_password(
    person: StaffCaller, merchant_id: str, person_id: str
) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Make a one-time password for an owner or cashier; their sessions end"""
    keeper = Keeper(number(merchant_id), actor_of(person.person_id))
    return shown_once(
        counter_people.reset_counter_password(db.session(), keeper, number(person_id), surroundings().clock)
    )


def _decided(verdict: Verdict, merchant_id: str, version: str) -> dict[str, Any]:
    merchant, which = number(merchant_id), version_number(version)
    decide_merchant(db.session(), merchant, which, verdict, surroundings().clock)
    return _version(merchant, which)


declare_decisions(
    calls,
    "/staff/merchants/<merchant_id>/versions/<version>",
    "merchant_version",
    MerchantVersionAnswer,
    _decided,
    (
        "Let a merchant work again that somebody else asked for",
        "Let it stay suspended",
        "Take back what I asked for",
    ),
)


def _found(merchant_id: int) -> dict[str, Any]:
    shown = staff_merchant(db.session(), merchant_id, caller_language(), surroundings().clock.now())
    if shown is None:
        raise NotFound
    return shown


def _versions(merchant_id: int) -> list[dict[str, Any]]:
    found = merchant_versions(db.session(), merchant_id, payload_of_merchant)
    if found is None:
        raise NotFound
    return found


def _version(merchant_id: int, version: int) -> dict[str, Any]:
    return next(one for one in _versions(merchant_id) if one["version"] == version)
