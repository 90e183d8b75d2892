"""The console signs in and out: a cookie that scripts can't read, and a token that each write has to carry."""

from __future__ import annotations

from typing import Annotated, Any

from flask import Response, request

from miniprogram_api.db import db, public_id
from miniprogram_api.domain.devices import device_words
from miniprogram_api.domain.fair_use import WRONG_PASSWORDS
from miniprogram_api.domain.permissions import BEFORE_OWN_PASSWORD, BEFORE_SECOND_FACTOR, operations_of
from miniprogram_api.domain.permissions import STAFF as STAFF_MAY
from miniprogram_api.queries.people import own_sessions
from miniprogram_api.queries.sessions import StaffCaller, staff_caller
from miniprogram_api.routes.api import STAFF, Answer, Body, Calls, Moment, PublicId, surroundings, text
from miniprogram_api.routes.session_tokens import COOKIE
from miniprogram_api.routes.tries import tried_by_address
from miniprogram_api.services.people import (
    SESSION_SECONDS,
    session_id_of,
    sign_in_staff,
    sign_out_staff,
)
from miniprogram_api.services.people import (
    revoke_session as end_own_session,
)
from miniprogram_api.services.tokens import token_hash

calls = Calls("staff", "sessions")
COOKIE_PATH = "/api/v1/staff"


class StaffSignIn(Body):
    login: Annotated[str, text(64)]
    password: Annotated[str, text(256)]
    totp: Annotated[str, text(6, 6, pattern=r"^[0-9]+$")] | None = None
    recovery_code: Annotated[str, text(32)] | None = None


class PersonAnswer(Answer):
    id: PublicId
    name: str
    login: str
    roles: list[str]


class StaffSessionAnswer(Answer):
    """`csrf` goes into the header X-CSRF-Token of each write; `may` are the ids of the operations that the person's
    roles allow. With `must_change_password` nothing but the change of the password is possible yet, and then with
    `must_set_second_factor` nothing but to set one up."""

    person: PersonAnswer
    csrf: str
    may: list[str]
    must_change_password: bool
    must_set_second_factor: bool


class OpenSession(Answer):
    """`device` is browser and system as far as they are known."""

    id: PublicId
    device: str | None
    created_at: Moment
    expires_at: Moment
    current: bool


class OpenSessions(Answer):
    data: list[OpenSession]
    next: str | None


@calls.post(
    "/staff/sessions",
    body=StaffSignIn,
    answer=StaffSessionAnswer,
    status=201,
    refuses=("not_signed_in", "too_many_tries"),
)
def create_session(body: StaffSignIn) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Sign in to the console

    Sets the cookie island_session. `totp`, or one of the recovery codes, is asked of people who have a second factor.
    """
    clock = surroundings().clock
    with tried_by_address(WRONG_PASSWORDS):
        session = sign_in_staff(
            db.session(),
            body.login,
            body.password,
            body.totp,
            clock,
            recovery_code=body.recovery_code,
            device=device_words(request.headers.get("User-Agent", "")),
        )
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


@calls.get("/staff/sessions", caller=STAFF, answer=OpenSessions)
def list_sessions(person: StaffCaller) -> dict[str, Any]:
    """My open sessions, newest first"""
    rows = own_sessions(db.session(), person.person_id, surroundings().clock.now())
    return {"data": [_listed(row, person) for row in rows], "next": None}


@calls.delete("/staff/sessions/<session_id>", caller=STAFF, status=204)
def revoke_session(person: StaffCaller, session_id: str) -> Response:
    """End one of my sessions"""
    end_own_session(db.session(), person.person_id, session_id, surroundings().clock)
    return Response(status=204)


def _listed(row: Any, person: StaffCaller) -> dict[str, Any]:
    return {
        "id": session_id_of(row.token_hash),
        "device": row.device,
        "created_at": row.created_at,
        "expires_at": row.expires_at,
        "current": row.token_hash == person.token_hash,
    }


def _shown(person: StaffCaller) -> dict[str, Any]:
    return {
        "person": {
            "id": public_id(person.person_id),
            "name": person.name,
            "login": person.login,
            "roles": list(person.roles),
        },
        "csrf": person.csrf,
        "may": sorted(_may(person)),
        "must_change_password": person.must_change_password,
        "must_set_second_factor": person.must_set_second_factor,
    }


def _may(person: StaffCaller) -> frozenset[str]:
    if person.must_change_password:
        return BEFORE_OWN_PASSWORD
    return BEFORE_SECOND_FACTOR if person.must_set_second_factor else operations_of(STAFF_MAY, person.roles)


def _cookie(value: str, seconds: int) -> str:
    public_address = surroundings().settings.code_base_url.lower()  # a proxy in front may be the one that speaks TLS
    secure = "; Secure" if request.is_secure or public_address.startswith("https:") else ""
    return f"{COOKIE}={value}; Path={COOKIE_PATH}; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}"
