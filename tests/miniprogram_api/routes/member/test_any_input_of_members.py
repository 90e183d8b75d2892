"""Schemathesis speaks every call of a member as somebody who has signed in and lived a little: no answer surprises."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import schemathesis
from apiflask import APIFlask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given, seed, settings
from schemathesis import GenerationMode
from schemathesis.specs.openapi.checks import positive_data_acceptance

from miniprogram_api.domain.consents import CURRENT
from scenes.wire.kinds import KIND_TICKET
from tests.miniprogram_api.cast import Stage, shop
from tests.miniprogram_api.routes.speech import API, SQLITE_ONLY, answered
from tests.miniprogram_api.routes.test_any_input import FORM_REFUSALS, MODES
from tests.miniprogram_api.routes.who_may import MAY
from tests.miniprogram_api.test_races import check_books

pytestmark = SQLITE_ONLY
CALLS = sorted(call for call in MAY if "/member/" in call and "/staff/" not in call)
ENDS_IT = {"DELETE /member/sessions/current", "POST /member/consents/withdraw", "POST /member/forget"}
WAYS = {"guest": {"guest": True}, "member": {"code": "sim:an"}, "resident": {"code": "sim:resident-wei"}}
LONG = [pytest.mark.slow, pytest.mark.timeout(1800)]
RUNS = [pytest.param("guest", 6, id="guest-short"), *(pytest.param(way, 60, id=way, marks=LONG) for way in WAYS)]
# The form is right and what it names is not there: of a notice that was never published nobody could have read a word.
ABOUT_WHAT_IT_NAMES = {"no_such_version"}
TREE_CARE, REFILL = 23, 9


@pytest.fixture
def signs_in(client: FlaskClient, stage: Stage) -> Callable[[str], dict[str, str]]:
    """Signs somebody in who then does something and gets a voucher, and answers what they send along."""
    item = shop(stage, points=2)

    def sign_in(way: str) -> dict[str, str]:
        body = {**WAYS[way], "device": f"{way}-phone", "consent": {**CURRENT, "language": "en"}}
        session = answered(client.post(f"{API}/member/sessions", json=body), 201)
        headers = {"Authorization": f"Bearer {session['token']}"}
        for code in (stage.code(REFILL), stage.code(TREE_CARE, KIND_TICKET)):
            done = client.post(f"{API}/member/scans", json={"code": code}, headers=headers).status_code
            assert done in (201, 409), "the second time it is the same act again"
        wish = {"item_id": f"{item:016x}", "quantity": 1}
        key = {"Idempotency-Key": f"first-{stage.counter}"}
        answered(client.post(f"{API}/member/vouchers", json=wish, headers=headers | key), 201)
        return headers

    return sign_in


@pytest.mark.parametrize(("way", "examples"), RUNS)
def test_no_input_of_a_member_gets_a_surprising_answer(
    app: APIFlask, stage: Stage, signs_in: Callable[[str], dict[str, str]], way: str, examples: int
) -> None:
    document = schemathesis.openapi.from_wsgi(f"{API}/openapi.json", app)
    headers = signs_in(way)
    for call in sorted(CALLS, key=lambda call: call in ENDS_IT):
        method, _, path = call.partition(" ")
        operation = document[API + path][method]
        takes_something = any(True for _ in operation.iter_parameters()) or bool(operation.body)
        for mode in MODES if takes_something else MODES[:1]:
            speak(operation, mode, headers, examples)
        stage.clock.advance(3600)  # nobody asks so often without a pause
        if call in ENDS_IT:
            headers = signs_in(way)
    check_books(stage)


def speak(
    operation: schemathesis.schemas.APIOperation, mode: GenerationMode, headers: dict[str, str], examples: int
) -> None:
    """So many requests of this call; raises what any of them shows."""

    @seed(20261123)
    @settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy(generation_mode=mode))
    def once(case: schemathesis.Case) -> None:
        # What fits the document may be refused for what it says (a code that is none), but not for its form.
        response = case.call_and_validate(headers=headers, excluded_checks=[positive_data_acceptance])
        if mode == GenerationMode.POSITIVE and response.status_code >= 400:
            problem = response.json()
            reasons = {field["reason"] for field in problem.get("fields", [])}
            assert problem["code"] not in FORM_REFUSALS or reasons <= ABOUT_WHAT_IT_NAMES, response.text

    once()
