"""The shape of the house: what stands at the root, how long a room may be, and that its name holds a noun."""

from __future__ import annotations

import re

from tests.architecture.tree import LEFT_BEHIND, ROOT, files, name_of

AT_THE_ROOT = {
    *("scenes", "kiosk", "miniprogram_api", "static", "tests", "docs"),
    *("island", "pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE"),
    *(".ci", ".gitignore", ".gitattributes", ".editorconfig"),
}
REQUIREMENTS = re.compile(r"requirements[a-z-]*\.txt")
VAGUE = {"util", "utils", "helper", "helpers", "common", "misc", "manager", "managers", "shared_code", "stuff", "base"}
LINES_MAX = 400


def test_the_root_holds_the_rooms_and_nothing_else() -> None:
    found = {path.name for path in ROOT.iterdir()} - LEFT_BEHIND
    assert {name for name in found - AT_THE_ROOT if not REQUIREMENTS.fullmatch(name)} == set()


def test_no_name_lacks_its_noun() -> None:
    found = [name_of(path) for path in files() if {path.stem, *path.parent.relative_to(ROOT).parts} & VAGUE]
    assert found == []


def test_no_room_is_longer_than_a_reader_can_hold() -> None:
    found = []
    for path in files(".py", ".js", ".css"):
        lines = path.read_text(encoding="utf-8").count("\n")
        if lines > LINES_MAX and "migrations" not in path.parts:
            found.append(f"{name_of(path)}: {lines} lines")
    assert found == []


def test_every_python_room_says_what_it_is() -> None:
    found = []
    for path in files(".py", rooms=("scenes", "kiosk", "miniprogram_api")):
        source = path.read_text(encoding="utf-8").lstrip()
        if source and not source.startswith(('"""', 'r"""', "#!")) and "migrations" not in path.parts:
            found.append(name_of(path))
    assert found == []


def test_nothing_is_left_for_later() -> None:
    later = ["TO" + "DO", "FIX" + "ME", "raise NotImplemented" + "Error", r"pytest\.mark\." + "(skip|xfail)"]
    words = re.compile("|".join(later))
    found = [
        f"{name_of(path)}:{number}"
        for path in files(".py", ".js", ".css", ".html")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if words.search(line)
    ]
    assert found == []
