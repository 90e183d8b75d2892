"""Uploads of kiosks under measurement: chains of tickets issued, and of member codes read."""

from __future__ import annotations

import json
import secrets
import time
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import httpx
from http_message_signatures import HTTPMessageSigner, algorithms
from sqlalchemy import Engine, insert

from miniprogram_api.config import load_keys
from miniprogram_api.models import MemberPass
from miniprogram_api.services.tokens import token_hash
from scenes.wire import signing
from scenes.wire.code_text import code_text
from scenes.wire.documents import JOURNAL, sign_document
from scenes.wire.journal import (
    BootStarted,
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
from scenes.wire.kinds import KIND_TICKET
from scenes.wire.kiosk_code import KioskCode, encode
from scenes.wire.member_code import SLOT_SECONDS, SLOTS_MAX, last_value, make_pass, member_code
from scenes.wire.upload import UPLOAD_BYTES_MAX, UPLOAD_ITEMS_MAX, Upload, upload_text
from tests.benchmarks.ground import KIOSKS, MEMBERS, SCENES, Ground, token_of
from tests.benchmarks.load import HOST

PATH = "/api/v1/kiosk/journal"
APART_SECONDS = 600  # a member shows another minute for each of the scenes
PASS_AGE_SECONDS = 6 * 3600


@dataclass
class Chain:
    """One start of a kiosk that has been running for a day."""

    kiosk: int
    private: bytes
    boot: str = field(default_factory=lambda: secrets.token_hex(8))
    last: ItemReference | None = None

    def item(self, content: Content, age_seconds: int, now: int) -> dict[str, str]:
        seq = 1 if self.last is None else self.last.seq + 1
        before = self.last and self.last.hash
        uptime = (86_400 - age_seconds) * 1000
        head = ItemHead(self.kiosk, 1, self.boot, seq, before, now - age_seconds, "trusted", uptime)
        body = item_body(head, content)
        self.last = ItemReference(self.boot, seq, item_hash(body))
        return sign_document(JOURNAL, body, kiosk_key_id(self.kiosk, 1), self.private)


@dataclass
class Journals:
    """The kiosks' chains and the members' passes on a ground."""

    ground: Ground
    engine: Engine
    chains: list[Chain] = field(default_factory=list)
    passes: list[tuple[bytes, bytes]] = field(default_factory=list)
    turn: int = 0
    read: int = 0

    def __post_init__(self) -> None:
        self.chains = [Chain(number, private) for number, private in enumerate(self.ground.privates, 1)]
        keys = load_keys(self.ground.folder / "keys.json")
        private = keys.pass_privates[keys.pass_key_id]
        self.begins = int(time.time()) // SLOT_SECONDS * SLOT_SECONDS - PASS_AGE_SECONDS
        rows = []
        for member in range(MEMBERS):
            alias = secrets.token_bytes(8)
            last = last_value(keys.pass_seed, alias)
            self.passes.append((make_pass(keys.pass_key_id, alias, self.begins, SLOTS_MAX, last, private), last))
            rows.append(self._row(member, alias, keys.pass_key_id))
        with self.engine.begin() as connection:
            connection.execute(insert(MemberPass), rows)

    def _row(self, member: int, alias: bytes, key_id: int) -> dict[str, Any]:
        return {
            "alias": alias,
            "member_id": member + 1,
            "session": token_hash(token_of(member)),
            "number": 0,
            "key_id": key_id,
            "not_before": self.begins,
            "slots": SLOTS_MAX,
            "created_at": self.begins,
        }

    def tickets(self, uploads: int) -> list[bytes]:
        """So many uploads of tickets issued."""
        return [self._upload(self._ticket) for _ in range(uploads)]

    def readings(self, uploads: int) -> list[bytes]:
        """So many uploads of member codes read, a line each; no act meets the cool-down of another."""
        return [self._upload(self._reading) for _ in range(uploads)]

    def returns(self, items: int) -> list[list[bytes]]:
        """The uploads of each kiosk that was away: so many items of each, member codes and tickets in turns."""
        fleet: list[list[bytes]] = []
        for kiosk in range(KIOSKS):
            fleet.append([])
            for number, first in enumerate(range(0, items, UPLOAD_ITEMS_MAX)):
                self.turn = kiosk
                make = self._ticket if number % 2 else self._reading
                fleet[-1].append(self._upload(make, min(UPLOAD_ITEMS_MAX, items - first)))
        return fleet

    def _upload(self, make: Any, length: int = UPLOAD_ITEMS_MAX) -> bytes:
        chain, now = self.chains[self.turn % KIOSKS], int(time.time())
        self.turn += 1
        documents = [] if chain.last else [chain.item(BootStarted(None), 86_000, now)]
        while len(documents) < length:
            documents.append(make(chain, now))
        body = upload_text(Upload(chain.boot, 86_400_000, tuple(documents))).encode()
        assert len(body) <= UPLOAD_BYTES_MAX
        return signed_post(kiosk_key_id(chain.kiosk, 1), chain.private, body)

    def _ticket(self, chain: Chain, now: int) -> dict[str, str]:
        self.ground.counter += 1
        code = KioskCode(KIND_TICKET, 1, chain.kiosk, self.ground.counter, now, 23, 0, 1, secrets.token_bytes(6))
        return chain.item(CodeIssued(code_text(encode(code, chain.private))), 0, now)

    def _reading(self, chain: Chain, now: int) -> dict[str, str]:
        number, self.ground.acts = self.ground.acts, self.ground.acts + 1
        self.read += 1
        place = number // MEMBERS % len(SCENES)
        age = place * APART_SECONDS
        slot = (now - age - self.begins) // SLOT_SECONDS + 1
        text = code_text(member_code(*self.passes[number % MEMBERS], slot))
        return chain.item(CodeRead(text, (ReadLine(SCENES[place], 0, 1),)), age, now)


def signed_post(key_id: str, private: bytes, body: bytes) -> bytes:
    """The bytes of one upload, signed as a kiosk signs."""
    digest = f"sha-256=:{b64encode(sha256(body).digest()).decode('ascii')}:"
    headers = {"Content-Type": "application/json", "Content-Digest": digest}
    request = httpx.Request("POST", f"http://{HOST}{PATH}", content=body, headers=headers)
    signer = HTTPMessageSigner(signature_algorithm=algorithms.ED25519)
    components = ["@method", "@path", "@query", "content-digest"]
    prepared = signer.prepare(
        request, key_id=key_id, created=datetime.now(UTC), label="sig1", covered_component_ids=components
    )
    signer.apply(request, prepared, signing.sign(private, prepared.signature_base))
    lines = [f"POST {PATH} HTTP/1.1", f"Host: {HOST}", f"Content-Length: {len(body)}", "Connection: close"]
    wanted = ("content-type", "content-digest", "signature-input", "signature")
    lines += [f"{name}: {request.headers[name]}" for name in wanted]
    return "\r\n".join([*lines, "", ""]).encode("ascii") + body


def results_of(answer: bytes) -> list[str]:
    """What the verdict in an answer says of each item."""
    _, _, content = answer.partition(b"\r\n\r\n")
    return [item["result"] for item in json.loads(json.loads(content)["body"])["items"]]
