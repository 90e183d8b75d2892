"""Whatever bytes come over the line, the workers live, nothing is recorded and no answer is a fault (R10)."""

from __future__ import annotations

import gzip
import json
import socket
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from miniprogram_api.clock import SystemClock
from tests.benchmarks.memory import workers_of
from tests.benchmarks.servers import served
from tests.miniprogram_api.cast import BASE_URL, Stage, keys_in, shop, staged
from tests.miniprogram_api.test_races import check_books

API = "/api/v1"
SESSIONS, SCANS = f"{API}/member/sessions", f"{API}/member/scans"
TABLES = ("members", "member_sessions", "acts", "entries", "transfers", "vouchers", "redemptions", "audit_events")
DEPTH = 100_000
MEGABYTE = 1 << 20
GUEST = b'{"guest": true}'
# What a worker may answer, or close the line without a word; never 5xx.
REFUSED = {400, 401, 404, 405, 408, 411, 413, 414, 415, 417, 422, 431}
GOOD = {200, 201}
pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # rules of HTTP alone


@pytest.fixture
def island(database: str, tmp_path: Path) -> Iterator[tuple[Stage, int]]:
    """The stage at the present time, and the port of two workers on its database."""
    with staged(database, keys_in(tmp_path), SystemClock()) as stage:
        shop(stage)
        environment = {
            "DATABASE_URL": database,
            "CODE_BASE_URL": BASE_URL,
            "TANYU_ENVIRONMENT": "demonstration",
            "TANYU_KEYS_FILE": str(tmp_path / "keys.json"),
        }
        with served("miniprogram_api.wsgi:application", environment) as port:
            yield stage, port


def lines(first: str, *headers: str, body: bytes = b"", close: bool = True) -> bytes:
    more = ["Connection: close"] if close else []
    return "\r\n".join([first, "Host: 127.0.0.1", *headers, *more, "", ""]).encode("latin-1") + body


def post(path: str, body: bytes, *headers: str, kind: str = "application/json", who: str = "") -> bytes:
    signed_in = [f"Authorization: Bearer {who}"] if who else []
    length = [] if any(header.lower().startswith(("content-length", "transfer")) for header in headers) else [len(body)]
    sizes = [f"Content-Length: {size}" for size in length]
    return lines(f"POST {path} HTTP/1.1", f"Content-Type: {kind}", *sizes, *signed_in, *headers, body=body)


def nested(opening: bytes, closing: bytes, depth: int = DEPTH) -> bytes:
    return opening * depth + closing * depth


def scan(body: bytes, *headers: str) -> bytes:
    return post(SCANS, body, *headers, who="mei")


def chunked(*parts: bytes) -> bytes:
    return post(SESSIONS, b"".join(parts), "Transfer-Encoding: chunked")


