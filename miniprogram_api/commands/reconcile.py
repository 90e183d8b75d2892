"""`./island reconcile`: recomputes the books from the first row and names every difference. Changes nothing.

It may run beside the server: everything is read in one snapshot.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress
from sqlalchemy import Connection, Engine, create_engine, inspect
from sqlalchemy.orm import Session

from miniprogram_api.clock import Clock
from miniprogram_api.commands.data_folder import DEFAULT, DataFolder, data_folder
from miniprogram_api.db import prepare_engine
from miniprogram_api.queries.reconciliation import Difference, acts_to_walk, book_differences
from miniprogram_api.services.job_runs import JobFailed
from miniprogram_api.services.leases import LEASE_SECONDS, Fence, renew_lease
from miniprogram_api.services.reconciliation import entries_to_walk, entry_differences
from miniprogram_api.services.version_reconciliation import version_differences

Step = Callable[[int], None]
DIFFERENCES_KEPT = 20  # enough to see where to look; `./island reconcile` names them all
SENTENCE_LONGEST = 300


def unheard(_rows: int) -> None:
    """A step that nobody watches."""


def differences(connection: Connection, step: Step = unheard) -> Iterator[Difference]:
    """Every difference in these books; `step` is told how many rows of `rows_to_walk` were looked at."""
    yield from book_differences(connection, step)
    yield from entry_differences(connection, step)
    yield from version_differences(connection)


def rows_to_walk(connection: Connection) -> int:
    return acts_to_walk(connection) + entries_to_walk(connection)


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """A connection that sees the books of one moment, however long the reading takes."""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        with connection.begin():
            yield connection


def check_books(session: Session, fence: Fence, clock: Clock) -> int:
    """The nightly job: answers how many rows were looked at. Raises JobFailed (why: differences; with how many and the
    first ones), LeaseLost when another process has taken over meanwhile."""
    walk, found, first = _Walk(session, fence, clock), 0, list[str]()
    engine = session.get_bind()
    assert isinstance(engine, Engine)
    with snapshot(engine) as connection:
        for difference in differences(connection, walk.step):
            found += 1
            if len(first) < DIFFERENCES_KEPT:
                first.append(difference.sentence[:SENTENCE_LONGEST])
    if found:
        raise JobFailed(walk.rows, why="differences", count=found, first=first)
    return walk.rows


class _Walk:
    """Counts the rows, and keeps the lease while they are many."""

    def __init__(self, session: Session, fence: Fence, clock: Clock) -> None:
        self.session, self.fence, self.clock = session, fence, clock
        self.rows, self.renewed_at = 0, clock.now()

    def step(self, rows: int) -> None:
        self.rows += rows
        now = self.clock.now()
        if now - self.renewed_at >= LEASE_SECONDS // 3:
            renew_lease(self.session, self.fence, self.clock)
            self.renewed_at = now


def reconcile_with_progress(engine: Engine, console: Console) -> int:
    """Prints a line for each difference; answers how many there were."""
    found = 0
    with (
        snapshot(engine) as connection,
        Progress(console=console, transient=True, disable=not console.is_terminal) as progress,
    ):
        total = rows_to_walk(connection)
        task = progress.add_task("Books", total=total)
        for difference in differences(connection, lambda rows: progress.advance(task, rows)):
            found += 1
            console.print(difference.sentence, soft_wrap=True, markup=False)
    return found


def books_of(data: DataFolder) -> Engine | None:
    """The database of the folder, None when no island was ever opened there; nothing is made."""
    if data.database_url == f"sqlite:///{data.path / 'island.sqlite'}" and not (data.path / "island.sqlite").exists():
        return None
    engine = create_engine(data.database_url)
    prepare_engine(engine)
    return engine if inspect(engine).has_table("entries") else None


def main(arguments: list[str]) -> int:
    """0 when the books are whole, 1 when something differs, 2 when there are none."""
    parser = argparse.ArgumentParser(prog="./island reconcile", description=__doc__)
    parser.add_argument("--data", metavar="FOLDER", default=DEFAULT, help="the island's folder (default: instance)")
    data, console = data_folder(parser.parse_args(arguments).data), Console(highlight=False)
    engine = books_of(data)
    if engine is None:
        console.print(f"There is no island in {data.path}.", soft_wrap=True, markup=False)
        return 2
    found = reconcile_with_progress(engine, console)
    engine.dispose()
    if not found:
        console.print("The books are whole.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
