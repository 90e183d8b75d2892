"""The figures of a benchmark as the table that docs/performance.md holds: a line each, a column for each database."""

from __future__ import annotations

from rich.console import Console

Figures = dict[str, str]
TITLES = {"postgresql": "PostgreSQL", "sqlite": "SQLite, synchronous=FULL", "kiosk": "kiosk", "page": "page"}


def show(console: Console, title: str, figures: dict[str, Figures]) -> None:
    """`figures` by database; a line that a database doesn't have stays empty."""
    lines = list(dict.fromkeys(line for column in figures.values() for line in column))
    console.print(f"\n{title}\n", markup=False)
    console.print(_row(["", *(TITLES[kind] for kind in figures)]), markup=False, soft_wrap=True)
    console.print(_row(["---"] * (len(figures) + 1)), markup=False, soft_wrap=True)
    for line in lines:
        cells = [line, *(column.get(line, "") for column in figures.values())]
        console.print(_row(cells), markup=False, soft_wrap=True)


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
