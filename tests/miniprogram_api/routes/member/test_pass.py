"""GET member/pass, as a phone calls it."""

from __future__ import annotations

from datetime import datetime

from flask.testing import FlaskClient

from scenes.wire.binary_text import binary_bytes
from scenes.wire.member_code import member_code, parse_member_code
from tests.miniprogram_api.cast import Stage
from tests.miniprogram_api.routes.speech import API, SQLITE_ONLY, answered, bearer, refused

pytestmark = SQLITE_ONLY


def test_a_phone_gets_three_passes_and_the_time_to_show_them(stage: Stage, client: FlaskClient) -> None:
    response = client.get(f"{API}/member/pass", headers=bearer("mei"))
    answer = answered(response)
    assert response.headers["Cache-Control"] == "no-store"
    assert set(answer) == {"server_time", "passes"}
    assert datetime.fromisoformat(answer["server_time"]).timestamp() == stage.clock.now()
    begins = []
    for day in answer["passes"]:
        assert set(day) == {"pass", "last_value"}
        raw = member_code(binary_bytes(day["pass"], 96, "pass"), binary_bytes(day["last_value"], 16, "last_value"), 1)
        begins.append(parse_member_code(raw).not_before)
    assert begins == [stage.clock.now() + day * 86_400 for day in range(3)]


def test_a_guest_gets_passes_too(stage: Stage, client: FlaskClient) -> None:
    stage.member("guest", "guest")
    assert len(answered(client.get(f"{API}/member/pass", headers=bearer("guest")))["passes"]) == 3


def test_after_the_sign_out_there_are_none(stage: Stage, client: FlaskClient) -> None:
    answered(client.get(f"{API}/member/pass", headers=bearer("mei")))
    assert client.delete(f"{API}/member/sessions/current", headers=bearer("mei")).status_code == 204
    refused(client.get(f"{API}/member/pass", headers=bearer("mei")), 401, "not_signed_in")
    assert stage.rows("SELECT count(*) FROM member_passes WHERE revoked_at IS NULL") == [(0,)]
