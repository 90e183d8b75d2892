"""The member code: a signed pass and a value of its chain; who saw one minute of it can't show the next."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenes.wire.binary_text import binary_bytes, binary_text
from scenes.wire.code_text import code_bytes, code_link, code_text
from scenes.wire.errors import CodeMalformed, CodeRefused, CodeSignatureInvalid, CodeUnknownVersion
from scenes.wire.member_code import (
    MemberCode,
    last_value,
    leads_to,
    make_pass,
    member_code,
    open_member_code,
    parse_member_code,
    value_before,
)
from tests.scenes.wire.conftest import BASE_URL, KeyHolder

VECTORS: list[dict[str, Any]] = json.loads(
    (Path(__file__).resolve().parents[2] / "vectors" / "member_code.json").read_text(encoding="ascii")
)
GOOD = [entry for entry in VECTORS if entry["expect"] == "ok"]
PASS_KEY = KeyHolder(b"\x41" * 32)
ALIAS, LAST, BEGINS = bytes(range(8)), bytes(range(16, 32)), 1_795_400_040
BYTES_8, BYTES_16 = (st.binary(min_size=size, max_size=size) for size in (8, 16))


@dataclasses.dataclass(frozen=True)
class PassOnPhone:
    """A pass as the phone keeps it."""

    key_id: int
    alias: bytes
    not_before: int
    slots: int
    last: bytes

    @property
    def signed(self) -> bytes:
        return make_pass(self.key_id, self.alias, self.not_before, self.slots, self.last, PASS_KEY.private)

    def shown(self, slot: int) -> bytes:
        return member_code(self.signed, self.last, slot)


PASSES = st.builds(
    PassOnPhone,
    key_id=st.integers(0, 255),
    alias=BYTES_8,
    not_before=st.integers(0, (2**32 - 1) // 60).map(lambda minute: minute * 60),
    slots=st.integers(1, 40),
    last=BYTES_16,
)
MEIS_PASS = PassOnPhone(1, ALIAS, BEGINS, 60, LAST)


@st.composite
def minutes_of_passes(draw: st.DrawFn) -> tuple[PassOnPhone, int]:
    held = draw(PASSES)
    return held, draw(st.integers(1, held.slots))


def opened(raw: bytes) -> MemberCode:
    return open_member_code(code_text(raw), BASE_URL, PASS_KEY.key_of)


def answer(entry: dict[str, Any]) -> tuple[str, dict[str, Any] | None]:
    try:
        code = open_member_code(entry["code"], entry["base_url"], lambda key_id: key_bytes(entry["key"]))
    except CodeRefused as refusal:
        return refusal.code, None
    said = dataclasses.asdict(code)
    return "ok", {name: binary_text(value) if isinstance(value, bytes) else value for name, value in said.items()}


def key_bytes(text: str | None) -> bytes | None:
    return None if text is None else binary_bytes(text, len(text) * 3 // 4, "key")


@pytest.mark.parametrize("entry", VECTORS, ids=lambda entry: entry["why"].encode("ascii", "replace").decode())
def test_a_member_code_is_answered_as_its_vector_says(entry: dict[str, Any]) -> None:
    read = entry["fields"] and {name: said for name, said in entry["fields"].items() if name != "last_value"}
    assert answer(entry) == (entry["expect"], read)


def test_there_are_enough_vectors_of_each_answer() -> None:
    expected = [entry["expect"] for entry in VECTORS]
    assert len(GOOD) >= 50
    assert len(expected) - len(GOOD) >= 200
    assert {"ok", "code_malformed", "code_unknown_version", "code_signature_invalid"} == set(expected)
    assert len({entry["why"] for entry in VECTORS}) == len(VECTORS)


@pytest.mark.parametrize("entry", GOOD, ids=lambda entry: entry["why"])
def test_the_phone_makes_the_code_of_the_vector_from_its_pass_and_last_value(entry: dict[str, Any]) -> None:
    raw = code_bytes(entry["code"], entry["base_url"])
    last = binary_bytes(entry["fields"]["last_value"], 16, "last_value")
    assert member_code(raw[:96], last, entry["fields"]["slot"]) == raw


@pytest.mark.parametrize(
    ("slots", "anchor"), [(3, "f2efcc4ebff3625acef83cec10551f51"), (1440, "1eb5fcf3b431adb35c849dbb498dca60")]
)
def test_the_chains_of_the_contract_hold(slots: int, anchor: str) -> None:
    assert value_before(ALIAS, slots, LAST, slots).hex() == anchor
    signed_pass = make_pass(1, ALIAS, BEGINS, slots, LAST, PASS_KEY.private)
    assert len(signed_pass) == 96
    assert signed_pass[16:32].hex() == anchor


def test_the_end_of_a_chain_is_made_from_seed_key_and_alias() -> None:
    assert last_value(b"\x05" * 32, ALIAS).hex() == "cf3934b7e43ad691272b390de06fbbb7"
    assert last_value(b"\x05" * 32, bytes(8)) != last_value(b"\x05" * 32, ALIAS) != last_value(b"\x06" * 32, ALIAS)


@settings(deadline=None)
@given(minutes_of_passes())
def test_what_the_phone_shows_is_what_is_read(shown: tuple[PassOnPhone, int]) -> None:
    held, slot = shown
    raw = held.shown(slot)
    assert len(raw) == 114
    code = opened(raw)
    assert (code.key_id, code.alias, code.not_before, code.slots) == dataclasses.astuple(held)[:4]
    assert code.slot == slot
    assert code.anchor == value_before(held.alias, held.slots, held.last, held.slots)
    assert code.value == value_before(held.alias, held.slots, held.last, held.slots - slot)
    assert open_member_code(code_link(raw, BASE_URL).lower(), BASE_URL, PASS_KEY.key_of) == code


@settings(deadline=None, max_examples=300)
@given(minutes_of_passes(), st.integers(0, 114 * 8 - 1))
def test_a_member_code_with_one_bit_turned_is_never_taken(shown: tuple[PassOnPhone, int], bit: int) -> None:
    held, slot = shown
    raw = int.from_bytes(held.shown(slot), "big") ^ 1 << bit
    with pytest.raises(CodeRefused):
        opened(raw.to_bytes(114, "big"))


def test_no_single_bit_of_meis_code_can_be_turned() -> None:
    bits = int.from_bytes(MEIS_PASS.shown(30), "big")
    for bit in range(114 * 8):
        with pytest.raises(CodeRefused):
            opened((bits ^ 1 << bit).to_bytes(114, "big"))


@settings(deadline=None)
@given(minutes_of_passes(), st.data())
def test_a_value_that_was_seen_shows_no_other_minute(shown: tuple[PassOnPhone, int], data: st.DataObject) -> None:
    held, slot = shown
    other = data.draw(st.integers(0, 65_535).filter(lambda number: number != slot))
    raw = held.signed + other.to_bytes(2, "big") + held.shown(slot)[98:]
    with pytest.raises(CodeSignatureInvalid if 1 <= other <= held.slots else CodeMalformed):
        opened(raw)


@settings(deadline=None)
@given(
    st.text() | st.binary() | st.none() | st.integers() | st.text(alphabet="ABCDEFG234567", min_size=183, max_size=183)
)
def test_whatever_is_read_only_a_refusal_comes_back(anything: object) -> None:
    with pytest.raises(CodeRefused):
        open_member_code(anything, BASE_URL, PASS_KEY.key_of)


@settings(deadline=None)
@given(st.binary(min_size=113, max_size=113))
def test_any_bytes_of_the_right_length_and_kind_are_refused(rest: bytes) -> None:
    with pytest.raises(CodeRefused):
        opened(b"\x14" + rest)


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [(-61, False), (-60, True), (0, True), (30, True), (59, True), (60, True), (120, True), (121, False)],
)
def test_a_slot_fits_ninety_seconds_around_its_middle(seconds: int, expected: bool) -> None:
    code = parse_member_code(MEIS_PASS.shown(30))
    assert code.slot_starts_at == BEGINS + 29 * 60
    assert code.fits(BEGINS + 29 * 60 + seconds) is expected


def test_the_first_slot_begins_with_the_pass_and_the_last_ends_with_it() -> None:
    assert parse_member_code(MEIS_PASS.shown(1)).slot_starts_at == BEGINS
    assert parse_member_code(MEIS_PASS.shown(60)).slot_starts_at + 60 == BEGINS + 3_600


def test_a_later_value_leads_to_a_slot_that_was_proved_before() -> None:
    code = opened(MEIS_PASS.shown(30))
    for proved in (0, 1, 29, 30):
        value = value_before(ALIAS, 60, LAST, 60 - proved)
        assert leads_to(code, proved, value)
        assert not leads_to(code, proved, value[:-1] + bytes([value[-1] ^ 1]))
        assert not leads_to(code, proved, bytes(16))
    assert leads_to(code, 0, code.anchor)


def test_a_value_never_leads_to_a_later_slot_or_to_another_one() -> None:
    code = opened(MEIS_PASS.shown(30))
    assert not leads_to(code, 31, value_before(ALIAS, 60, LAST, 29))
    assert not leads_to(code, 31, code.value)
    assert not leads_to(code, 29, code.value)
    assert not leads_to(code, 30, code.anchor)


def test_an_alias_of_its_own_gives_each_chain_values_of_its_own() -> None:
    code = opened(MEIS_PASS.shown(30))
    stranger = dataclasses.replace(code, alias=bytes(8))
    assert not leads_to(stranger, 0, code.anchor)


def test_the_key_is_asked_for_by_its_id() -> None:
    asked: list[int] = []

    def public_key_of(key_id: int) -> bytes:
        asked.append(key_id)
        return PASS_KEY.public

    held = dataclasses.replace(MEIS_PASS, key_id=7)
    assert open_member_code(code_text(held.shown(2)), BASE_URL, public_key_of).key_id == 7
    assert asked == [7]


def test_no_key_is_asked_for_before_version_kind_and_length_are_right() -> None:
    def public_key_of(key_id: int) -> bytes:
        raise AssertionError("asked too early")

    raw = MEIS_PASS.shown(2)
    for wrong in (raw[:-1], raw + b"\0", b"\x16" + raw[1:], b"\x24" + raw[1:], raw * 2):
        with pytest.raises((CodeMalformed, CodeUnknownVersion)):
            open_member_code(code_text(wrong), BASE_URL, public_key_of)


def test_key_id_then_ranges_then_signature_then_chain_are_checked() -> None:
    raw = MEIS_PASS.shown(2)
    slot_0, unsigned, other_value = raw[:96] + b"\0\0" + raw[98:], raw[:32] + bytes(64) + raw[96:], raw[:98] + LAST
    both = unsigned[:96] + slot_0[96:]
    with pytest.raises(CodeSignatureInvalid, match="unknown pass key"):
        open_member_code(code_text(both), BASE_URL, lambda _: None)
    with pytest.raises(CodeMalformed, match="slot"):
        opened(both)
    with pytest.raises(CodeSignatureInvalid, match="not signed"):
        opened(unsigned[:98] + LAST)
    with pytest.raises(CodeSignatureInvalid, match="chain"):
        opened(other_value)


@pytest.mark.parametrize(
    "wrong",
    [
        *({"alias": b"short"}, {"alias": bytes(9)}, {"last": bytes(15)}, {"last": bytes(17)}),
        *({"not_before": BEGINS + 1}, {"slots": 0}, {"slots": 1441}),
    ],
)
def test_a_pass_that_no_reader_takes_is_not_made(wrong: dict[str, Any]) -> None:
    with pytest.raises(AssertionError):
        _ = dataclasses.replace(MEIS_PASS, **wrong).signed


@pytest.mark.parametrize(
    ("cut", "last", "slot"), [(96, LAST, 0), (96, LAST, 61), (95, LAST, 1), (96, LAST[:15], 60), (114, LAST, 1)]
)
def test_a_minute_that_the_pass_does_not_have_is_not_made(cut: int, last: bytes, slot: int) -> None:
    with pytest.raises(AssertionError):
        member_code(MEIS_PASS.shown(1)[:cut], last, slot)


def test_the_reason_of_a_refusal_repeats_nothing_of_the_code() -> None:
    raw = MEIS_PASS.shown(2)[:98] + LAST
    with pytest.raises(CodeSignatureInvalid) as refusal:
        opened(raw)
    assert code_text(raw)[:8] not in str(refusal.value)
    assert LAST.hex() not in str(refusal.value)
