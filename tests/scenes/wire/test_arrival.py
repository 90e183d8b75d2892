"""The arrival stamp: it proves when the server first saw this very code, and nothing else."""

from __future__ import annotations

from base64 import urlsafe_b64decode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenes.wire.arrival import ARRIVAL_SECONDS_MAX, arrival_seen_at, arrival_stamp
from scenes.wire.binary_text import binary_text

KEY, CODE, SEEN_AT = bytes(range(32)), bytes(range(88)), 1_795_400_000


def test_a_stamp_gives_back_the_time_it_was_made() -> None:
    stamp = arrival_stamp(KEY, CODE, SEEN_AT)
    assert len(stamp) == 27
    assert int.from_bytes(urlsafe_b64decode(stamp + "=")[:4], "big") == SEEN_AT
    assert arrival_seen_at(KEY, CODE, stamp) == SEEN_AT
    assert ARRIVAL_SECONDS_MAX == 900


def test_pictures_with_the_same_facts_share_the_stamp_and_other_codes_do_not() -> None:
    stamp = arrival_stamp(KEY, CODE, SEEN_AT)
    assert arrival_seen_at(KEY, CODE[:24] + bytes(64), stamp) == SEEN_AT
    assert arrival_seen_at(KEY, bytes([CODE[0] ^ 2]) + CODE[1:], stamp) is None


def test_a_stamp_of_another_key_is_none_of_ours() -> None:
    assert arrival_seen_at(bytes(32), CODE, arrival_stamp(KEY, CODE, SEEN_AT)) is None


@given(st.integers(0, 159))
def test_a_stamp_with_one_bit_turned_is_never_taken(bit: int) -> None:
    raw = int.from_bytes(urlsafe_b64decode(arrival_stamp(KEY, CODE, SEEN_AT) + "="), "big") ^ 1 << bit
    assert arrival_seen_at(KEY, CODE, binary_text(raw.to_bytes(20, "big"))) is None


@pytest.mark.parametrize("tail", ["=", "\n", "A", "\0", "中", "\ud800"])
def test_a_stamp_with_something_after_it_is_none_of_ours(tail: str) -> None:
    stamp = arrival_stamp(KEY, CODE, SEEN_AT)
    assert arrival_seen_at(KEY, CODE, stamp + tail) is None
    assert arrival_seen_at(KEY, CODE, stamp[:-1] + tail) is None


@given(st.text(max_size=40) | st.binary() | st.none() | st.integers())
def test_whatever_is_sent_is_no_stamp(anything: object) -> None:
    assert arrival_seen_at(KEY, CODE, anything) is None
