"""Headers that keep a page to itself, on every answer."""

from __future__ import annotations

import re

import pytest
from flask.testing import FlaskClient

from tests.miniprogram_api.routes.speech import API, SQLITE_ONLY, bearer

pytestmark = SQLITE_ONLY
EVERYWHERE = [
    "/",
    "/S/ABC",
    "/nowhere",
    "/static/tourist/main.js",
    "/healthz",
    f"{API}/docs",
    f"{API}/public/island",
    f"{API}/openapi.json",
    f"{API}/member/me",
]


@pytest.mark.parametrize("address", EVERYWHERE)
def test_every_answer_keeps_scripts_frames_and_referrers_out(client: FlaskClient, address: str) -> None:
    headers = client.get(address).headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["frame-ancestors"] == "'none'"
    map_hash = r"( 'sha256-[A-Za-z0-9+/]{43}=')" if address in ("/", "/S/ABC") else ""
    assert re.fullmatch(f"'self' 'wasm-unsafe-eval'{map_hash}", policy["script-src"])
    assert policy["style-src"] == "'self'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert len(headers.get_all("Content-Security-Policy")) == len(headers.get_all("Permissions-Policy")) == 1


@pytest.mark.parametrize(
    ("address", "camera"),
    [("/", "(self)"), ("/S/ABC", "(self)"), ("/nowhere", "()"), (f"{API}/member/me", "()"), (f"{API}/docs", "()")],
)
def test_only_the_pages_that_scan_may_use_the_camera(client: FlaskClient, address: str, camera: str) -> None:
    assert client.get(address).headers["Permissions-Policy"].startswith(f"camera={camera},")


@pytest.mark.parametrize("address", ["member/me", "member/vouchers", "member/activities", "public/island", "nowhere"])
def test_no_answer_of_the_api_is_kept(client: FlaskClient, address: str) -> None:
    response = client.get(f"{API}/{address}", headers=bearer("mei"))
    assert response.headers["Cache-Control"] == "no-store"
