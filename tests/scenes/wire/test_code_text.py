"""The text of a code: one spelling for each sequence of bytes, read in any case, bare or as our own link."""

from __future__ import annotations

from base64 import b32encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenes.wire.code_text import CODE_TEXT_MAX, code_bytes, code_link, code_text
from scenes.wire.errors import CodeMalformed, CodeRefused
from tests.scenes.wire.conftest import BASE_URL

SYMBOLS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


@given(st.binary(min_size=1, max_size=200))
def test_bytes_survive_the_way_to_text_and_back(raw: bytes) -> None:
    assert code_text(raw) == b32encode(raw).decode().rstrip("=")
    assert code_bytes(code_text(raw), BASE_URL) == raw
    assert code_bytes(code_link(raw, BASE_URL), BASE_URL) == raw
    assert code_bytes(f"\n {code_link(raw, BASE_URL).lower()}\u3000", BASE_URL) == raw


@given(st.text(alphabet=SYMBOLS, min_size=1, max_size=200))
def test_a_text_that_is_read_is_the_only_spelling_of_its_bytes(text: str) -> None:
    try:
        raw = code_bytes(text, BASE_URL)
    except CodeMalformed:
        assert text not in {code_text(size.to_bytes(1, "big")) for size in range(256)}
    else:
        assert code_text(raw) == text


@given(st.text(max_size=300) | st.binary(max_size=100) | st.none() | st.integers() | st.lists(st.text()))
def test_whatever_is_read_is_bytes_or_a_refusal(anything: object) -> None:
    try:
        found: object = code_bytes(anything, BASE_URL)
    except CodeRefused as refusal:
        found = refusal.code
    assert isinstance(found, bytes) or found == "code_malformed"


@pytest.mark.parametrize("letter", ["A", "\0", " ", "é", "中", "\ud800", "-", "1", "HTTPS://ISLAND.EXAMPLE/S/"])
def test_a_text_without_end_is_refused(letter: str) -> None:
    with pytest.raises(CodeMalformed):
        code_bytes(letter * (1_000_000 // len(letter)), BASE_URL)


def test_the_longest_text_of_a_qr_code_is_read_and_one_symbol_more_is_not() -> None:
    assert len(code_bytes("A" * CODE_TEXT_MAX, BASE_URL)) == CODE_TEXT_MAX * 5 // 8
    with pytest.raises(CodeMalformed, match="too long"):
        code_bytes("A" * (CODE_TEXT_MAX + 2), BASE_URL)


@pytest.mark.parametrize("letter", list("ı\u017fßﬁ\u212a\u212b２\u0662\u0410Ⅰ"), ids=ascii)
def test_a_letter_that_only_looks_like_ours_is_refused(letter: str) -> None:
    with pytest.raises(CodeMalformed):
        code_bytes(f"CEAQ{letter}AAA", BASE_URL)
    with pytest.raises(CodeMalformed):
        code_bytes(letter * 8, BASE_URL)


@pytest.mark.parametrize("text", ["+CEAQAAA", "-CEAQAAA", "CE_AQAAA", "0XCEAQAA", "CEAQ AAA", "CEAQAAA=", "1CEAQAAA"])
def test_what_a_reader_of_numbers_would_take_is_no_code(text: str) -> None:
    with pytest.raises(CodeMalformed):
        code_bytes(text, BASE_URL)


def test_the_base_address_may_end_with_a_slash_and_have_any_case() -> None:
    assert code_link(b"\x11\x01", "https://island.example/") == "HTTPS://ISLAND.EXAMPLE/S/CEAQ"
    assert code_bytes("HTTPS://ISLAND.EXAMPLE/S/CEAQ", "https://island.example/") == b"\x11\x01"


def test_a_link_of_the_demonstration_is_foreign_to_an_island_with_another_address() -> None:
    link = code_link(b"\x11\x01", "HTTP://127.0.0.1:8000")
    assert code_bytes(link, "http://127.0.0.1:8000") == b"\x11\x01"
    with pytest.raises(CodeMalformed):
        code_bytes(link, BASE_URL)


def test_the_reason_of_a_refusal_never_repeats_the_text() -> None:
    with pytest.raises(CodeMalformed) as refusal:
        code_bytes("SECRET-TEXT", BASE_URL)
    assert "SECRET" not in str(refusal.value)
