"""The people of the staff, as an administrator looks after them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from flask import Response
from pydantic import Field

from miniprogram_api.db import db, number_of
from miniprogram_api.domain.refusals import NotFound
from miniprogram_api.queries.people import people
from miniprogram_api.queries.people import person as one_person
from miniprogram_api.queries.sessions import StaffCaller
from miniprogram_api.routes.api import STAFF, Answer, Body, Calls, Moment, PublicId, surroundings, text
from miniprogram_api.services import staffing
from miniprogram_api.services.staffing import Change, OneTimePassword

calls = Calls("staff", "people")
Role = Literal["operator", "approver", "finance", "fleet", "auditor", "administrator"]
Roles = Annotated[list[Role], Field(min_length=1, max_length=6)]
Login = Annotated[str, text(32, 2, pattern=r"^[a-z0-9][a-z0-9._-]*$")]


class NewPersonBody(Body):
    """`login`: small letters, digits, and . _ - after the first."""

    login: Login
    name: Annotated[str, text(40)]
    roles: Roles


class PersonChange(Body):
    """What isn't there stays as it is."""

    roles: Roles | None = None
    blocked: bool | None = None


class PasswordReset(Body):
    """`forget_second_factor`: the authenticator is lost too."""

    forget_second_factor: bool = False


class StaffPerson(Answer):
    """`sessions`: how many are open. `must_change_password`: has a one-time password."""

    id: PublicId
    login: str
    name: str
    roles: list[str]
    blocked: bool
    second_factor: bool
    must_change_password: bool
    sessions: int
    signed_in_at: Moment | None
    created_at: Moment


class StaffPeople(Answer):
    data: list[StaffPerson]
    next: str | None


class OneTimePasswordAnswer(Answer):
    """`password` is shown once; it is changed at the first sign-in."""

    person: StaffPerson
    password: str
    valid_until: Moment


@calls.get("/staff/people", caller=STAFF, answer=StaffPeople)
def list_people(person: StaffCaller) -> dict[str, Any]:
    """Everybody of the staff"""
    return {"data": people(db.session(), surroundings().clock.now()), "next": None}


@calls.post("/staff/people", caller=STAFF, body=NewPersonBody, answer=OneTimePasswordAnswer, status=201)
def create_person(person: StaffCaller, body: NewPersonBody) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Add a person, with a one-time password"""
    made = staffing.add_person(db.session(), body.login, body.name, body.roles, person.person_id, surroundings().clock)
    return _once(made)


@calls.get("/staff/people/<person_id>", caller=STAFF, answer=StaffPerson)
def read_person(person: StaffCaller, person_id: str) -> dict[str, Any]:
    """One person of the staff"""
    return _found(_number(person_id))


@calls.patch("/staff/people/<person_id>", caller=STAFF, body=PersonChange, answer=StaffPerson)
def change_person(person: StaffCaller, person_id: str, body: PersonChange) -> dict[str, Any]:
    """Change roles, block or unblock

    Holds from the person's next call on. The last administrator keeps the role, and nobody blocks themselves.
    """
    number = _number(person_id)
    roles = body.roles if body.roles is not None else None
    staffing.change_person(db.session(), number, Change(roles, body.blocked), person.person_id, surroundings().clock)
    return _found(number)


@calls.post(
    "/staff/people/<person_id>/password", caller=STAFF, body=PasswordReset, answer=OneTimePasswordAnswer, status=201
)
def reset_password(
    person: StaffCaller, person_id: str, body: PasswordReset
) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Make a one-time password; the person's sessions end"""
    number, clock = _number(person_id), surroundings().clock
    made = staffing.reset_password(db.session(), number, body.forget_second_factor, person.person_id, clock)
    return _once(made)


@calls.delete("/staff/people/<person_id>/sessions", caller=STAFF, status=204)
def revoke_sessions(person: StaffCaller, person_id: str) -> Response:
    """End all sessions of a person"""
    staffing.revoke_sessions(db.session(), _number(person_id), person.person_id, surroundings().clock)
    return Response(status=204)


def _number(person_id: str) -> int:
    number = number_of(person_id)
    if number is None:
        raise NotFound
    return number


def _found(number: int) -> dict[str, Any]:
    shown = one_person(db.session(), number, surroundings().clock.now())
    if shown is None:
        raise NotFound
    return shown


def _once(made: OneTimePassword) -> tuple[dict[str, Any], int, dict[str, str]]:
    answer = {"person": _found(made.person_id), "password": made.password, "valid_until": made.valid_until}
    return answer, 201, {"Cache-Control": "no-store"}
