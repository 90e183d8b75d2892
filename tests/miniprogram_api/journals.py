"""A kiosk as its journal shows it: starts, items in a chain, uploads in whatever order; and copies of it."""

from __future__ import annotations

import copy
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import insert, update

from miniprogram_api.models import Kiosk, KioskKey, Venue
from miniprogram_api.services.journal import accept_journal
from miniprogram_api.services.kiosks import take_heartbeat
from scenes.wire.documents import JOURNAL, sign_document
from scenes.wire.journal import (
    BootStarted,
    ClockSet,
    CodeIssued,
    CodeRead,
    Content,
    ItemHead,
    ItemReference,
    ReadLine,
    item_body,
    item_hash,
    kiosk_key_id,
)
from scenes.wire.signing import generate_private_key, public_key_of
from scenes.wire.upload import Heartbeat, Upload, heartbeat_text, parse_heartbeat, upload_text
from scenes.wire.verdict import Verdict, open_verdict
from tests.miniprogram_api.cast import NOON, PIER, Stage

Document = dict[str, str]


@dataclass
class Machine:
    """One machine with a kiosk's key. `slow_by`: seconds its clock is behind; `trusted`: whether it knows better."""

    stage: Stage
    kiosk: int = PIER
    key: bytes = b""
    epoch: int = 1
    slow_by: int = 0
    trusted: bool = True
    boot: str = ""
    started_at: int = 0
    last: ItemReference | None = None
    documents: list[Document] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.key = self.key or self.stage.kiosk_key

    @property
    def uptime_ms(self) -> int:
        return (self.stage.clock.now() - self.started_at) * 1000

    def start(self, last: ItemReference | None = None) -> Document:
        """A start of the kiosk; its first item names the last one known, or the one given."""
        self.boot, self.started_at = secrets.token_hex(8), self.stage.clock.now()
        self.last = last or self.last
        return self.write(BootStarted(self.last), seq=1)

    def write(self, content: Content, seq: int | None = None) -> Document:
        """The next item of the chain."""
        number = seq or (self.last.seq + 1 if self.last else 1)
        head = ItemHead(
            kiosk=self.kiosk,
            epoch=self.epoch,
            boot=self.boot,
            seq=number,
            before=self.last.hash if self.last else None,
            claimed_at=max(0, self.stage.clock.now() - self.slow_by),
            clock="trusted" if self.trusted else "untrusted",
            uptime_ms=self.uptime_ms,
        )
        body = item_body(head, content)
        self.last = ItemReference(self.boot, number, item_hash(body))
        self.documents.append(sign_document(JOURNAL, body, kiosk_key_id(self.kiosk, self.epoch), self.key))
        return self.documents[-1]

    def read(self, code: str, *lines: tuple[int, int] | ReadLine, clerk: str | None = None) -> Document:
        """A member code or card, with (scene, quantity) lines."""
        whole = tuple(line if isinstance(line, ReadLine) else ReadLine(line[0], 0, line[1]) for line in lines)
        return self.write(CodeRead(code, whole, clerk))

    def issued(self, code: str) -> Document:
        return self.write(CodeIssued(code))

    def set_clock(self, moment: int) -> Document:
        return self.write(ClockSet(moment, "lin"))

    def copied(self) -> Machine:
        """The same disk and key in another machine."""
        other = copy.copy(self)
        other.documents = list(self.documents)
        return other

    def body(self, documents: list[Any] | None = None) -> bytes:
        """What is uploaded: everything so far by default."""
        items = tuple(self.documents if documents is None else documents)
        return upload_text(Upload(self.boot, self.uptime_ms, items)).encode()

    def upload(self, documents: list[Any] | None = None, body: bytes | None = None) -> Verdict:
        """The verdict, verified."""
        body = body or self.body(documents)
        parsed = json.loads(body)
        upload = Upload(parsed["boot"], parsed["uptime_ms"], tuple(parsed["items"]))
        stage = self.stage
        answer = accept_journal(stage.session, self.kiosk, upload, body, stage.island, stage.clock)
        keys = stage.island.keys
        office = {keys.office_id: public_key_of(keys.office_private)}.get
        return open_verdict(answer, office, self.kiosk, body)

    def results(self, documents: list[Any] | None = None) -> list[str]:
        return [item.result for item in self.upload(documents).items]

    def heartbeat(self) -> None:
        """What the server measures of this start's clock."""
        facts = {
            "boot": self.boot,
            "uptime_ms": self.uptime_ms,
            "device_time": max(0, self.stage.clock.now() - self.slow_by),
            "queue": 0,
            "versions": {},
            "paper": "ready",
            "agreement": None,
            "last_sync": None,
        }
        body = heartbeat_text(Heartbeat(**facts)).encode()  # type: ignore[arg-type]  # by name
        heartbeat = parse_heartbeat(json.loads(body))
        stage = self.stage
        take_heartbeat(stage.session, self.kiosk, self.epoch, heartbeat, body, stage.island, stage.clock)


def another_kiosk(stage: Stage, number: int = 2, **place: object) -> Machine:
    """A kiosk of its own, at a place of its own that offers what the pier does, but for what is given."""
    [(profile, side)] = stage.rows("SELECT profile, side FROM venues WHERE id = 'island-pier'")
    changed = {**json.loads(str(profile)), **place}
    key, name = generate_private_key(), f"place-{number}"
    with stage.engine.begin() as connection:
        names = {"name_zh": name, "name_en": name, "side": side, "map_x": 1, "map_y": 1}
        connection.execute(insert(Venue).values(id=name, profile=json.dumps(changed), **names))
        row = {"id": number, "name": name, "venue_id": name, "state": "active", "state_since": NOON - 1, "epoch": 1}
        connection.execute(insert(Kiosk).values(**row))
        connection.execute(
            insert(KioskKey).values(kiosk_id=number, epoch=1, public_key=public_key_of(key), created_at=NOON)
        )
    stage.island.directory.forget()
    machine = Machine(stage, number, key)
    machine.start()
    return machine


def offer(stage: Stage, **changes: object) -> None:
    """Other terms of the pier."""
    [(stored,)] = stage.rows("SELECT profile FROM venues WHERE id = 'island-pier'")
    with stage.engine.begin() as connection:
        profile = json.dumps({**json.loads(str(stored)), **changes})
        connection.execute(update(Venue).where(Venue.id == "island-pier").values(profile=profile))
    stage.island.directory.forget()


def set_state(stage: Stage, state: str, since: int, kiosk: int = PIER) -> None:
    with stage.engine.begin() as connection:
        connection.execute(update(Kiosk).where(Kiosk.id == kiosk).values(state=state, state_since=since))
    stage.island.directory.forget()


def notices(stage: Stage) -> list[str]:
    return [str(kind) for (kind,) in stage.rows("SELECT kind FROM notices ORDER BY raised_at, kind")]


def reasons(stage: Stage) -> list[object]:
    return [reason for (reason,) in stage.rows("SELECT reason FROM acts ORDER BY kiosk_id, claimant, counter")]
