"""Fifty at once on one voucher and on one code: how long those wait who come too late."""

from __future__ import annotations

import statistics
from collections.abc import Callable

from rich.console import Console

from tests.benchmarks.exchange import Counters, redemption
from tests.benchmarks.ground import Ground, grounds, scan_request, token_of
from tests.benchmarks.load import percentile, send_all
from tests.benchmarks.results import Figures, show
from tests.benchmarks.servers import OURS, databases, served
from tests.benchmarks.shops import give_points, open_shops

AT_ONCE = 50
RACES = 20
WON, TOO_LATE = 201, 409


def race(port: int, requests: list[bytes]) -> list[float]:
    """The seconds of the losers; exactly one request wins."""
    done = send_all(port, requests, len(requests))
    assert dict(done.statuses) == {WON: 1, TOO_LATE: len(requests) - 1}, dict(done.statuses)
    return done.seconds_of[TOO_LATE]


def one_code(ground: Ground) -> list[bytes]:
    """A code that fifty phones scan."""
    code, _ = ground.code()
    return [scan_request(code, token_of(number)) for number in range(AT_ONCE)]


def one_voucher(counters: Counters, port: int) -> list[bytes]:
    """A voucher that its counter is shown fifty times."""
    send_all(port, counters.exchanges(1), 1)
    [voucher] = counters.issued(1)
    code = counters.live_code(voucher.id)
    return [redemption(code, 0) for _ in range(AT_ONCE)]


def measure(kind: str, console: Console, races: int) -> Figures:
    with databases(kind, "ours") as (ours,), grounds(ours) as ground:
        with ground.engine() as engine:
            counters = Counters(ground, open_shops(engine, 1))
            give_points(engine)
        with served(OURS, ground.environment) as port:
            race(port, one_code(ground))  # to warm up
            makers: dict[str, Callable[[], list[bytes]]] = {
                "code": lambda: one_code(ground),
                "voucher": lambda: one_voucher(counters, port),
            }
            figures = {}
            for name, make in makers.items():
                console.print(f"  {kind}: {races} races for a {name}", end="\r" if console.is_terminal else "\n")
                late = [percentile(race(port, make()), 0.95) for _ in range(races)]
                figures[f"one {name}, {AT_ONCE} at once: losers' p95, median of {races}"] = _ms(statistics.median(late))
                figures[f"one {name}, {AT_ONCE} at once: losers' p95, the slowest race"] = _ms(max(late))
    return figures


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms"


def main(console: Console, kinds: list[str], quick: bool) -> None:
    races = 2 if quick else RACES
    show(console, "Races, 2 sync workers", {kind: measure(kind, console, races) for kind in kinds})
