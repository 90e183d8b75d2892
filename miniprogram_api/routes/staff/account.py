"""One's own account: password, second factor and recovery codes."""

from __future__ import annotations

from typing import Annotated, Any

from flask import Response

from miniprogram_api.db import db, number_of
from miniprogram_api.domain.refusals import NotFound
from miniprogram_api.queries.people import interests_declared, own_account
from miniprogram_api.queries.sessions import StaffCaller
from miniprogram_api.routes.api import STAFF, Answer, Body, Calls, PublicId, surroundings, text
from miniprogram_api.services import accounts, interests
from miniprogram_api.services.accounts import Account

calls = Calls("staff", "account")
PASSWORD_SHORTEST = 12  # NIST SP 800-63B-4: length counts, not kinds of letters
NO_STORE = {"Cache-Control": "no-store"}
Password = Annotated[str, text(256)]


class NewPassword(Body):
    current: Password
    fresh: Annotated[str, text(256, PASSWORD_SHORTEST)]


class OwnPassword(Body):
    password: Password


class Digits(Body):
    totp: Annotated[str, text(6, 6, pattern=r"^[0-9]+$")]


class AccountAnswer(Answer):
    """`members`: member accounts that I have an interest in."""

    second_factor: bool
    recovery_codes_left: int
    members: list[PublicId]


class SecondFactorAnswer(Answer):
    """Shown once; `link` is the otpauth address behind the QR code."""

    secret: str
    link: str


class RecoveryCodesAnswer(Answer):
    """Shown once; each stands in for the authenticator's digits one time."""

    recovery_codes: list[str]


class InterestBody(Body):
    """A member account of one's own or of one's family."""

    member_id: PublicId


class InterestsAnswer(Answer):
    members: list[PublicId]


@calls.get("/staff/account", caller=STAFF, answer=AccountAnswer)
def read_account(person: StaffCaller) -> dict[str, Any]:
    """My second factor and recovery codes"""
    return own_account(db.session(), person.person_id)


@calls.post("/staff/account/password", caller=STAFF, body=NewPassword, status=204, refuses=("too_many_tries",))
def change_password(person: StaffCaller, body: NewPassword) -> Response:
    """Change my password; my other sessions end"""
    accounts.change_password(db.session(), _account(person), body.current, body.fresh, surroundings().clock)
    return Response(status=204)


@calls.post(
    "/staff/account/second-factor",
    caller=STAFF,
    body=OwnPassword,
    answer=SecondFactorAnswer,
    status=201,
    refuses=("too_many_tries",),
)
def begin_second_factor(person: StaffCaller, body: OwnPassword) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Take a new second factor

    It holds when its digits have been given; until then an earlier one does.
    """
    made = accounts.begin_second_factor(db.session(), _account(person), body.password, surroundings().clock)
    return {"secret": made.secret, "link": made.link}, 201, NO_STORE


@calls.post(
    "/staff/account/second-factor/confirmation",
    caller=STAFF,
    body=Digits,
    answer=RecoveryCodesAnswer,
    status=201,
    refuses=("not_found",),
)
def confirm_second_factor(person: StaffCaller, body: Digits) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Confirm it with its digits

    Answers ten recovery codes; my other sessions end.
    """
    codes = accounts.confirm_second_factor(db.session(), _account(person), body.totp, surroundings().clock)
    return {"recovery_codes": codes}, 201, NO_STORE


@calls.post(
    "/staff/account/recovery-codes",
    caller=STAFF,
    body=OwnPassword,
    answer=RecoveryCodesAnswer,
    status=201,
    refuses=("not_found", "too_many_tries"),
)
def renew_recovery_codes(person: StaffCaller, body: OwnPassword) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Ten new recovery codes instead of the old ones"""
    codes = accounts.renew_codes(db.session(), _account(person), body.password, surroundings().clock)
    return {"recovery_codes": codes}, 201, NO_STORE


def _account(person: StaffCaller) -> Account:
    return Account(person.person_id, person.login, person.token_hash)


@calls.post(
    "/staff/account/members",
    caller=STAFF,
    body=InterestBody,
    answer=InterestsAnswer,
    status=201,
    refuses=("not_found",),
)
def declare_interest(person: StaffCaller, body: InterestBody) -> dict[str, Any]:
    """Declare a member account as mine or my family's

    I can't ask for points there any more, nor approve them or take acts back.
    """
    number = number_of(body.member_id)
    if number is None:
        raise NotFound
    interests.declare_interest(db.session(), person.person_id, number, surroundings().clock)
    return {"members": interests_declared(db.session(), person.person_id)}
