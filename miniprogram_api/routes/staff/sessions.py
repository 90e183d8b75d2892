"""The console signs in and out: a cookie that scripts can't read, and a token that each write has to carry."""

from __future__ import annotations

from typing import Annotated, Any

from flask import Response, request

from miniprogram_api.db import db, public_id
from miniprogram_api.queries.sessions import StaffCaller, staff_caller
from miniprogram_api.routes.api import STAFF, Answer, Body, Calls, PublicId, surroundings, text
from miniprogram_api.routes.callers import COOKIE
from miniprogram_api.services.people import SESSION_SECONDS, sign_in_staff, sign_out_staff
from miniprogram_api.services.tokens import token_hash

calls = Calls("staff", "sessions")
COOKIE_PATH = "/api/v1/staff"


class StaffSignIn(Body):
    login: Annotated[str, text(64)]
    password: Annotated[str, text(256)]
    totp: Annotated[str, text(6, 6, pattern=r"^[0-9]+$")] | None = None


class PersonAnswer(Answer):
    id: PublicId
    name: str
    login: str
    roles: list[str]


class StaffSessionAnswer(Answer):
    """`csrf` goes into the header X-CSRF-Token of each write."""

    person: PersonAnswer
    csrf: str


@calls.post(
    "/staff/sessions",
    body=StaffSignIn,
    answer=StaffSessionAnswer,
    status=201,
    refuses=("not_signed_in", "too_many_tries"),
)
def create_session(body: StaffSignIn) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Sign in to the console

    Sets the cookie island_session. `totp` is asked of people who have a second factor.
    """
    clock = surroundings().clock
    session = sign_in_staff(db.session(), body.login, body.password, body.totp, clock)
    person = staff_caller(db.session(), token_hash(session.token), clock.now())
    assert person is not None, "the session was opened a moment ago"
    return _shown(person), 201, {"Set-Cookie": _cookie(session.token, SESSION_SECONDS)}


@calls.get("/staff/sessions/current", caller=STAFF, answer=StaffSessionAnswer)
def read_session(person: StaffCaller) -> dict[str, Any]:
    """Who is signed in"""
    return _shown(person)


@calls.delete("/staff/sessions/current", caller=STAFF, status=204)
def end_session(person: StaffCaller) -> Response:
    """Sign out"""
    sign_out_staff(db.session(), person.token_hash, surroundings().clock)
    return Response(status=204, headers={"Set-Cookie": _cookie("", 0)})


def _shown(person: StaffCaller) -> dict[str, Any]:
    return {
        "person": {
            "id": public_id(person.person_id),
            "name": person.name,
            "login": person.login,
            "roles": list(person.roles),
        },
        "csrf": person.csrf,
    }


def _cookie(value: str, seconds: int) -> str:
    public_address = surroundings().settings.code_base_url.lower()  # a proxy in front may be the one that speaks TLS
    secure = "; Secure" if request.is_secure or public_address.startswith("https:") else ""
    return f"{COOKIE}={value}; Path={COOKIE_PATH}; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}"
