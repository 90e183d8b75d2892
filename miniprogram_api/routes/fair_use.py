"""Who calls too often waits: each phone, till and console by its own count, whoever isn't signed in by their address.

A ferry of three hundred people has one address. So what somebody does who is signed in counts for their session alone,
and an address that has used up its calls keeps none of those waiting who were answered well from it lately.
"""

from __future__ import annotations

import logging
from math import ceil

from flask import Flask, Request, Response, g, request

from miniprogram_api.clock import Clock
from miniprogram_api.domain.fair_use import (
    ADDRESS_WRONG_CODES,
    CONSOLE_CALLS,
    FIRST_WRONG_CODES,
    KNOWN_SECONDS,
    PHONE_CALLS,
    PHONE_WRONG_CODES,
    STRANGER_CALLS,
    TILL_CALLS,
    UNKNOWN_TOKEN_COSTS,
    Allowance,
    charge,
    take,
    taken,
)
from miniprogram_api.routes.addresses import Network, caller_address
from miniprogram_api.routes.call_counts import CallCounts
from miniprogram_api.routes.problems import Problem
from miniprogram_api.routes.session_tokens import bearer_of, console_cookie_of

LOGGER = logging.getLogger("tanyu.fair_use")
API = "/api/v1/"
KIOSK = f"{API}kiosk/"
UNCOUNTED = frozenset({"/healthz", "/readyz"})
SESSIONS = ((f"{API}member/", PHONE_CALLS), (f"{API}merchant/", TILL_CALLS), (f"{API}staff/", CONSOLE_CALLS))
TAKES_CODES = frozenset(
    {f"{API}member/scans", f"{API}merchant/acts", f"{API}merchant/lookups", f"{API}merchant/redemptions"}
)
WRONG_CODES = frozenset({"code_malformed", "code_signature_invalid", "code_unknown_version"})
NOT_SIGNED_IN = "not_signed_in"


class FairUse:
    """The counts of this machine. `trusted` are the proxies whose word about the hop before them is believed."""

    def __init__(self, counts: CallCounts, trusted: tuple[Network, ...], clock: Clock) -> None:
        self._counts, self._trusted, self._clock = counts, trusted, clock
        self._warned = bool(trusted)

    def address(self) -> str:
        """Of the caller of this request, as it is counted; empty where nothing tells."""
        forwarded = request.headers.get("X-Forwarded-For", "")
        if forwarded and not self._warned:
            self._warned = True
            LOGGER.warning(
                "requests come through a proxy that TANYU_TRUSTED_PROXIES doesn't name: all its callers count as one"
            )
        return caller_address(request.remote_addr or "", forwarded, self._trusted)

    def admit(self) -> None:
        """Count this call before anything is done for it. Raises Problem (too_many_tries)."""
        if request.path in UNCOUNTED or _is_signed(request):
            return
        now, session = self._clock.now(), _session(request)
        if session is None:
            self._take_of_address(now)
            return
        mark = self._counts.mark("session", session[1])
        with self._counts.count_of(mark, now) as count:
            count.calls_full_at, wait = take(count.calls_full_at, now, session[0])
        if wait:
            raise _too_many(wait)
        if count.known_until <= now:
            self._refuse_at_busy_address(now)
        if request.path in TAKES_CODES and request.method == "POST":
            self._refuse_wrong_codes(taken(count.codes_full_at, now, PHONE_WRONG_CODES), count.codes_full_at, now)
        g.fair_use = (mark, count.known_until)

    def settle(self, status: int) -> None:
        """Count what the answer says of the caller."""
        now, refused = self._clock.now(), g.get("refused")
        mark, known_until = g.get("fair_use", (None, 0.0))
        if refused == NOT_SIGNED_IN and (mark is not None or _is_signed(request)):
            self._charge_address(now)
        elif mark is None:
            return
        elif refused in WRONG_CODES:
            self._charge_wrong_code(mark, now)
        elif status < 400 and known_until < now + KNOWN_SECONDS / 2:
            with self._counts.count_of(mark, now) as count:
                count.known_until = now + KNOWN_SECONDS

    def _mark_of_address(self) -> bytes:
        return self._counts.mark("address", self.address().encode("ascii"))

    def _take_of_address(self, now: int) -> None:
        with self._counts.count_of(self._mark_of_address(), now) as count:
            count.calls_full_at, wait = take(count.calls_full_at, now, STRANGER_CALLS)
        if wait:
            raise _too_many(wait)

    def _refuse_at_busy_address(self, now: int) -> None:
        with self._counts.count_of(self._mark_of_address(), now) as count:
            _, wait = take(count.calls_full_at, now, STRANGER_CALLS)
        if wait:
            raise _too_many(wait)

    def _refuse_wrong_codes(self, own: float, full_at: float, now: int) -> None:
        _, wait = take(full_at, now, PHONE_WRONG_CODES)
        if not wait and own >= FIRST_WRONG_CODES:
            with self._counts.count_of(self._mark_of_address(), now) as count:
                _, wait = take(count.codes_full_at, now, ADDRESS_WRONG_CODES)
        if wait:
            raise _too_many(wait, why="codes")

    def _charge_address(self, now: int) -> None:
        with self._counts.count_of(self._mark_of_address(), now) as count:
            count.calls_full_at = charge(count.calls_full_at, now, STRANGER_CALLS, UNKNOWN_TOKEN_COSTS)

    def _charge_wrong_code(self, mark: bytes, now: int) -> None:
        with self._counts.count_of(mark, now) as count:
            count.codes_full_at = charge(count.codes_full_at, now, PHONE_WRONG_CODES)
        with self._counts.count_of(self._mark_of_address(), now) as count:
            count.codes_full_at = charge(count.codes_full_at, now, ADDRESS_WRONG_CODES)


def _too_many(seconds: float, why: str = "calls") -> Problem:
    return Problem("too_many_tries", why=why, retry_after=ceil(seconds))


def _is_signed(asked: Request) -> bool:
    """A kiosk is known by its signature, which is looked at whatever its address has done: a ferry has one address."""
    return asked.path.startswith(KIOSK) and "Signature" in asked.headers


def _session(asked: Request) -> tuple[Allowance, bytes] | None:
    """What a session may, and its token as it came; None for a call that says no session."""
    for path, allowance in SESSIONS:
        if asked.path.startswith(path):
            token = console_cookie_of(asked) if allowance is CONSOLE_CALLS else bearer_of(asked)
            return (allowance, token.encode("utf-8", "replace")) if token else None
    return None


def keep_fair(app: Flask, fair_use: FairUse) -> None:
    """Let every request of this application be counted."""
    app.before_request(fair_use.admit)

    @app.after_request
    def _settle(response: Response) -> Response:
        fair_use.settle(response.status_code)
        return response
