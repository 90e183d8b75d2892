"""A full scan against the yardstick, on both databases: answers a second, 95th percentile, statements counted."""

from __future__ import annotations

import json
import secrets
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console
from rich.table import Table
from sqlalchemy import Connection, Engine, create_engine, insert
from sqlalchemy.orm import Session

from miniprogram_api.books import facts, prepared
from miniprogram_api.books.directory import Directory
from miniprogram_api.clock import SystemClock
from miniprogram_api.config import create_keys, load_keys
from miniprogram_api.db import prepare_engine
from miniprogram_api.migrations import upgrade
from miniprogram_api.models import Kiosk, KioskKey, Member, MemberBalance, MemberSession, Venue
from miniprogram_api.services.earning import Scan, record_scan
from miniprogram_api.services.island import Island
from miniprogram_api.services.rules import publish_catalogue
from miniprogram_api.services.tokens import token_hash
from scenes.catalogue import load_catalogue
from scenes.wire.code_text import code_text
from scenes.wire.kinds import KIND_SINGLE_USE
from scenes.wire.kiosk_code import KioskCode, encode
from scenes.wire.signing import generate_private_key, public_key_of
from tests.benchmarks.load import Round, post, send_all
from tests.benchmarks.servers import databases, served
from tests.benchmarks.yardstick import Base as YardBase
from tests.benchmarks.yardstick import YardBalance, signed

MEMBERS = 3000
KIOSKS = 40
CONNECTIONS = 16
REQUESTS = 1200
WARM_UP = 300
REPETITIONS = 5
BASE_URL = "HTTP://127.0.0.1:8000"
SCENES = (1, 2, 9, 6, 10, 17, 19, 20, 23, 24)  # each once for a member, so that no cool-down comes in between


