"""A great many forged codes, by every cheap trick: none is taken, and none makes anything but a refusal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from random import Random

import pytest

from scenes.wire.code_text import code_link, code_text
from scenes.wire.errors import CodeRefused
from scenes.wire.kiosk_code import KioskCode, encode, open_kiosk_code
from tests.scenes.wire.conftest import BASE_URL, KeyHolder
from tests.vectors.edwards import ORDER
from tests.vectors.good_kiosk_codes import good_kiosk_codes

KIOSK, STRANGER = KeyHolder(b"\x11" * 32), KeyHolder(b"\x99" * 32)
SYMBOLS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
FOREIGN = "0189=+/_-.:%\x00\n\t \u00a0\u3000ı\u017fßﬁ\u212a\u212b２\u0662\u0410中\u200b\ufeff😀\ud800"
Trick = Callable[[Random, bytes, bytes], str]


def turned_bits(random: Random, raw: bytes, _: bytes) -> str:
    bits = int.from_bytes(raw, "big")
    for _turn in range(random.randint(1, 3)):
        bits ^= 1 << random.randrange(88 * 8)
    altered = bits.to_bytes(88, "big")
    return code_text(altered if altered != raw else raw[:-1])


def spliced(random: Random, raw: bytes, other: bytes) -> str:
    cut = random.randint(10, 80)  # after the counter and before the end of S: both differ
    return code_text(raw[:cut] + other[cut:])


def other_signer(random: Random, raw: bytes, _: bytes) -> str:
    code = KioskCode(0x11, 1, 1, random.getrandbits(32), random.getrandbits(32), 9, 0, 1, random.randbytes(6))
    return code_text(encode(code, STRANGER.private))


def raised_s(random: Random, raw: bytes, _: bytes) -> str:
    s = int.from_bytes(raw[56:], "little") + random.randint(1, 14) * ORDER
    return code_text(raw[:56] + s.to_bytes(32, "little"))


def invented(random: Random, raw: bytes, _: bytes) -> str:
    return code_text(raw[: random.choice([1, 24, 56])] + random.randbytes(88))[:141]


def other_length(random: Random, raw: bytes, other: bytes) -> str:
    length = random.choice([length for length in range(1, 176) if length != 88])
    return code_text((raw + other)[:length])


def foreign_symbol(random: Random, raw: bytes, _: bytes) -> str:
    text, place = code_text(raw), random.randint(1, 140)
    return text[:place] + random.choice(FOREIGN) + text[place + random.randint(0, 1) :]


def other_symbol(random: Random, raw: bytes, _: bytes) -> str:
    text, place = code_text(raw), random.randrange(141)
    other = random.choice([symbol for symbol in SYMBOLS if symbol != text[place]])
    return text[:place] + other + text[place + 1 :]


def foreign_link(random: Random, raw: bytes, _: bytes) -> str:
    link = code_link(raw, BASE_URL)
    place = random.randrange(len(BASE_URL) + 3)
    letter = random.choice([letter for letter in "ABCXYZ0129:/@.-%ı" if letter != link[place]])
    return link[:place] + letter + link[place + random.randint(0, 1) :]


def longer_text(random: Random, raw: bytes, other: bytes) -> str:
    tail = random.choice(["A", "AAAAAAAA", "===", "/", "?a=1", "#", "\x00", "\u200b", code_text(other)])
    return random.choice(["", BASE_URL + "/S/"]) + code_text(raw) + tail


TRICKS: list[Trick] = [
    *(turned_bits, spliced, other_signer, raised_s, invented),
    *(other_length, foreign_symbol, other_symbol, foreign_link, longer_text),
]


def answers(count: int, seed: int) -> Counter[str]:
    """How often each answer came back for `count` forgeries of genuine codes."""
    random, found = Random(seed), Counter[str]()
    genuine = [_genuine(random) for _ in range(50)]
    for number in range(count):
        text = TRICKS[number % len(TRICKS)](random, *random.sample(genuine, 2))
        try:
            open_kiosk_code(text if number % 3 else _other_case(text), BASE_URL, KIOSK.key_of)
            found["taken"] += 1
        except CodeRefused as refusal:
            found[refusal.code] += 1
    return found


def _other_case(text: str) -> str:
    # By bytes, which turns ASCII only: by letters, a long s would become a genuine S and no forgery at all.
    return text.encode("utf-8", "surrogatepass").swapcase().decode("utf-8", "surrogatepass")


def _genuine(random: Random) -> bytes:
    kind = random.choice([0x11, 0x12, 0x13])
    facts = (kind, 1, 1, random.getrandbits(32), random.getrandbits(32), random.randint(1, 24), 0, 1)
    return encode(KioskCode(*facts, random.randbytes(6)), KIOSK.private)


@pytest.mark.parametrize(
    ("count", "seed"),
    [
        (100_000, 1),
        pytest.param(1_000_000, 2, marks=[pytest.mark.slow, pytest.mark.timeout(900)]),
    ],
)
def test_no_forgery_is_taken_and_each_is_refused_by_its_code(count: int, seed: int) -> None:
    found = answers(count, seed)
    assert found["taken"] == 0
    assert sum(found.values()) == count
    assert min(found["code_malformed"], found["code_signature_invalid"]) > count // 5
    assert set(found) <= {"code_malformed", "code_signature_invalid", "code_unknown_version", "taken"}


def test_the_genuine_codes_of_the_same_makers_are_taken() -> None:
    for seed in range(20):
        assert open_kiosk_code(code_text(_genuine(Random(seed))), BASE_URL, KIOSK.key_of).kiosk == 1


def test_other_spellings_of_one_code_are_one_code() -> None:
    spelled = [entry for entry in good_kiosk_codes() if entry["why"].startswith("spelling")]
    assert len(spelled) > 10
    assert len({str(entry["fields"]) for entry in spelled}) == 1
