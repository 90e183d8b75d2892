"""The kiosk code: every reader gives the answers of the vectors, and nothing that was altered is ever taken."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenes.wire.binary_text import binary_bytes, binary_text
from scenes.wire.code_text import code_link, code_text
from scenes.wire.errors import CodeMalformed, CodeRefused, CodeSignatureInvalid, CodeUnknownVersion
from scenes.wire.kinds import KIND_GROUP, KIND_SINGLE_USE, KIND_TICKET
from scenes.wire.kiosk_code import KioskCode, encode, open_kiosk_code, parse
from tests.scenes.wire.conftest import BASE_URL, KeyHolder

VECTORS: list[dict[str, Any]] = json.loads(
    (Path(__file__).resolve().parents[2] / "vectors" / "kiosk_code.json").read_text(encoding="ascii")
)
KIOSK = KeyHolder(b"\x31" * 32)
CODES = st.builds(
    KioskCode,
    kind=st.sampled_from([KIND_SINGLE_USE, KIND_GROUP, KIND_TICKET]),
    epoch=st.integers(0, 255),
    kiosk=st.integers(0, 2**32 - 1),
    counter=st.integers(0, 2**32 - 1),
    issued_at=st.integers(0, 2**32 - 1),
    scene=st.integers(0, 255),
    variant=st.integers(0, 255),
    quantity=st.integers(0, 65_535),
    nonce=st.binary(min_size=6, max_size=6),
)


def answer(entry: dict[str, Any]) -> tuple[str, dict[str, Any] | None]:
    try:
        code = open_kiosk_code(entry["code"], entry["base_url"], lambda kiosk, epoch: key_bytes(entry["key"]))
    except CodeRefused as refusal:
        return refusal.code, None
    return "ok", dataclasses.asdict(code) | {"nonce": binary_text(code.nonce)}


def key_bytes(text: str | None) -> bytes | None:
    return None if text is None else binary_bytes(text, len(text) * 3 // 4, "key")


@pytest.mark.parametrize("entry", VECTORS, ids=lambda entry: entry["why"].encode("ascii", "replace").decode())
def test_a_kiosk_code_is_answered_as_its_vector_says(entry: dict[str, Any]) -> None:
    assert answer(entry) == (entry["expect"], entry["fields"])


def test_there_are_enough_vectors_of_each_answer() -> None:
    expected = [entry["expect"] for entry in VECTORS]
    assert expected.count("ok") >= 50
    assert len(expected) - expected.count("ok") >= 200
    assert {"ok", "code_malformed", "code_unknown_version", "code_signature_invalid"} == set(expected)
    assert len({entry["why"] for entry in VECTORS}) == len(VECTORS)


@settings(deadline=None)
@given(CODES)
def test_what_a_kiosk_says_is_what_is_read(code: KioskCode) -> None:
    raw = encode(code, KIOSK.private)
    assert len(raw) == 88
    assert len(code_text(raw)) == 141
    assert open_kiosk_code(code_text(raw), BASE_URL, KIOSK.key_of) == code
    assert open_kiosk_code(code_link(raw, BASE_URL).lower(), BASE_URL, KIOSK.key_of) == code


@settings(deadline=None, max_examples=300)
@given(CODES, st.integers(0, 88 * 8 - 1))
def test_a_code_with_one_bit_turned_is_never_taken(code: KioskCode, bit: int) -> None:
    raw = int.from_bytes(encode(code, KIOSK.private), "big") ^ 1 << bit
    with pytest.raises(CodeRefused):
        open_kiosk_code(code_text(raw.to_bytes(88, "big")), BASE_URL, KIOSK.key_of)


@settings(deadline=None)
@given(CODES, CODES)
def test_a_signature_stands_for_its_own_code_only(code: KioskCode, other: KioskCode) -> None:
    spliced = encode(code, KIOSK.private)[:24] + encode(other, KIOSK.private)[24:]
    if code == other:
        assert open_kiosk_code(code_text(spliced), BASE_URL, KIOSK.key_of) == code
    else:
        with pytest.raises(CodeSignatureInvalid):
            open_kiosk_code(code_text(spliced), BASE_URL, KIOSK.key_of)


@settings(deadline=None)
@given(
    st.text() | st.binary() | st.none() | st.integers() | st.text(alphabet="ABCDEFG234567", min_size=141, max_size=141)
)
def test_whatever_is_read_only_a_refusal_comes_back(anything: object) -> None:
    with pytest.raises(CodeRefused):
        open_kiosk_code(anything, BASE_URL, KIOSK.key_of)


def test_the_key_is_asked_for_by_kiosk_and_epoch(pier_kiosk: KeyHolder, pier_code: KioskCode) -> None:
    asked: list[tuple[int, int]] = []

    def public_key_of(kiosk: int, epoch: int) -> bytes:
        asked.append((kiosk, epoch))
        return pier_kiosk.public

    code = dataclasses.replace(pier_code, kiosk=7, epoch=3)
    assert open_kiosk_code(code_text(encode(code, pier_kiosk.private)), BASE_URL, public_key_of) == code
    assert asked == [(7, 3)]


def test_no_key_is_asked_for_before_version_kind_and_length_are_right(signed_code: bytes) -> None:
    def public_key_of(kiosk: int, epoch: int) -> bytes:
        raise AssertionError("asked too early")

    for raw in (signed_code[:-1], b"\x14" + signed_code[1:], b"\x21" + signed_code[1:], signed_code * 2):
        with pytest.raises((CodeMalformed, CodeUnknownVersion)):
            open_kiosk_code(code_text(raw), BASE_URL, public_key_of)


def test_a_kind_that_this_call_does_not_take_is_malformed_though_signed(
    signed_code: bytes, pier_kiosk: KeyHolder
) -> None:
    text = code_text(signed_code)
    assert open_kiosk_code(text, BASE_URL, pier_kiosk.key_of, {KIND_SINGLE_USE}).kind == KIND_SINGLE_USE
    with pytest.raises(CodeMalformed):
        open_kiosk_code(text, BASE_URL, pier_kiosk.key_of, {KIND_GROUP, KIND_TICKET})


def test_two_pictures_of_one_touch_differ_in_time_and_signature_only(
    pier_kiosk: KeyHolder, pier_code: KioskCode
) -> None:
    first = encode(pier_code, pier_kiosk.private)
    second = encode(dataclasses.replace(pier_code, issued_at=pier_code.issued_at + 20), pier_kiosk.private)
    assert first[:10] == second[:10]
    assert first[14:24] == second[14:24]
    assert first[10:14] != second[10:14]
    assert first[24:] != second[24:]


def test_parse_hands_out_what_was_signed(signed_code: bytes, pier_code: KioskCode) -> None:
    code, message, signature = parse(signed_code)
    assert code == pier_code
    assert message == b"ISLE-QR-1\x00" + signed_code[:24]
    assert signature == signed_code[24:]


@pytest.mark.parametrize("wrong", [{"nonce": b"short"}, {"nonce": b"too long"}, {"kind": 0x14}])
def test_a_kiosk_does_not_make_what_is_no_kiosk_code(
    wrong: dict[str, Any], pier_code: KioskCode, pier_kiosk: KeyHolder
) -> None:
    with pytest.raises(AssertionError):
        encode(dataclasses.replace(pier_code, **wrong), pier_kiosk.private)
