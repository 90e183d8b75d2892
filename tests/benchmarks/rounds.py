"""Rounds of several contestants in turn, so that whatever else the machine does meets all of them alike."""

from __future__ import annotations

import statistics
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field

from rich.console import Console

from tests.benchmarks.load import Round, send_all

CONNECTIONS = 16
BUSY = 503  # the database had no time: counted, never hidden


@dataclass(frozen=True)
class Contestant:
    """A call under measurement: its server's port, so many fresh requests, and the status that each has to get."""

    name: str
    port: int
    requests: Callable[[int], list[bytes]]
    status: int = 200
    seconds_alone: float = 0.0  # nobody else calls so long before its round


@dataclass
class Rounds:
    """What all rounds gave, by contestant, in the order of the repetitions."""

    of: dict[str, list[Round]] = field(default_factory=lambda: defaultdict(list))

    def rate(self, name: str) -> float:
        """Answers a second, the median."""
        return statistics.median(one.rate for one in self.of[name])

    def p95(self, name: str) -> float:
        """Seconds, the median of the rounds' 95th percentiles."""
        return statistics.median(one.percentile(0.95) for one in self.of[name])

    def ratio(self, name: str, other: str) -> float:
        """The median of the ratios of rounds that ran one after the other."""
        pairs = zip(self.of[name], self.of[other], strict=True)
        return statistics.median(one.rate / against.rate for one, against in pairs)

    def p95_ratio(self, name: str, other: str) -> float:
        pairs = zip(self.of[name], self.of[other], strict=True)
        return statistics.median(one.percentile(0.95) / against.percentile(0.95) for one, against in pairs)

    def busy(self, name: str) -> int:
        """How many were refused because the database was busy."""
        return sum(one.statuses[BUSY] for one in self.of[name])


def run_rounds(
    contestants: list[Contestant], repetitions: int, count: int, console: Console, label: str, turn: bool = True
) -> Rounds:
    """One short round of each to warm up, then so many of `count` requests. Who begins changes with each repetition,
    unless one needs what another left (`turn` False)."""
    rounds = Rounds()
    for repetition in range(repetitions + 1):
        first = repetition % len(contestants) if turn else 0
        for contestant in [*contestants[first:], *contestants[:first]]:
            _say(console, f"{label}: {repetition or 'warm-up'} of {repetitions}, {contestant.name}")
            done = _one(contestant, count if repetition else max(count // 4, CONNECTIONS))
            if repetition:
                rounds.of[contestant.name].append(done)
    return rounds


def _one(contestant: Contestant, count: int) -> Round:
    requests = contestant.requests(count)
    time.sleep(contestant.seconds_alone)
    done = send_all(contestant.port, requests, CONNECTIONS)
    others = {status: times for status, times in done.statuses.items() if status not in (contestant.status, BUSY)}
    assert not others, f"{contestant.name}: {others}"
    return done


def _say(console: Console, words: str) -> None:
    if console.is_terminal:
        console.print(f"  {words:<70}", end="\r")
    else:
        console.print(f"  {words}")
