"""A request counts as the kiosk's only when everything that has to be signed was signed, and nothing else was."""

from __future__ import annotations

from base64 import b64encode
from datetime import UTC, datetime
from hashlib import sha256

import httpx
import pytest
from flask.testing import FlaskClient
from http_message_signatures import HTTPMessageSigner, algorithms

from scenes.wire import signing
from tests.miniprogram_api.cast import NOON, Stage
from tests.miniprogram_api.routes.kiosk.test_kiosks import beat
from tests.miniprogram_api.routes.speech import API, SQLITE_ONLY, answered, refused

pytestmark = SQLITE_ONLY
USES, BEATS = f"{API}/kiosk/uses", f"{API}/kiosk/heartbeats"
PLAIN = ["@method", "@path", "@query"]


def signed(
    private: bytes,
    method: str = "GET",
    path: str = USES,
    body: bytes = b"",
    components: list[str] | None = None,
    **how: object,
) -> dict[str, str]:
    """Headers of a request, signed as `how` says; all as the contract wants it by default."""
    request = httpx.Request(method, f"http://127.0.0.1:8000{path}", content=body or None)
    if body:
        request.headers["Content-Digest"] = f"sha-256=:{b64encode(sha256(body).digest()).decode()}:"
    signer = HTTPMessageSigner(signature_algorithm=algorithms.ED25519)
    parts = components if components is not None else PLAIN + (["content-digest"] if body else [])
    given = {"key_id": "1.1", "created": datetime.now(UTC), "label": "sig1", **how}
    prepared = signer.prepare(request, covered_component_ids=parts, **given)  # type: ignore[arg-type]  # by name
    signer.apply(request, prepared, signing.sign(private, prepared.signature_base))
    names = ("Signature", "Signature-Input", "Content-Digest")
    return {name: request.headers[name] for name in names if name in request.headers}


def test_a_request_signed_as_agreed_is_the_kiosks(client: FlaskClient, stage: Stage) -> None:
    answered(client.get(USES, headers=signed(stage.kiosk_key)))
    answered(client.get(f"{USES}?since=5", headers=signed(stage.kiosk_key, path=f"{USES}?since=5")))


@pytest.mark.parametrize("year", [1970, 2001, 2099])
def test_no_time_of_signing_refuses(client: FlaskClient, stage: Stage, year: int) -> None:
    answered(client.get(USES, headers=signed(stage.kiosk_key, created=datetime(year, 1, 2, tzinfo=UTC))))


@pytest.mark.parametrize(
    "how",
    [
        {"label": "sig2"},
        {"key_id": "1.2"},
        {"key_id": "2.1"},
        {"key_id": "01.1"},
        {"key_id": "1"},
        {"key_id": "99999999999.1"},
        {"components": ["@method", "@path"]},
        {"components": ["@method", "@query"]},
        {"components": [*PLAIN, "@authority"]},
        {"components": []},
        {"expires": datetime(2099, 1, 1, tzinfo=UTC)},
        {"nonce": "n"},
        {"tag": "t"},
        {"include_alg": False},
    ],
)
def test_a_request_signed_otherwise_is_refused(client: FlaskClient, stage: Stage, how: dict) -> None:
    refused(client.get(USES, headers=signed(stage.kiosk_key, **how)), 401, "not_signed_in")


def test_another_key_another_path_another_query_and_another_method_are_refused(
    client: FlaskClient, stage: Stage
) -> None:
    good = signed(stage.kiosk_key)
    refused(client.get(USES, headers=signed(signing.generate_private_key())), 401, "not_signed_in")
    refused(client.get(f"{USES}?since=1", headers=good), 401, "not_signed_in")
    refused(client.get(f"{API}/kiosk/agreement", headers=good), 401, "not_signed_in")
    refused(client.post(BEATS, headers=signed(stage.kiosk_key, path=BEATS)), 401, "not_signed_in")
    refused(client.get(USES), 401, "not_signed_in")
    refused(client.get(USES, headers={"Signature": "sig1=:AAAA:", "Signature-Input": "sig1"}), 401, "not_signed_in")
    refused(client.get(USES, headers={**good, "Signature-Input": "x" * 5_000}), 401, "not_signed_in")


def test_the_body_is_signed_by_its_digest(client: FlaskClient, stage: Stage) -> None:
    body, other = beat(NOON).encode(), beat(NOON, queue=9).encode()
    good = signed(stage.kiosk_key, "POST", BEATS, body)
    undigested = signed(stage.kiosk_key, "POST", BEATS, body, components=PLAIN)
    for sent, headers in ((other, good), (body, undigested), (body, {**good, "Content-Digest": "sha-512=:AAAA:"})):
        refused(client.post(BEATS, data=sent, headers=headers, content_type="application/json"), 401, "not_signed_in")
    assert stage.rows("SELECT last_heartbeat_at FROM kiosks") == [(None,)]
    answered(client.post(BEATS, data=body, headers=good, content_type="application/json"))


def test_a_key_of_small_order_introduces_no_kiosk(client: FlaskClient) -> None:
    small = "AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    body = b'{"invitation":"AAAAA-AAAAA","public_key":"%s"}' % small.encode()
    headers = signed(signing.generate_private_key(), "POST", f"{API}/kiosk/provisioning", body, key_id=small)
    response = client.post(f"{API}/kiosk/provisioning", data=body, headers=headers, content_type="application/json")
    refused(response, 401, "not_signed_in")
