"""The cast of the tests: mei and bo are tourists, chen keeps a shop, lin is staff; the pier has a kiosk."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, insert, select, text
from sqlalchemy.orm import Session

from miniprogram_api.books.directory import Directory
from miniprogram_api.clock import Clock
from miniprogram_api.config import create_keys, load_keys
from miniprogram_api.db import prepare_engine
from miniprogram_api.domain.first_reasons import FIRST_OFFER
from miniprogram_api.domain.keys import Keys
from miniprogram_api.models import (
    Item,
    ItemVersion,
    Kiosk,
    KioskKey,
    Member,
    MemberBalance,
    MemberSession,
    Merchant,
    MerchantBalance,
    MerchantPerson,
    MerchantSession,
    MerchantVersion,
    Person,
    Stock,
    StockChange,
    Venue,
)
from miniprogram_api.services.earning import Scan, Scanned, record_scan
from miniprogram_api.services.island import Island
from miniprogram_api.services.passes import passes_of_session
from miniprogram_api.services.rules import publish_catalogue
from scenes.catalogue import load_catalogue
from scenes.wire.code_text import code_text
from scenes.wire.kinds import KIND_SINGLE_USE
from scenes.wire.kiosk_code import KioskCode, encode
from scenes.wire.member_code import SLOT_SECONDS, member_code, parse_member_code
from scenes.wire.signing import generate_private_key, public_key_of

BASE_URL = "HTTP://127.0.0.1:8000"
NOON = 1_795_320_000  # 2026-11-22 12:00:00 on the island (UTC+8)
PIER = 1

EVERY_PROOF = {str(number): {"proofs": ["GK", "DK", "TK", "WT", "ST"]} for number in range(1, 25)}


@dataclass
class Stage:
    """One island in one database, with its clock in the test's hand."""

    engine: Engine
    session: Session
    island: Island
    clock: Any
    kiosk_key: bytes
    counter: int = 0
    members: dict[str, int] = field(default_factory=dict)

    def code(self, scene: int, kind: int = KIND_SINGLE_USE, **changes: object) -> str:
        """A fresh bare code of the pier's kiosk."""
        self.counter += 1
        facts = {
            "kind": kind,
            "epoch": 1,
            "kiosk": PIER,
            "counter": self.counter,
            "issued_at": self.clock.now(),
            "scene": scene,
            "variant": 0,
            "quantity": 1,
            "nonce": self.counter.to_bytes(6, "big"),
        }
        return code_text(encode(KioskCode(**{**facts, **changes}), self.kiosk_key))  # type: ignore[arg-type]  # by name

    def scan(self, who: str, code: str, key: str | None = None, **more: object) -> Scanned:
        scan = Scan(token_hash(who), code, key=key, **more)  # type: ignore[arg-type]  # by name
        return record_scan(self.session, scan, self.island, self.clock)

    def member_code(self, who: str, at: int | None = None) -> str:
        """What the phone of a member shows at that Unix second, now by default."""
        at = self.clock.now() if at is None else at
        for day in passes_of_session(self.session, token_hash(who), self.island, self.clock):
            shown = parse_member_code(member_code(day.signed, day.last_value, 1))
            slot = (at - shown.not_before) // SLOT_SECONDS + 1
            if 1 <= slot <= shown.slots:
                return code_text(member_code(day.signed, day.last_value, slot))
        raise AssertionError("no pass of this phone runs then")

    def member(self, name: str, kind: str = "visitor") -> int:
        """A member who is signed in for a year."""
        number = int.from_bytes(hashlib.sha256(name.encode()).digest()[:7], "big")
        with self.engine.begin() as connection:
            connection.execute(
                insert(Member).values(
                    id=number, kind=kind, nickname=name, created_at=NOON, salt_key=os.urandom(32), recovery_hash=None
                )
            )
            connection.execute(insert(MemberBalance).values(member_id=number))
            connection.execute(
                insert(MemberSession).values(
                    token_hash=token_hash(name),
                    member_id=number,
                    created_at=NOON,
                    expires_at=NOON + 366 * 86_400,
                )
            )
        self.members[name] = number
        return number

    def balance(self, who: str) -> tuple[int, int, int]:
        """Points available and held, and grams."""
        with self.engine.connect() as connection:
            row = connection.execute(
                select(MemberBalance.available, MemberBalance.held, MemberBalance.reduction_grams).where(
                    MemberBalance.member_id == self.members[who]
                )
            ).one()
        return tuple(row)  # type: ignore[return-value]  # three integers

    def debt(self, who: str) -> int:
        return int(str(self.rows(f"SELECT debt FROM member_balances WHERE member_id = {self.members[who]}")[0][0]))

    def clerk(self, login: str) -> int:
        """Somebody of the staff: lin asks, wen approves."""
        number = int.from_bytes(hashlib.sha256(f"staff {login}".encode()).digest()[:7], "big")
        with self.engine.begin() as connection:
            connection.execute(
                insert(Person).values(id=number, login=login, name=login, password_hash="-", created_at=NOON)
            )
        return number

    def count(self, table: str) -> int:
        with self.engine.connect() as connection:
            return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())

    def rows(self, statement: str) -> list[tuple[object, ...]]:
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(statement))]


