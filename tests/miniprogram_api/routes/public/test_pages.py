"""Pages and their files; the page behind a code's link."""

from __future__ import annotations

import gzip
from collections.abc import Callable

import brotli
import pytest
from flask.testing import FlaskClient

from scenes.wire.arrival import arrival_seen_at
from scenes.wire.code_text import code_bytes
from tests.miniprogram_api.cast import BASE_URL, NOON, Stage
from tests.miniprogram_api.routes.speech import API, SQLITE_ONLY, refused

pytestmark = SQLITE_ONLY


def arrival_of(page: str) -> str:
    assert page.count('<meta name="arrival" content="') == 1
    return page.partition('<meta name="arrival" content="')[2].partition('"')[0]


def test_the_link_of_a_genuine_code_opens_the_tourist_page_with_a_stamp(client: FlaskClient, stage: Stage) -> None:
    code = stage.code(1)
    response = client.get(f"/S/{code}")
    assert response.status_code == 200
    assert response.headers["Cache-Control"] == "no-store"
    assert response.headers["Referrer-Policy"] == "no-referrer"
    stamp = arrival_of(response.text)
    assert arrival_seen_at(stage.island.keys.arrival, code_bytes(code, BASE_URL), stamp) == NOON
    assert stage.count("acts") == 0


@pytest.mark.parametrize(
    "text", ["", "hello", "/", "//x", "a/b/c", "%00", "%FF", "%E7%A2%B3", "'\"><script>", "CE" + "A" * 139]
)
def test_any_other_text_opens_the_same_page_without_a_stamp(client: FlaskClient, text: str) -> None:
    response = client.get(f"/S/{text}")
    assert response.status_code == 200
    assert response.content_type == "text/html; charset=utf-8"
    assert arrival_of(response.text) == ""
    home = client.get("/")
    assert response.text == home.text
    for name in ("Content-Security-Policy", "Page-Version"):
        assert response.headers[name] == home.headers[name]


def test_a_forged_copy_of_a_code_gets_no_stamp(client: FlaskClient, stage: Stage) -> None:
    code = stage.code(1)
    other = "A" if code[60] != "A" else "B"
    assert arrival_of(client.get(f"/S/{code[:60]}{other}{code[61:]}").text) == ""


def test_a_link_is_never_posted_to(client: FlaskClient, stage: Stage) -> None:
    refused(client.post(f"/S/{stage.code(1)}"), 405, "method_not_allowed")
    assert stage.count("acts") == 0


@pytest.mark.parametrize(
    ("accepted", "encoding", "opened"),
    [
        ("gzip", "gzip", gzip.decompress),
        ("gzip, deflate, br", "br", brotli.decompress),
        ("br;q=0, gzip;q=0.5", "gzip", gzip.decompress),
    ],
)
def test_a_file_is_sent_small_and_only_when_it_changed(
    client: FlaskClient, accepted: str, encoding: str, opened: Callable[[bytes], bytes]
) -> None:
    plain = client.get("/static/shared/js/api.js")
    small = client.get("/static/shared/js/api.js", headers={"Accept-Encoding": accepted})
    assert plain.content_type == "text/javascript; charset=utf-8"
    assert "Content-Encoding" not in plain.headers
    assert small.headers["Content-Encoding"] == encoding
    assert opened(small.data) == plain.data
    assert len(small.data) < len(plain.data) / 2
    again = client.get("/static/shared/js/api.js", headers={"If-None-Match": plain.headers["ETag"]})
    assert again.status_code == 304
    assert again.data == b""
    assert small.headers["ETag"] != plain.headers["ETag"]
    assert "Accept-Encoding" in small.headers["Vary"]


@pytest.mark.parametrize(
    "name",
    [
        "../pyproject.toml",
        "..%2fpyproject.toml",
        "shared",
        "shared/",
        "nothing.js",
        "shared/vendor/refresh.py",
        "a%00.js",
        "shared/js/api.js/x.js",
    ],
)
def test_nothing_but_the_pages_files_is_sent(client: FlaskClient, name: str) -> None:
    refused(client.get(f"/static/{name}"), 404, "not_found")


def test_the_offline_worker_may_serve_the_whole_site(client: FlaskClient) -> None:
    assert client.get("/static/tourist/offline.js").headers["Service-Worker-Allowed"] == "/"
    assert "Service-Worker-Allowed" not in client.get("/static/tourist/main.js").headers


def test_the_documentation_loads_nothing_from_elsewhere(client: FlaskClient) -> None:
    page = client.get(f"{API}/docs").text
    assert "http:" not in page
    assert "https:" not in page
    assert "<script>" not in page


def test_the_server_says_that_it_lives_and_can_serve(client: FlaskClient) -> None:
    assert client.get("/healthz").get_json() == {"status": "alive"}
    assert client.get("/readyz").get_json() == {"status": "ready"}
