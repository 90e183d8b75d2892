"""The line to WeChat: one exchange at a time, to one host, with an end to everything, and no secret in what is left.

AppSecret and token stand in the query of WeChat's addresses; so no address is logged, and no exception holds one.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import httpx

from miniprogram_api.config import WECHAT

LOGGER = logging.getLogger("tanyu.wechat")
TIMEOUTS = httpx.Timeout(connect=2.0, read=4.0, write=2.0, pool=1.0)
EXCHANGE_SECONDS = 5.0  # the whole of one: a server that sends a byte a second never times out by itself
ANSWER_BYTES_MAX = 64 << 10
PICTURE_BYTES_MAX = 1 << 20  # a mini-program code of 1280 pixels is about a quarter of that
PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
SILENCES_MAX = 3
REST_SECONDS = 10.0  # after so many silences nobody waits for the next one


class LineBroken(Exception):
    """No answer that could be believed. `sent`: WeChat may have heard us."""

    def __init__(self, why: str, *, sent: bool) -> None:
        super().__init__(why)
        self.sent = sent


@dataclass(frozen=True)
class Said:
    """WeChat's answer: `errcode` is 0 when it said yes. `document` is the JSON, `picture` what came instead of it."""

    errcode: int
    document: Mapping[str, Any]
    picture: bytes | None = None


class _WithoutQuery(logging.Filter):
    """httpx logs each address with its query, and ours hold secrets."""

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.args, tuple):
            record.args = tuple(
                argument.copy_with(query=None) if isinstance(argument, httpx.URL) else argument
                for argument in record.args
            )
        return True


class WechatLine:
    """Speaks to `base_url` (settings keep it to WeChat's own in production) and to no other host: neither redirects nor
    the environment's proxies are followed. After three silences nobody waits for the next one for ten seconds."""

    def __init__(self, base_url: str = WECHAT) -> None:
        logger = logging.getLogger("httpx")
        if not any(isinstance(one, _WithoutQuery) for one in logger.filters):
            logger.addFilter(_WithoutQuery())
        self._base_url = base_url
        self._client: httpx.Client | None = None
        self._silences, self._rests_until = 0, 0.0
        self._guard = threading.Lock()

    def ask(self, path: str, query: Mapping[str, str], body: Mapping[str, Any] | None = None) -> Said:
        """GET, or POST of a JSON body; the answer is JSON. Raises LineBroken."""
        return self._exchange(path, query, body, ANSWER_BYTES_MAX)

    def ask_for_picture(self, path: str, query: Mapping[str, str], body: Mapping[str, Any]) -> Said:
        """POST whose answer is a picture, or JSON that says why there is none. Raises LineBroken."""
        return self._exchange(path, query, body, PICTURE_BYTES_MAX)

    def _exchange(self, path: str, query: Mapping[str, str], body: Mapping[str, Any] | None, most: int) -> Said:
        if time.monotonic() < self._rests_until:
            raise LineBroken("WeChat did not answer lately", sent=False)
        try:
            said = _said(self._answer(path, query, body, most), pictures=most > ANSWER_BYTES_MAX)
        except LineBroken as broken:
            self._silences += 1
            if self._silences >= SILENCES_MAX:
                self._rests_until = time.monotonic() + REST_SECONDS
            LOGGER.warning("%s: %s", path, broken)
            raise
        self._silences = 0
        return said

    def _answer(self, path: str, query: Mapping[str, str], body: Mapping[str, Any] | None, most: int) -> bytes:
        # WeChat refuses characters that are written as \u: they would be counted as six.
        content = None if body is None else json.dumps(body, ensure_ascii=False).encode("utf-8")
        headers = {} if body is None else {"Content-Type": "application/json; charset=utf-8"}
        method, address, until = "GET" if body is None else "POST", f"{self._base_url}{path}", _deadline()
        try:
            with self._opened().stream(method, address, params=dict(query), content=content, headers=headers) as answer:
                if answer.status_code != httpx.codes.OK:
                    raise LineBroken(f"status {answer.status_code}", sent=True)
                return _read(answer, most, until)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise LineBroken(type(error).__name__, sent=False) from None
        except httpx.HTTPError as error:
            raise LineBroken(type(error).__name__, sent=True) from None

    def _opened(self) -> httpx.Client:
        """Made at the first call, so that a process that never asks WeChat, or forks first, holds no connection."""
        with self._guard:
            if self._client is None:
                self._client = httpx.Client(timeout=TIMEOUTS, follow_redirects=False, trust_env=False)
            return self._client


def _deadline() -> float:
    return time.monotonic() + EXCHANGE_SECONDS


def _read(answer: httpx.Response, most: int, until: float) -> bytes:
    read = bytearray()
    for part in answer.iter_bytes():
        read += part
        if len(read) > most:
            raise LineBroken("the answer is too large", sent=True)
        if time.monotonic() > until:
            raise LineBroken("the answer takes too long", sent=True)
    return bytes(read)


def _said(raw: bytes, *, pictures: bool) -> Said:
    """JSON is what it says it is by its bytes: WeChat sends it as text/plain, and some proxies call a page JSON."""
    if pictures and raw.startswith(PICTURES):
        return Said(0, {}, raw)
    try:
        document = json.loads(raw)
    except (ValueError, RecursionError):
        raise LineBroken("the answer is not WeChat's", sent=True) from None
    if not isinstance(document, dict):
        raise LineBroken("the answer is not WeChat's", sent=True)
    errcode = document.get("errcode", 0)
    if not isinstance(errcode, int) or isinstance(errcode, bool):
        raise LineBroken("the answer is not WeChat's", sent=True)
    return Said(errcode, document)
