"""What the architecture tests read: the project's own files, not other people's nor what tools leave behind."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("scenes", "kiosk", "miniprogram_api", "static", "tests", "docs")
LEFT_BEHIND = {"__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis", ".venv", ".git", "instance"}


def files(*suffixes: str, rooms: tuple[str, ...] = ROOMS) -> Iterator[Path]:
    """The project's own files with one of these suffixes (all when none is given), vendored ones left out."""
    for room in rooms:
        for path in sorted((ROOT / room).rglob("*")):
            ours = not {"vendor", *LEFT_BEHIND} & set(path.relative_to(ROOT).parts)
            if ours and path.is_file() and (not suffixes or path.suffix in suffixes):
                yield path


def name_of(path: Path) -> str:
    """The path as a reader writes it, from the root."""
    return path.relative_to(ROOT).as_posix()
