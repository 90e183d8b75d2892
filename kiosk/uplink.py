"""The line to the server: requests signed by this kiosk (RFC 9421), and answers sorted into four kinds of trouble.

Soon, later, never, stop: UplinkBusy, UplinkUnavailable, UplinkRefused, KioskRevoked. A captive portal, an empty 200 or
any page that is not the server's JSON counts as no line at all; what an answer *says* is believed only where the office
signed it.
"""

from __future__ import annotations

import json
import time
from base64 import b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
from http_message_signatures import HTTPMessageSigner, algorithms

from scenes.wire import signing

API = "/api/v1"
ANSWER_BYTES_MAX = 8_000_000
CONNECT_SECONDS, ANSWER_SECONDS = 5.0, 10.0
SIGNATURE_LABEL = "sig1"
REVOKING_CODES = frozenset({"kiosk_suspended"})
PROBLEM_TYPE, JSON_TYPE = "application/problem+json", "application/json"


class UplinkUnavailable(Exception):
    """Later: no line, no answer in time, or an answer that is not the server's. Nothing has changed; try again."""


class UplinkBusy(UplinkUnavailable):
    """Soon: the server serves people first. Nothing is wrong with the line or with what was sent."""


class UplinkRefused(Exception):
    """Never: the server understood and said no, with a stable code. The same request will be refused again."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(f"{status} {code}: {detail}")
        self.status, self.code, self.detail = status, code, detail


class KioskRevoked(UplinkRefused):
    """Stop: the server says that this kiosk is suspended. Acted upon only once a signed agreement says it too."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A well-formed answer of 200, 201 or 204; `body` is its JSON object, None for 204."""

    status: int
    body: dict[str, Any] | None


class Uplink:
    """A signed HTTP client of one kiosk."""

    def __init__(
        self,
        server: str,
        key_id: str,
        private_key: bytes,
        transport: httpx.BaseTransport | None = None,
        cut: Path | None = None,
    ) -> None:
        """`cut`: while a file of this name exists, nothing is sent; for showing what a kiosk does without a line."""
        self._cut = cut
        self._key_id, self._private_key = key_id, private_key
        self._signer = HTTPMessageSigner(signature_algorithm=algorithms.ED25519)
        # trust_env off: a proxy of the environment would answer in the server's place.
        self._client = httpx.Client(
            base_url=server.rstrip("/") + API,
            timeout=httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS),
            follow_redirects=False,
            trust_env=False,
            transport=transport,
            headers={"Accept": JSON_TYPE, "User-Agent": "tanyu-kiosk"},
        )

    def get(self, path: str, query: dict[str, str] | None = None) -> Answer:
        """GET below /api/v1; raises UplinkUnavailable or UplinkRefused."""
        return self._send(self._client.build_request("GET", path, params=query))

    def post(self, path: str, body: str) -> Answer:
        """POST of exactly these bytes as JSON; raises UplinkUnavailable or UplinkRefused."""
        headers = {"Content-Type": JSON_TYPE}
        return self._send(self._client.build_request("POST", path, content=body.encode(), headers=headers))

    @property
    def is_cut(self) -> bool:
        """True while the line is cut for a demonstration."""
        return self._cut is not None and self._cut.exists()

    def close(self) -> None:
        self._client.close()

    def _send(self, request: httpx.Request) -> Answer:
        if self.is_cut:
            raise UplinkUnavailable("the line is cut by `./island kiosk offline`")
        self._sign(request)
        try:
            response = self._client.send(request, stream=True)
            try:
                content = _content(response)
            finally:
                response.close()
        except httpx.HTTPError as reason:
            raise UplinkUnavailable(f"{type(reason).__name__} at {request.url.path}") from reason
        return read_answer(response.status_code, response.headers.get("content-type", ""), content)

    def _sign(self, request: httpx.Request) -> None:
        """Contract section 2: label sig1; method, path, query and, with a body, its digest; created, keyid, alg."""
        components = ["@method", "@path", "@query"]
        if request.content:
            digest = b64encode(sha256(request.content).digest()).decode("ascii")
            request.headers["Content-Digest"] = f"sha-256=:{digest}:"
            components.append("content-digest")
        prepared = self._signer.prepare(
            request,
            key_id=self._key_id,
            created=datetime.now(UTC),
            label=SIGNATURE_LABEL,
            covered_component_ids=components,
        )
        self._signer.apply(request, prepared, signing.sign(self._private_key, prepared.signature_base))


def _content(response: httpx.Response) -> bytes:
    """The whole body, given up when it is longer or slower than any of ours."""
    content, until = b"", time.monotonic() + ANSWER_SECONDS
    for piece in response.iter_bytes():
        content += piece
        if len(content) > ANSWER_BYTES_MAX or time.monotonic() > until:
            raise UplinkUnavailable("an answer longer or slower than any of ours")
    return content


def read_answer(status: int, content_type: str, content: bytes) -> Answer:
    """The answer, if it has the shape of one of ours; what its members say is not checked here."""
    if status == 204:
        return Answer(204, None)
    kind = content_type.partition(";")[0].strip().lower()
    if status in (200, 201) and kind == JSON_TYPE:
        return Answer(status, _json_object(content))
    if 400 <= status < 500 and kind == PROBLEM_TYPE:
        raise _refusal(status, _json_object(content))
    if status == 503 and kind == PROBLEM_TYPE and _json_object(content).get("code") == "busy":
        raise UplinkBusy("the office serves people first")
    raise UplinkUnavailable(f"status {status} with {kind or 'no type'} is no answer of ours")


def _json_object(content: bytes) -> dict[str, Any]:
    try:
        body = json.loads(content)
    except (ValueError, RecursionError) as reason:
        raise UplinkUnavailable("an answer that is not JSON") from reason
    if not isinstance(body, dict):
        raise UplinkUnavailable("an answer that is no object")
    return body


def _refusal(status: int, problem: dict[str, Any]) -> UplinkRefused | UplinkUnavailable:
    """429 is the one 4xx that a later try may overcome."""
    code, detail = problem.get("code"), problem.get("detail")
    if not isinstance(code, str) or status == 429:
        return UplinkUnavailable(f"status {status}, try later")
    kind = KioskRevoked if code in REVOKING_CODES else UplinkRefused
    return kind(status, code, detail if isinstance(detail, str) else "")
