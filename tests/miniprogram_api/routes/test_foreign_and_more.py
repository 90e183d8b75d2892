"""What is somebody else's is not found, and what nobody asked for in a body is refused and changes nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from miniprogram_api.domain.permissions import STAFF as STAFF_MAY
from scenes.wire.kinds import KIND_TICKET
from tests.miniprogram_api.cast import Stage, shop
from tests.miniprogram_api.routes.speech import API, SQLITE_ONLY, answered, bearer, refused
from tests.miniprogram_api.routes.test_any_input import JUDGED_AS_A_WHOLE
from tests.miniprogram_api.routes.test_roles import signed_in
from tests.miniprogram_api.routes.who_may import BODIES
from tests.miniprogram_api.test_races import check_books, figures

pytestmark = SQLITE_ONLY
TREE_CARE = 23
IN_A_PATH = re.compile(r"\{(\w+)\}")
# Whoever could set these would be somebody else, or richer.
MORE = {
    "id": "0" * 16,
    "member_id": "0" * 16,
    "merchant_id": "0" * 16,
    "person_id": "0" * 16,
    "kind_of_member": "resident",
    "is_admin": True,
    "granted_points": 9_999,
    "balance": {"available": 9_999},
    "created_at": "2020-01-01T00:00:00+08:00",
    "recovery_hash": "",
    "__proto__": {"a": 1},
}
TABLES = (
    "members",
    "member_sessions",
    "acts",
    "entries",
    "transfers",
    "vouchers",
    "people",
    "merchants",
    "audit_events",
)


def state(stage: Stage) -> tuple[object, ...]:
    check_books(stage)
    return (*(stage.count(table) for table in TABLES), *figures(stage), stage.rows("SELECT id, kind FROM members"))


def operations(client: FlaskClient) -> Iterator[tuple[str, str, str, Any]]:
    """Method, address below the API, id and description of each call."""
    document = answered(client.get(f"{API}/openapi.json"))
    for path, methods in sorted(document["paths"].items()):
        for method, operation in methods.items():
            yield method.upper(), path.removeprefix(API), operation["operationId"], operation


@pytest.fixture
def bos(client: FlaskClient, stage: Stage) -> dict[str, str]:
    """The id of something of bo's, by how paths name it."""
    item = shop(stage, points=30)
    act = stage.scan("bo", stage.code(TREE_CARE, KIND_TICKET)).act["id"]
    wish = {"item_id": f"{item:016x}", "quantity": 1}
    voucher = answered(client.post(f"{API}/member/vouchers", json=wish, headers=bearer("bo", key="v1")), 201)
    [session] = answered(client.get(f"{API}/member/sessions", headers=bearer("bo")))["data"]
    return {"activity_id": f"{act:016x}", "voucher_id": voucher["id"], "session_id": session["id"]}


def test_what_is_somebody_elses_is_not_found_on_any_path_of_a_member(
    client: FlaskClient, stage: Stage, bos: dict[str, str]
) -> None:
    stage.member("gast", "guest")
    answered(client.get(f"{API}/member/me", headers=bearer("mei")))
    answered(client.get(f"{API}/member/me", headers=bearer("gast")))
    before, asked = state(stage), 0
    for method, path, _, operation in operations(client):
        named = IN_A_PATH.findall(path)
        if not path.startswith("/member/") or not named:
            continue
        assert set(named) <= set(bos), f"{path}: bo needs one of these for the test"
        address = API + IN_A_PATH.sub(lambda found: bos[found[1]], path)
        body = {"text": "hello"} if "requestBody" in operation else None
        for who in ("mei", "gast"):
            refused(client.open(address, method=method, json=body, headers=bearer(who, key="k1")), 404, "not_found")
            asked += 1
    assert asked >= 2 * 6
    assert state(stage) == before
    assert answered(client.get(f"{API}/member/vouchers/{bos['voucher_id']}", headers=bearer("bo")))["state"] == "issued"


def test_ids_that_can_be_none_are_not_found_on_any_path_of_a_member(client: FlaskClient, stage: Stage) -> None:
    odd = ("0" * 16, "f" * 16, "F" * 16, "1", "-1", "0x10", "%00", "..%2F..", "１" * 16, "a" * 3000, "' OR 1=1 --")
    for method, path, _, operation in operations(client):
        if path.startswith("/member/") and IN_A_PATH.search(path):
            for value in odd:
                address = API + IN_A_PATH.sub(value, path)
                body = {"text": "hello"} if "requestBody" in operation else None
                answer = client.open(address, method=method, json=body, headers=bearer("mei", key="k1"))
                assert answer.status_code in (404, 405), (address, answer.text)


def test_no_body_takes_a_field_that_nobody_asked_for(client: FlaskClient, stage: Stage) -> None:
    shop(stage)
    cookie, csrf = signed_in(client, stage, *STAFF_MAY)
    headers = {
        "member": bearer("mei", key="k1"),
        "merchant": bearer("chen", key="k1"),
        "staff": {"Cookie": cookie, "X-CSRF-Token": csrf, "Idempotency-Key": "k1"},
    }
    answered(client.get(f"{API}/member/me", headers=headers["member"]))
    before, asked, document = state(stage), 0, answered(client.get(f"{API}/openapi.json"))
    for method, path, number, operation in operations(client):
        who = path.split("/")[1]
        if "requestBody" not in operation or who not in headers or f"{method} {path}" in JUDGED_AS_A_WHOLE:
            continue
        own = {
            name
            for _, schema in objects_in(body_of(operation), document, set())
            for name in schema.get("properties", {})
        }
        more = {name: value for name, value in MORE.items() if name not in own}
        body = {**BODIES.get(f"{method} {path}", {}), **more}
        address = API + IN_A_PATH.sub("0" * 16, path)
        problem = refused(client.open(address, method=method, json=body, headers=headers[who]), 422, "invalid_fields")
        unknown = {field["field"].rpartition(".")[2] for field in problem["fields"] if field["reason"] == "unknown"}
        assert unknown == set(more), (number, problem)
        asked += 1
    assert asked > 40
    assert state(stage) == before


def test_every_object_inside_a_body_is_closed_too(client: FlaskClient) -> None:
    document = answered(client.get(f"{API}/openapi.json"))
    open_ones = {
        number
        for _, path, number, operation in operations(client)
        if "requestBody" in operation and path.startswith(("/member/", "/merchant/"))
        for _, schema in objects_in(body_of(operation), document, set())
        if schema.get("additionalProperties") is not False
    }
    assert open_ones == set(), "what the staff write as a document is judged by its own parsers"


def body_of(operation: Any) -> Any:
    [content] = operation["requestBody"]["content"].values()
    return content["schema"]


def objects_in(schema: Any, document: Any, seen: set[str]) -> Iterator[tuple[str, Any]]:
    """Each object that a schema leads to, with its name."""
    if isinstance(schema, list):
        for part in schema:
            yield from objects_in(part, document, seen)
    if not isinstance(schema, dict):
        return
    reference = schema.get("$ref")
    if reference:
        if reference not in seen:
            seen.add(reference)
            name = reference.rpartition("/")[2]
            yield from objects_in(document["components"]["schemas"][name], document, seen)
        return
    if schema.get("type") == "object":
        yield schema.get("title", "?"), schema
    for part in schema.values():
        yield from objects_in(part, document, seen)
