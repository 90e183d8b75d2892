"""Pages and their files under names that mean their content: kept for a year, never mixed, whole for the crossing."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from miniprogram_api.app import STATIC
from miniprogram_api.routes.errors import answer_errors
from miniprogram_api.routes.headers import add_headers
from miniprogram_api.routes.public.pages import pages
from miniprogram_api.routes.static_files import StaticFiles
from tests.miniprogram_api.routes.speech import refused

MARKED = re.compile(r"/static/[\w/.-]+\.[0-9a-f]{12}\.[a-z]+")
FOR_EVER = "public, max-age=31536000, immutable"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the pages' files that a test may change."""
    leave = shutil.ignore_patterns("fonts", "swagger-ui-dist", "zxing_reader.wasm")
    return Path(shutil.copytree(STATIC, tmp_path / "static", ignore=leave))


@pytest.fixture
def site(folder: Path) -> FlaskClient:
    """The pages alone, with the headers and refusals of the server."""
    app = Flask(__name__, static_folder=None)
    add_headers(app)
    answer_errors(app)
    app.register_blueprint(pages(StaticFiles(folder)))
    return app.test_client()


def import_map(page: str) -> dict[str, str]:
    found = re.search(r'<script type="importmap">(.*?)</script>', page)
    assert found
    imports: dict[str, str] = json.loads(found[1])["imports"]
    return imports


def pack_of(site: FlaskClient) -> dict[str, Any]:
    version = site.get("/").headers["Page-Version"]
    document: dict[str, Any] = site.get(f"/static/tourist/pack.{version}.json").get_json()
    return document


@pytest.mark.parametrize("address", ["/", "/merchant/", "/staff/"])
def test_everything_a_page_names_may_be_kept_for_a_year(site: FlaskClient, address: str) -> None:
    page = site.get(address)
    assert page.headers["Cache-Control"] == "no-cache"
    named = MARKED.findall(page.text)
    assert len(named) > 20
    assert re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text) == [
        name for name in re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text) if MARKED.fullmatch(name)
    ]
    for name in named:
        answer = site.get(name)
        assert (answer.status_code, answer.headers["Cache-Control"]) == (200, FOR_EVER), name


@pytest.mark.parametrize("address", ["/", "/merchant/", "/staff/"])
def test_the_policy_lets_this_pages_import_map_in_and_no_other_script(site: FlaskClient, address: str) -> None:
    answer = site.get(address)
    scripts = re.findall(r"<script([^>]*)>([^<]*)</script>", answer.text)
    assert [kind for kind, inside in scripts if inside] == [' type="importmap"']
    text = next(inside for _, inside in scripts if inside)
    expected = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    assert re.findall(r"'sha256-([^']+)'", answer.headers["Content-Security-Policy"]) == [expected]


def test_a_name_with_another_mark_is_no_file(site: FlaskClient) -> None:
    refused(site.get("/static/shared/js/api.000000000000.js"), 404, "not_found")
    refused(site.get("/static/nothing.000000000000.js"), 404, "not_found")
    assert site.get("/static/shared/js/api.js").headers["Cache-Control"] == "no-cache"


def test_an_edit_shows_at_once_and_an_open_page_keeps_the_files_it_began_with(site: FlaskClient, folder: Path) -> None:
    before, version = import_map(site.get("/").text), site.get("/").headers["Page-Version"]
    module = folder / "tourist" / "pages" / "shop.js"
    module.write_text(module.read_text() + "\nexport const edited = true;\n")
    after = import_map(site.get("/").text)
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"/static/tourist/pages/shop.js"}
    assert site.get("/").headers["Page-Version"] != version
    assert "edited" in site.get(after["/static/tourist/pages/shop.js"]).text
    assert "edited" not in site.get(before["/static/tourist/pages/shop.js"]).text


def test_an_edited_sheet_gives_the_styles_another_name(site: FlaskClient, folder: Path) -> None:
    before = re.findall(r'rel="stylesheet" href="([^"]+)"', site.get("/").text)
    (folder / "shared" / "css" / "roles.css").write_text(":root { --edited: 1px; }")
    after = re.findall(r'rel="stylesheet" href="([^"]+)"', site.get("/").text)
    assert len(before) == len(after) == 1
    assert before != after
    assert "--edited" in site.get(after[0]).text
    assert "--edited" not in site.get(before[0]).text


