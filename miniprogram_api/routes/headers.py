"""Headers that every answer carries, whatever it is."""

from __future__ import annotations

from flask import Flask, Response, request

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self' 'wasm-unsafe-eval'",  # the camera's decoder is WebAssembly; no script in a page runs
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "connect-src 'self'",
        "font-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "media-src 'self' blob:",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
NO_DEVICES = "camera=(), microphone=(), geolocation=(), payment=(), usb=()"
CAMERA = NO_DEVICES.replace("camera=()", "camera=(self)", 1)
SCRIPTS = "'wasm-unsafe-eval'"
POLICY_NAME = "Content-Security-Policy"
EVERYWHERE = [
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "no-referrer"),  # a page's address may hold a code
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
]


def policy_with(map_hash: str) -> str:
    """The policy of a page with one import map: its SHA-256 in base64 lets this very text in, and nothing else."""
    return POLICY.replace(SCRIPTS, f"{SCRIPTS} 'sha256-{map_hash}'", 1)


def page_headers(map_hash: str, *, camera: bool) -> dict[str, str]:
    """All headers of a page that stand wherever it is kept."""
    devices = {"Permissions-Policy": CAMERA if camera else NO_DEVICES}
    return {POLICY_NAME: policy_with(map_hash), **devices, **dict(EVERYWHERE)}


def add_headers(app: Flask) -> None:
    """Let every answer of this application, errors and files included, carry the headers above."""

    @app.after_request
    def _complete(response: Response) -> Response:
        headers = response.headers
        headers.extend(EVERYWHERE)
        if POLICY_NAME not in headers:
            headers.add(POLICY_NAME, POLICY)
        if "Permissions-Policy" not in headers:
            headers.add("Permissions-Policy", NO_DEVICES)
        if request.path.startswith("/api/") and "Cache-Control" not in headers:
            headers.add("Cache-Control", "no-store")
        return response
