"""Signed requests of kiosks: HTTP message signatures (RFC 9421) exactly as contract section 2 wants them."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import Request
from http_message_signatures import (
    HTTPMessageVerifier,
    HTTPSignatureAlgorithm,
    HTTPSignatureKeyResolver,
    InvalidSignature,
)

from miniprogram_api.routes.problems import Problem
from scenes.wire import signing

LABEL = "sig1"
PARAMETERS = {"created", "keyid", "alg"}
WITHOUT_BODY = {'"@method"', '"@path"', '"@query"'}
WITH_BODY = WITHOUT_BODY | {'"content-digest"'}
HEADERS_LENGTH_MAX = 2_000  # ours are under 400; the parser need not see more


class StrictEd25519(HTTPSignatureAlgorithm):
    """Ed25519 by our own strict check, which also refuses keys of small order."""

    algorithm_id = "ed25519"

    def __init__(self, public_key: Any = None, private_key: Any = None) -> None:
        self.public_key = public_key

    def verify(self, signature: bytes, message: bytes) -> None:
        if not signing.verify(self.public_key, signature, message):
            raise InvalidSignature("not this key's signature")


class TimelessVerifier(HTTPMessageVerifier):
    """`created` has to be a number, but no number refuses: the clock of a kiosk may be years off."""

    def validate_created_and_expires(self, sig_input: Any, max_age: Any = None) -> None:
        if type(sig_input.params.get("created")) is not int:
            raise InvalidSignature("created is missing")


@dataclass(frozen=True)
class Keys(HTTPSignatureKeyResolver):
    """Looks the key of a key id up in `public_key_of`; a look-up that fails is kept in `failures`."""

    public_key_of: Callable[[str], bytes | None]
    failures: list[Exception] = field(default_factory=list)

    def resolve_public_key(self, key_id: str) -> bytes | None:
        try:
            return self.public_key_of(key_id)
        except Exception as failure:
            self.failures.append(failure)
            raise


@dataclass(frozen=True)
class Message:
    """The request as the library reads one. The host is not signed; a fixed one keeps the Host header out of it."""

    method: str
    url: str
    headers: dict[str, str]


def signed_key_id(request: Request, public_key_of: Callable[[str], bytes | None]) -> str:
    """The key id whose key signed this request, body included. Raises Problem not_signed_in for anything else."""
    body, keys = request.get_data(), Keys(public_key_of)
    try:
        results = _verifier(keys).verify(_message(request), max_age=None)
    except InvalidSignature as error:
        if keys.failures:
            raise keys.failures[0] from None  # the library takes a database that is away for a wrong signature
        raise Problem("not_signed_in", why="signature") from error
    wanted = WITH_BODY if body else WITHOUT_BODY
    covered = set(results[0].covered_components) - {'"@signature-params"'}
    if results[0].label != LABEL or covered != wanted or set(results[0].parameters) != PARAMETERS:
        raise Problem("not_signed_in", why="signature")
    if body and request.headers.get("Content-Digest", "").strip() != content_digest(body):
        raise Problem("not_signed_in", why="signature")
    return str(results[0].parameters["keyid"])


def content_digest(body: bytes) -> str:
    """The Content-Digest field of a body (RFC 9530), SHA-256 only."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode('ascii')}:"


def _verifier(keys: Keys) -> HTTPMessageVerifier:
    return TimelessVerifier(signature_algorithm=StrictEd25519, key_resolver=keys)


def _message(request: Request) -> Message:
    headers = {name: request.headers.get(name, "") for name in ("Signature-Input", "Signature", "Content-Digest")}
    if any(len(value) > HEADERS_LENGTH_MAX for value in headers.values()):
        raise Problem("not_signed_in", why="signature")
    query = f"?{request.query_string.decode('latin-1')}" if request.query_string else ""
    present = {name: value for name, value in headers.items() if value}
    return Message(request.method, f"http://kiosk.invalid{request.path}{query}", present)
