"""A server that behaves as WeChat documents its own (domain facts: docs/operations.md), over real HTTP.

Codes are good once and for five minutes, tokens for two hours with the one before good for five minutes more; calls are
counted by the minute, messages by consents. `troubles` lets an address answer anything else.
"""

from __future__ import annotations

import json
import re
import secrets
import threading
import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

import qrcode

MINI, MINI_SECRET = "wx0123456789abcdef", "0f1e2d3c4b5a69788796a5b4c3d2e1f0"
WEB, WEB_SECRET = "wxfedcba9876543210", "aabbccddeeff00112233445566778899"
APPS = {MINI: MINI_SECRET, WEB: WEB_SECRET}
VOUCHER_TEMPLATE, POINTS_TEMPLATE, ONCE_TEMPLATE = "tmpl-voucher", "tmpl-points", "tmpl-once"
CODE_SECONDS = 300
TOKEN_SECONDS = 7200
OVERLAP_SECONDS = 300
SIGN_INS_A_MINUTE = 100
FORCED_A_DAY, FORCED_APART_SECONDS = 20, 30
SCENE = re.compile(r"[0-9A-Za-z!#$&'()*+,/:;=?@\-._~]{1,32}")

Said = dict[str, Any] | bytes


class Trouble(Exception):
    """An error of the documentation: {errcode, errmsg}."""

    def __init__(self, errcode: int, errmsg: str) -> None:
        super().__init__(errmsg)
        self.said = {"errcode": errcode, "errmsg": errmsg}


@dataclass
class Token:
    text: str
    ends_at: float


