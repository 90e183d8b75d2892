"""Who calls: a phone or a counter by bearer token, the console by cookie, a kiosk by its signature."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import request

from miniprogram_api.db import db
from miniprogram_api.domain.calendar import day_number
from miniprogram_api.domain.permissions import (
    BEFORE_OWN_PASSWORD,
    BEFORE_SECOND_FACTOR,
    COUNTER_BEFORE_OWN_PASSWORD,
    permitted,
    permitted_to_all,
)
from miniprogram_api.domain.permissions import MERCHANT as MERCHANT_MAY
from miniprogram_api.domain.permissions import STAFF as STAFF_MAY
from miniprogram_api.queries.kiosks import KioskCaller, kiosk_caller
from miniprogram_api.queries.sessions import (
    MemberCaller,
    MerchantCaller,
    StaffCaller,
    member_caller,
    merchant_caller,
    staff_caller,
)
from miniprogram_api.routes.problems import Problem
from miniprogram_api.routes.session_tokens import bearer_of, console_cookie_of
from miniprogram_api.routes.signatures import signed_key_id
from miniprogram_api.routes.surroundings import surroundings
from miniprogram_api.services.member_sessions import note_use
from miniprogram_api.services.tokens import token_hash
from scenes.wire.binary_text import binary_bytes
from scenes.wire.errors import FieldsInvalid
from scenes.wire.key_id import read_kiosk_key_id

CSRF_HEADER = "X-CSRF-Token"
READS = ("GET", "HEAD")
C = TypeVar("C", MemberCaller, MerchantCaller, StaffCaller, KioskCaller)


def _every_operation(operation: str, caller: Any) -> None:
    """For kinds of caller that have no roles."""


@dataclass(frozen=True)
class Caller:
    """A kind of caller; `identify` returns who it is for the view's argument `name`, or refuses; `admit` refuses an
    operation that the permission table doesn't give to a role of this caller."""

    name: str
    scheme: str
    identify: Callable[[], Any]
    refuses: tuple[str, ...] = ("not_signed_in",)
    may_be_absent: bool = False
    admit: Callable[[str, Any], None] = _every_operation


def bearer_hash() -> bytes | None:
    """The hash of the bearer token that came along, None without one."""
    token = bearer_of(request)
    return token_hash(token) if token else None


def _known(look_up: Callable[..., C | None], hashed: bytes | None) -> C:
    """The caller behind the hash; before a write the reading transaction ends, so that the use case begins its own."""
    if hashed is None:
        raise Problem("not_signed_in")
    caller = look_up(db.session(), hashed, surroundings().clock.now())
    if request.method not in READS:
        db.session.rollback()
    if caller is None:
        raise Problem("not_signed_in")
    return caller


def _member() -> MemberCaller:
    """The first call of a day notes that the session is still used."""
    member, clock = _known(member_caller, bearer_hash()), surroundings().clock
    if member.used_on < day_number(clock.now()):
        note_use(db.session(), member.token_hash, clock)
    return member


def _token() -> bytes:
    """Only the token's hash: the use case's own first statement finds who is behind it, and refuses a dead one."""
    hashed = bearer_hash()
    if hashed is None:
        raise Problem("not_signed_in")
    return hashed


def _staff() -> StaffCaller:
    token = console_cookie_of(request)
    caller = _known(staff_caller, token_hash(token) if token else None)
    if request.method not in READS:
        proof = request.headers.get(CSRF_HEADER, "")
        if not hmac.compare_digest(proof.encode("utf-8", "replace"), caller.csrf.encode("ascii")):
            raise Problem("not_allowed", why="csrf")
    return caller


def _admit_staff(operation: str, person: StaffCaller) -> None:
    if person.must_change_password and operation not in BEFORE_OWN_PASSWORD:
        raise Problem("not_allowed", why="password_change")
    if person.must_set_second_factor and operation not in BEFORE_SECOND_FACTOR:
        raise Problem("not_allowed", why="second_factor_needed")
    if not permitted(STAFF_MAY, person.roles, operation):
        raise Problem("not_allowed", why="role")


def _admit_merchant(operation: str, merchant: MerchantCaller) -> None:
    if merchant.must_change_password and operation not in COUNTER_BEFORE_OWN_PASSWORD:
        raise Problem("not_allowed", why="password_change")
    if not permitted(MERCHANT_MAY, (merchant.role,), operation):
        raise Problem("not_allowed", why="role")


def _admit_any_merchant(operation: str, token: bytes) -> None:
    # Nobody has been looked up yet, so only what every role may do can go this way.
    if not permitted_to_all(MERCHANT_MAY, operation):
        raise Problem("not_allowed", why="role")


def _kiosk() -> KioskCaller:
    found: list[KioskCaller] = []

    def public_key_of(key_id: str) -> bytes | None:
        try:
            number, epoch = read_kiosk_key_id(key_id)
        except FieldsInvalid:
            return None
        caller = kiosk_caller(db.session(), number, epoch)
        db.session.rollback()
        found.extend([caller] if caller else [])
        return caller.public_key if caller else None

    signed_key_id(request, public_key_of)
    return found[0]


def _new_kiosk() -> bytes:
    """The public key that signed: the key id is the key itself."""

    def public_key_of(key_id: str) -> bytes | None:
        try:
            return binary_bytes(key_id, 32, "keyid")
        except FieldsInvalid:
            return None

    return binary_bytes(signed_key_id(request, public_key_of), 32, "keyid")


MEMBER = Caller("member", "member", _member)
MEMBER_TOKEN = Caller("token", "member", _token)
MAYBE_MEMBER = Caller("carried", "member", bearer_hash, refuses=(), may_be_absent=True)
MERCHANT = Caller(
    "merchant",
    "merchant",
    lambda: _known(merchant_caller, bearer_hash()),
    refuses=("not_signed_in", "not_allowed"),
    admit=_admit_merchant,
)
MERCHANT_TOKEN = Caller("token", "merchant", _token, admit=_admit_any_merchant)
STAFF = Caller("person", "staff", _staff, refuses=("not_signed_in", "not_allowed"), admit=_admit_staff)
KIOSK = Caller("kiosk", "kiosk", _kiosk)
NEW_KIOSK = Caller("public_key", "kiosk", _new_kiosk)
