"""What a page is made of: its modules, found by their imports, and the files that they and the page name."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable
from pathlib import PurePosixPath

NAME = r"""['"](\.{1,2}/[^'"]+)['"]"""
NEEDED = re.compile(rf"\b(?:from|import)\s*{NAME}")  # before the module runs
LATER = re.compile(rf"\bimport\(\s*{NAME}\s*\)")  # when a page asks for it
FILES = re.compile(rf"\bnew URL\(\s*{NAME}\s*,\s*import\.meta\.url\s*\)")  # what it fetches by a name of its own

Read = Callable[[str], str | None]  # the text of a file below static/, or None when there is none


def modules_of(entries: Iterable[str], read: Read, *, later: bool) -> list[str]:
    """These modules and all that they need, in the order of discovery; with `later` also what is loaded when needed."""
    found = list(dict.fromkeys(entries))
    for module in found:  # it grows while it is walked
        text = read(module) or ""
        for pattern in (NEEDED, LATER) if later else (NEEDED,):
            found += [name for name in dict.fromkeys(_named(pattern, module, text, read)) if name not in found]
    return found


def files_of(modules: Iterable[str], read: Read) -> list[str]:
    """The files that these modules fetch by their names."""
    return list(dict.fromkeys(name for one in modules for name in _named(FILES, one, read(one) or "", read)))


def _named(pattern: re.Pattern[str], module: str, text: str, read: Read) -> list[str]:
    folder = PurePosixPath(module).parent
    names = [posixpath.normpath(folder / name) for name in pattern.findall(text)]
    return [name for name in names if read(name) is not None]  # a name in a comment is no file
