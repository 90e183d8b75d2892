"""A merchant's counter signs in and out."""

from __future__ import annotations

from typing import Annotated, Any

from flask import Response

from miniprogram_api.db import db, public_id
from miniprogram_api.domain.fair_use import WRONG_PASSWORDS
from miniprogram_api.queries.sessions import MerchantCaller
from miniprogram_api.routes.api import MERCHANT, Answer, Body, Calls, PublicId, caller_language, surroundings, text
from miniprogram_api.routes.tries import tried_by_address
from miniprogram_api.services.merchants import sign_in_merchant, sign_out_merchant

calls = Calls("merchant", "sessions")


class MerchantSignIn(Body):
    login: Annotated[str, text(64)]
    password: Annotated[str, text(256)]


class MerchantNamed(Answer):
    id: PublicId
    name: str


class CounterPerson(Answer):
    id: PublicId
    name: str
    role: str


class MerchantSessionAnswer(Answer):
    """`must_change_password`: the password is a one-time one; nothing else is answered before it is changed."""

    token: str
    merchant: MerchantNamed
    person: CounterPerson
    must_change_password: bool


@calls.post(
    "/merchant/sessions",
    body=MerchantSignIn,
    answer=MerchantSessionAnswer,
    status=201,
    refuses=("not_signed_in", "too_many_tries"),
)
def create_session(body: MerchantSignIn) -> dict[str, Any]:
    """Sign in at the counter"""
    with tried_by_address(WRONG_PASSWORDS):
        session = sign_in_merchant(db.session(), body.login, body.password, surroundings().clock)
    name = session.merchant_en if caller_language() == "en" else session.merchant_zh
    return {
        "token": session.token,
        "merchant": {"id": public_id(session.merchant_id), "name": name},
        "person": {"id": public_id(session.person_id), "name": session.name, "role": session.role},
        "must_change_password": session.must_change_password,
    }


@calls.delete("/merchant/sessions/current", caller=MERCHANT, status=204)
def end_session(merchant: MerchantCaller) -> Response:
    """Sign out"""
    sign_out_merchant(db.session(), merchant.token_hash, surroundings().clock)
    return Response(status=204)