def token_hash(name: str) -> bytes:
    return hashlib.sha256(name.encode()).digest()


@contextmanager
def staged(url: str, keys: Keys, clock: Clock) -> Iterator[Stage]:
    """An island with the pier's kiosk, all rules, and mei and bo signed in."""
    engine = create_engine(url)
    prepare_engine(engine)
    private = generate_private_key()
    with engine.begin() as connection:
        connection.execute(
            insert(Venue).values(
                id="island-pier",
                name_zh="灵山岛码头",
                name_en="Island pier",
                side="island",
                map_x=500,
                map_y=500,
                profile=json.dumps(
                    {
                        "attended": True,
                        "scenes": EVERY_PROOF,
                        "group": {"per_code": 3, "seats": 5, "window_minutes": 30},
                        "ceilings": {"points_per_hour": 100_000},
                        "ticket_days": 14,
                        "routes": [],
                    }
                ),
            )
        )
        connection.execute(
            insert(Kiosk).values(
                id=PIER, name="island-pier", venue_id="island-pier", state="active", state_since=NOON - 1, epoch=1
            )
        )
        connection.execute(
            insert(KioskKey).values(kiosk_id=PIER, epoch=1, public_key=public_key_of(private), created_at=NOON)
        )
    with Session(engine) as session:
        publish_catalogue(session, load_catalogue(), clock)
        stage = Stage(engine, session, Island(Directory(engine), keys, BASE_URL), clock, private)
        stage.member("mei")
        stage.member("bo")
        yield stage
    engine.dispose()


def keys_in(folder: Path) -> Keys:
    create_keys(folder / "keys.json")
    return load_keys(folder / "keys.json")


def shop(stage: Stage, points: int = 35, stock: int = 10, fen: int = 350, limit: int | None = None) -> int:
    """Chen's shop with one item on its shelf; chen is signed in. Answers the item's id."""
    merchant, item = 71, 72
    named = {"name_zh": "低碳商店", "name_en": "Low-carbon shop", "place_zh": "码头", "place_en": "Pier"}
    standing = {**named, "state": "active", "created_at": NOON}
    system = {"asked_by": None, "reason": FIRST_OFFER}
    with stage.engine.begin() as connection:
        connection.execute(insert(Merchant).values(id=merchant, **standing))
        connection.execute(
            insert(MerchantVersion).values(merchant_id=merchant, version=1, change="admitted", **standing, **system)
        )
        connection.execute(insert(MerchantBalance).values(merchant_id=merchant))
        connection.execute(
            insert(MerchantPerson).values(
                id=73,
                merchant_id=merchant,
                login="chen",
                name="陈",
                password_hash="-",
                role="owner",
            )
        )
        connection.execute(
            insert(MerchantSession).values(
                token_hash=token_hash("chen"),
                person_id=73,
                merchant_id=merchant,
                created_at=NOON,
                expires_at=NOON + 366 * 86_400,
            )
        )
        connection.execute(insert(Item).values(id=item, merchant_id=merchant))
        connection.execute(
            insert(ItemVersion).values(
                item_id=item,
                version=1,
                starts_at=0,
                name_zh="帆布袋",
                name_en="Canvas bag",
                description_zh="-",
                description_en="-",
                icon="shopping-bag",
                points=points,
                settlement_fen=fen,
                limit_per_person=limit,
                active=True,
                position=0,
                created_at=NOON,
                **system,
            )
        )
        connection.execute(insert(Stock).values(item_id=item, put_in=stock, remaining=stock))
        if stock:
            connection.execute(insert(StockChange).values(id=74, item_id=item, pieces=stock, asked_at=NOON, **system))
    return item
