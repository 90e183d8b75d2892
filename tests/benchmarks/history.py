"""What a long past costs: scan, balance, history page, console list and the island's figures with ten thousand acts
stored and with a million, in one run; and how long reconciling the million takes."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from sqlalchemy import Engine, insert
from sqlalchemy.orm import Session

from miniprogram_api.clock import SystemClock
from miniprogram_api.models import Person, PersonRole, StaffSession
from miniprogram_api.queries.console import today
from miniprogram_api.queries.island import island_figures
from miniprogram_api.services.daily_sums import close_days
from miniprogram_api.services.leases import take_lease
from miniprogram_api.services.tokens import token_hash
from tests.benchmarks.filling import Past, fill, member_ids
from tests.benchmarks.ground import DAY, MEMBERS, Ground, grounds, token_of
from tests.benchmarks.load import get
from tests.benchmarks.results import Figures, show
from tests.benchmarks.rounds import CONNECTIONS, Contestant, Rounds, run_rounds
from tests.benchmarks.servers import OURS, ROOT, databases, served

FEW, MANY = 10_000, 1_000_000
REQUESTS = 600
REPETITIONS = 3
READINGS = 20
STAFF = "for-measuring"
CALLS = ("scan", "balance", "history page", "console, today", "console, audit")


def measure(kind: str, console: Console, many: int, repetitions: int, count: int) -> Figures:
    with databases(kind, "few", "many") as (few_url, many_url), ExitStack() as stack:
        few = stack.enter_context(_with_a_past(few_url, FEW, console, kind))
        many_ground = stack.enter_context(_with_a_past(many_url, many, console, kind))
        sizes = {"few": few, "many": many_ground}
        contestants = [
            contestant
            for size, ground in sizes.items()
            for contestant in _calls(size, ground, stack.enter_context(served(OURS, ground.environment)))
        ]
        contestants.sort(key=lambda one: one.name.partition(" ")[2])  # the same call of both, one after the other
        rounds = run_rounds(contestants, repetitions, count, console, kind)
        return figures_of(rounds) | _read_in_process(few, many_ground) | _reconciled(many_ground, many)


def _calls(size: str, ground: Ground, port: int) -> list[Contestant]:
    def of_members(path: str) -> Callable[[int], list[bytes]]:
        bearers = [{"Authorization": f"Bearer {token_of(number)}"} for number in range(MEMBERS)]
        return lambda count: [get(path, bearers[number * 7 % MEMBERS]) for number in range(count)]

    def of_staff(path: str) -> Callable[[int], list[bytes]]:
        return lambda count: [get(path, {"Cookie": f"island_session={STAFF}"})] * (count // 4)

    requests = {
        "scan": ground.scans,
        "balance": of_members("/api/v1/member/me"),
        "history page": of_members("/api/v1/member/activities"),
        "console, today": of_staff("/api/v1/staff/today"),
        "console, audit": of_staff("/api/v1/staff/audit"),
    }
    return [Contestant(f"{size} {name}", port, requests[name], 201 if name == "scan" else 200) for name in CALLS]


@contextmanager
def _with_a_past(url: str, acts: int, console: Console, kind: str) -> Iterator[Ground]:
    """A ground whose members have done so many acts, its closed days added up, a person of the staff signed in."""
    members = member_ids(acts)
    with grounds(url, members) as ground, ground.engine() as engine:
        with Progress(console=console, transient=True) as progress:
            task = progress.add_task(f"{kind}: {acts:,} acts", total=acts)
            fill(engine, Past(members), acts, lambda written: progress.advance(task, written))
        ground.counter = acts
        _sign_staff_in(engine)
        _close_days(engine)
        yield ground


def _sign_staff_in(engine: Engine) -> None:
    now = int(time.time())
    session = {"person_id": 1, "csrf": "-", "created_at": now, "expires_at": now + DAY}
    with engine.begin() as connection:
        connection.execute(insert(Person).values(id=1, login="lin", name="林", password_hash="-", created_at=now))
        connection.execute(insert(PersonRole).values(person_id=1, role="auditor"))
        connection.execute(insert(StaffSession).values(token_hash=token_hash(STAFF), **session))


def _close_days(engine: Engine) -> None:
    with Session(engine) as session:
        fence = take_lease(session, "bench", SystemClock())
        assert fence is not None
        close_days(session, fence, SystemClock())


def figures_of(rounds: Rounds) -> Figures:
    figures = {}
    for name in CALLS:
        few, many = f"few {name}", f"many {name}"
        rate, p95 = rounds.ratio(many, few), rounds.p95_ratio(many, few)
        figures[f"{name}: answers a second, many ÷ few"] = f"{rate:.2f}"
        figures[f"{name}: p95, many ÷ few"] = f"{p95:.2f} ({rounds.p95(many) * 1000:.0f} ms)"
    return figures


def _read_in_process(few: Ground, many: Ground) -> Figures:
    """What the servers keep for two seconds, read anew each time."""
    readings: dict[str, Callable[[Session, int], object]] = {
        "public island, read anew": island_figures,
        "console's first page, read anew": lambda session, now: today(session, "zh", now),
    }
    figures = {}
    for name, reading in readings.items():
        quick, slow = (statistics.median(_seconds_of(ground, reading)) for ground in (few, many))
        figures[f"{name}: time, many ÷ few"] = f"{slow / quick:.2f} ({slow * 1000:.1f} ms)"
    return figures


def _seconds_of(ground: Ground, reading: Callable[[Session, int], object]) -> list[float]:
    seconds = []
    with ground.engine() as engine, Session(engine) as session:
        for _ in range(READINGS):
            began = time.perf_counter()
            reading(session, int(time.time()))
            session.rollback()
            seconds.append(time.perf_counter() - began)
    return seconds


def _reconciled(ground: Ground, acts: int) -> Figures:
    """`./island reconcile` in a process of its own: it has to find nothing."""
    command = [sys.executable, "-m", "miniprogram_api.commands.reconcile"]
    environment = {**os.environ, **ground.environment, "PYTHONPATH": str(ROOT)}
    began, most = time.perf_counter(), 0
    process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE)
    while process.poll() is None:
        most = max(most, _most_memory(process.pid))
        time.sleep(0.2)
    assert process.stdout is not None
    assert process.returncode == 0, process.stdout.read()[:2000].decode()
    return {f"reconcile {acts:,} acts": f"{time.perf_counter() - began:.0f} s, {most / 1024:.0f} MB"}


def _most_memory(process_id: int) -> int:
    """The most that a process has held so far, in kB; what the kernel says afterwards counts its parent's too."""
    with suppress(OSError):
        for line in Path(f"/proc/{process_id}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1])
    return 0


def main(console: Console, kinds: list[str], quick: bool) -> None:
    many, repetitions, count = (2 * FEW, 1, 60) if quick else (MANY, REPETITIONS, REQUESTS)
    figures = {kind: measure(kind, console, many, repetitions, count) for kind in kinds}
    title = f"{many:,} acts stored ÷ {FEW:,}: {repetitions} × {count} requests, {CONNECTIONS} connections"
    show(console, title, figures)
