"""The tourist's pages open without network: the server finds what they are made of, and misses no import."""

from __future__ import annotations

import re

from miniprogram_api.routes.page_modules import files_of, modules_of
from tests.architecture.tree import ROOT

STATIC = ROOT / "static"
SPECIFIER = re.compile(r"""(?:\bfrom\s*|\bimport\s*\(?\s*)(['"`])([\w@./-]+)\1""")
# What the worker knows the media type of; the decoder is fetched apart.
PACKED = (".js", ".mjs", ".json", ".svg", ".webmanifest")


def read(name: str) -> str | None:
    path = STATIC / name
    return path.read_text(encoding="utf-8", errors="replace") if path.is_file() else None


def modules(app: str) -> list[str]:
    return modules_of([f"{app}/main.js"], read, later=True)


def test_every_page_of_an_app_is_found_by_its_imports() -> None:
    for app in ("tourist", "merchant", "staff", "kiosk"):
        written = {path.relative_to(STATIC).as_posix() for path in (STATIC / app).rglob("*.js")}
        assert written - set(modules(app)) - {"tourist/offline.js"} == set(), f"nobody imports these of {app}"


def test_every_import_names_a_file_beside_it() -> None:
    wrong = [
        f"{module}: {name}"
        for app in ("tourist", "merchant", "staff", "kiosk")
        for module in modules(app)
        if "/vendor/" not in module
        for _, name in SPECIFIER.findall(_code(read(module) or ""))
        if not name.startswith(("./", "../")) or not (STATIC / module).parent.joinpath(name).is_file()
    ]
    assert wrong == []


def test_what_the_pages_fetch_by_name_can_be_packed() -> None:
    fetched = files_of(modules("tourist"), read)
    assert "shared/img/icons.svg" in fetched
    assert [name for name in fetched if not name.endswith(PACKED)] == [
        "shared/vendor/zxing-wasm/reader/zxing_reader.wasm"
    ]


def test_no_style_sheet_names_a_file() -> None:
    """The sheets of a page are sent as one, from another folder than their own."""
    assert [
        path.name for path in STATIC.glob("*/**/*.css") if "vendor" not in path.parts and "url(" in path.read_text()
    ] == []


def _code(text: str) -> str:
    return re.sub(r"/\*.*?\*/|^\s*//.*$", "", text, flags=re.DOTALL | re.MULTILINE)
