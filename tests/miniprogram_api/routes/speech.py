"""How the tests speak to the server: headers of each caller, and what a refusal has to look like."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from miniprogram_api.config import Settings
from tests.miniprogram_api.cast import BASE_URL

API = "/api/v1"
SQLITE_ONLY = pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # for rules of HTTP alone


def settings_for(database_url: str, keys_file: Path) -> Settings:
    """The demonstration's settings, as the environment would give them."""
    values = {"environment": "demonstration", "keys_file": keys_file, "DATABASE_URL": database_url}
    return Settings.model_validate(values | {"CODE_BASE_URL": BASE_URL})


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
