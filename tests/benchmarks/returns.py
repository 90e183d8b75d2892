"""The fleet comes back: 40 kiosks hand in 500 items each at once, each upload twice, while phones go on scanning."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from rich.console import Console
from sqlalchemy import text

from kiosk.forwarder import BUSY_SECONDS
from tests.benchmarks.ground import KIOSKS, Ground, grounds
from tests.benchmarks.journals import Journals
from tests.benchmarks.load import percentile, send_all
from tests.benchmarks.results import Figures
from tests.benchmarks.servers import OURS, databases, served

ITEMS = 500  # of one kiosk, with the one that says that it started
APART_SECONDS = 0.1  # so often a phone scans
P95_SECONDS = 1
BUSY = 503


@dataclass
class Answers:
    """Seconds of each answer and how many there were of each status, from many threads."""

    seconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    _adding: threading.Lock = field(default_factory=threading.Lock)

    def ask(self, port: int, request: bytes) -> int:
        """Send it once; its status."""
        done = send_all(port, [request], 1)
        [status] = done.statuses
        with self._adding:
            self.seconds += done.seconds
            self.statuses[status] += 1
        return status


def come_back(port: int, uploads: Iterable[bytes], answers: Answers) -> None:
    """One kiosk: an upload at a time, again after a pause where the office serves people first."""
    chance = random.Random()
    for upload in uploads:
        while answers.ask(port, upload) == BUSY:
            time.sleep(BUSY_SECONDS * chance.uniform(0.5, 1.5))


def scan_until(over: threading.Event, port: int, ground: Ground, answers: Answers) -> None:
    """Scans at a steady pace, whether or not the ones before are answered."""
    started, began = [], time.perf_counter()
    while not over.wait(max(0.0, began + len(started) * APART_SECONDS - time.perf_counter())):
        started.append(threading.Thread(target=answers.ask, args=(port, *ground.scans(1))))
        started[-1].start()
    for one in started:
        one.join()


def measure(kind: str, console: Console, items: int) -> Figures:
    """How long scans took while all of it came in. Both answers of an upload that is sent twice have to be verdicts."""
    console.print(f"  {kind}: {KIOSKS} kiosks × {items} items, each upload twice")
    with databases(kind, "ours") as [url], grounds(url) as ground, ground.engine() as engine:
        fleet = [shuffled(uploads * 2) for uploads in Journals(ground, engine).returns(items)]
        scans, uploads, over = Answers(), Answers(), threading.Event()
        with served(OURS, ground.environment) as port:
            phones = threading.Thread(target=scan_until, args=(over, port, ground, scans))
            phones.start()
            began = time.perf_counter()
            kiosks = [threading.Thread(target=come_back, args=(port, one, uploads)) for one in fleet]
            for one in kiosks:
                one.start()
            for one in kiosks:
                one.join()
            took = time.perf_counter() - began
            over.set()
            phones.join()
        with engine.connect() as connection:
            [taken, credited] = connection.execute(
                text(
                    "SELECT (SELECT count(*) FROM journal_items),"
                    " (SELECT count(*) FROM acts WHERE kind = 20 AND state = 'credited')"
                )
            ).one()
    assert set(scans.statuses) == {201}, scans.statuses
    assert set(uploads.statuses) <= {200, BUSY}, uploads.statuses
    assert taken == KIOSKS * items, f"{taken} items are here"
    return {
        f"a scan while the fleet comes back: p95 (≤ {P95_SECONDS} s)": f"{percentile(scans.seconds, 0.95):.2f} s",
        "p50, longest": f"{percentile(scans.seconds, 0.5):.2f} s, {max(scans.seconds):.2f} s",
        "scans meanwhile": str(len(scans.seconds)),
        "items here once, sent twice": str(taken),
        "member codes among them credited": str(credited),
        "uploads taken, told to come again": f"{uploads.statuses[200]}, {uploads.statuses[BUSY]}",
        "until all was here": f"{took:.0f} s",
    }


def shuffled(uploads: list[bytes]) -> list[bytes]:
    random.shuffle(uploads)
    return uploads
