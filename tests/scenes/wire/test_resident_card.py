"""The resident card: what is printed on it is what is read, and nothing that was altered is ever taken."""

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
from scenes.wire.resident_card import ResidentCard, encode_card, open_card
from tests.scenes.wire.conftest import BASE_URL, KeyHolder

VECTORS: list[dict[str, Any]] = json.loads(
    (Path(__file__).resolve().parents[2] / "vectors" / "resident_card.json").read_text(encoding="ascii")
)
PASS_KEY = KeyHolder(b"\x41" * 32)
BEGINS = 1_795_400_000
GRANNYS_CARD = ResidentCard(1, bytes(range(8)), BEGINS, 365)
CARDS = st.builds(
    ResidentCard,
    key_id=st.integers(0, 255),
    card=st.binary(min_size=8, max_size=8),
    valid_from=st.integers(0, 2**32 - 1),
    days=st.integers(0, 65_535),
)


def opened(raw: bytes) -> ResidentCard:
    return open_card(code_text(raw), BASE_URL, PASS_KEY.key_of)


def answer(entry: dict[str, Any]) -> tuple[str, dict[str, Any] | None]:
    try:
        card = open_card(entry["code"], entry["base_url"], lambda key_id: key_bytes(entry["key"]))
    except CodeRefused as refusal:
        return refusal.code, None
    return "ok", dataclasses.asdict(card) | {"card": binary_text(card.card)}


def key_bytes(text: str | None) -> bytes | None:
    return None if text is None else binary_bytes(text, len(text) * 3 // 4, "key")


@pytest.mark.parametrize("entry", VECTORS, ids=lambda entry: entry["why"].encode("ascii", "replace").decode())
def test_a_card_is_answered_as_its_vector_says(entry: dict[str, Any]) -> None:
    assert answer(entry) == (entry["expect"], entry["fields"])


def test_there_are_enough_vectors_of_each_answer() -> None:
    expected = [entry["expect"] for entry in VECTORS]
    assert expected.count("ok") >= 30
    assert len(expected) - expected.count("ok") >= 100
    assert {"ok", "code_malformed", "code_unknown_version", "code_signature_invalid"} == set(expected)
    assert len({entry["why"] for entry in VECTORS}) == len(VECTORS)


@settings(deadline=None)
@given(CARDS)
def test_what_is_printed_is_what_is_read(card: ResidentCard) -> None:
    raw = encode_card(card, PASS_KEY.private)
    assert len(raw) == 80
    assert len(code_text(raw)) == 128
    assert opened(raw) == card
    assert open_card(code_link(raw, BASE_URL).lower(), BASE_URL, PASS_KEY.key_of) == card


@settings(deadline=None, max_examples=300)
@given(CARDS, st.integers(0, 80 * 8 - 1))
def test_a_card_with_one_bit_turned_is_never_taken(card: ResidentCard, bit: int) -> None:
    raw = int.from_bytes(encode_card(card, PASS_KEY.private), "big") ^ 1 << bit
    with pytest.raises(CodeRefused):
        opened(raw.to_bytes(80, "big"))


def test_no_single_bit_of_one_card_can_be_turned() -> None:
    bits = int.from_bytes(encode_card(GRANNYS_CARD, PASS_KEY.private), "big")
    for bit in range(80 * 8):
        with pytest.raises(CodeRefused):
            opened((bits ^ 1 << bit).to_bytes(80, "big"))


@settings(deadline=None)
@given(
    st.text() | st.binary() | st.none() | st.integers() | st.text(alphabet="ABCDEFG234567", min_size=128, max_size=128)
)
def test_whatever_is_read_only_a_refusal_comes_back(anything: object) -> None:
    with pytest.raises(CodeRefused):
        open_card(anything, BASE_URL, PASS_KEY.key_of)


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(-1, False), (0, True), (365 * 86_400 - 1, True), (365 * 86_400, False)],
)
def test_a_card_counts_from_its_first_second_to_the_end_of_its_days(seconds: int, expected: bool) -> None:
    assert GRANNYS_CARD.is_valid(BEGINS + seconds) is expected


def test_a_card_of_no_days_never_counts() -> None:
    card = dataclasses.replace(GRANNYS_CARD, days=0)
    assert opened(encode_card(card, PASS_KEY.private)) == card
    assert not any(card.is_valid(BEGINS + seconds) for seconds in (-1, 0, 1))


def test_the_key_is_asked_for_by_its_id_after_version_kind_and_length() -> None:
    asked: list[int] = []
    raw = encode_card(dataclasses.replace(GRANNYS_CARD, key_id=7), PASS_KEY.private)
    for wrong in (raw[:-1], raw + b"\0", b"\x14" + raw[1:], b"\x11" + raw[1:], b"\x26" + raw[1:]):
        with pytest.raises((CodeMalformed, CodeUnknownVersion)):
            open_card(code_text(wrong), BASE_URL, asked.append)
    assert asked == []
    with pytest.raises(CodeSignatureInvalid):
        open_card(code_text(raw), BASE_URL, asked.append)
    assert asked == [7]


@pytest.mark.parametrize("number", [b"", bytes(7), bytes(9)])
def test_a_card_whose_number_has_another_length_is_not_made(number: bytes) -> None:
    with pytest.raises(AssertionError):
        encode_card(dataclasses.replace(GRANNYS_CARD, card=number), PASS_KEY.private)
