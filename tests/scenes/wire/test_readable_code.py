"""The readable code: what one person reads out, another types; a slip is found before anybody is asked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenes.wire.binary_text import binary_bytes
from scenes.wire.errors import CodeMalformed, CodeRefused
from scenes.wire.readable_code import check_symbol, format_readable, normalise_readable, readable_symbols

VECTORS: list[dict[str, Any]] = json.loads(
    (Path(__file__).resolve().parents[2] / "vectors" / "readable_code.json").read_text(encoding="ascii")
)
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SYMBOLS = st.text(alphabet=ALPHABET, min_size=11, max_size=11)


@pytest.mark.parametrize("entry", VECTORS, ids=lambda entry: entry["why"])
def test_a_readable_code_is_answered_as_its_vector_says(entry: dict[str, Any]) -> None:
    try:
        found = "ok", normalise_readable(entry["code"])
    except CodeRefused as refusal:
        found = refusal.code, ""
    assert found == (entry["expect"], (entry["fields"] or {}).get("symbols", ""))


@pytest.mark.parametrize("entry", [entry for entry in VECTORS if entry["key"]], ids=lambda entry: entry["why"])
def test_a_vouchers_readable_codes_are_computed_as_the_vectors_say(entry: dict[str, Any]) -> None:
    voucher = binary_bytes(entry["fields"]["voucher"], 8, "voucher")
    symbols = readable_symbols(binary_bytes(entry["key"], 32, "key"), voucher, entry["fields"]["r"])
    assert format_readable(symbols) == entry["code"]


@pytest.mark.parametrize("written", ["0123-4567-89AK", "ZYXW-VTSR-QPN0"])
def test_the_vectors_of_the_contract_hold(written: str) -> None:
    assert format_readable(written.replace("-", "")[:11]) == written
    assert normalise_readable(written) == written.replace("-", "")[:11]


@given(SYMBOLS)
def test_what_is_written_is_what_is_read(symbols: str) -> None:
    assert normalise_readable(format_readable(symbols)) == symbols
    assert normalise_readable(f" {format_readable(symbols).lower().replace('0', 'o').replace('1', 'l')}\n") == symbols


@given(SYMBOLS, st.integers(0, 11), st.sampled_from(ALPHABET))
def test_every_single_slip_is_found(symbols: str, place: int, typed: str) -> None:
    text = symbols + check_symbol(symbols)
    if text[place] != typed:
        with pytest.raises(CodeMalformed, match="slip"):
            normalise_readable(text[:place] + typed + text[place + 1 :])


@given(SYMBOLS, st.integers(0, 10), st.integers(0, 10))
def test_every_exchange_of_two_symbols_is_found(symbols: str, first: int, second: int) -> None:
    typed = list(symbols)
    typed[first], typed[second] = typed[second], typed[first]
    if "".join(typed) != symbols:
        with pytest.raises(CodeMalformed, match="slip"):
            normalise_readable("".join(typed) + check_symbol(symbols))


@given(st.text() | st.binary() | st.none() | st.integers())
def test_whatever_is_typed_only_a_refusal_comes_back(anything: object) -> None:
    with pytest.raises(CodeMalformed):
        normalise_readable(anything)


@pytest.mark.parametrize("letter", ["0", "-", " ", "\0", "中"])
def test_a_text_without_end_is_refused(letter: str) -> None:
    with pytest.raises(CodeMalformed):
        normalise_readable(letter * 1_000_000)


def test_each_of_a_vouchers_codes_is_another() -> None:
    assert len({readable_symbols(bytes(32), bytes(8), r) for r in range(500)}) == 500
