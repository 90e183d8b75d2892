"""Texts that are no kiosk code: other alphabets, lengths, kinds, hosts; and codes of versions yet to come."""

from collections.abc import Iterator
from typing import Any

from tests.vectors.facts import LINK, MALFORMED, UNKNOWN_VERSION, entry, facts, seeded, signed, spelled
from tests.vectors.spellings import SYMBOLS, foreign_characters, foreign_links

Entry = dict[str, Any]

RAW = signed(facts("malformed"))
CODE = spelled(RAW)


def malformed(why: str, text: str) -> Entry:
    return entry(why, text, MALFORMED)


def foreign_texts() -> Iterator[Entry]:
    yield from (malformed(why, text) for why, text in foreign_characters(CODE, RAW))


def wrong_lengths() -> Iterator[Entry]:
    yield malformed("empty", "")
    yield malformed("white space only", " \t\r\n\u3000")
    for count in (1, 2, 3, 4, 6, 40, 48, 139, 140):
        yield malformed(f"cut to {count} symbols", CODE[:count])
    for length in (2, 5, 10, 24, 56, 80, 85, 87):
        yield malformed(f"cut to {length} bytes", spelled(RAW[:length]))
    yield malformed("first symbol lost", "CE" + CODE[3:])
    for extra in ("A", "AA", "AAA", CODE[-1], CODE):
        yield malformed(f"{len(extra)} symbols too many, from {extra[0]}", CODE + extra)
    yield malformed("one byte too many", spelled(RAW + b"\x00"))
    yield malformed("as long as a member code", spelled(RAW + bytes(26)))
    yield malformed("bytes doubled", spelled(RAW + RAW))
    yield malformed("longer than any code", CODE * 31)
    yield malformed("bytes doubled, then in a link", LINK + spelled(RAW + RAW))


def unused_bits() -> Iterator[Entry]:
    last = SYMBOLS[SYMBOLS.index(CODE[-1]) | 1]
    yield malformed("unused bit set", CODE[:-1] + last)
    yield malformed("unused bit set, lower case", (CODE[:-1] + last).lower())
    yield malformed("unused bit set, link", LINK + CODE[:-1] + last)
    yield malformed("unused bit set in a code of another version", spelled(b"\x21" + RAW[1:])[:-1] + last)


def other_kinds() -> Iterator[Entry]:
    for kind in (0x10, 0x14, 0x15, 0x16, 0x17, 0x18, 0x1F):
        yield malformed(f"signed, of kind {kind:#04x}", spelled(signed(bytes([kind]) + facts("other kinds")[1:])))
    yield malformed("voucher code", spelled(b"\x15" + seeded("voucher", 29)))
    yield malformed("resident card", spelled(b"\x16" + seeded("a") + seeded("b") + seeded("c", 15)))
    member = seeded("d") + seeded("e") + seeded("f") + seeded("g", 17)
    yield malformed("member code", spelled(b"\x14" + member))
    yield malformed("readable code", "0123-4567-89AK")


def foreign_hosts() -> Iterator[Entry]:
    yield from (malformed(f"link: {why}", text) for why, text in foreign_links(CODE))


def other_versions() -> Iterator[Entry]:
    for version in (0, *range(2, 16)):
        raw = signed(bytes([version << 4 | 1]) + facts("other versions")[1:])
        yield entry(f"signed, of version {version}", spelled(raw), UNKNOWN_VERSION)
    longer = b"\x21" + RAW[1:]
    for why, text in (
        ("lower case", spelled(longer).lower()),
        ("link", LINK + spelled(longer)),
        ("another kind", spelled(b"\x2f" + RAW[1:])),
        ("shorter", spelled(longer[:40])),
        ("one byte", spelled(b"\x21")),
        ("longer", spelled(longer + bytes(100))),
        ("as long as a QR code holds", "E" * 4296),
    ):
        yield entry(f"version 2, {why}", text, UNKNOWN_VERSION)
    yield malformed("version 2, padding", spelled(longer) + "===")
    yield malformed("version 2, another host", f"HTTPS://EVIL.EXAMPLE/S/{spelled(longer)}")
    yield entry("version 2, kiosk not known", spelled(longer), UNKNOWN_VERSION, None)
    yield entry("kind not known, kiosk not known", spelled(b"\x1f" + RAW[1:]), MALFORMED, None)


def malformed_kiosk_codes() -> list[Entry]:
    return [
        *foreign_texts(),
        *wrong_lengths(),
        *unused_bits(),
        *other_kinds(),
        *foreign_hosts(),
        *other_versions(),
    ]
