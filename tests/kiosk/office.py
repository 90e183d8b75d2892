"""A small office on the loopback: real HTTP, keys and RFC 9421 checks. It signs as the server does, or misbehaves."""

from __future__ import annotations

import json
import sys
import threading
import time
from base64 import b64decode
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import lru_cache
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from http_message_signatures import HTTPMessageVerifier, HTTPSignatureKeyResolver, algorithms

from scenes.catalogue import load_catalogue
from scenes.wire import signing
from scenes.wire.agreement import Agreement, GroupLimits, OfficeKey, Profile, Revoked, SceneOffer, agreement_body
from scenes.wire.binary_text import binary_bytes, binary_text
from scenes.wire.documents import AGREEMENT, VERDICT, sign_document
from scenes.wire.upload import parse_heartbeat
from scenes.wire.verdict import Verdict, request_hash, verdict_body
from tests.kiosk.office_books import OfficeBooks

INVITATION = "K7M2Q-4XWPD"
KIOSK = 4
OFFICE_KEY_ID = "office-1"
TEXTS = {
    "venue": {"zh": "灵山岛码头", "en": "Lingshan Island pier"},
    "island_name": {"zh": "灵山岛（示范）", "en": "Lingshan Island (demonstration)"},
    "demonstration": {"zh": "示范，不是真的项目。", "en": "A demonstration, not a real programme."},
    "help": {"zh": "有问题请到码头服务台", "en": "Questions? Ask at the pier desk"},
}
# One scene of each kind of offer: group and ticket, touch and ticket, weight and ticket, variants, ticket alone.
OFFERS = {
    1: SceneOffer(frozenset({"GK", "TK"}), 1),
    9: SceneOffer(frozenset({"DK", "TK"}), 4),
    15: SceneOffer(frozenset({"WT"}), 500),
    18: SceneOffer(frozenset({"WT", "TK", "DK"}), 15),
    24: SceneOffer(frozenset({"ST", "TK"}), 1),
}


@lru_cache
def scene_documents() -> dict[int, dict[str, Any]]:
    """The scenes as agreements carry them; nobody changes them in place."""
    return load_catalogue().documents


def pier_profile(offers: dict[int, SceneOffer] | None = None) -> Profile:
    """The profile of the pier."""
    return Profile(
        attended=False,
        scenes=OFFERS if offers is None else offers,
        group=GroupLimits(per_code=60, seats=300, window_minutes=30),
        points_per_hour=20_000,
        ticket_days=14,
    )


@dataclass
class Asked:
    """A request as it arrived, its signature already checked."""

    method: str
    path: str
    query: dict[str, list[str]]
    body: bytes
    key_id: str
    covered: tuple[str, ...]


@dataclass
class Reply:
    """What goes back over the line."""

    status: int
    content: bytes = b""
    kind: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)


def json_reply(status: int, body: object, kind: str = "application/json") -> Reply:
    return Reply(status, json.dumps(body).encode(), kind)


def problem(status: int, code: str) -> Reply:
    return json_reply(status, {"status": status, "code": code, "detail": code}, "application/problem+json")


