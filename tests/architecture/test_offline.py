"""The tourist's pages open without network: whatever a module of them imports is kept by the worker."""

from __future__ import annotations

import os
import re
from pathlib import Path

from tests.architecture.tree import ROOT

STATIC = ROOT / "static"
WORKER = (STATIC / "tourist" / "offline.js").read_text(encoding="utf-8")
IMPORT = re.compile(r"""(?:from|import)\s*\(?\s*['"](\.{1,2}/[^'"]+)['"]""")


def imported_from(entry: Path) -> set[Path]:
    """The files that this module needs, and all that those need, by import and import()."""
    found, waiting = {entry}, [entry]
    while waiting:
        module = waiting.pop()
        for name in IMPORT.findall(module.read_text(encoding="utf-8")):
            file = Path(os.path.normpath(module.parent / name))
            if file not in found:
                found.add(file)
                waiting.append(file)
    return found


def test_the_worker_keeps_every_module_of_the_tourists_pages() -> None:
    modules = imported_from(STATIC / "tourist" / "main.js")
    assert STATIC / "tourist" / "pages" / "member_code.js" in modules
    kept = set(re.findall(r"""'([\w/.-]+)'""", WORKER))
    assert sorted(str(module.relative_to(STATIC)) for module in modules if not is_kept(module, kept)) == []


def is_kept(module: Path, kept: set[str]) -> bool:
    """The worker lists its own pages and models by their bare names, everything else by a path."""
    if module.is_relative_to(STATIC / "tourist") and module.parent.name in ("pages", "models"):
        return module.stem in kept
    return any(module.as_posix().endswith(f"/{name}") for name in kept if name.endswith((".js", ".mjs")))
