"""The live voucher code: made by who holds the voucher's key, good for the present minute and its neighbours."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st

from scenes.wire.binary_text import binary_bytes, binary_text
from scenes.wire.code_text import code_text
from scenes.wire.errors import CodeRefused
from scenes.wire.voucher_code import (
    minute_matches,
    open_voucher_code,
    parse_voucher_code,
    tag_matches,
    voucher_code,
    voucher_key,
)
from tests.scenes.wire.conftest import BASE_URL

VECTORS: list[dict[str, Any]] = json.loads(
    (Path(__file__).resolve().parents[2] / "vectors" / "voucher_code.json").read_text(encoding="ascii")
)
MASTER, VOUCHER = bytes(range(32)), bytes(range(8))


def answer(entry: dict[str, Any]) -> tuple[str, dict[str, Any] | None]:
    master = None if entry["key"] is None else binary_bytes(entry["key"], 32, "key")
    try:
        code = open_voucher_code(entry["code"], entry["base_url"], lambda key_id: master)
    except CodeRefused as refusal:
        return refusal.code, None
    key = voucher_key(master or b"", code.voucher)
    said = {"key_id": code.key_id, "voucher": binary_text(code.voucher), "minute": code.minute}
    return "ok", said | {"voucher_key": binary_text(key)}


@pytest.mark.parametrize("entry", VECTORS, ids=lambda entry: entry["why"])
def test_a_voucher_code_is_answered_as_its_vector_says(entry: dict[str, Any]) -> None:
    assert answer(entry) == (entry["expect"], entry["fields"])


def test_the_vector_of_the_contract_holds() -> None:
    key = voucher_key(MASTER, VOUCHER)
    assert key.hex() == "cb93837a02ae5ab253b21c446e5ce2c8fde8c946ef515468168d15c6eac01381"
    raw = voucher_code(key, 1, VOUCHER, 29_000_000)
    assert raw.hex() == "1501" + "0001020304050607" + "01ba8140" + "71f006b6135572ef2a6e3d27577d7113"


def test_the_key_derivation_is_that_of_rfc_5869() -> None:
    derived = HKDF(SHA256(), 32, salt=None, info=b"ISLE-VK-1\x00" + VOUCHER).derive(MASTER)
    assert voucher_key(MASTER, VOUCHER) == derived


@given(st.binary(min_size=32, max_size=32), st.integers(0, 255), st.binary(min_size=8, max_size=8))
def test_what_the_phone_says_is_what_is_read(key: bytes, key_id: int, voucher: bytes) -> None:
    code = parse_voucher_code(voucher_code(key, key_id, voucher, 29_923_333))
    assert (code.key_id, code.voucher, code.minute) == (key_id, voucher, 29_923_333)
    assert tag_matches(code, key)
    assert not tag_matches(code, key[:-1] + bytes([key[-1] ^ 1]))
    assert not tag_matches(dataclasses.replace(code, tag=code.tag[:-1]), key)


@given(st.integers(0, 30 * 8 - 1))
def test_a_voucher_code_with_one_bit_turned_is_never_taken(bit: int) -> None:
    raw = int.from_bytes(voucher_code(voucher_key(MASTER, VOUCHER), 1, VOUCHER, 29_000_000), "big") ^ 1 << bit
    with pytest.raises(CodeRefused):
        open_voucher_code(code_text(raw.to_bytes(30, "big")), BASE_URL, {1: MASTER}.get)


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(-61, False), (-60, True), (0, True), (59, True), (119, True), (120, False), (86_400, False)],
)
def test_the_minute_and_its_neighbours_are_taken(seconds: int, expected: bool) -> None:
    code = parse_voucher_code(voucher_code(bytes(32), 1, VOUCHER, 29_000_000))
    assert minute_matches(code, 29_000_000 * 60 + seconds) is expected