class Office:
    """Keys, agreements, uses; `instead` takes the place of an answer when it answers something itself."""

    def __init__(self) -> None:
        self.private = signing.generate_private_key()
        self.key_id = OFFICE_KEY_ID
        self.kiosk = KIOSK
        self.kiosk_keys: dict[str, bytes] = {}
        self.asked: list[Asked] = []
        self.signature_faults: list[str] = []
        self.uses: list[dict[str, int]] = []
        self.today = {"acts": 128, "points": 655, "reduction_grams": 18_432}
        self.instead: Callable[[Asked], Reply | None] = lambda asked: None
        self.books = OfficeBooks(lambda kiosk, epoch: self.kiosk_keys.get(f"{kiosk}.{epoch}"))
        self.server_time: Callable[[], int] = lambda: int(time.time())
        self.code_base_url = "HTTPS://ISLAND.EXAMPLE"
        self.agreement = self.sign_agreement(1)
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def fingerprint(self) -> str:
        return sha256(signing.public_key_of(self.private)).hexdigest()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def sign_agreement(self, version: int, **changes: Any) -> dict[str, str]:
        """A signed agreement of that version; `changes` replace its members."""
        documents = scene_documents()
        own_key = OfficeKey(self.key_id, signing.public_key_of(self.private))
        members: dict[str, Any] = {
            "kiosk": KIOSK,
            "issued_at": int(time.time()),
            "scenes": tuple(documents[number] for number in OFFERS),
            "profile": pier_profile(),
            "texts": TEXTS,
            "office_keys": (own_key,),
            "revoked": Revoked(),
        } | changes
        body = agreement_body(Agreement(version=version, **members))
        return sign_document(AGREEMENT, body, self.key_id, self.private)

    def verdict_on(self, body: bytes, **changes: Any) -> dict[str, str]:
        """The signed answer to a heartbeat."""
        members: dict[str, Any] = {
            "kiosk": KIOSK,
            "request": request_hash(body),
            "server_time": self.server_time(),
            "contiguous": {},
        }
        return sign_document(VERDICT, verdict_body(Verdict(**(members | changes))), self.key_id, self.private)

    def answer(self, asked: Asked) -> Reply:
        """The honest answer, unless `instead` has another."""
        replaced = self.instead(asked)
        if replaced is not None:
            return replaced
        match asked.method, asked.path:
            case "POST", "/api/v1/kiosk/provisioning":
                return self._provision(asked)
            case "GET", "/api/v1/kiosk/agreement":
                return self._agreement(asked)
            case "POST", "/api/v1/kiosk/heartbeats":
                parse_heartbeat(json.loads(asked.body))
                return json_reply(200, self.verdict_on(asked.body))
            case "POST", "/api/v1/kiosk/journal":
                return self.journal(asked)
            case "GET", "/api/v1/kiosk/uses":
                return json_reply(200, self._uses(asked))
            case "GET", "/api/v1/public/island":
                return json_reply(200, {"name": "灵山岛（示范）", "today": self.today})
        return problem(404, "not_found")

    def _provision(self, asked: Asked) -> Reply:
        body = json.loads(asked.body)
        if body["invitation"] != INVITATION:
            return problem(404, "not_found")
        epoch = self._epoch_of(binary_bytes(body["public_key"], 32, "public_key"))
        office_key = {"id": self.key_id, "key": binary_text(signing.public_key_of(self.private))}
        answer = {
            "kiosk": self.kiosk,
            "epoch": epoch,
            "office_keys": [office_key],
            "code_base_url": self.code_base_url,
        }
        return json_reply(201, answer)

    def _epoch_of(self, public: bytes) -> int:
        """The same key gets the same answer again; another one is the kiosk's next."""
        epochs = [int(key_id.rpartition(".")[2]) for key_id, known in self.kiosk_keys.items() if known == public]
        epoch = epochs[0] if epochs else len(self.kiosk_keys) + 1
        self.kiosk_keys[f"{self.kiosk}.{epoch}"] = public
        return epoch

    def journal(self, asked: Asked) -> Reply:
        """Applies what is new and answers a signed verdict on every item."""
        items, contiguous = self.books.take(asked.body)
        return json_reply(200, self.verdict_on(asked.body, items=tuple(items), contiguous=contiguous))

    def _agreement(self, asked: Asked) -> Reply:
        version = json.loads(self.agreement["body"])["version"]
        return Reply(204) if asked.query["since"] == [str(version)] else json_reply(200, self.agreement)

    def _uses(self, asked: Asked) -> dict[str, Any]:
        since = int(asked.query["since"][0])
        return {"data": self.uses[since:], "next": str(len(self.uses))}


class _Keys(HTTPSignatureKeyResolver):
    def __init__(self, office: Office) -> None:
        self._office = office

    def resolve_public_key(self, key_id: str) -> Ed25519PublicKey | None:
        public = self._office.kiosk_keys.get(key_id)
        if public is None and len(key_id) == 43:  # a kiosk that asks to be provisioned signs with the key it sends
            public = binary_bytes(key_id, 32, "keyid")
        return None if public is None else Ed25519PublicKey.from_public_bytes(public)


class _Verifier(HTTPMessageVerifier):
    allow_label_only_selection = True
    max_clock_skew = timedelta(days=36_500)


@dataclass
class _Message:
    method: str
    url: str
    headers: Any


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: Any, client_address: Any) -> None:
        """A kiosk that hangs up in the middle is what some tests are about; anything else is shown."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


def _send(handler: BaseHTTPRequestHandler, reply: Reply) -> None:
    handler.send_response(reply.status)
    for name, value in reply.headers.items():
        handler.send_header(name, value)
    if reply.status != 204:
        handler.send_header("Content-Type", reply.kind)
        handler.send_header("Content-Length", str(len(reply.content)))
    handler.end_headers()
    handler.wfile.write(reply.content)


def _handler(office: Office) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def _answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length)
            if len(body) < length:
                self.close_connection = True  # its plug was pulled in the middle of the sentence
                return
            try:
                reply = office.answer(self._checked(body))
            except Exception as fault:  # noqa: BLE001 - the test must see it, and a thread of a server swallows it
                office.signature_faults.append(repr(fault))
                reply = problem(401, "not_signed_in")
            _send(self, reply)

        def _checked(self, body: bytes) -> Asked:
            message = _Message(self.command, office.address + self.path, dict(self.headers.items()))
            verifier = _Verifier(signature_algorithm=algorithms.ED25519, key_resolver=_Keys(office))
            [found] = verifier.verify(message, max_age=None, expect_label="sig1")
            if body:
                digest = self.headers["Content-Digest"].removeprefix("sha-256=:").removesuffix(":")
                assert b64decode(digest) == sha256(body).digest(), "the digest is of this body"
            address = urlsplit(self.path)
            covered = tuple(found.covered_components)
            asked = Asked(
                self.command, address.path, parse_qs(address.query), body, str(found.parameters["keyid"]), covered
            )
            office.asked.append(asked)
            return asked

        def log_message(self, format: str, *arguments: object) -> None:
            """The tests look at `asked` instead."""

    return Handler
