"""Keeps the screen's server for this machine's own page: host and origin are checked, headers are strict."""

from __future__ import annotations

import hmac

from flask import Flask, Response, request

from kiosk.refusals import RequestNotOurs

CONTROL_HEADER = "X-Kiosk-Control"
OWN_HOSTS = frozenset({"127.0.0.1", "localhost"})

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; font-src 'self'; worker-src 'self'; manifest-src 'self'; media-src 'self' blob:; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
}


def guard_screen(app: Flask) -> None:
    """Refuses what does not come from the own page or an own command, and sends the same headers with every answer."""

    @app.before_request
    def from_this_machine() -> None:
        # Another site's script could reach 127.0.0.1 through a name of its own; the name would stand here.
        if request.host.rpartition(":")[0] not in OWN_HOSTS and request.host not in OWN_HOSTS:
            raise RequestNotOurs
        if request.method not in ("GET", "HEAD") and not _is_own_write():
            raise RequestNotOurs

    @app.after_request
    def with_headers(response: Response) -> Response:
        response.headers.update(HEADERS)
        if request.path.startswith("/api/"):
            response.headers["Cache-Control"] = "no-store"
        return response


def is_operator(control_token: str) -> bool:
    """True for a request with the token of this process; a wrong one is refused rather than treated as a touch."""
    shown = request.headers.get(CONTROL_HEADER)
    if shown is None:
        return False
    if not hmac.compare_digest(shown.encode(), control_token.encode()):
        raise RequestNotOurs
    return True


def _is_own_write() -> bool:
    """A browser names the page that writes; a command names none. Forms of other sites can't send JSON."""
    origin = request.headers.get("Origin")
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    own_origin = origin is None or origin == f"{request.scheme}://{request.host}"
    return own_origin and site in ("same-origin", "none") and request.mimetype == "application/json"
