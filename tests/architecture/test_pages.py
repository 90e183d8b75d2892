"""The pages: nothing comes from outside the island, nothing runs inline, and both languages say the same things."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, files, name_of

OUTSIDE = re.compile(
    r"""(?:src|href|action)\s*=\s*["'](?:https?:)?//|from\s+["']https?://|import\(\s*["']https?://"""
    r"""|url\(\s*["']?(?:https?:)?//|fetch\(\s*["'`]https?://|@import\s+["']https?://"""
)
INLINE = re.compile(
    r"""<script(?![^>]*\bsrc=)[^>]*>\s*\S|\son[a-z]+\s*=\s*["']|\sstyle\s*=\s*["']|href=["']javascript:"""
)
LOCALES = ROOT / "static" / "shared" / "locales"
PLACE = re.compile(r"\{(\w+)\}")


def lines_that(pattern: re.Pattern[str], *suffixes: str) -> list[str]:
    return [
        f"{name_of(path)}:{number}"
        for path in files(*suffixes, rooms=("static", "miniprogram_api", "kiosk"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if pattern.search(line)
    ]


def sentences(path: Path) -> dict[str, str]:
    """The catalogue as dotted keys."""

    def walk(node: dict, above: str) -> dict[str, str]:
        found: dict[str, str] = {}
        for key, value in node.items():
            found |= walk(value, f"{above}{key}.") if isinstance(value, dict) else {above + key: value}
        return found

    return walk(json.loads(path.read_text(encoding="utf-8")), "")


def test_no_page_loads_anything_from_outside() -> None:
    assert lines_that(OUTSIDE, ".html", ".js", ".css", ".py") == []


def test_no_page_holds_a_script_or_a_style_of_its_own() -> None:
    assert lines_that(INLINE, ".html") == []


def test_every_catalogue_exists_in_both_languages() -> None:
    names = {folder: {path.name for path in (LOCALES / folder).glob("*.json")} for folder in ("zh", "en")}
    assert names["zh"] == names["en"]
    assert "shared.json" in names["zh"]


@pytest.mark.parametrize("name", sorted(path.name for path in (LOCALES / "zh").glob("*.json")))
def test_both_languages_say_the_same_things_with_the_same_values(name: str) -> None:
    chinese, english = sentences(LOCALES / "zh" / name), sentences(LOCALES / "en" / name)
    assert set(chinese) ^ set(english) == set()
    assert [key for key in chinese if not str(chinese[key]).strip() or not str(english[key]).strip()] == []
    places = {key: (set(PLACE.findall(str(chinese[key]))), set(PLACE.findall(str(english[key])))) for key in chinese}
    assert {key: pair for key, pair in places.items() if pair[0] != pair[1]} == {}
