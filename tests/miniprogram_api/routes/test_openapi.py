"""The OpenAPI document: valid, complete, and honest about bodies and refusals."""

from __future__ import annotations

from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from openapi_spec_validator import validate

from tests.miniprogram_api.routes.speech import API, SQLITE_ONLY, answered

pytestmark = SQLITE_ONLY
NOT_CALLS = {f"{API}/docs", f"{API}/openapi.json"}


@pytest.fixture
def document(client: FlaskClient) -> Any:
    return answered(client.get(f"{API}/openapi.json"))


def operations(document: dict) -> list[tuple[str, str, dict]]:
    return [(path, method, op) for path, methods in document["paths"].items() for method, op in methods.items()]


def test_the_document_is_valid_openapi_3_1(document: dict) -> None:
    validate(document)
    assert document["openapi"].startswith("3.1.")
    assert document["servers"] == [{"url": "/"}]


def test_every_route_of_the_api_is_documented_and_nothing_else(app: APIFlask, document: dict) -> None:
    served = {
        (rule.rule.replace("<", "{").replace(">", "}"), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(API) and rule.rule not in NOT_CALLS
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert {(path, method) for path, method, _ in operations(document)} == served


def test_every_call_says_what_it_is_for_and_has_a_name_of_its_own(document: dict) -> None:
    calls = operations(document)
    assert all(len(operation["summary"]) > 5 for _, _, operation in calls)
    assert len({operation["operationId"] for _, _, operation in calls}) == len(calls)
    assert all(operation["tags"] == [path.split("/")[3]] for path, _, operation in calls)


def test_every_refusal_is_documented_as_a_problem_document(document: dict) -> None:
    for path, method, operation in operations(document):
        bad = {status: answer for status, answer in operation["responses"].items() if status >= "400"}
        assert {"500", "503"} <= set(bad), (path, method)
        for status, answer in bad.items():
            assert list(answer["content"]) == ["application/problem+json"], (path, method, status)


def test_a_body_is_required_and_other_types_unreadable_json_and_size_are_refusals_of_it(document: dict) -> None:
    for path, method, operation in operations(document):
        if "requestBody" in operation:
            assert operation["requestBody"]["required"] is True
            assert list(operation["requestBody"]["content"]) == ["application/json"]
            assert {"400", "413", "415", "422"} <= set(operation["responses"]), (path, method)


def test_no_body_takes_a_field_that_it_does_not_name(document: dict) -> None:
    schemas = document["components"]["schemas"]
    for _, _, operation in operations(document):
        if "requestBody" in operation:
            name = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
            parts = [schemas[name], *(schemas[key] for key in schemas if key.startswith(f"{name}."))]
            assert all(part["additionalProperties"] is False for part in parts if part.get("type") == "object"), name
