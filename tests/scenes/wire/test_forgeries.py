"""A great many forged codes of each kind, by every cheap trick: none is taken, none makes anything but a refusal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

import pytest

from scenes.wire.code_text import code_link, code_text
from scenes.wire.errors import CodeRefused
from scenes.wire.kiosk_code import KioskCode, encode, open_kiosk_code
from scenes.wire.member_code import make_pass, member_code, open_member_code
from scenes.wire.resident_card import ResidentCard, encode_card, open_card
from tests.scenes.wire.conftest import BASE_URL, KeyHolder
from tests.vectors.edwards import ORDER
from tests.vectors.good_kiosk_codes import good_kiosk_codes

OURS, STRANGER = KeyHolder(b"\x11" * 32), KeyHolder(b"\x99" * 32)
SYMBOLS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
FOREIGN = "0189=+/_-.:%\x00\n\t \u00a0\u3000ı\u017fßﬁ\u212a\u212b２\u0662\u0410中\u200b\ufeff😀\ud800"
Trick = Callable[[Random, "Kind", bytes, bytes], str]


@dataclass(frozen=True)
class Kind:
    """What the tricks need to know of a kind of code: who makes and opens it, and where its signature begins."""

    make: Callable[[Random, bytes], bytes]
    open: Callable[[object], object]
    signature_at: int
    tricks: list[Trick]


def kiosk_code_of(random: Random, private: bytes) -> bytes:
    kind = random.choice([0x11, 0x12, 0x13])
    facts = (kind, 1, 1, random.getrandbits(32), random.getrandbits(32), random.randint(1, 24), 0, 1)
    return encode(KioskCode(*facts, random.randbytes(6)), private)


def member_code_of(random: Random, private: bytes) -> bytes:
    slots = random.choice([5, 60, 1440])
    begins, last = 60 * random.randint(29_000_000, 31_000_000), random.randbytes(16)
    return member_code(make_pass(1, random.randbytes(8), begins, slots, last, private), last, random.randint(1, slots))


def card_of(random: Random, private: bytes) -> bytes:
    return encode_card(ResidentCard(1, random.randbytes(8), random.getrandbits(32), random.randint(1, 999)), private)


def turned_bits(random: Random, _: Kind, raw: bytes, _other: bytes) -> str:
    bits = int.from_bytes(raw, "big")
    for _turn in range(random.randint(1, 3)):
        bits ^= 1 << random.randrange(len(raw) * 8)
    altered = bits.to_bytes(len(raw), "big")
    return code_text(altered if altered != raw else raw[:-1])


def spliced(random: Random, _: Kind, raw: bytes, other: bytes) -> str:
    cut = random.randint(10, len(raw) - 8)  # behind the counter, alias or number, before the last bytes: both differ
    return code_text(raw[:cut] + other[cut:])


def other_signer(random: Random, kind: Kind, _: bytes, _other: bytes) -> str:
    return code_text(kind.make(random, STRANGER.private))


def raised_s(random: Random, kind: Kind, raw: bytes, _: bytes) -> str:
    start = kind.signature_at + 32
    s = int.from_bytes(raw[start : start + 32], "little") + random.randint(1, 14) * ORDER
    return code_text(raw[:start] + s.to_bytes(32, "little") + raw[start + 32 :])


def invented(random: Random, kind: Kind, raw: bytes, _: bytes) -> str:
    kept = random.choice([1, kind.signature_at, kind.signature_at + 32])
    return code_text(raw[:kept] + random.randbytes(len(raw) - kept))


def other_length(random: Random, _: Kind, raw: bytes, other: bytes) -> str:
    length = random.choice([length for length in range(1, 2 * len(raw)) if length != len(raw)])
    return code_text((raw + other)[:length])


def other_slot(random: Random, _: Kind, raw: bytes, _other: bytes) -> str:
    slot = int.from_bytes(raw[96:98], "big")
    told = random.choice([0, slot - 1, slot + 1, random.getrandbits(16)])
    value = random.choice([raw[98:], raw[16:32]])  # the one that was seen, or the anchor
    return code_text(raw[:96] + (told if told != slot else 0).to_bytes(2, "big") + value)


def other_value(random: Random, _: Kind, raw: bytes, other: bytes) -> str:
    return code_text(raw[:98] + random.choice([raw[16:32], other[98:], random.randbytes(16), bytes(16)]))


def foreign_symbol(random: Random, _: Kind, raw: bytes, _other: bytes) -> str:
    text = code_text(raw)
    place = random.randint(1, len(text) - 1)
    return text[:place] + random.choice(FOREIGN) + text[place + random.randint(0, 1) :]


def other_symbol(random: Random, _: Kind, raw: bytes, _other: bytes) -> str:
    text = code_text(raw)
    place = random.randrange(len(text))
    other = random.choice([symbol for symbol in SYMBOLS if symbol != text[place]])
    return text[:place] + other + text[place + 1 :]


def foreign_link(random: Random, _: Kind, raw: bytes, _other: bytes) -> str:
    link = code_link(raw, BASE_URL)
    place = random.randrange(len(BASE_URL) + 3)
    letter = random.choice([letter for letter in "ABCXYZ0129:/@.-%ı" if letter != link[place]])
    return link[:place] + letter + link[place + random.randint(0, 1) :]


def longer_text(random: Random, _: Kind, raw: bytes, other: bytes) -> str:
    tail = random.choice(["A", "AAAAAAAA", "===", "/", "?a=1", "#", "\x00", "\u200b", code_text(other)])
    return random.choice(["", BASE_URL + "/S/"]) + code_text(raw) + tail


TRICKS: list[Trick] = [
    *(turned_bits, spliced, other_signer, raised_s, invented),
    *(other_length, foreign_symbol, other_symbol, foreign_link, longer_text),
]
KINDS = {
    "kiosk code": Kind(kiosk_code_of, lambda text: open_kiosk_code(text, BASE_URL, OURS.key_of), 24, TRICKS),
    "member code": Kind(
        member_code_of,
        lambda text: open_member_code(text, BASE_URL, OURS.key_of),
        32,
        [*TRICKS, other_slot, other_value],
    ),
    "resident card": Kind(card_of, lambda text: open_card(text, BASE_URL, OURS.key_of), 16, TRICKS),
}


def answers(kind: Kind, count: int, seed: int) -> Counter[str]:
    """How often each answer came back for `count` forgeries of genuine codes."""
    random, found = Random(seed), Counter[str]()
    genuine = [kind.make(random, OURS.private) for _ in range(50)]
    for number in range(count):
        text = kind.tricks[number % len(kind.tricks)](random, kind, *random.sample(genuine, 2))
        try:
            kind.open(text if number % 3 else _other_case(text))
            found["taken"] += 1
        except CodeRefused as refusal:
            found[refusal.code] += 1
    return found


def _other_case(text: str) -> str:
    # By bytes, which turns ASCII only: by letters, a long s would become a genuine S and no forgery at all.
    return text.encode("utf-8", "surrogatepass").swapcase().decode("utf-8", "surrogatepass")


# 100,000 in the fast run, a million of each kind in the full one.
LONG = [pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.mark.parametrize(
    ("name", "count", "seed"),
    [
        *(("kiosk code", 50_000, 1), ("member code", 30_000, 3), ("resident card", 20_000, 5)),
        pytest.param("kiosk code", 1_000_000, 2, marks=LONG),
        pytest.param("member code", 1_000_000, 4, marks=LONG),
        pytest.param("resident card", 1_000_000, 6, marks=LONG),
    ],
)
def test_no_forgery_is_taken_and_each_is_refused_by_its_code(name: str, count: int, seed: int) -> None:
    found = answers(KINDS[name], count, seed)
    assert found["taken"] == 0
    assert sum(found.values()) == count
    assert min(found["code_malformed"], found["code_signature_invalid"]) > count // 5
    assert set(found) <= {"code_malformed", "code_signature_invalid", "code_unknown_version", "taken"}


@pytest.mark.parametrize("name", KINDS)
def test_the_genuine_codes_of_the_same_makers_are_taken(name: str) -> None:
    for seed in range(20):
        code = KINDS[name].make(Random(seed), OURS.private)
        assert KINDS[name].open(code_text(code)) is not None


def test_other_spellings_of_one_code_are_one_code() -> None:
    spelled = [entry for entry in good_kiosk_codes() if entry["why"].startswith("spelling")]
    assert len(spelled) > 10
    assert len({str(entry["fields"]) for entry in spelled}) == 1
