"""The documentation keeps up: settings, commands and decisions are described, and links lead somewhere."""

from __future__ import annotations

import re

from miniprogram_api.config import PREFIX, Settings
from tests.architecture.tree import ROOT, files, name_of

LINK = re.compile(r"\]\((?!https?://|#)([^)#]+)(?:#[^)]*)?\)")


def text_of(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_every_setting_is_described() -> None:
    described = text_of("docs/development.md")
    fields = Settings.model_fields.items()
    names = [str(field.validation_alias or f"{PREFIX}{name}".upper()) for name, field in fields]
    assert [name for name in names if f"`{name}`" not in described] == []


def test_every_decision_is_in_the_index_with_its_sentence() -> None:
    index = text_of("docs/decisions/README.md")
    pages = [path.name for path in (ROOT / "docs" / "decisions").glob("*.md") if path.name != "README.md"]
    assert [page for page in pages if not re.search(rf"\]\({re.escape(page)}\) \| \w", index)] == []


def test_every_link_between_our_pages_leads_somewhere() -> None:
    pages = [*files(".md", rooms=("docs",)), *(ROOT / name for name in ("CHANGELOG.md",))]
    broken = [
        f"{name_of(page)}: {target}"
        for page in pages
        for target in LINK.findall(page.read_text(encoding="utf-8"))
        if not (page.parent / target).exists()
    ]
    assert broken == []


def test_the_architecture_page_names_every_floor_that_exists() -> None:
    described = text_of("docs/architecture.md")
    floors = [path.name for path in (ROOT / "miniprogram_api").iterdir() if (path / "__init__.py").exists()]
    assert [floor for floor in floors if floor != "migrations" and f"`{floor}/`" not in described] == []
