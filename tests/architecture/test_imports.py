"""Which floor may know which: the import table of the project, kept as data and read from the source itself."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, files, name_of

API = "miniprogram_api"
MAY_IMPORT: dict[str, set[str]] = {
    "scenes": set(),
    "kiosk": {"scenes"},
    f"{API}.routes": {"services", "queries", "domain", "db", "clock", "config", "scenes"},
    # `up` migrates the database before it starts the server.
    f"{API}.commands": {"services", "queries", "migrations", "db", "durability", "clock", "config", "scenes"},
    f"{API}.services": {"books", "models", "domain", "adapters", "db", "clock", "scenes"},
    f"{API}.queries": {"models", "domain", "db", "scenes"},
    f"{API}.books": {"models", "domain", "db", "scenes"},
    f"{API}.models": {"db"},
    f"{API}.adapters": {"domain", "clock", "config"},
    f"{API}.domain": {"scenes"},
}
FLOORS = {name.rpartition(".")[2] for name in MAY_IMPORT} | {"db", "clock", "config", "app", "migrations"}
CRYPTO_ROOM = "scenes/wire/signing.py"
UNKNOWN_TO_DOMAIN = {"flask", "apiflask", "flask_sqlalchemy", "sqlalchemy", "time", "random", "secrets", "uuid", "os"}


def imported(tree: ast.Module, package: str) -> Iterator[tuple[int, str]]:
    """(line, dotted name) of every import; `package` is the dotted folder of the file, for relative ones."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            stem = ".".join([*above, *([node.module] if node.module else [])])
            yield from ((node.lineno, f"{stem}.{alias.name}") for alias in node.names)


def floor_of(dotted: str) -> str | None:
    """`books` for miniprogram_api.books.ledger, `scenes` and `kiosk` for theirs, None for other people's packages."""
    parts = dotted.split(".")
    if parts[0] == API:
        return parts[1] if len(parts) > 1 else API
    return parts[0] if parts[0] in ("scenes", "kiosk", "tests") else None


def complaint(place: str, own: str, dotted: str) -> str | None:
    """Why a file at `place` on floor `own` may not import `dotted`, or None."""
    floor, package = floor_of(dotted), dotted.split(".")[0]
    own_floor = own.rpartition(".")[2]
    if floor is not None:
        allowed = MAY_IMPORT[own] | {own_floor}
        return None if floor in allowed else f"{own_floor} may not know {floor}"
    if own == "scenes" and package not in sys.stdlib_module_names:
        return None if place == CRYPTO_ROOM and package == "cryptography" else "scenes use the standard library only"
    if own_floor == "domain" and package in UNKNOWN_TO_DOMAIN:
        return f"domain gets {package} as a value, it does not fetch it"
    return None


def violations(source: str, place: str) -> list[str]:
    """`file:line: why` for each import that the table forbids."""
    own = next((floor for floor in MAY_IMPORT if place.startswith(floor.replace(".", "/") + "/")), None)
    if own is None:
        return []
    package = ".".join(Path(place).parent.parts)
    found = []
    for line, dotted in imported(ast.parse(source, place), package):
        why = complaint(place, own, dotted)
        if why:
            found.append(f"{place}:{line}: {why} (imports {dotted})")
    return found


def test_no_floor_imports_upwards() -> None:
    found = [
        line
        for path in files(".py", rooms=("scenes", "kiosk", API))
        for line in violations(path.read_text(encoding="utf-8"), name_of(path))
    ]
    assert found == []


def test_every_folder_of_the_server_has_its_row_in_the_table() -> None:
    folders = {path.name for path in (ROOT / API).iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert folders - FLOORS == set()


def test_the_rules_of_the_domain_read_no_clock() -> None:
    found = []
    for path in files(".py", rooms=(f"{API}/domain", "scenes")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr in ("now", "utcnow", "today"):
                named = isinstance(node.value, ast.Name) and node.value.id in ("datetime", "date", "dt")
                found += [f"{name_of(path)}:{node.lineno}: .{node.attr}"] if named else []
    assert found == []


@pytest.mark.parametrize(
    ("place", "source", "expected"),
    [
        ("kiosk/issue.py", "import json\nfrom miniprogram_api import db", "kiosk/issue.py:2: kiosk may not know db"),
        ("scenes/catalogue.py", "import flask", "scenes/catalogue.py:1: scenes use the standard library only"),
        ("scenes/wire/kinds.py", "import cryptography.x509", "scenes/wire/kinds.py:1: scenes use"),
        (f"{API}/domain/awards.py", "\nimport time", f"{API}/domain/awards.py:2: domain gets time as a value"),
        (f"{API}/books/ledger.py", "from ..services import earning", f"{API}/books/ledger.py:1: books may not know"),
        (f"{API}/routes/public/island.py", "from ... import models", f"{API}/routes/public/island.py:1: routes may"),
        (f"{API}/models/acts.py", f"from {API}.domain.caps import Cap", f"{API}/models/acts.py:1: models may not know"),
        (f"{API}/commands/up.py", "import kiosk.commands", f"{API}/commands/up.py:1: commands may not know kiosk"),
    ],
)
def test_a_forbidden_import_is_named_with_its_line(place: str, source: str, expected: str) -> None:
    assert [line[: len(expected)] for line in violations(source, place)] == [expected]


@pytest.mark.parametrize(
    ("place", "source"),
    [
        ("scenes/wire/signing.py", "from cryptography.exceptions import InvalidSignature"),
        ("kiosk/issue.py", "from scenes.wire import kiosk_code\nimport httpx\nfrom . import journal"),
        (f"{API}/services/earning.py", "from ..books import ledger\nfrom scenes import catalogue"),
        (f"{API}/app.py", "from miniprogram_api import routes, adapters, services"),
    ],
)
def test_an_import_of_the_table_is_left_alone(place: str, source: str) -> None:
    assert violations(source, place) == []
