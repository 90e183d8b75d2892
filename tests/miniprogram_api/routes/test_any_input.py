"""Schemathesis speaks every call with whatever fits and whatever doesn't, as each role: no answer is a surprise."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
import schemathesis
from apiflask import APIFlask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, settings
from schemathesis import GenerationMode
from schemathesis.core.parameters import ParameterLocation
from schemathesis.specs.openapi.checks import positive_data_acceptance

from miniprogram_api.domain.permissions import STAFF as STAFF_MAY
from tests.miniprogram_api.cast import Stage, shop
from tests.miniprogram_api.routes.speech import API, SQLITE_ONLY, answered, bearer
from tests.miniprogram_api.routes.test_roles import signed_in
from tests.miniprogram_api.routes.who_may import MAY

EXAMPLES, EXAMPLES_OF_THE_REFUSED = 15, 4  # who is not let in is refused before a word is read
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
# What fits the document may be refused for what it says, but not for its form.
FORM_REFUSALS = {"json_malformed", "media_type_unsupported", "invalid_fields", "idempotency_key_missing"}
# A scene's document is judged as a whole (scenes/validation.py), and what is wrong there is named by its field; so is
# the file of a journal (scenes/wire/journal_export.py), and a version of a notice is one that there is.
JUDGED_AS_A_WHOLE = {
    "POST /staff/scenes",
    "POST /staff/scenes/preview",
    "POST /staff/journal/imports",
    "POST /member/consents",
    "POST /member/sessions",
}
_made: dict[str, Any] = {}


@pytest.fixture
def document(client: FlaskClient) -> dict[str, Any]:
    """The API's document. It is the same of every application, and making it takes half a second."""
    if not _made:
        _made.update(answered(client.get(f"{API}/openapi.json")))
    return deepcopy(_made)


@pytest.fixture
def callers(client: FlaskClient, stage: Stage) -> dict[str, dict[str, str]]:
    """What each role sends along."""
    shop(stage)
    stage.member("gast", "guest")
    cookie, csrf = signed_in(client, stage, *STAFF_MAY)
    tokens = {"guest": "gast", "member": "mei", "merchant": "chen"}
    return {role: bearer(token) for role, token in tokens.items()} | {"staff": {"Cookie": cookie, "X-CSRF-Token": csrf}}


@SQLITE_ONLY
@pytest.mark.parametrize("call", sorted(MAY))
def test_no_input_gets_an_answer_that_the_document_does_not_promise(
    app: APIFlask, document: dict[str, Any], callers: dict[str, dict[str, str]], call: str
) -> None:
    method, _, path = call.partition(" ")
    schema = schemathesis.openapi.from_dict(document)
    schema.app, schema.location = app, f"{API}/openapi.json"
    operation = schema[API + path][method]
    form = operation.body or any(one.location != ParameterLocation.PATH for one in operation.iter_parameters())
    promised = FORM_REFUSALS - ({"invalid_fields"} if call in JUDGED_AS_A_WHOLE else set())
    for role, headers in sorted(callers.items(), key=lambda caller: caller[0] in MAY[call]):
        examples = EXAMPLES if role in MAY[call] else EXAMPLES_OF_THE_REFUSED
        for mode in MODES if form else MODES[:1]:
            speak(operation, mode, examples, headers, promised)


def speak(
    operation: Any, mode: GenerationMode, examples: int, headers: dict[str, str], form_refusals: set[str]
) -> None:
    """So many requests of this call; raises what any of them shows."""

    @settings(
        max_examples=examples, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def once(case: schemathesis.Case) -> None:
        response = case.call_and_validate(headers=headers, excluded_checks=[positive_data_acceptance])
        if mode == GenerationMode.POSITIVE and response.status_code >= 400:
            assert response.json()["code"] not in form_refusals, response.text

    once()