@dataclass
class Ground:
    """An island with many members and kiosks, and the codes that they will scan."""

    url: str
    folder: Path
    privates: list[bytes] = field(default_factory=lambda: [generate_private_key() for _ in range(KIOSKS)])
    counter: int = 0

    @property
    def environment(self) -> dict[str, str]:
        return {
            "DATABASE_URL": self.url,
            "CODE_BASE_URL": BASE_URL,
            "TANYU_ENVIRONMENT": "demonstration",
            "TANYU_KEYS_FILE": str(self.folder / "keys.json"),
        }

    def code(self) -> tuple[str, str]:
        """A fresh code and the token of the member who scans it."""
        number, self.counter = self.counter, self.counter + 1
        scene = SCENES[number // MEMBERS % len(SCENES)]
        kiosk, nonce = number % KIOSKS, secrets.token_bytes(6)
        code = KioskCode(KIND_SINGLE_USE, 1, kiosk + 1, number + 1, int(time.time()), scene, 0, 1, nonce)
        return code_text(encode(code, self.privates[kiosk])), f"member-{number % MEMBERS}"

    def requests(self, count: int) -> list[bytes]:
        made = []
        for _ in range(count):
            code, token = self.code()
            headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": secrets.token_hex(8)}
            made.append(post("/api/v1/member/scans", json.dumps({"code": code}).encode(), headers))
        return made


def prepare(engine: Engine, ground: Ground) -> None:
    """Make the tables and fill in members, kiosks and rules."""
    upgrade(engine)
    with engine.begin() as connection:
        scenes = {str(number): {"proofs": ["DK", "TK"]} for number in range(1, 25)}
        profile = {"attended": True, "scenes": scenes, "ceilings": {"points_per_hour": 10_000_000}, "routes": []}
        connection.execute(
            insert(Venue).values(
                id="pier", name_zh="码头", name_en="Pier", side="island", map_x=1, map_y=1, profile=json.dumps(profile)
            )
        )
        now = int(time.time())
        kiosks = [
            {"id": one, "name": f"kiosk-{one}", "venue_id": "pier", "state": "active", "state_since": 0, "epoch": 1}
            for one in range(1, KIOSKS + 1)
        ]
        connection.execute(insert(Kiosk), kiosks)
        keys = [
            {"kiosk_id": one, "epoch": 1, "public_key": public_key_of(private), "created_at": 0}
            for one, private in enumerate(ground.privates, 1)
        ]
        connection.execute(insert(KioskKey), keys)
        _add_members(connection, now)
    with Session(engine) as session:
        publish_catalogue(session, load_catalogue(), "for measuring", SystemClock())


def _add_members(connection: Connection, now: int) -> None:
    ids = range(1, MEMBERS + 1)
    salt = secrets.token_bytes(32)
    members = [{"id": one, "kind": "visitor", "nickname": "m", "created_at": now, "salt_key": salt} for one in ids]
    connection.execute(insert(Member), members)
    connection.execute(insert(MemberBalance), [{"member_id": one} for one in ids])
    sessions = [
        {
            "token_hash": token_hash(f"member-{one - 1}"),
            "member_id": one,
            "created_at": now,
            "expires_at": now + 86_400,
        }
        for one in ids
    ]
    connection.execute(insert(MemberSession), sessions)


def prepare_yardstick(url: str) -> None:
    engine = create_engine(url)
    prepare_engine(engine)
    with engine.begin() as connection:
        YardBase.metadata.create_all(connection)
        connection.execute(insert(YardBalance), [{"member": one, "points": 0} for one in range(MEMBERS)])
    engine.dispose()


def yard_requests(path: str, count: int) -> list[bytes]:
    return [post(path, signed(number % MEMBERS, secrets.token_hex(12)), {}) for number in range(count)]


def statements_of_one_scan(engine: Engine, ground: Ground) -> int:
    """SQL statements of one scan in process, BEGIN and COMMIT included."""
    seen: list[str] = []
    island = Island(Directory(engine), load_keys(ground.folder / "keys.json"), BASE_URL)
    with Session(engine) as session:
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


@contextmanager
def made_ready(kind: str) -> Iterator[tuple[Ground, str, int]]:
    with databases(kind) as (ours, yard), TemporaryDirectory() as folder:
        create_keys(Path(folder) / "keys.json")
        ground = Ground(ours, Path(folder))
        engine = create_engine(ours)
        prepare_engine(engine)
        prepare(engine, ground)
        statements = statements_of_one_scan(engine, ground)
        engine.dispose()
        prepare_yardstick(yard)
        yield ground, yard, statements


def measure(kind: str, console: Console) -> None:
    with made_ready(kind) as (ground, yard, statements):
        with (
            served("tests.benchmarks.ours:create_app()", ground.environment) as ours_port,
            served("tests.benchmarks.yardstick:create_app()", {"YARDSTICK_DATABASE_URL": yard}) as yard_port,
        ):
            rounds: dict[str, list[Round]] = {"scan": [], "core": [], "orm": []}
            for repetition in range(REPETITIONS + 1):
                count = REQUESTS if repetition else WARM_UP
                made = [
                    ("core", send_all(yard_port, yard_requests("/core", count), CONNECTIONS)),
                    ("scan", send_all(ours_port, ground.requests(count), CONNECTIONS)),
                    ("orm", send_all(yard_port, yard_requests("/orm", count), CONNECTIONS)),
                ]
                for name, one in made:
                    assert set(one.statuses) == {201}, f"{name} on {kind}: {dict(one.statuses)}"
                    if repetition:
                        rounds[name].append(one)
                console.print(f"  {kind}: {repetition if repetition else 'warm'}", end="\r")
        show(kind, rounds, statements, console)


def show(kind: str, rounds: dict[str, list[Round]], statements: int, console: Console) -> None:
    table = Table(title=f"{kind}: {REPETITIONS} × {REQUESTS} requests, {CONNECTIONS} connections, 2 sync workers")
    for column in ("route", "answers/s (median)", "p95 ms (median)", "÷ yardstick", "p95 ÷", "÷ ORM route"):
        table.add_column(column, justify="left" if column == "route" else "right")
    names = {"scan": f"full scan, {statements} statements", "core": "yardstick (Core)", "orm": "smallest ORM route"}
    for name, label in names.items():
        rate, p95 = (statistics.median(values) for values in _figures(rounds[name]))
        against = _ratio(rounds[name], rounds["core"])
        late = p95 / statistics.median(one.percentile(0.95) for one in rounds["core"])
        orm = _ratio(rounds[name], rounds["orm"])
        table.add_row(label, f"{rate:,.0f}", f"{p95 * 1000:.1f}", f"{against:.2f}", f"{late:.2f}", f"{orm:.2f}")
    console.print(table)


def _figures(rounds: list[Round]) -> tuple[list[float], list[float]]:
    return [one.rate for one in rounds], [one.percentile(0.95) for one in rounds]


def _ratio(mine: list[Round], others: list[Round]) -> float:
    """The median of the ratios of rounds that ran side by side in time."""
    return statistics.median(one.rate / other.rate for one, other in zip(mine, others, strict=True))


def main() -> None:
    console = Console(width=120)
    for kind in ("postgresql", "sqlite"):
        measure(kind, console)
