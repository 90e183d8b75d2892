"""Signed documents: the bytes that were signed are the bytes that are read, or nothing is."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenes.wire import signing
from scenes.wire.binary_text import binary_bytes, binary_text
from scenes.wire.documents import AGREEMENT, BODY_CHARACTERS_MAX, JOURNAL, VERDICT, open_document, sign_document
from scenes.wire.errors import CodeRefused, CodeSignatureInvalid, FieldsInvalid
from scenes.wire.json_text import json_text
from tests.scenes.wire.conftest import KeyHolder

OFFICE = KeyHolder(b"\x2a" * 32)
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(st.characters(codec="utf-8"), max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", max_size=3), inner, max_size=3),
    max_leaves=6,
)


def signed(body: str, domain: bytes = VERDICT) -> dict[str, Any]:
    return dict(sign_document(domain, body, "office-1", OFFICE.private))


@settings(deadline=None)
@given(st.dictionaries(st.text(st.characters(codec="utf-8"), max_size=8), JSON_VALUES, max_size=4))
def test_a_body_survives_signing_and_opening(body: dict[str, Any]) -> None:
    document = signed(json_text(body))
    assert open_document(VERDICT, document, OFFICE.key_of) == body
    assert set(document) == {"body", "key", "signature"}
    assert len(document["signature"]) == 86


def test_the_spaces_and_the_order_of_the_body_are_the_signers_own() -> None:
    assert open_document(VERDICT, signed(' {"b": 1,\n "a": "岛"} '), OFFICE.key_of) == {"b": 1, "a": "岛"}


def test_a_body_written_again_is_another_body() -> None:
    document = signed('{"a": 1}') | {"body": '{"a":1}'}
    with pytest.raises(CodeSignatureInvalid):
        open_document(VERDICT, document, OFFICE.key_of)


@pytest.mark.parametrize("other", [JOURNAL, AGREEMENT])
def test_a_document_of_one_domain_is_none_of_another(other: bytes) -> None:
    with pytest.raises(CodeSignatureInvalid):
        open_document(other, signed("{}"), OFFICE.key_of)


def test_an_unknown_key_and_a_strangers_key_are_refused(stranger: KeyHolder) -> None:
    for key_of in (lambda key_id: None, stranger.key_of):
        with pytest.raises(CodeSignatureInvalid):
            open_document(VERDICT, signed("{}"), key_of)


def test_the_key_is_asked_for_by_its_id() -> None:
    asked: list[str] = []

    def key_of(key_id: str) -> bytes:
        asked.append(key_id)
        return OFFICE.public

    open_document(VERDICT, signed("{}"), key_of)
    assert asked == ["office-1"]


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "1",
        "null",
        "not json",
        '{"a": 1, "a": 2}',
        '{"a": {"b": 1, "b": 1}}',
        '{"a": 1.5}',
        '{"a": 1e3}',
        '{"a": NaN}',
        '{"a": -Infinity}',
        "{} {}",
        '\ufeff{"a": 1}',
        '{"a": ' + "[" * 100_000 + "]" * 100_000 + "}",
        '{"a": ' + "9" * 5_000 + "}",
    ],
    ids=range(15),
)
def test_signed_text_that_is_not_json_as_we_write_it_is_refused(body: str) -> None:
    with pytest.raises(FieldsInvalid) as refusal:
        open_document(VERDICT, {**signed("{}"), **_signed_anyway(body)}, OFFICE.key_of)
    assert refusal.value.field == "body"
    assert refusal.value.code == "invalid_fields"


@pytest.mark.parametrize(
    "altered",
    [
        {"body": None},
        {"body": {"a": 1}},
        {"body": b"{}"},
        {"body": "\ud800"},
        {"body": "x" * (BODY_CHARACTERS_MAX[VERDICT] + 1)},
        {"key": None},
        {"key": 1},
        {"key": ""},
        {"key": "k" * 65},
        {"key": "office\n1"},
        {"key": "\ud800"},
        {"signature": None},
        {"signature": ""},
        {"signature": "A" * 85},
        {"signature": "A" * 87},
        {"signature": "A" * 86 + "=="},
        {"signature": "+" * 86},
        {"signature": "A" * 85 + "B"},
        {"signature": "中" * 86},
        {"extra": 1},
    ],
    ids=range(20),
)
def test_a_document_of_another_shape_is_refused(altered: dict[str, Any]) -> None:
    with pytest.raises(FieldsInvalid):
        open_document(VERDICT, signed("{}") | altered, OFFICE.key_of)


@pytest.mark.parametrize("name", ["body", "key", "signature"])
def test_a_document_that_lacks_a_member_says_which(name: str) -> None:
    document = signed("{}")
    del document[name]
    with pytest.raises(FieldsInvalid) as refusal:
        open_document(VERDICT, document, OFFICE.key_of)
    assert refusal.value.field == name


@given(
    st.none()
    | st.text()
    | st.integers()
    | JSON_VALUES
    | st.fixed_dictionaries(dict.fromkeys(("body", "key", "signature"), st.text() | st.none() | st.binary()))
)
def test_whatever_is_read_only_a_refusal_comes_back(anything: object) -> None:
    with pytest.raises(CodeRefused):
        open_document(VERDICT, anything, OFFICE.key_of)


@settings(deadline=None)
@given(st.integers(0, 511))
def test_a_signature_with_one_bit_turned_is_never_taken(bit: int) -> None:
    document = signed('{"a":1}')
    turned = int.from_bytes(binary_bytes(document["signature"], 64, "signature"), "big") ^ 1 << bit
    document["signature"] = binary_text(turned.to_bytes(64, "big"))
    with pytest.raises(CodeSignatureInvalid):
        open_document(VERDICT, document, OFFICE.key_of)


def _signed_anyway(body: str) -> dict[str, str]:
    """A document around a body that the builder itself would not take."""
    signature = binary_text(signing.sign(OFFICE.private, VERDICT + body.encode()))
    return {"body": body, "signature": signature}
