"""A line that loses, repeats, reorders, alters and forges: a real TCP proxy on the loopback."""

from __future__ import annotations

import json
import random
import re
import socket
import threading
from collections import Counter
from dataclasses import dataclass, field
from hashlib import sha256

LENGTH = re.compile(rb"\r\ncontent-length: *([0-9]+)", re.IGNORECASE)
PATIENCE_SECONDS = 10.0

PORTAL = b"<html><title>Harbour WiFi</title>Please log in</html>"


def page(status: str, body: bytes, kind: str = "text/html", more: tuple[str, ...] = ()) -> bytes:
    """A whole answer over HTTP."""
    lines = (f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(body)}", *more, "Connection: close")
    return "\r\n".join((*lines, "", "")).encode() + body


def refusal(status: str, code: str) -> bytes:
    body = json.dumps({"code": code, "detail": code, "status": int(status[:3])}).encode()
    return page(status, body, "application/problem+json")


FORGED = (
    page("200 OK", PORTAL),
    page("200 OK", b""),
    page("200 OK", b"", "application/json"),
    page("200 OK", b'{"accepted": true}', "application/json"),
    b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n",
    page("302 Found", b"", more=("Location: http://127.0.0.1:9/portal",)),
    page("511 Network Authentication Required", PORTAL),
    refusal("403 Forbidden", "kiosk_suspended"),
    refusal("422 Unprocessable Content", "invalid_fields"),
    refusal("413 Content Too Large", "body_too_large"),
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 400\r\n\r\n{",
    b"\x00\x01 no HTTP at all",
)

FAULTS = (
    *("honest", "honest", "lose the request", "lose the answer", "repeat", "another's answer", "deliver later"),
    *("alter", "forge", "all accepted"),
)


@dataclass
class BadLine:
    """Listens at `address`; honest until `misbehave`. `seen` counts what it did."""

    server_port: int
    chance: random.Random
    bad: bool = False
    seen: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._door = socket.create_server(("127.0.0.1", 0))
        self._old_answers: list[bytes] = []
        self._late_requests: list[bytes] = []
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._door.getsockname()[1]}"

    def close(self) -> None:
        self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        self._thread.join()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._door.accept()
            except OSError:
                return
            threading.Thread(target=self._one, args=(line,), daemon=True).start()

    def _one(self, line: socket.socket) -> None:
        with line:
            line.settimeout(PATIENCE_SECONDS)
            try:
                request = _message(line)
                if request:
                    answer = self._answer(request)
                    line.sendall(answer)
            except OSError:
                return  # the kiosk has hung up

    def _answer(self, request: bytes) -> bytes:
        with self._lock:  # one after the other, so that a seed tells the same story again
            fault = self.chance.choice(FAULTS) if self.bad else "honest"
            self.seen[fault] += 1
            return self._misbehaved(fault, request)

    def _misbehaved(self, fault: str, request: bytes) -> bytes:
        if fault == "lose the request":
            return b""
        if fault == "forge":
            return self.chance.choice(FORGED)
        if fault == "all accepted":
            return page("200 OK", _all_accepted(request), "application/json")
        if fault == "deliver later":
            self._late_requests.append(request)
            return b""
        for late in self._late_requests:  # they come after younger ones, and nobody hears the answer
            self._asked(late)
        self._late_requests.clear()
        if fault == "repeat":
            self._asked(request)
        answer = self._asked(request)
        self._old_answers.append(answer)
        if fault == "lose the answer":
            return b""
        if fault == "another's answer":
            return self.chance.choice(self._old_answers[:-1] or [b""])
        return _altered(answer, self.chance) if fault == "alter" else answer

    def _asked(self, request: bytes) -> bytes:
        with socket.create_connection(("127.0.0.1", self.server_port), PATIENCE_SECONDS) as line:
            line.sendall(request)
            return _message(line)


def _message(line: socket.socket) -> bytes:
    """One whole request or answer: head, and as much body as it says."""
    content = b""
    while b"\r\n\r\n" not in content:
        piece = line.recv(65_536)
        if not piece:
            return content
        content += piece
    head, _, _ = content.partition(b"\r\n\r\n")
    found = LENGTH.search(head)
    whole = len(head) + 4 + (int(found[1]) if found else 0)
    while len(content) < whole:
        piece = line.recv(65_536)
        if not piece:
            return content
        content += piece
    return content


def _altered(answer: bytes, chance: random.Random) -> bytes:
    """One byte of the body is another, as long as there is a body."""
    head, middle, body = answer.partition(b"\r\n\r\n")
    if not body:
        return answer
    place = chance.randrange(len(body))
    return head + middle + body[:place] + bytes([body[place] ^ 1 << chance.randrange(8)]) + body[place + 1 :]


def _all_accepted(request: bytes) -> bytes:
    """A well-made verdict on every item that came, signed by nobody."""
    head, _, body = request.partition(b"\r\n\r\n")
    if b"/kiosk/journal" not in head:
        return b"{}"
    items = []
    for document in json.loads(body)["items"]:
        said = json.loads(document["body"])
        own_hash = sha256(document["body"].encode()).hexdigest()
        items.append({"boot": said["boot"], "seq": said["seq"], "hash": own_hash, "result": "credited", "lines": []})
    verdict = {"kiosk": 4, "request": sha256(body).hexdigest(), "server_time": 1, "contiguous": {}, "items": items}
    return json.dumps({"body": json.dumps(verdict), "key": "office-1", "signature": "A" * 86}).encode()
