"""Headers that every answer carries, whatever it is."""

from __future__ import annotations

from flask import Flask, Response, request

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self' 'wasm-unsafe-eval'",  # the camera's decoder is WebAssembly
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
EVERYWHERE = [
    ("Content-Security-Policy", POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "no-referrer"),  # a page's address may hold a code
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
]


def add_headers(app: Flask) -> None:
    """Let every answer of this application, errors and files included, carry the headers above."""

    @app.after_request
    def _complete(response: Response) -> Response:
        headers = response.headers
        headers.extend(EVERYWHERE)
        if "Permissions-Policy" not in headers:
            headers.add("Permissions-Policy", NO_DEVICES)
        if request.path.startswith("/api/") and "Cache-Control" not in headers:
            headers.add("Cache-Control", "no-store")
        return response
