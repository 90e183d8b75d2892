"""An island under measurement: members, kiosks and the codes that are scanned; and the yardstick's tables."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, insert
from sqlalchemy.orm import Session

from miniprogram_api.clock import SystemClock
from miniprogram_api.config import create_keys
from miniprogram_api.db import prepare_engine
from miniprogram_api.migrations import upgrade
from miniprogram_api.models import Kiosk, KioskKey, Member, MemberBalance, MemberSession, Venue
from miniprogram_api.services.rules import publish_catalogue
from miniprogram_api.services.tokens import token_hash
from scenes.catalogue import load_catalogue
from scenes.wire.code_text import code_text
from scenes.wire.kinds import KIND_SINGLE_USE
from scenes.wire.kiosk_code import KioskCode, encode
from scenes.wire.signing import generate_private_key, public_key_of
from tests.benchmarks.load import post
from tests.benchmarks.yardstick import Base as YardBase
from tests.benchmarks.yardstick import YardBalance, signed

MEMBERS = 3000
KIOSKS = 40
BASE_URL = "HTTP://127.0.0.1:8000"
SCENES = (1, 2, 9, 6, 10, 17, 19, 20, 23, 24)  # each once for a member, so that no cool-down comes in between
DAY = 86_400
CEILING = 10_000_000  # points an hour and kiosk: not what is measured
SALT = secrets.token_bytes(32)
Rows = list[dict[str, Any]]


@dataclass
class Ground:
    """`url` is its database, `folder` holds its secrets; `counter` is the number of codes made so far, `acts` that of
    acts: each scene is done once by each member."""

    url: str
    folder: Path
    privates: list[bytes] = field(default_factory=lambda: [generate_private_key() for _ in range(KIOSKS)])
    counter: int = 0
    acts: int = 0

    @property
    def environment(self) -> dict[str, str]:
        return {
            "DATABASE_URL": self.url,
            "CODE_BASE_URL": BASE_URL,
            "TANYU_ENVIRONMENT": "demonstration",
            "TANYU_KEYS_FILE": str(self.folder / "keys.json"),
        }

    @contextmanager
    def engine(self) -> Iterator[Engine]:
        engine = create_engine(self.url)
        prepare_engine(engine)
        try:
            yield engine
        finally:
            engine.dispose()

    def code(self) -> tuple[str, str]:
        """A fresh code and the token of the member who scans it."""
        number, self.counter = self.counter, self.counter + 1
        act, self.acts = self.acts, self.acts + 1
        scene = SCENES[act // MEMBERS % len(SCENES)]
        kiosk, nonce = number % KIOSKS, secrets.token_bytes(6)
        code = KioskCode(KIND_SINGLE_USE, 1, kiosk + 1, number + 1, int(time.time()), scene, 0, 1, nonce)
        return code_text(encode(code, self.privates[kiosk])), token_of(act % MEMBERS)

    def scans(self, count: int) -> list[bytes]:
        return [scan_request(*self.code()) for _ in range(count)]


def token_of(number: int) -> str:
    return f"member-{number}"


def scan_request(code: str, token: str) -> bytes:
    return keyed_post("/api/v1/member/scans", {"code": code}, token)


def keyed_post(path: str, body: dict[str, Any], token: str) -> bytes:
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": secrets.token_hex(8)}
    return post(path, json.dumps(body).encode(), headers)


def prepare(engine: Engine, ground: Ground, members: list[int]) -> None:
    """Make the tables; fill in rules, kiosks and members without balances, the first of them signed in."""
    upgrade(engine)
    with engine.begin() as connection:
        _add_kiosks(connection, ground)
        add_members(connection, members)
    with Session(engine) as session:
        publish_catalogue(session, load_catalogue(), SystemClock())


def _add_kiosks(connection: Connection, ground: Ground) -> None:
    scenes = {str(number): {"proofs": ["DK", "TK", "ST"]} for number in range(1, 25)}
    profile = {"attended": True, "scenes": scenes, "ceilings": {"points_per_hour": CEILING}, "routes": []}
    names = {"id": "pier", "name_zh": "码头", "name_en": "Pier", "side": "island", "map_x": 1, "map_y": 1}
    connection.execute(insert(Venue).values(**names, profile=json.dumps(profile)))
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


def add_members(connection: Connection, members: list[int]) -> None:
    now = int(time.time())
    person = {"kind": "visitor", "nickname": "m", "salt_key": SALT}
    connection.execute(
        insert(Member), [{"id": one, "created_at": now - DAY - place, **person} for place, one in enumerate(members)]
    )
    sessions = [
        {"token_hash": token_hash(token_of(place)), "member_id": one, "created_at": now, "expires_at": now + DAY}
        for place, one in enumerate(members[:MEMBERS])
    ]
    connection.execute(insert(MemberSession), sessions)


def add_balances(engine: Engine, balances: Iterable[Mapping[str, int]]) -> None:
    """A balance row for each `member_id`; what isn't given is 0."""
    nothing = {"available": 0, "held": 0, "debt": 0, "reduction_grams": 0, "version": 0}
    with engine.begin() as connection:
        connection.execute(insert(MemberBalance), [{**nothing, **one} for one in balances])


@contextmanager
def grounds(url: str, members: list[int] | None = None) -> Iterator[Ground]:
    """A ground on an empty database, its tables and secrets made. Of given members the balances are left to add."""
    with TemporaryDirectory() as folder:
        create_keys(Path(folder) / "keys.json")
        ground = Ground(url, Path(folder))
        with ground.engine() as engine:
            prepare(engine, ground, members or list(range(1, MEMBERS + 1)))
            if members is None:
                add_balances(engine, [{"member_id": one} for one in range(1, MEMBERS + 1)])
        yield ground


def prepare_yardstick(url: str) -> None:
    engine = create_engine(url)
    prepare_engine(engine)
    with engine.begin() as connection:
        YardBase.metadata.create_all(connection)
        connection.execute(insert(YardBalance), [{"member": one, "points": 0} for one in range(MEMBERS)])
    engine.dispose()


def yard_requests(path: str, count: int) -> list[bytes]:
    return [post(path, signed(number % MEMBERS, secrets.token_hex(12)), {}) for number in range(count)]
