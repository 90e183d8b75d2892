"""A member's phone signs in and out."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from flask import Response, request
from pydantic import Discriminator, RootModel, Tag

from miniprogram_api.db import db
from miniprogram_api.domain.devices import device_words
from miniprogram_api.domain.fair_use import GUESTS_OF_ADDRESS, SIGN_INS_OF_ADDRESS, WRONG_RECOVERY_CODES
from miniprogram_api.queries.member_sessions import member_sessions
from miniprogram_api.queries.members import member_shown
from miniprogram_api.queries.sessions import MemberCaller
from miniprogram_api.routes.api import (
    MAYBE_MEMBER,
    MEMBER,
    Answer,
    Body,
    Calls,
    Day,
    Device,
    Moment,
    PublicId,
    Yes,
    surroundings,
    text,
)
from miniprogram_api.routes.member.shapes import ConsentGiven
from miniprogram_api.routes.tries import phone_signing_in, take_by_address, tried_by_address
from miniprogram_api.services.member_sessions import end_one_session, end_other_sessions
from miniprogram_api.services.sessions import (
    Phone,
    SignedIn,
    sign_in_by_code,
    sign_in_by_oauth_code,
    sign_in_by_recovery_code,
    sign_in_guest,
    sign_out_member,
)

calls = Calls("member", "sessions")
WAYS = ("code", "oauth_code", "guest", "recovery_code")


class WithCode(Body):
    """A mini-program's sign-in code; with the simulated WeChat `sim:<name>` or `sim:resident-<name>`."""

    code: Annotated[str, text(128)]
    device: Device | None = None
    consent: ConsentGiven | None = None


class WithOauthCode(Body):
    """The code of WeChat's web sign-in."""

    oauth_code: Annotated[str, text(128)]
    device: Device | None = None
    consent: ConsentGiven | None = None


class AsGuest(Body):
    guest: Yes
    device: Device | None = None
    consent: ConsentGiven | None = None


class WithRecoveryCode(Body):
    """What a guest wrote down; hyphens, spaces and case don't matter."""

    recovery_code: Annotated[str, text(64)]
    device: Device | None = None
    consent: ConsentGiven | None = None


def _way(value: Any) -> str | None:
    """The one way of signing in that the body names; none or two are refused."""
    named = [way for way in WAYS if way in value] if isinstance(value, dict) else []
    return named[0] if len(named) == 1 else None


class SignIn(
    RootModel[
        Annotated[
            Annotated[WithCode, Tag("code")]
            | Annotated[WithOauthCode, Tag("oauth_code")]
            | Annotated[AsGuest, Tag("guest")]
            | Annotated[WithRecoveryCode, Tag("recovery_code")],
            Discriminator(_way),
        ]
    ]
):
    """Exactly one of code, oauth_code, guest and recovery_code."""


class SignedInMember(Answer):
    id: PublicId
    nickname: str
    kind: Literal["guest", "visitor", "resident"]


class MemberSessionAnswer(Answer):
    """`recovery_code` is shown this once, to a new guest."""

    token: str
    member: SignedInMember
    recovery_code: str | None = None


@calls.post(
    "/member/sessions",
    caller=MAYBE_MEMBER,
    body=SignIn,
    answer=MemberSessionAnswer,
    status=201,
    refuses=("not_signed_in", "not_allowed", "wechat_away", "wechat_refused"),
)
def create_session(carried: bytes | None, body: SignIn) -> dict[str, Any]:
    """Sign in

    A WeChat sign-in that carries a guest's token attaches the identity to that guest, unless the person is a member.
    `consent` is what the person agrees to with it; who withdrew theirs signs in with a new one only.
    """
    signed_in = _sign_in(body.root, carried)
    answer = {"token": signed_in.token, "member": member_shown(db.session(), signed_in.member_id)}
    return answer | ({"recovery_code": signed_in.recovery_code} if signed_in.recovery_code else {})


def _sign_in(way: WithCode | WithOauthCode | AsGuest | WithRecoveryCode, carried: bytes | None) -> SignedIn:
    here = surroundings()
    pepper, consent = here.island.keys.recovery_pepper, way.consent.consent() if way.consent else None
    phone = Phone(phone_signing_in(way.device), device_words(request.headers.get("User-Agent", "")), consent)
    if isinstance(way, AsGuest):
        take_by_address(GUESTS_OF_ADDRESS)
        return sign_in_guest(db.session(), phone, pepper, here.clock)
    if isinstance(way, WithRecoveryCode):
        with tried_by_address(WRONG_RECOVERY_CODES):
            return sign_in_by_recovery_code(db.session(), way.recovery_code, phone, pepper, here.clock)
    take_by_address(SIGN_INS_OF_ADDRESS)
    if isinstance(way, WithCode):
        return sign_in_by_code(db.session(), here.wechat, way.code, phone, carried, here.clock)
    return sign_in_by_oauth_code(db.session(), here.wechat, way.oauth_code, phone, carried, here.clock)


class OpenSession(Answer):
    """`device` is browser and system as far as the phone said; `last_used_on` is to the day, null while unknown."""

    id: PublicId
    device: str | None
    created_at: Moment
    last_used_on: Day | None
    expires_at: Moment
    current: bool


class OpenSessions(Answer):
    data: list[OpenSession]
    next: str | None


@calls.get("/member/sessions", caller=MEMBER, answer=OpenSessions)
def list_sessions(member: MemberCaller) -> dict[str, Any]:
    """Where I am signed in, this phone first"""
    now = surroundings().clock.now()
    return {"data": member_sessions(db.session(), member.member_id, member.token_hash, now), "next": None}


@calls.delete("/member/sessions/others", caller=MEMBER, status=204)
def end_others(member: MemberCaller) -> Response:
    """Sign out everywhere but here"""
    end_other_sessions(db.session(), member.member_id, member.token_hash, surroundings().clock)
    return Response(status=204)


@calls.delete("/member/sessions/<session_id>", caller=MEMBER, status=204)
def revoke_session(member: MemberCaller, session_id: str) -> Response:
    """End one of my sessions"""
    end_one_session(db.session(), member.member_id, session_id, surroundings().clock)
    return Response(status=204)


@calls.delete("/member/sessions/current", caller=MEMBER, status=204)
def end_session(member: MemberCaller) -> Response:
    """Sign out"""
    sign_out_member(db.session(), member.token_hash, surroundings().clock)
    return Response(status=204)
