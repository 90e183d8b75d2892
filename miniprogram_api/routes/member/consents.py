"""What I agree to."""

from __future__ import annotations

from typing import Any, Literal

from flask import Response

from miniprogram_api.db import db
from miniprogram_api.queries.consents import member_consents
from miniprogram_api.queries.sessions import MemberCaller
from miniprogram_api.routes.api import MEMBER, Answer, Body, Calls, Moment, Yes, caller_language, surroundings
from miniprogram_api.routes.member.shapes import ConsentGiven
from miniprogram_api.services.consents import give_consent, withdraw_consent

calls = Calls("member", "consents")


class Versions(Answer):
    """The newest version of each notice."""

    terms: int
    privacy: int


class VersionsGiven(Answer):
    """The versions that I agree to now, null where to none."""

    terms: int | None
    privacy: int | None


class ConsentDeed(Answer):
    """A notice agreed to or taken back, and the language of the words that were shown."""

    notice: Literal["terms", "privacy"]
    version: int
    deed: Literal["given", "withdrawn"]
    language: Literal["zh", "en"]
    at: Moment


class Consents(Answer):
    """`data` is everything that was said, newest first."""

    current: Versions
    given: VersionsGiven
    data: list[ConsentDeed]
    next: str | None


class WithdrawBody(Body):
    """`confirm` is true: it signs out everywhere."""

    confirm: Yes


@calls.get("/member/consents", caller=MEMBER, answer=Consents)
def read_consents(member: MemberCaller) -> dict[str, Any]:
    """What I agreed to, and the newest notices"""
    return member_consents(db.session(), member.member_id)


@calls.post("/member/consents", caller=MEMBER, body=ConsentGiven, answer=Consents, status=201)
def create_consent(member: MemberCaller, body: ConsentGiven) -> dict[str, Any]:
    """Agree to the notices in these versions

    What stands already is not noted a second time.
    """
    give_consent(db.session(), member.member_id, body.consent(), surroundings().clock)
    return member_consents(db.session(), member.member_id)


@calls.post("/member/consents/withdraw", caller=MEMBER, body=WithdrawBody, status=204)
def withdraw(member: MemberCaller, body: WithdrawBody) -> Response:
    """Take my consent back

    Every session, member code and card of mine ends. Points and vouchers stay; the next sign-in needs a new consent.
    """
    withdraw_consent(db.session(), member.member_id, caller_language(), surroundings().clock)
    return Response(status=204)
