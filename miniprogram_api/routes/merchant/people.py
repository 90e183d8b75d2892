"""The people at a merchant's counter, as its owner looks after them; and everybody's own password."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from flask import Response

from miniprogram_api.db import db, number_of
from miniprogram_api.domain.refusals import NotFound
from miniprogram_api.queries.counter_people import counter_people, counter_person
from miniprogram_api.queries.sessions import MerchantCaller
from miniprogram_api.routes.api import MERCHANT, Answer, Body, Calls, Moment, PublicId, surroundings, text
from miniprogram_api.services import counter_people as services
from miniprogram_api.services.counter_people import CounterAccount, Keeper, counter_actor
from miniprogram_api.services.staffing import OneTimePassword

calls = Calls("merchant", "people")
PASSWORD_SHORTEST = 12  # NIST SP 800-63B-4: length counts, not kinds of letters
Login = Annotated[str, text(32, 2, pattern=r"^[a-z0-9][a-z0-9._-]*$")]


class NewCashier(Body):
    """`login`: small letters, digits, and . _ - after the first."""

    login: Login
    name: Annotated[str, text(40)]


class CashierChange(Body):
    """What isn't there stays as it is. A person that is added is a cashier and stays one."""

    blocked: bool | None = None
    role: Literal["cashier"] | None = None


class NewCounterPassword(Body):
    current: Annotated[str, text(256)]
    fresh: Annotated[str, text(256, PASSWORD_SHORTEST)]


class CounterPersonAnswer(Answer):
    """`sessions`: how many are open. `must_change_password`: has a one-time password."""

    id: PublicId
    login: str
    name: str
    role: Literal["owner", "cashier"]
    blocked: bool
    must_change_password: bool
    sessions: int
    signed_in_at: Moment | None


class CounterPeople(Answer):
    data: list[CounterPersonAnswer]
    next: str | None


class CounterOnce(Answer):
    """`password` is shown once; it is changed at the first sign-in."""

    person: CounterPersonAnswer
    password: str
    valid_until: Moment


@calls.get("/merchant/people", caller=MERCHANT, answer=CounterPeople)
def list_people(merchant: MerchantCaller) -> dict[str, Any]:
    """Everybody at this counter"""
    return {"data": counter_people(db.session(), merchant.merchant_id, surroundings().clock.now()), "next": None}


@calls.post("/merchant/people", caller=MERCHANT, body=NewCashier, answer=CounterOnce, status=201)
def create_person(merchant: MerchantCaller, body: NewCashier) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Add a cashier, with a one-time password"""
    made = services.add_cashier(db.session(), _keeper(merchant), body.login, body.name, surroundings().clock)
    return shown_once(made)


@calls.patch("/merchant/people/<person_id>", caller=MERCHANT, body=CashierChange, answer=CounterPersonAnswer)
def change_person(merchant: MerchantCaller, person_id: str, body: CashierChange) -> dict[str, Any]:
    """Block or unblock a cashier; a block ends their sessions at once"""
    number, here = _number(person_id), surroundings()
    services.change_cashier(db.session(), _keeper(merchant), number, body.blocked, here.clock)
    return counter_person(db.session(), number, here.clock.now())


@calls.post("/merchant/people/<person_id>/password", caller=MERCHANT, answer=CounterOnce, status=201)
def reset_password(merchant: MerchantCaller, person_id: str) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Make a one-time password for a cashier; their sessions end"""
    number, clock = _number(person_id), surroundings().clock
    return shown_once(services.reset_counter_password(db.session(), _keeper(merchant), number, clock))


@calls.post(
    "/merchant/account/password", caller=MERCHANT, body=NewCounterPassword, status=204, refuses=("too_many_tries",)
)
def change_password(merchant: MerchantCaller, body: NewCounterPassword) -> Response:
    """Change my password; my other sessions end"""
    account = CounterAccount(merchant.person_id, merchant.token_hash)
    services.change_counter_password(db.session(), account, body.current, body.fresh, surroundings().clock)
    return Response(status=204)


def shown_once(made: OneTimePassword) -> tuple[dict[str, Any], int, dict[str, str]]:
    """The answer that holds a one-time password."""
    person = counter_person(db.session(), made.person_id, surroundings().clock.now())
    answer = {"person": person, "password": made.password, "valid_until": made.valid_until}
    return answer, 201, {"Cache-Control": "no-store"}


def _keeper(merchant: MerchantCaller) -> Keeper:
    return Keeper(merchant.merchant_id, counter_actor(merchant.person_id), merchant.person_id)


def _number(person_id: str) -> int:
    number = number_of(person_id)
    if number is None:
        raise NotFound
    return number
