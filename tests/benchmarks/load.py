"""A light client: prepared requests over so many connections at once to this machine, and how long each answer took."""

from __future__ import annotations

import selectors
import socket
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

HOST = "127.0.0.1"
WAIT_SECONDS = 30


@dataclass
class Round:
    """What one round gave: answers by status, the seconds of each, and of those with one status."""

    statuses: Counter[int] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    seconds_of: dict[int, list[float]] = field(default_factory=lambda: defaultdict(list))
    took: float = 0.0

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.seconds) / self.took

    def percentile(self, share: float) -> float:
        """Seconds within which that share of the answers came."""
        return percentile(self.seconds, share)


def percentile(values: list[float], share: float) -> float:
    """The smallest value that so large a share of all stays within."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


@dataclass
class _Call:
    request: bytes
    began: float
    answer: bytearray = field(default_factory=bytearray)


def send_all(port: int, requests: list[bytes], connections: int) -> Round:
    """Send every request once, at most so many at a time; each on a connection of its own, as the server closes it."""
    result, waiting = Round(), iter(requests)
    began = time.perf_counter()
    with selectors.DefaultSelector() as selector:
        for _ in range(connections):
            _start_next(selector, port, waiting)
        while selector.get_map():
            events = selector.select(WAIT_SECONDS)
            if not events:
                raise TimeoutError("no answer for half a minute")
            for key, _ in events:
                if _read(selector, key, result):
                    _start_next(selector, port, waiting)
    result.took = time.perf_counter() - began
    return result


def _start_next(selector: selectors.BaseSelector, port: int, waiting: Iterator[bytes]) -> None:
    request = next(waiting, None)
    if request is None:
        return
    call = _Call(request, time.perf_counter())
    connection = socket.create_connection((HOST, port), WAIT_SECONDS)
    connection.sendall(request)
    connection.setblocking(False)
    selector.register(connection, selectors.EVENT_READ, call)


def _read(selector: selectors.BaseSelector, key: selectors.SelectorKey, result: Round) -> bool:
    """True when this answer is complete: the server has closed the connection."""
    connection, call = key.fileobj, key.data
    assert isinstance(connection, socket.socket)
    part = connection.recv(65_536)
    if part:
        call.answer += part
        return False
    selector.unregister(connection)
    connection.close()
    seconds, status = time.perf_counter() - call.began, int(call.answer[9:12] or 0)
    result.seconds.append(seconds)
    result.statuses[status] += 1
    result.seconds_of[status].append(seconds)
    return True


def post(path: str, body: bytes, headers: dict[str, str]) -> bytes:
    """The bytes of one POST with a JSON body."""
    lines = [f"POST {path} HTTP/1.1", f"Host: {HOST}", "Content-Type: application/json", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode("ascii") + body


def get(path: str, headers: dict[str, str]) -> bytes:
    """The bytes of one GET."""
    lines = [f"GET {path} HTTP/1.1", f"Host: {HOST}", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode("ascii")