BOMB = gzip.compress(b'{"guest": true' + b" " * (64 * MEGABYTE) + b"}")
ODD: dict[str, bytes] = {
    # bodies
    "ten megabytes": scan(b'{"code": "' + b"A" * (10 * MEGABYTE) + b'"}'),
    "ten megabytes of nothing": scan(b" " * (10 * MEGABYTE)),
    "lists in lists": scan(nested(b"[", b"]", 30_000)),
    "lists in lists beyond the limit": scan(nested(b"[", b"]")),
    "objects in objects": scan(nested(b'{"code":', b"}", 5_000)),
    "objects in objects beyond the limit": scan(nested(b'{"code":', b"}")),
    "lists that never close": scan(b"[" * 60_000),
    "NaN": scan(b'{"code": "A", "companion": NaN}'),
    "infinity": scan(b'{"code": "A", "companion": Infinity}'),
    "minus infinity": scan(b'{"code": -Infinity}'),
    "a number of a thousand digits": scan(b'{"code": "A", "companion": ' + b"9" * 1000 + b"}"),
    "a large exponent": scan(b'{"code": "A", "companion": 1e400}'),
    "a NUL in a text": scan(b'{"code": "A\\u0000B"}'),
    "a NUL in the body": scan(b'{"code": "A\x00B"}'),
    "half a surrogate": scan(b'{"code": "\\ud800"}'),
    "bytes that are no UTF-8": scan(b'{"code": "\xff\xfe"}'),
    "UTF-16": scan('{"code": "A"}'.encode("utf-16")),
    "a byte order mark": scan(b'\xef\xbb\xbf{"code": "A"}'),
    "the same key twice": scan(b'{"code": "A", "code": "B"}'),
    "the same way in twice": post(SESSIONS, b'{"guest": true, "code": "sim:x", "guest": true}'),
    "a prototype": scan(b'{"code": "A", "__proto__": {"admin": true}}'),
    "no body": scan(b""),
    "XML": post(SESSIONS, b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>', kind="application/xml"),
    "a form": post(SESSIONS, b"guest=true", kind="application/x-www-form-urlencoded"),
    "parts of a form": post(SESSIONS, b"--x\r\n\r\n", kind="multipart/form-data; boundary=x"),
    # what the body is said to be
    "a gzip bomb": post(SESSIONS, BOMB, "Content-Encoding: gzip"),
    "a deflate bomb": post(SESSIONS, zlib.compress(GUEST + b" " * MEGABYTE), "Content-Encoding: deflate"),
    "an unknown coding": post(SESSIONS, GUEST, "Content-Encoding: br, gzip, gzip"),
    "GBK": post(SESSIONS, GUEST, kind="application/json; charset=gbk"),
    "UTF-7": post(SESSIONS, GUEST, kind="application/json; charset=utf-7"),
    "a charset that is none": post(SESSIONS, GUEST, kind='application/json; charset="\x01"'),
    "a kind that is none": post(SESSIONS, GUEST, kind="///;;;==="),
    # lengths
    "a negative length": post(SESSIONS, GUEST, "Content-Length: -1"),
    "a length that is no number": post(SESSIONS, GUEST, "Content-Length: 0x10"),
    "an enormous length": post(SESSIONS, GUEST, f"Content-Length: {10**30}"),
    "two lengths": post(SESSIONS, GUEST, "Content-Length: 15", "Content-Length: 3"),
    "length and chunks": post(SESSIONS, b"0\r\n\r\n", "Content-Length: 5", "Transfer-Encoding: chunked"),
    # chunks
    "chunks of rubbish": chunked(b"zzz\r\nrubbish\r\n"),
    "a chunk of a negative size": chunked(b"-5\r\n{}\r\n"),
    "a chunk of an enormous size": chunked(b"f" * 32 + b"\r\n{}\r\n0\r\n\r\n"),
    "chunks with long extensions": chunked(b"2;" + b"x" * 60_000 + b"\r\n{}\r\n0\r\n\r\n"),
    "many chunks beyond the limit": chunked(*[b"400\r\n" + b" " * 1024 + b"\r\n"] * 200, b"0\r\n\r\n"),
    "a coding that nobody knows": post(SESSIONS, GUEST, "Transfer-Encoding: rubbish"),
    # heads
    "a header of a megabyte": lines(f"GET {API}/member/me HTTP/1.1", "X: " + "a" * MEGABYTE),
    "ten thousand headers": lines(f"GET {API}/member/me HTTP/1.1", *(f"X-{n}: 1" for n in range(10_000))),
    "a token of a megabyte": lines(f"GET {API}/member/me HTTP/1.1", "Authorization: Bearer " + "a" * MEGABYTE),
    "a long token": lines(f"GET {API}/member/me HTTP/1.1", "Authorization: Bearer " + "a" * 6_000),
    "a token of odd bytes": lines(f"GET {API}/member/me HTTP/1.1", "Authorization: Bearer \xff\xfe\x80"),
    "a long cookie": lines(f"GET {API}/staff/today HTTP/1.1", "Cookie: island_session=" + "a" * 6_000),
    "a cookie of odd bytes": lines(f"GET {API}/staff/today HTTP/1.1", "Cookie: island_session=\xff\xfe; ===;;;"),
    "a forged address": lines(f"GET {API}/public/island HTTP/1.1", "X-Forwarded-For: " + "1," * 3_000 + "\xff"),
    "a language of odd bytes": lines(f"GET {API}/public/island HTTP/1.1", "Accept-Language: \xff;q=NaN, en;q=-9e99"),
    "a line break in a header": lines(f"GET {API}/public/island HTTP/1.1", "X: a\rSet-Cookie: b"),
    "a header without a name": lines(f"GET {API}/public/island HTTP/1.1", ": x"),
    "a header with a blank": lines(f"GET {API}/public/island HTTP/1.1", "X Y: x"),
    "a range of odd numbers": lines("GET / HTTP/1.1", "Range: bytes=-9999999999999,5-1"),
    "a date that is none": lines("GET / HTTP/1.1", "If-Modified-Since: 99 Xyz 99999"),
    "a tag that is none": lines("GET / HTTP/1.1", 'If-None-Match: W/"' + "\xff" * 500),
    "an upgrade": lines("GET / HTTP/1.1", "Upgrade: websocket", "Expect: rubbish"),
    # first lines
    "a query of a megabyte": lines(f"GET {API}/member/activities?cursor={'a' * MEGABYTE} HTTP/1.1"),
    "a long query": lines(f"GET {API}/member/activities?cursor={'a' * 3_000} HTTP/1.1", "Authorization: Bearer mei"),
    "a query of many names": lines(
        f"GET {API}/member/activities?{'&'.join(f'a{n}=1' for n in range(500))} HTTP/1.1", "Authorization: Bearer mei"
    ),
    "a query of odd bytes": lines(
        f"GET {API}/member/activities?limit=%ff%00&%=%zz HTTP/1.1", "Authorization: Bearer mei"
    ),
    "a way up": lines("GET /static/../../../../etc/passwd HTTP/1.1"),
    "a hidden way up": lines("GET /static/%2e%2e/%2e%2e/%2e%2e/etc/passwd HTTP/1.1"),
    "a NUL in the path": lines("GET /static/%00 HTTP/1.1"),
    "a path of odd bytes": lines("GET /S/%ff%fe%00%0d%0a HTTP/1.1"),
    "another host's address": lines("GET http://example.com/api/v1/member/me HTTP/1.1"),
    "a method that is none": lines(f"{'X' * 30} / HTTP/1.1"),
    "a trace": lines("TRACE / HTTP/1.1"),
    "a connection to elsewhere": lines("CONNECT 127.0.0.1:22 HTTP/1.1"),
    "a version that is none": lines("GET / HTTP/9.9"),
    "no version": b"GET /\r\n\r\n",
    "a greeting of TLS": bytes.fromhex("16030100c8010000c40303") + bytes(200),
    "a greeting of HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "nothing but blanks": b"\r\n" * 5_000,
}
WELCOME = {"a forged address", "a language of odd bytes", "a range of odd numbers", "a date that is none"}
WELCOME |= {"a tag that is none", "a path of odd bytes", "an upgrade"}
NOT_IMPLEMENTED = 501  # what RFC 9112, section 6.1, asks for


def spoken(port: int, sent: bytes, seconds: float = 20) -> int | None:
    """The status of the answer, None when the line was closed without one."""
    with socket.create_connection(("127.0.0.1", port), seconds) as line:
        try:
            line.sendall(sent)
            line.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # it was refused before all of it was sent; an answer may be there all the same
        answer = b""
        try:
            while part := line.recv(65_536):
                answer += part
        except ConnectionResetError:
            pass
    return int(answer[9:12]) if answer.startswith(b"HTTP/1.") else None


def state(stage: Stage) -> list[int]:
    return [stage.count(table) for table in TABLES]


def test_odd_requests_are_refused_by_real_workers_and_leave_no_trace(island: tuple[Stage, int]) -> None:
    stage, port = island
    before, workers = state(stage), workers_of(port)
    said = {name: spoken(port, request) for name, request in ODD.items()}
    wrong = {
        name: status
        for name, status in said.items()
        if not (status is None or status in REFUSED or (name in WELCOME and status in GOOD))
    }
    assert wrong == {"a coding that nobody knows": NOT_IMPLEMENTED}
    assert sum(status is None for status in said.values()) < len(ODD) // 4, said
    assert workers_of(port) == workers
    assert state(stage) == before
    assert spoken(port, scan(json.dumps({"code": stage.code(9)}).encode())) == 201
    check_books(stage)


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_slow_bodies_hold_up_their_worker_for_half_a_minute_at_most(island: tuple[Stage, int]) -> None:
    """Sync workers stand behind a proxy that takes bodies in; without one the server ends who is too slow."""
    stage, port = island
    before = state(stage)
    slow = [socket.create_connection(("127.0.0.1", port), 20) for _ in range(2)]
    for line in slow:
        line.sendall(post(SESSIONS, b"", f"Content-Length: {len(GUEST)}") + GUEST[:1])
    began = time.monotonic()
    assert spoken(port, scan(json.dumps({"code": stage.code(9)}).encode()), seconds=120) == 201
    assert time.monotonic() - began < 60
    for line in slow:
        line.close()
    assert state(stage)[0] == before[0], "no guest was made of half a body"
    check_books(stage)


def test_a_body_that_breaks_off_makes_nothing_and_loses_no_worker(island: tuple[Stage, int]) -> None:
    stage, port = island
    before, workers = state(stage), workers_of(port)
    for cut in range(0, len(GUEST), 3):
        with socket.create_connection(("127.0.0.1", port), 20) as line:
            line.sendall(post(SESSIONS, GUEST[:cut], f"Content-Length: {len(GUEST)}"))
    assert spoken(port, lines("GET /healthz HTTP/1.1")) == 200
    assert (state(stage), workers_of(port)) == (before, workers)