@dataclass
class WechatServer:
    """What WeChat knows; `now` is its clock. `calls` are (path, query, body) in their order."""

    now: Callable[[], float] = time.time
    published: bool = True
    codes: dict[str, tuple[str, str, float]] = field(default_factory=dict)  # code: app, openid, until
    used: set[str] = field(default_factory=set)
    risky: set[str] = field(default_factory=set)
    consents: Counter[tuple[str, str]] = field(default_factory=Counter)  # (openid, template)
    tokens: dict[str, list[Token]] = field(default_factory=lambda: defaultdict(list))
    forced: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    minute: Counter[tuple[str, int]] = field(default_factory=Counter)
    troubles: dict[str, deque[Any]] = field(default_factory=lambda: defaultdict(deque))
    calls: list[tuple[str, dict[str, str], Any]] = field(default_factory=list)
    sent: list[dict[str, Any]] = field(default_factory=list)
    signs_a_minute: int = 5_000
    guard: threading.RLock = field(default_factory=threading.RLock)
    address: str = ""

    def login(self, openid: str, app: str = MINI) -> str:
        """What `wx.login` or the web's consent page gives the phone: a code, good once and for five minutes."""
        code = secrets.token_hex(16)
        self.codes[code] = (app, openid, self.now() + CODE_SECONDS)
        return code

    def subscribe(self, openid: str, template: str, times: int = 1) -> None:
        """The person tapped yes; each yes is one message."""
        self.consents[openid, template] += times

    def paths(self) -> list[str]:
        return [path for path, _, _ in self.calls]

    def answer(self, path: str, query: dict[str, str], body: Any) -> Said:
        with self.guard:
            self.calls.append((path, query, body))
            call = {
                "/sns/jscode2session": self._sign_in,
                "/sns/oauth2/access_token": self._sign_in,
                "/cgi-bin/stable_token": self._stable_token,
                "/wxa/getwxacodeunlimit": self._sign,
                "/cgi-bin/message/subscribe/send": self._send,
                "/cgi-bin/message/template/subscribe": self._send,
            }[path]
            try:
                return call(path, query, body)
            except Trouble as trouble:
                return trouble.said

    def _sign_in(self, path: str, query: dict[str, str], _body: Any) -> Said:
        mini = path == "/sns/jscode2session"
        self._check_app(query.get("appid"), query.get("secret"))
        if query.get("grant_type") != "authorization_code":
            raise Trouble(40002, "invalid grant_type")
        code = query.get("js_code" if mini else "code", "")
        app, openid, until = self.codes.get(code, ("", "", 0.0))
        if app != query["appid"] or until < self.now():
            raise Trouble(40029, "invalid code")
        if code in self.used:
            raise Trouble(40163, "code been used")
        self.used.add(code)
        if openid in self.risky:
            raise Trouble(40226, "code blocked")
        self._count(f"sign-in {openid}", SIGN_INS_A_MINUTE, 45011)
        if mini:
            return {"openid": openid, "session_key": secrets.token_hex(12)}
        tokens = {"access_token": secrets.token_hex(20), "refresh_token": secrets.token_hex(20), "expires_in": 7200}
        return {**tokens, "openid": openid, "scope": "snsapi_base"}

    def _stable_token(self, _path: str, _query: dict[str, str], body: Any) -> Said:
        self._check_app(body.get("appid"), body.get("secret"))
        if body.get("grant_type") != "client_credential":
            raise Trouble(40002, "invalid grant_type")
        app, now = body["appid"], self.now()
        self._count(f"token {app}", 10_000, 45009)
        newest = self.tokens[app][-1] if self.tokens[app] else None
        if body.get("force_refresh") and self._may_force(app, now):
            self.tokens[app] = []
            newest = None
        if newest is None or newest.ends_at - now <= OVERLAP_SECONDS:
            newest = Token(secrets.token_hex(64), now + TOKEN_SECONDS)
            self.tokens[app].append(newest)
        return {"access_token": newest.text, "expires_in": int(newest.ends_at - now)}

    def _may_force(self, app: str, now: float) -> bool:
        earlier = self.forced[app]
        if earlier and now - earlier[-1] < FORCED_APART_SECONDS:
            return False
        if sum(at > now - 86_400 for at in earlier) >= FORCED_A_DAY:
            raise Trouble(45009, "reach max api daily quota limit")
        earlier.append(now)
        return True

    def _check_token(self, query: dict[str, str]) -> str:
        """Answers the application whose token it is: the newest, and the one before for as long as it lives."""
        for app, tokens in self.tokens.items():
            for token in tokens:
                if token.text == query.get("access_token"):
                    if token.ends_at < self.now():
                        raise Trouble(42001, "access_token expired")
                    return app
        raise Trouble(40001, "invalid credential, access_token is invalid or not latest")

    def _sign(self, _path: str, query: dict[str, str], body: Any) -> Said:
        self._check_token(query)
        self._count("signs", self.signs_a_minute, 45009)
        if not SCENE.fullmatch(body.get("scene", "")):
            raise Trouble(40129, "invalid scene")
        if body.get("page", "").startswith("/") or not 280 <= body.get("width", 430) <= 1280:
            raise Trouble(40097, "invalid args")
        if body.get("check_path", True) and not self.published:
            raise Trouble(41030, "invalid page")
        return code_of(body["scene"], body.get("width", 430))

    def _send(self, path: str, query: dict[str, str], body: Any) -> Said:
        app, once = self._check_token(query), path.endswith("template/subscribe")
        templates = {WEB: {ONCE_TEMPLATE}, MINI: {VOUCHER_TEMPLATE, POINTS_TEMPLATE}}[app]
        if once != (app == WEB) or body.get("template_id") not in templates:
            raise Trouble(40037, "invalid template_id")
        if any(len(value["value"]) > 20 for name, value in body["data"].items() if name.startswith("thing")):
            raise Trouble(47003, "argument invalid! data.thing1.value invalid")
        if once and (len(body["title"]) > 15 or len(body["data"]["content"]["value"]) > 200):
            raise Trouble(47003, "argument invalid!")
        if self.consents[body["touser"], body["template_id"]] < 1:
            raise Trouble(43101, "user refuse to accept the msg")
        self.consents[body["touser"], body["template_id"]] -= 1
        self.sent.append(body)
        return {"errcode": 0, "errmsg": "ok", "msgid": len(self.sent)}

    def _check_app(self, app: str | None, secret: str | None) -> None:
        if app not in APPS:
            raise Trouble(40013, "invalid appid")
        if secret != APPS[app]:
            raise Trouble(40125, "invalid appsecret")

    def _count(self, what: str, most: int, errcode: int) -> None:
        which = (what, int(self.now() // 60))
        self.minute[which] += 1
        if self.minute[which] > most:
            raise Trouble(errcode, "reach max api minute quota limit")


def code_of(text: str, pixels: int) -> bytes:
    """A picture of a code with this content, so wide."""
    file = BytesIO()
    qrcode.make(text).get_image().resize((pixels, pixels)).save(file, "PNG")
    return file.getvalue()


def _handler(server: WechatServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._speak(None)

        def do_POST(self) -> None:
            self._speak(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

        def _speak(self, body: Any) -> None:
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            troubles = server.troubles[parts.path]
            trouble = troubles.popleft() if troubles else None
            if callable(trouble):
                trouble(self)
                return
            said = server.answer(parts.path, query, body) if trouble is None else trouble
            if trouble is not None:
                server.calls.append((parts.path, query, body))
            self.give(said)

        def give(self, said: Said) -> None:
            """JSON as WeChat sends it, which calls it text."""
            raw = said if isinstance(said, bytes) else json.dumps(said).encode()
            kind = "image/png" if raw.startswith(b"\x89PNG") else "text/plain"
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


@contextmanager
def running_wechat(now: Callable[[], float] = time.time) -> Iterator[WechatServer]:
    """The server on a socket of its own; `address` says where."""
    wechat = WechatServer(now)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(wechat))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    wechat.address = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield wechat
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
