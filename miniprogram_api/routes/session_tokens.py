"""The token of a session as a request carries it: a phone's or till's as bearer token, a console's in its cookie."""

from __future__ import annotations

from flask import Request

COOKIE = "island_session"
TOKEN_LENGTH_MAX = 128


def bearer_of(asked: Request) -> str:
    """Empty where none came along, or one that can't be ours."""
    scheme, _, token = asked.headers.get("Authorization", "").partition(" ")
    return _ours(token.strip()) if scheme.lower() == "bearer" else ""


def console_cookie_of(asked: Request) -> str:
    """The same of the console's cookie."""
    return _ours(asked.cookies.get(COOKIE, ""))


def _ours(token: str) -> str:
    return token if len(token) <= TOKEN_LENGTH_MAX else ""
