"""People with a device, as the server meets them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx


@dataclass
class Caller:
    """A person with a device: speaks HTTP, keeps the token and brings an id for each request of value."""

    http: httpx.Client
    headers: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **query: Any) -> httpx.Response:
        return self.http.get(f"/api/v1/{path}", params=query, headers=self.headers)

    def post(self, path: str, body: Any = None, key: str | None = None) -> httpx.Response:
        headers = {**self.headers, "Idempotency-Key": key or uuid4().hex}
        return self.http.post(f"/api/v1/{path}", json={} if body is None else body, headers=headers)

    def scan(self, code: str, key: str | None = None) -> httpx.Response:
        return self.post("member/scans", {"code": code}, key)

    @property
    def balance(self) -> dict[str, Any]:
        return self.get("member/me").json()["balance"]


CONSENT = {"terms": 1, "privacy": 1, "language": "zh"}


def member(http: httpx.Client, body: dict[str, Any]) -> Caller:
    """Somebody who agreed with their sign-in, as by the one button of the arriving page."""
    answer = http.post("/api/v1/member/sessions", json={"consent": CONSENT, **body})
    assert answer.status_code == 201, answer.text
    return Caller(http, {"Authorization": f"Bearer {answer.json()['token']}"})


def counter(http: httpx.Client, sign_in: dict[str, str]) -> Caller:
    body = {"login": sign_in["login"], "password": sign_in["password"]}
    answer = http.post("/api/v1/merchant/sessions", json=body)
    assert answer.status_code == 201, answer.text
    return Caller(http, {"Authorization": f"Bearer {answer.json()['token']}"})
