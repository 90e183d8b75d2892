"""How the tests speak to the server: headers of each caller, and what a refusal has to look like."""

from __future__ import annotations

from typing import Any

from werkzeug.test import TestResponse

API = "/api/v1"
SQLITE_ONLY = {"argnames": "database", "argvalues": ["sqlite"], "indirect": True}  # rules of HTTP alone


def bearer(name: str, **more: str) -> dict[str, str]:
    """Headers of a caller whose token is their name; `key` is the idempotency key, `language` theirs."""
    headers = {"Authorization": f"Bearer {name}"}
    if "key" in more:
        headers["Idempotency-Key"] = more["key"]
    if "language" in more:
        headers["Accept-Language"] = more["language"]
    return headers


def refused(response: TestResponse, status: int, code: str) -> dict[str, Any]:
    """The problem document, after checking that it is one and says this code."""
    assert (response.status_code, response.content_type) == (status, "application/problem+json"), response.text
    problem = response.get_json()
    assert (problem["code"], problem["status"]) == (code, status), problem
    assert problem["title"]
    assert problem["detail"]
    assert problem["type"] == f"urn:tanyu:problem:{code}"
    assert response.headers["Cache-Control"] == "no-store"
    return dict(problem)


def answered(response: TestResponse, status: int = 200) -> Any:
    """The JSON of a good answer."""
    assert response.status_code == status, response.text
    return response.get_json()