def test_a_module_that_is_new_is_found_by_its_import(site: FlaskClient, folder: Path) -> None:
    assert "/static/tourist/pages/fresh.js" not in import_map(site.get("/").text)
    (folder / "tourist" / "pages" / "fresh.js").write_text("export default 1;")
    frame = folder / "tourist" / "pages" / "frame.js"
    frame.write_text(frame.read_text() + "\nexport const fresh = () => import('./fresh.js');\n")
    assert "/static/tourist/pages/fresh.js" in import_map(site.get("/").text)
    assert any("/tourist/pages/fresh." in name for name in pack_of(site)["files"])


@pytest.mark.parametrize(
    ("wished", "language"), [("zh-CN,zh;q=0.9", "zh"), ("en-GB,en", "en"), ("fr", "en"), ("", "zh")]
)
def test_the_words_of_the_browsers_language_are_on_their_way_with_the_page(
    site: FlaskClient, wished: str, language: str
) -> None:
    headers = {"Accept-Language": wished} if wished else {}
    page = site.get("/", headers=headers)
    [(address, ahead)] = re.findall(r'crossorigin href="(/static/tourist/words\.(\w+)\.[0-9a-f]{12}\.json)"', page.text)
    assert ahead == language
    own = [f"/static/shared/locales/{language}/{app}.json" for app in ("shared", "tourist")]
    assert [import_map(page.text)[name] for name in own] == [address, address]
    shared, tourist = (site.get(name).get_json() for name in own)
    assert site.get(address).get_json() == shared | tourist
    assert "Accept-Language" in page.headers["Vary"]


def test_the_pack_and_the_names_loaded_first_hold_every_file_of_the_page(site: FlaskClient) -> None:
    page = site.get("/")
    pack = pack_of(site)
    imports = import_map(page.text)
    whole = {*pack["first"], *pack["files"]}
    left_out = {plain for plain, name in imports.items() if name not in whole}
    assert {name for name in left_out if not name.startswith("/static/shared/vendor/zxing-wasm/")} == set()
    assert set(re.findall(r'(?:modulepreload|stylesheet)" href="([^"]+)"', page.text)) <= set(pack["first"])
    assert re.findall(r'<script type="module" src="([^"]+)"', page.text)[0] in pack["first"]
    for name, text in pack["files"].items():
        assert site.get(name).text == text


def test_the_packs_page_is_the_page_with_all_its_headers(site: FlaskClient) -> None:
    answer = site.get("/")
    page = pack_of(site)["page"]
    assert import_map(page["text"]) == import_map(answer.text)
    assert '<meta name="arrival" content="">' in page["text"]
    for name in ("Content-Type", "Content-Security-Policy", "Permissions-Policy", "Referrer-Policy", "X-Frame-Options"):
        assert page["headers"][name] == answer.headers[name]


def test_page_and_worker_name_the_same_version_and_any_edit_changes_it(site: FlaskClient, folder: Path) -> None:
    def versions() -> set[str]:
        worker = site.get("/static/tourist/offline.js").text
        named = re.findall(r"const VERSION = '([0-9a-f]{12})';", worker)
        return {site.get("/").headers["Page-Version"], *named}

    before = versions()
    assert len(before) == 1
    words = folder / "shared" / "locales" / "en" / "tourist.json"
    words.write_text(words.read_text().replace("Scan", "Scan it", 1))
    after = versions()
    assert len(after) == 1
    assert before != after


def test_the_worker_names_the_decoder_and_keeps_it_out_of_the_pack(site: FlaskClient) -> None:
    worker = site.get("/static/tourist/offline.js").text
    decoder = json.loads(re.findall(r"const DECODER = (\[.*?\]);", worker)[0])
    assert len(decoder) >= 2
    assert all(name.startswith("/static/shared/vendor/zxing-wasm/") for name in decoder)
    assert not set(decoder) & {*pack_of(site)["files"], *pack_of(site)["first"]}
