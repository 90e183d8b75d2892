"""A full scan against the yardstick, on both databases: answers a second, 95th percentile, statements counted."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from rich.console import Console
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from miniprogram_api.books import facts, prepared
from miniprogram_api.books.directory import Directory
from miniprogram_api.clock import SystemClock
from miniprogram_api.config import load_keys
from miniprogram_api.services.earning import Scan, record_scan
from miniprogram_api.services.island import Island
from miniprogram_api.services.tokens import token_hash
from tests.benchmarks.ground import BASE_URL, Ground, grounds, prepare_yardstick, yard_requests
from tests.benchmarks.results import Figures, show
from tests.benchmarks.rounds import CONNECTIONS, Contestant, Rounds, run_rounds
from tests.benchmarks.servers import OURS, YARDSTICK, databases, served

REQUESTS = 1200
REPETITIONS = 5


def statements_of_one_scan(ground: Ground) -> int:
    """SQL statements of one scan in process, BEGIN and COMMIT included."""
    seen: list[str] = []
    with ground.engine() as engine, Session(engine) as session:
        island = Island(Directory(engine), load_keys(ground.folder / "keys.json"), BASE_URL)
        for number in range(2):  # the first reads the directory
            if number:
                for module in (facts, prepared):
                    module.execute_all = _noting(seen)
            code, token = ground.code()
            record_scan(session, Scan(token_hash(token), code, key=secrets.token_hex(8)), island, SystemClock())
    for module in (facts, prepared):
        module.execute_all = _EXECUTE_ALL
    return len(seen)


_EXECUTE_ALL = prepared.execute_all


def _noting(seen: list[str]) -> Callable[..., Any]:
    def execute_all(connection: Connection, statements: Sequence[tuple[str, Any]]) -> Any:
        seen.extend(text for text, _ in statements)
        return _EXECUTE_ALL(connection, statements)

    return execute_all


def measure(kind: str, console: Console, repetitions: int, count: int) -> Figures:
    with databases(kind, "ours", "yard") as (ours, yard), grounds(ours) as ground:
        statements = statements_of_one_scan(ground)
        prepare_yardstick(yard)
        with served(OURS, ground.environment) as port, served(YARDSTICK, {"YARDSTICK_DATABASE_URL": yard}) as yard_port:
            contestants = [
                Contestant("yardstick", yard_port, partial(yard_requests, "/core"), 201),
                Contestant("scan", port, ground.scans, 201),
                Contestant("smallest ORM route", yard_port, partial(yard_requests, "/orm"), 201),
            ]
            rounds = run_rounds(contestants, repetitions, count, console, kind)
    return figures_of(rounds, statements)


def figures_of(rounds: Rounds, statements: int) -> Figures:
    names = ("scan", "yardstick", "smallest ORM route")
    return {
        "full scan ÷ yardstick, answers a second": f"{rounds.ratio('scan', 'yardstick'):.2f}",
        "p95 ÷ p95 of the yardstick": f"{rounds.p95_ratio('scan', 'yardstick'):.2f}",
        "full scan ÷ smallest ORM route": f"{rounds.ratio('scan', 'smallest ORM route'):.2f}",
        "SQL statements, BEGIN and COMMIT included": str(statements),
        "refused because the database was locked or busy": str(rounds.busy("scan")),
        **{f"{name}: answers a second": f"{rounds.rate(name):,.0f}" for name in names},
        **{f"{name}: p95": f"{rounds.p95(name) * 1000:.1f} ms" for name in names},
    }


def main(console: Console, kinds: list[str], quick: bool) -> None:
    repetitions, count = (1, 200) if quick else (REPETITIONS, REQUESTS)
    figures = {kind: measure(kind, console, repetitions, count) for kind in kinds}
    show(console, f"Scan: {repetitions} × {count} requests, {CONNECTIONS} connections, 2 sync workers", figures)
