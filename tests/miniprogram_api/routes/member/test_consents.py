"""What a member agrees to is kept with its version, asked again when words change, and can be taken back."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from miniprogram_api.domain import consents
from tests.miniprogram_api.cast import Stage
from tests.miniprogram_api.routes.speech import API, answered, bearer, refused

CONSENTS, SESSIONS = f"{API}/member/consents", f"{API}/member/sessions"
FIRST = {"terms": 1, "privacy": 1, "language": "zh"}
NOTICES = Path(__file__).resolve().parents[4] / "static" / "tourist" / "notices"
# Other words are another version: raise it in domain/consents.py and models/consents.js, and everybody is asked again.
WORDS = {
    "terms-1.zh": "fcd0955450d06c29be048927271ff025bd180a24e33c95720ec1a9af63012c57",
    "terms-1.en": "29a7e557baae0c5129683c73d98836aa723b791e1142aad94b722e3afeb8fd38",
    "privacy-1.zh": "f2bc5476606dec1922dd2e2b4ad8f9649b7091bfe9ba3de300592051676d3eac",
    "privacy-1.en": "a4e94b972bf335844bc151febf22ca66155ec18093af52ec97665f3e3a4fa3f5",
}


def words_of(name: str) -> Any:
    """A notice as its module holds it, which is JSON behind `export default`."""
    text = (NOTICES / f"{name}.js").read_text(encoding="utf-8")
    return json.loads(text.removeprefix("export default ").rstrip().removesuffix(";"))


def sign_in(client: FlaskClient, **body: object) -> Any:
    return answered(client.post(SESSIONS, json={"code": "sim:anqi", **body}), 201)


def test_the_one_button_takes_consent_and_sign_in_together_and_the_server_keeps_what_was_agreed_to(
    client: FlaskClient, stage: Stage
) -> None:
    token = sign_in(client, consent=FIRST)["token"]
    said = answered(client.get(CONSENTS, headers=bearer(token)))
    assert said["current"] == said["given"] == {"terms": 1, "privacy": 1}
    assert {(deed["notice"], deed["deed"], deed["language"]) for deed in said["data"]} == {
        ("terms", "given", "zh"),
        ("privacy", "given", "zh"),
    }
    sign_in(client, consent=FIRST)
    assert stage.count("member_consents") == 2, "what stands is not noted again"


def test_a_session_without_consent_says_so_and_gets_it_later(client: FlaskClient, stage: Stage) -> None:
    token = sign_in(client)["token"]
    assert answered(client.get(CONSENTS, headers=bearer(token)))["given"] == {"terms": None, "privacy": None}
    for _ in range(2):
        said = answered(client.post(CONSENTS, json={**FIRST, "language": "en"}, headers=bearer(token)), 201)
        assert said["given"] == {"terms": 1, "privacy": 1}
    assert stage.count("member_consents") == 2


@pytest.mark.parametrize(("language", "name"), [("zh", "游客 "), ("en", "Guest ")])
def test_a_guest_is_named_in_the_language_of_the_consent(client: FlaskClient, language: str, name: str) -> None:
    body = {"guest": True, "consent": {**FIRST, "language": language}}
    assert answered(client.post(SESSIONS, json=body), 201)["member"]["nickname"].startswith(name)


def test_new_words_are_asked_for_again_and_the_old_consent_stays_in_the_list(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = sign_in(client, consent=FIRST)["token"]
    monkeypatch.setitem(consents.CURRENT, "privacy", 2)
    said = answered(client.get(CONSENTS, headers=bearer(token)))
    assert (said["current"]["privacy"], said["given"]["privacy"]) == (2, 1)
    answered(client.post(CONSENTS, json={**FIRST, "privacy": 2}, headers=bearer(token)), 201)
    said = answered(client.get(CONSENTS, headers=bearer(token)))
    assert said["given"] == {"terms": 1, "privacy": 2}
    assert (said["data"][0]["notice"], said["data"][0]["version"]) == ("privacy", 2)
    assert len(said["data"]) == 3


@pytest.mark.parametrize(
    "consent", [{**FIRST, "terms": 2}, {**FIRST, "privacy": 0}, {**FIRST, "language": "fr"}, {"terms": 1}, True]
)
def test_a_version_that_there_is_not_is_no_consent_and_nobody_is_signed_in(
    client: FlaskClient, stage: Stage, consent: object
) -> None:
    before = stage.count("member_sessions")
    refused(client.post(SESSIONS, json={"code": "sim:anqi", "consent": consent}), 422, "invalid_fields")
    assert (stage.count("member_consents"), stage.count("member_sessions")) == (0, before)


def test_taken_back_it_ends_every_session_and_code_and_the_next_sign_in_needs_a_new_one(
    client: FlaskClient, stage: Stage
) -> None:
    token = sign_in(client, consent=FIRST)["token"]
    other = sign_in(client, consent=FIRST)["token"]
    answered(client.get(f"{API}/member/pass", headers=bearer(token)))
    refused(client.post(f"{CONSENTS}/withdraw", json={"confirm": False}, headers=bearer(token)), 422, "invalid_fields")
    done = client.post(f"{CONSENTS}/withdraw", json={"confirm": True}, headers=bearer(token))
    assert done.status_code == 204
    for ended in (token, other):
        refused(client.get(f"{API}/member/me", headers=bearer(ended)), 401, "not_signed_in")
    assert stage.rows("SELECT count(*) FROM member_passes WHERE revoked_at IS NULL") == [(0,)]
    why = refused(client.post(SESSIONS, json={"code": "sim:anqi"}), 403, "not_allowed")["why"]
    assert why == "consent_withdrawn"
    fresh = sign_in(client, consent=FIRST)["token"]
    said = answered(client.get(CONSENTS, headers=bearer(fresh)))
    assert [deed["deed"] for deed in said["data"]] == ["given", "given", "withdrawn", "withdrawn", "given", "given"]
    assert said["given"] == {"terms": 1, "privacy": 1}


@pytest.mark.parametrize("notice", sorted(consents.CURRENT))
def test_each_version_has_its_words_in_both_languages_with_the_same_parts(notice: str) -> None:
    for version in range(1, consents.CURRENT[notice] + 1):
        chinese, english = (words_of(f"{notice}-{version}.{language}") for language in ("zh", "en"))
        for words in (chinese, english):
            assert (words["notice"], words["version"]) == (notice, version)
            assert all(section["heading"] and section["text"] for section in words["sections"])
        assert chinese["from"] == english["from"]
        shapes = [[len(section["text"]) for section in words["sections"]] for words in (chinese, english)]
        assert shapes[0] == shapes[1]


def test_words_that_somebody_agreed_to_are_never_changed() -> None:
    kept = {path.stem: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(NOTICES.glob("*.js"))}
    assert kept == WORDS


def test_the_pages_offer_the_newest_versions() -> None:
    page = (NOTICES.parent / "models" / "consents.js").read_text(encoding="utf-8")
    said = ", ".join(f"{notice}: {version}" for notice, version in consents.CURRENT.items())
    assert f"CURRENT = {{ {said} }}" in page
